import { afterEach, expect, it, vi } from "vitest";
import { registerStart } from "../../../../server/cli/commands/start.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";

afterEach(() => vi.restoreAllMocks());

it.each(["replay", "paper", "live"])("refuses --no-lab with --profile %s", async (profile) => {
  let err = "";
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
  const program = buildProgram([registerStart]);
  expect(await runProgram(program, ["start", "--profile", profile, "--no-lab"])).toBe(2);
  expect(err).toContain("--no-lab goes with --profile demo");
});
