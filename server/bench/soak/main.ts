/**
 * `npm run soak -- recovery [--seeds N] [--from S] [--json]`: what a benchmark is to speed, a soak is to endurance.
 * It exits non-zero when a seed fails, and keeps that seed's desk.
 */
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { bundleProcesses } from "./bundles.ts";
import { Database } from "./database.ts";
import { runSeed, type SeedReport } from "./recovery.ts";

/** The number that the desk is judged by. */
const SEEDS = 50;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

const program = new Command("soak").description("long runs against real processes");
program
  .command("recovery")
  .description("kills parts of a trading desk at random instants and compares all books afterwards")
  .option("--seeds <n>", "how many seeds, one after the other", wholeNumber, SEEDS)
  .option("--from <seed>", "the first of them", wholeNumber, 1)
  .option("--keep", "keep the desks of seeds that pass, too")
  .option("--json", "print one JSON object and nothing else")
  .action(async (options: Options) => {
    const say = (text: string): void =>
      void (options.json === true ? process.stderr : process.stdout).write(`${text}\n`);
    const reports = await soak(options, say);
    const failed = reports.filter(({ findings }) => findings.length > 0).map(({ seed }) => seed);
    const summary = { suite: "recovery", seeds: reports.length, failed, readyMs: readyOf(reports), reports };
    if (options.json === true) process.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
    say(
      `${reports.length - failed.length} of ${reports.length} seeds passed; back to READY in ${describeReady(reports)}`,
    );
    process.exitCode = failed.length === 0 ? 0 : 1;
  });
await program.parseAsync();

async function soak({ seeds, from, keep }: Options, say: (text: string) => void): Promise<SeedReport[]> {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-soak-"));
  // The database's user has to get to its data in it.
  chmodSync(folder, 0o755);
  const bundles = await bundleProcesses();
  const database = await Database.open(join(folder, "database"));
  // The desk's processes end with this one; the database would not.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
      database.abandon();
      bundles.remove();
      say(`given up: what is left lies in ${folder}`);
      process.exit(1);
    });
  const reports: SeedReport[] = [];
  try {
    for (let seed = from; seed < from + seeds; seed += 1) {
      const report = await runSeed({ seed, database, bundles: bundles.directory, folder, keepHome: keep });
      reports.push(report);
      say(describe(report));
    }
  } finally {
    await database.remove();
    bundles.remove();
    if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
  }
  return reports;
}

function describe(report: SeedReport): string {
  const { seed, engine, clockSpeed, blows, findings, fills, runs, events, acts, readyMs, tookMs } = report;
  const verdict = findings.length === 0 ? "ok" : "FAILED";
  const notices = Object.entries(report.notices).map(([code, count]) => `${code} ${count}`);
  return [
    `seed ${seed} ${verdict}: ${engine} ${clockSpeed}×, ${blows.length} blows, ${runs} runs, ${events} events, ${fills} fills, ${acts} acts; READY after ${readyMs.join(", ")} ms; ${notices.join(", ")}; ${Math.round(tookMs / 1_000)} s`,
    ...(findings.length === 0
      ? []
      : [
          `  struck: ${blows.join(", ")}`,
          ...findings.map((finding) => `  ${finding}`),
          `  kept in ${report.home}; again: npm run soak -- recovery --seeds 1 --from ${seed}`,
        ]),
  ].join("\n");
}

/** Of the seeds that run in real time, where waiting out a request's expiry takes what it takes. */
function readyOf(reports: readonly SeedReport[]): { n: number; medianMs: number; maxMs: number } | undefined {
  const sorted = reports
    .flatMap(({ clockSpeed, readyMs }) => (clockSpeed === 1 ? readyMs : []))
    .toSorted((a, b) => a - b);
  const [medianMs, maxMs] = [sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  return medianMs === undefined || maxMs === undefined ? undefined : { n: sorted.length, medianMs, maxMs };
}

function describeReady(reports: readonly SeedReport[]): string {
  const ready = readyOf(reports);
  return ready === undefined
    ? "no time: no seed ran in real time"
    : `${ready.medianMs} ms (median of ${ready.n} in real time), ${ready.maxMs} ms at most`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value < 2 ** 31) return value;
  throw new InvalidArgumentError("It must be a whole number from 1 on");
}
