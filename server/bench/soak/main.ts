/**
 * `npm run soak -- recovery|wire|start`: what a benchmark is to speed, a soak is to endurance.
 * One desk is killed once or twice a seed and goes on; one that fails is kept, and the next seed begins another.
 * `wire` is one desk whose venues do something wrong every few seconds for an hour. It exits non-zero when something
 * was found.
 */
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { planOf } from "./plan.ts";
import { SoakedDesk } from "./recovery.ts";
import { describeReport, type SeedReport } from "./seedReport.ts";
import { soakStart } from "./startSoak.ts";
import { soakWire } from "./wireSoak.ts";

/** The number that the desk is judged by. */
const SEEDS = 50;

/** Its pages are those that benchmarks build: a desk that runs from this clone keeps its own. */
const DIST_DIR = ".next-bench";

/** Of a crowded desk that trades. */
const ORDERS_MIN = 150;

/** After the requests on the wire have expired. */
const READY_WITHIN_MS = 3_000;

/** What an hour of the demo is judged by. */
const MINUTES = 60;
const FAULT_EVERY_S = 10;

/** Of a newcomer's desk, whose pages are built anew. */
const START_MINUTES = 10;
const START_DIST_DIR = ".next-start";

interface WireOptions {
  readonly minutes: number;
  readonly every: number;
  readonly seed: number;
  readonly busy?: boolean;
  readonly keep?: boolean;
  readonly json?: boolean;
}

interface StartOptions {
  readonly minutes: number;
  readonly keep?: boolean;
  readonly json?: boolean;
}

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly speed: number;
  readonly crowded?: boolean;
  readonly busy?: boolean;
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
  .option(
    "--crowded",
    `eight symbols with five levels a side: the whole desk is killed each time, with at least ${ORDERS_MIN} live orders`,
  )
  .option("--busy", "the machine has other work: how soon the desk is READY is printed, not judged")
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
program
  .command("wire")
  .description(
    "lets the venues of a trading desk do everything wrong on the wire, and compares all books afterwards",
  )
  .option("--minutes <n>", "how long", wholeNumber, MINUTES)
  .option("--every <s>", "seconds from one fault to the next", wholeNumber, FAULT_EVERY_S)
  .option("--seed <n>", "of the faults", wholeNumber, 1)
  .option(
    "--busy",
    "the machine has other work: how long threads stand still and how memory grows is printed, not judged",
  )
  .option("--keep", "keep a desk that passes, too")
  .option("--json", "print one JSON object and nothing else")
  .action(({ minutes, every, seed, busy = false, ...options }: WireOptions) =>
    runOnce("wire", options, (ports) =>
      soakWire({ ...ports, seed, minutes, everyS: every, isBusy: busy, distDir: DIST_DIR }),
    ),
  );
program
  .command("start")
  .description(
    "starts a demo desk from nothing and watches what a newcomer sees, a minute without database included",
  )
  .option("--minutes <n>", "how long it is watched", wholeNumber, START_MINUTES)
  .option("--keep", "keep a desk that passes, too")
  .option("--json", "print one JSON object and nothing else")
  .action(({ minutes, ...options }: StartOptions) =>
    runOnce("start", options, (ports) => soakStart({ ...ports, minutes, distDir: START_DIST_DIR })),
  );
await program.parseAsync();

interface Ports {
  readonly folder: string;
  readonly say: (text: string) => void;
  readonly onFinding: (text: string) => void;
}

/** One desk in a folder of its own, which is kept when something was found. */
async function runOnce(
  suite: string,
  { keep, json }: { readonly keep?: boolean; readonly json?: boolean },
  soakDesk: (ports: Ports) => Promise<object>,
): Promise<never> {
  const say = (text: string): void =>
    void (json === true ? process.stderr : process.stdout).write(`${text}\n`);
  const folder = newFolder();
  say(`starting a desk in ${folder}`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  const findings: string[] = [];
  const onFinding = (text: string): void => {
    findings.push(text);
    say(`FOUND ${text}`);
  };
  const report = await soakDesk({ folder, say, onFinding }).catch((error: unknown) => {
    onFinding(`the soak broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return undefined;
  });
  if (json === true)
    process.stdout.write(`${JSON.stringify({ suite, findings, ...report }, undefined, 2)}\n`);
  else say(JSON.stringify(report, undefined, 2));
  if (findings.length > 0 || keep === true) say(`kept in ${folder}`);
  else rmSync(folder, { recursive: true, force: true });
  // What a soak that broke has left open does not keep it.
  process.exit(findings.length === 0 ? 0 : 1);
}

async function soak(
  { seeds, from, speed, crowded, busy, keep }: Options,
  say: (text: string) => void,
): Promise<{ readonly reports: readonly SeedReport[]; readonly atTheEnd: readonly string[] }> {
  const reports: SeedReport[] = [];
  const atTheEnd: string[] = [];
  let desk: SoakedDesk | undefined;
  let folder = "";
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => {
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
      folder = newFolder();
      say(`starting a desk in ${folder}`);
      desk = await SoakedDesk.start({
        folder,
        seed,
        clockSpeed: speed,
        distDir: DIST_DIR,
        ...(crowded === true ? { market: "crowded", ordersMin: ORDERS_MIN } : {}),
        ...(busy === true ? {} : { readyWithinMs: READY_WITHIN_MS }),
      });
    }
    const report = await desk.crash(planOf(seed, crowded));
    reports.push(report);
    say(describeReport(report));
    if (report.findings.length > 0) await end(true);
  }
  if (desk !== undefined) await end(keep === true);
  return { reports, atTheEnd };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crossdesk-soak-"));
  // The database's user has to get to its data in it.
  chmodSync(folder, 0o755);
  return folder;
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
