/** The command line as a whole: what every command shares, and how a run ends. */
import { Command } from "commander";
import { describeFailure } from "./errors.ts";

/** Adds one command with `program.command(name)`, so that it inherits what is set here. */
export type RegisterCommand = (program: Command) => void;

export function buildProgram(commands: readonly RegisterCommand[]): Command {
  const program = new Command("desk")
    .description("Crossdesk: a cross-exchange market-making desk")
    .usage("<command> [options]")
    .exitOverride()
    // Errors are printed once, by runProgram, as one line.
    .configureOutput({ outputError: () => undefined });
  for (const register of commands) register(program);
  return program;
}

/** Runs one call and returns its exit code. A command reports failure by throwing, never by exiting. */
export async function runProgram(program: Command, argv: readonly string[]): Promise<number> {
  try {
    await program.parseAsync([...argv], { from: "user" });
    return 0;
  } catch (error) {
    return reportFailure(error);
  }
}

/** Tells standard error what went wrong and returns the exit code for it. */
export function reportFailure(error: unknown): number {
  const failure = describeFailure(error);
  if (failure === undefined) return 0;
  if (failure.text !== "") process.stderr.write(`${failure.text}\n`);
  return failure.exitCode;
}
