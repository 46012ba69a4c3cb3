import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { registerParams } from "../../../../server/cli/commands/params.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { PARAM_NAMES } from "../../../../server/contract/params.ts";
import { QUOTING_MODELS } from "../../../../server/contract/params/model.ts";

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});

afterEach(() => vi.restoreAllMocks());

const params = (...args: string[]): Promise<number> =>
  runProgram(buildProgram([registerParams]), ["params", ...args]);

describe("desk params", () => {
  it("prints with --markdown what docs/parameters.md holds; if not, run the command that the page names", async () => {
    expect(await params("--markdown")).toBe(0);
    expect(out).toBe(readFileSync("docs/parameters.md", "utf8"));
  });

  it("gives with --json one object with every parameter, its bounds and its conditions", async () => {
    expect(await params("--json")).toBe(0);
    const { parameters } = JSON.parse(out) as { parameters: { name: string }[] };
    expect(parameters.map((row) => row.name)).toEqual(PARAM_NAMES);
    const byName = new Map(parameters.map((row) => [row.name, row]));
    expect(byName.get("sessionSeconds")).toMatchObject({
      type: "integer",
      minimum: 10,
      maximum: 86_400,
      unit: "s",
      levels: ["desk", "market"],
      onlyWhen: "model is avellaneda-stoikov",
    });
    expect(byName.get("model")).toMatchObject({ type: "choice", choices: [...QUOTING_MODELS] });
    expect(byName.get("markoutSeconds")).toMatchObject({ type: "choice", default: "5" });
    expect(byName.get("capital")).not.toHaveProperty("default");
    expect(err).toBe("");
  });

  it("prints a table for a person, with what has to be set", async () => {
    expect(await params()).toBe(0);
    expect(out).toMatch(/^ {2}capital +required \(> 0 … 1000000000000\) reporting currency$/m);
    expect(out).toMatch(/^Volatility$/m);
  });

  it("refuses two formats at once", async () => {
    expect(await params("--json", "--markdown")).toBe(2);
    expect(out).toBe("");
  });
});
