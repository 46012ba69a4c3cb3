/**
 * What a command prints. With `--json` standard output is one JSON object and nothing else; what is
 * meant for eyes then goes to standard error.
 */
import type { Command } from "commander";

export interface Output {
  /** A line for a person. */
  line(text: string): void;
  /** The outcome for a program, exactly once per command; printed only with `--json`. */
  result(value: object): void;
}

/** Every command that has a result takes `--json`, with the same words. npm prints its own banner unless silenced. */
export function withJson(command: Command): Command {
  return command.option("--json", "print one JSON object and nothing else (in a pipe: npm run -s desk -- …)");
}

export function createOutput(options: { readonly json?: boolean | undefined }): Output {
  const json = options.json === true;
  let printed = false;
  return {
    line(text) {
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
    result(value) {
      if (printed) throw new Error("a command prints one result");
      printed = true;
      if (json) process.stdout.write(`${JSON.stringify(value, plain, 2)}\n`);
    },
  };
}

/** Amounts in atoms leave as decimal text: JSON numbers would lose their last digits. */
function plain(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
