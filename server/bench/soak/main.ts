/**
 * `npm run soak -- recovery [--seeds N] [--from S] [--json]`: what a benchmark is to speed, a soak is to endurance.
 * One desk is killed once or twice a seed and goes on; one that fails is kept, and the next seed begins another.
 * It exits non-zero when a seed fails.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { describePlan, planOf } from "./plan.ts";
import { SoakedDesk, type SeedReport } from "./recovery.ts";

/** The number that the desk is judged by. */
const SEEDS = 50;

/** Its pages are those that benchmarks build: a desk that runs from this clone keeps its own. */
const DIST_DIR = ".next-bench";

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly speed: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

const program = new Command("soak").description("long runs against real processes");
program
  .command("recovery")
  .description("kills parts of a trading desk at random instants and compares all books afterwards")
  .option("--seeds <n>", "how many seeds, one after the other", wholeNumber, SEEDS)
  .option("--from <seed>", "the first of them", wholeNumber, 1)
  .option(
    "--speed <n>",
    "engine seconds per second; beyond 1 the times to READY are too short",
    wholeNumber,
    1,
  )
  .option("--keep", "keep a desk that passes, too")
  .option("--json", "print one JSON object and nothing else")
  .action(async (options: Options) => {
    const say = (text: string): void =>
      void (options.json === true ? process.stderr : process.stdout).write(`${text}\n`);
    const { reports, atTheEnd } = await soak(options, say);
    const failed = reports.filter(({ findings }) => findings.length > 0).map(({ plan }) => plan.seed);
    const readyMs = spreadOf(reports.flatMap((report) => report.readyMs ?? []));
    if (options.json === true)
      process.stdout.write(
        `${JSON.stringify({ suite: "recovery", seeds: reports.length, failed, atTheEnd, readyMs, reports }, undefined, 2)}\n`,
      );
    for (const finding of atTheEnd) say(`at the end: ${finding}`);
    const ready =
      readyMs === undefined
        ? ""
        : `; back to READY in ${readyMs.medianMs} ms (median of ${readyMs.n}), ${readyMs.maxMs} ms at most`;
    say(`${reports.length - failed.length} of ${reports.length} seeds passed${ready}`);
    process.exitCode = failed.length + atTheEnd.length === 0 ? 0 : 1;
  });
await program.parseAsync();

async function soak(
  { seeds, from, speed, keep }: Options,
  say: (text: string) => void,
): Promise<{ readonly reports: readonly SeedReport[]; readonly atTheEnd: readonly string[] }> {
  const reports: SeedReport[] = [];
  const atTheEnd: string[] = [];
  let desk: SoakedDesk | undefined;
  let folder = "";
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      desk?.abandon();
      say(`given up: what is left lies in ${folder}`);
      process.exit(1);
    });
  const end = async (isKept: boolean): Promise<void> => {
    atTheEnd.push(...((await desk?.stop()) ?? []));
    desk = undefined;
    if (isKept) say(`  kept in ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  };

  for (let seed = from; seed < from + seeds; seed += 1) {
    if (desk === undefined) {
      folder = mkdtempSync(join(tmpdir(), "crossdesk-soak-"));
      // The database's user has to get to its data in it.
      chmodSync(folder, 0o755);
      say(`starting a desk in ${folder}`);
      desk = await SoakedDesk.start({ folder, seed, clockSpeed: speed, distDir: DIST_DIR });
    }
    const report = await desk.crash(planOf(seed));
    reports.push(report);
    say(describe(report));
    if (report.findings.length > 0) await end(true);
  }
  if (desk !== undefined) await end(keep === true);
  return { reports, atTheEnd };
}

function describe({
  plan,
  findings,
  readyMs,
  fills,
  fillsNew,
  runs,
  events,
  acts,
  tookMs,
}: SeedReport): string {
  const ready = readyMs === undefined ? "no time to READY" : `READY after ${readyMs} ms`;
  return [
    `seed ${plan.seed} ${findings.length === 0 ? "ok" : "FAILED"}: ${describePlan(plan)}; ${ready}; ${fills} fills compared, ${fillsNew} new; ${runs} runs, ${events} events, ${acts} acts; ${Math.round(tookMs / 1_000)} s`,
    ...findings.map((finding) => `  ${finding}`),
  ].join("\n");
}

function spreadOf(values: readonly number[]): { n: number; medianMs: number; maxMs: number } | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const [medianMs, maxMs] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return medianMs === undefined || maxMs === undefined ? undefined : { n: sorted.length, medianMs, maxMs };
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value < 2 ** 31) return value;
  throw new InvalidArgumentError("It must be a whole number from 1 on");
}
