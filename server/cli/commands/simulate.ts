import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { commandFor, runSwarm, type SwarmResult } from "../../replay/simulate/swarm.ts";
import type { SeedResult } from "../../replay/simulate/runSeed.ts";
import { VIOLATIONS } from "../../replay/simulate/violation.ts";
import { createOutput, withJson, type Output } from "../output.ts";
import { startProgress } from "../progress.ts";

/** Two to eight virtual minutes, in which most faults strike; a seed takes about a second. */
const TICKS = 20_000;
/** Volatility is known after some 25 virtual seconds: in a shorter run nothing is quoted. */
const TICKS_MIN = 5_000;
const TICKS_MAX = 10_000_000;
const SEED_MAX = 2 ** 31;

interface SimulateOptions {
  readonly seeds: number;
  readonly from: number;
  readonly ticks: number;
  readonly journal?: string;
  readonly json?: boolean;
}

export function registerSimulate(program: Command): void {
  const command = program
    .command("simulate")
    .description(
      "runs seeded swarms of faults and commands against the desk, each judged by an independent auditor",
    )
    .requiredOption("--seeds <n>", "how many seeds", wholeNumber(1, SEED_MAX))
    .option("--from <seed>", "the first of them", wholeNumber(0, SEED_MAX), 1)
    .option("--ticks <n>", "market records with faults, per seed", wholeNumber(TICKS_MIN, TICKS_MAX), TICKS)
    .option(
      "--journal <dir>",
      "write each run's journal: into it for one seed, into a directory per seed for more",
    );
  withJson(command).action(async (options: SimulateOptions) => {
    const output = createOutput(options);
    const result = await runWithProgress(options, output);
    output.result(result);
    print(result, output);
    if (result.failed.length > 0)
      throw new UserError(
        `${result.failed.length} of ${result.seeds} seeds failed: repeat one with its command above`,
      );
  });
}

async function runWithProgress(options: SimulateOptions, output: Output): Promise<SwarmResult> {
  const { seeds, from, ticks, journal } = options;
  const progress = startProgress({ label: "seeds", total: seeds });
  const journalDir = journal === undefined ? undefined : resolve(journal);
  try {
    return await runSwarm({
      seeds,
      from,
      ticks,
      journalDir,
      onSeed(result, done) {
        printFailure(result, ticks, output);
        progress.update(done);
      },
    });
  } finally {
    progress.stop();
  }
}

function printFailure({ seed, violations }: SeedResult, ticks: number, output: Output): void {
  const [first] = violations;
  if (first === undefined) return;
  const at = new Date(first.atUs / 1e3).toISOString();
  output.line(`seed ${seed} failed at ${at}: ${VIOLATIONS[first.code]}: ${first.what}`);
  output.line(`  ${commandFor(seed, ticks)}`);
}

function print(result: SwarmResult, output: Output): void {
  const { seeds, failed, events, orders, fills } = result;
  output.line(`seeds      ${seeds - failed.length} passed, ${failed.length} failed`);
  output.line(`consumed   ${events} events; ${orders} orders, ${fills} fills`);
  output.line("faults");
  for (const [name, count] of Object.entries(result.faults))
    output.line(`  ${String(count).padStart(8)}  ${name}`);
  output.line("covered");
  for (const [name, count] of Object.entries(result.marks))
    output.line(`  ${String(count).padStart(8)}  ${name}`);
}

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}`);
  };
}
