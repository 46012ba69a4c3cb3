import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { operatingMarkdown, registerExplain } from "../../../../server/cli/commands/explain.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { HELP_TABLES } from "../../../../server/contract/help.ts";
import { ORDER_STATUSES } from "../../../../server/core/orders/order.ts";

it("prints with --markdown what docs/operating.md holds; if not, run the command that the page names", () => {
  expect(`${operatingMarkdown().trimEnd()}\n`).toBe(readFileSync("docs/operating.md", "utf8"));
});

it("explains every order state that the engine has", () => {
  const orders = HELP_TABLES.find(({ id }) => id === "orders");
  expect(orders?.rows.map(({ code }) => code)).toEqual([...ORDER_STATUSES]);
});

describe("desk explain", () => {
  let out = "";
  beforeEach(() => {
    out = "";
    vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  });
  afterEach(() => vi.restoreAllMocks());

  const explain = (...args: string[]): Promise<number> =>
    runProgram(buildProgram([registerExplain]), ["explain", ...args]);

  it("says of a reason what lifts it, and of a refused command what to do", async () => {
    expect(await explain("jump")).toBe(0);
    expect(out).toBe(
      "JUMP  (why a side is not quoted)\n  fair value jumped; what lifts it: the end of the pause after the jump\n",
    );
    out = "";
    expect(await explain("LATCHED")).toBe(0);
    expect(out).toBe(
      "LATCHED  (why a command was refused)\n  DISARMED and KILLED are left by arming alone; what to do: arm it\n",
    );
  });

  it("gives with --json every meaning of a code, and where it stands", async () => {
    expect(await explain("NO_FAIR_VALUE", "--json")).toBe(0);
    const { codes } = JSON.parse(out) as { codes: { code: string; of: string }[] };
    expect(codes.map(({ code, of }) => [code, of])).toEqual([
      ["NO_FAIR_VALUE", "Why a side is not quoted"],
      ["NO_FAIR_VALUE", "Why a command was refused"],
    ]);
  });

  it("refuses a code that nothing has", async () => {
    expect(await explain("NO_SUCH_CODE")).not.toBe(0);
    expect(out).toBe("");
  });
});
