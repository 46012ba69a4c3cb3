import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { registerImport } from "../../../../server/cli/commands/import.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { makeFolder, zip } from "../../lab/import/folders.ts";
import { temporaryDir } from "../../lab/recording/fixtures.ts";

const FX = { "fxcm/20140506_quote.zip": zip("20140506_eurusd_tick_quote.csv", "1,1.6,1.5\n2,1.5,1.6\n") };

async function run(...argv: string[]) {
  const printed = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const)
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    });
  const exitCode = await runProgram(buildProgram([registerImport]), ["import", ...argv]);
  vi.restoreAllMocks();
  return { exitCode, ...printed };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("import", () => {
  it("says where the recording went, what it holds, what is wrong with it and what was assumed", async () => {
    const home = temporaryDir();
    const { exitCode, stdout } = await run(makeFolder(FX), "--home", home);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`^written: ${home}/recordings/[0-9a-f]{64}$`, "m"));
    expect(stdout).toContain("instrument: fxcm EUR/USD, top, tick 0.1, lot 1000; without book sizes");
    expect(stdout).toContain("records: 0 snapshot, 0 delta, 2 top, 0 print, 0 alive, 0 gap");
    expect(stdout).toContain("defect: CROSSED (1) fxcm EUR/USD");
    expect(stdout).toContain("assumed: fxcm stamps its ticks in UTC−5");
  });

  it("prints one JSON object and nothing else on standard output", async () => {
    const { exitCode, stdout, stderr } = await run(makeFolder(FX), "--home", temporaryDir(), "--json");
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ reused: false, manifest: { counts: { top: 2 } } });
    expect(stderr).toContain("written: ");
  });

  it("says that nothing had to be converted a second time", async () => {
    const [source, home] = [makeFolder(FX), temporaryDir()];
    await run(source, "--home", home);
    expect((await run(source, "--home", home)).stdout).toMatch(/^already there: /);
  });

  it("fails with one line for bad input and leaves nothing behind", async () => {
    const home = join(temporaryDir(), "home");
    const { exitCode, stderr } = await run(makeFolder(FX), "--format", "crypto5", "--home", home);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^[^\n]+ is no folder of a known format: crypto5 \([^\n]+\n$/);
    expect(existsSync(home)).toBe(false);
  });
});
