/** Commands at a desk of the test's own: a temporary CROSSDESK_HOME with the demo's home in it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { onTestFinished, vi } from "vitest";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { temporaryHome } from "../../host/fixture.ts";

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function demoHome(): string {
  const desks = temporaryHome();
  vi.stubEnv("CROSSDESK_HOME", desks);
  onTestFinished(() => void vi.unstubAllEnvs());
  const home = join(desks, "demo");
  mkdirSync(home);
  return home;
}

export async function run(register: (program: Command) => void, ...argv: string[]): Promise<Run> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      printed[stream] += String(text);
      return true;
    }),
  );
  const exitCode = await runProgram(buildProgram([register]), argv);
  for (const spy of spies) spy.mockRestore();
  return { exitCode, ...printed };
}
