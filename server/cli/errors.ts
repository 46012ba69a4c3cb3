/** How a command ends badly: exit 1 for what the operator can mend, 2 for a wrong call, 70 for a defect of ours. */
import { CommanderError } from "commander";
import { UserError } from "../contract/errors.ts";

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
/** EX_SOFTWARE of sysexits.h. */
const EXIT_DEFECT = 70;

/** A call that no state of the machine could satisfy: options that exclude each other, a value out of bounds. */
export class UsageError extends UserError {
  override readonly name = "UsageError";
}

interface Failure {
  readonly exitCode: number;
  /** What standard error is told; empty when it has been told already. */
  readonly text: string;
}

/** Undefined: the call was `--help` or `--version`, which is a success. */
export function describeFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) return describeUsage(error);
  if (error instanceof UsageError)
    return { exitCode: EXIT_USAGE, text: oneLine(`${error.message}; see --help`) };
  if (error instanceof UserError) return { exitCode: EXIT_FAILED, text: oneLine(error.message) };
  if (error instanceof Error) {
    const mend = mendOf(error);
    if (mend !== undefined) return { exitCode: EXIT_FAILED, text: oneLine(`${error.message}: ${mend}`) };
    return { exitCode: EXIT_DEFECT, text: describeDefect(error) };
  }
  return { exitCode: EXIT_DEFECT, text: `a defect of Crossdesk: thrown value ${String(error)}` };
}

function describeUsage(error: CommanderError): Failure | undefined {
  if (error.exitCode === 0) return undefined;
  // A command group without a subcommand: commander has printed its help on standard error.
  if (error.code === "commander.help") return { exitCode: EXIT_USAGE, text: "" };
  return { exitCode: EXIT_USAGE, text: oneLine(`${error.message.replace(/^error: /, "")}; see --help`) };
}

/** Refusals of the operating system that can reach any command that writes; others are defects until proven. */
const SYSTEM_MENDS: Readonly<Record<string, string>> = {
  ENOSPC: "free some disk space and run the command again",
  EDQUOT: "free some of your disk quota and run the command again",
  EACCES: "give this user access to it and run the command again",
  EPERM: "give this user access to it and run the command again",
  EROFS: "the file system is read-only: use another directory",
  EMFILE: "raise the limit of open files (ulimit -n) and run the command again",
};

function mendOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? SYSTEM_MENDS[error.code] : undefined;
}

function describeDefect(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${error.cause.stack ?? error.cause.message}` : "";
  return `a defect of Crossdesk: ${error.message}\n${error.stack ?? ""}${cause}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ");
}
