/** What the command line promises across processes: one result, one hash, and a journal that proves it. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);

interface Printed {
  readonly events: number;
  readonly orders: number;
  readonly fills: number;
  readonly stateHash: string;
}

async function desk(...words: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ["--import", "tsx", "server/cli/main.ts", ...words]);
  return stdout;
}

describe("a backtest on the command line", { timeout: 120_000 }, () => {
  let directory: string;
  let journal: string;
  let first: Printed;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "crossdesk-processes-"));
    journal = join(directory, "journal");
    first = JSON.parse(
      await desk("backtest", "--demo", "--hours", "0.03", "--no-report", "--journal", journal, "--json"),
    ) as Printed;
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("arrives at the same result in another process, journaled or not", async () => {
    const second = JSON.parse(
      await desk("backtest", "--demo", "--hours", "0.03", "--no-report", "--json"),
    ) as Printed;
    const { events, orders, fills, stateHash } = first;
    expect(second).toMatchObject({ events, orders, fills, stateHash });
    expect(orders).toBeGreaterThan(0);
    expect(fills).toBeGreaterThan(0);
  });

  it("arrives at another hash from another seed", async () => {
    const other = JSON.parse(
      await desk("backtest", "--demo", "--hours", "0.03", "--seed", "2", "--no-report", "--json"),
    ) as Printed;
    expect(other.stateHash).not.toBe(first.stateHash);
  });

  it("is replayed from its journal to the same hash", async () => {
    const replayed = JSON.parse(await desk("replay", "--journal", journal, "--verify", "--json")) as {
      readonly stateHash: string;
      readonly events: number;
    };
    expect(replayed).toMatchObject({ stateHash: first.stateHash, events: first.events });
  });

  it("leaves a journal that verifies, and refuses to write over it", async () => {
    const verdict = JSON.parse(await desk("journal", "verify", "--journal", journal, "--json")) as object;
    expect(verdict).toMatchObject({ ok: true, ended: true, events: first.events });
    await expect(
      desk("backtest", "--demo", "--hours", "0.01", "--no-report", "--journal", journal),
    ).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/^[^\n]+\n$/) as string });
  });
});
