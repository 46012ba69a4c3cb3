import { rmSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { registerJournal } from "../../../../server/cli/commands/journal.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { segmentPath } from "../../../../server/engine/journal/segment.ts";
import { temporaryDirectory, writeJournal } from "../../engine/journal/fixture.ts";

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(...argv: string[]): Promise<Run> {
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  const exitCode = await runProgram(buildProgram([registerJournal]), argv);
  vi.restoreAllMocks();
  return { exitCode, ...printed };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("journal verify", () => {
  it("prints what is in a whole journal", async () => {
    const { exitCode, stdout } = await run("journal", "verify", "--journal", await writeJournal());
    expect(exitCode).toBe(0);
    expect(stdout).toContain("60 events, 20 effects");
    expect(stdout).toContain("run-1");
  });

  it("fails on a damaged one with one line, and with the verdict as JSON", async () => {
    const directory = await writeJournal();
    rmSync(segmentPath(directory, 1), { recursive: true });
    const { exitCode, stdout, stderr } = await run("journal", "verify", "--json", "--journal", directory);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: "MISSING_SEGMENT", segment: 1 });
    expect(stderr).toMatch(/^MISSING_SEGMENT: segment 1 of 1 is missing in .*\n$/);
  });

  it("says where there is no journal", async () => {
    const { exitCode, stderr } = await run("journal", "verify", "--journal", temporaryDirectory());
    expect(exitCode).toBe(1);
    expect(stderr).toContain("no journal in");
  });
});
