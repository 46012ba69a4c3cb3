import { Option, type Command } from "commander";
import { PROFILES, type Profile } from "../../contract/deskFile.ts";
import { describeMissing } from "../../contract/liveRequirements.ts";
import { missingForLive } from "../../engine/realVenue.ts";
import { deskHome, desksDirectory, readDeskFile, repositoryRoot } from "../../host/deskHome.ts";
import { createLog } from "../../host/log.ts";
import { openRecording } from "../../lab/recording/reader.ts";
import type { DemoStart, ReplayStart } from "../../supervisor/prepare.ts";
import { readVenuesFile, type RealStart } from "../../supervisor/prepareReal.ts";
import { startDesk } from "../../supervisor/supervisor.ts";
import { collectRate, parsePort, parseSeed, parseSpeed, parseStretch } from "../backtestFlags.ts";
import { periodOf, type PeriodFlags } from "../backtestPeriod.ts";
import { DEFAULT_PORT } from "../deskTarget.ts";
import { UsageError } from "../errors.ts";
import { importWithProgress } from "./import.ts";

const DEFAULT_SPEED = 1;

interface StartFlags extends PeriodFlags {
  readonly profile: Profile;
  readonly recording?: string;
  readonly speed?: number;
  readonly assume?: ReadonlyMap<string, number>;
  readonly seed?: number;
  readonly venues?: string;
  readonly lab: boolean;
  readonly port: number;
  readonly verbose?: boolean;
}

export function registerStart(program: Command): void {
  program
    .command("start")
    .description("the desk: venues, engine, database and pages; prints one address")
    .addOption(
      new Option(
        "--profile <name>",
        "demo: simulated venues; replay: a recorded market; paper: the market of real venues, orders matched here; live: real venues and keys, watched only until what trading needs is there",
      )
        .choices(PROFILES)
        .default("demo"),
    )
    .option(
      "--venues <file>",
      "with --profile paper or live, at its first start: which accounts and symbols, as docs/venues.md shows (default: BTC and ETH at Binance, OKX and Kraken)",
    )
    .option("--no-lab", "with --profile demo: its venues are run by `lab`, and outlive the desk")
    .option("--recording <dir>", "with --profile replay: what is played, as for backtest")
    .option("--speed <n>", "with --profile replay: times faster than it was (default: 1)", parseSpeed)
    .option("--from <t>", "with --profile replay: start, UTC")
    .option("--to <t>", "with --profile replay: end, UTC")
    .option("--stretch <n>", "with --profile replay: one stretch without a pause", parseStretch)
    .option("--assume <a/b=rate>", "with --profile replay: a rate that nobody recorded", collectRate)
    .option("--seed <n>", "of the simulated market, at its first start (default: 1)", parseSeed)
    .option("--port <n>", "where the pages are", parsePort, DEFAULT_PORT)
    .option("--verbose", "show the supervisor's own log")
    .action(async (flags: StartFlags) => {
      const start = await openStart(flags);
      const startedAtMs = Date.now();
      const say = (text: string): void => void process.stdout.write(`${text}\n`);
      const silent = (): void => undefined;
      const log = flags.verbose === true ? createLog("supervisor") : createLog("supervisor", silent);
      let stop: () => void = () => process.exit(130);
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop());
      const databaseUrl = process.env["DATABASE_URL"];
      const desk = await startDesk({
        root: repositoryRoot(),
        home: deskHome(flags.profile),
        start,
        port: flags.port,
        distDir: process.env["CROSSDESK_DIST"],
        databaseUrl: databaseUrl === "" ? undefined : databaseUrl,
        runsLab: flags.lab,
        log,
        nowMs: () => Date.now(),
        say,
        onStarting: (end) => (stop = end),
      });
      stop = () => desk.stop();
      say(`ready after ${((Date.now() - startedAtMs) / 1_000).toFixed(1)} s; Ctrl-C stops it`);
      say(desk.url);
      if (flags.profile === "live") tellLive(deskHome("live"), say);
      await desk.ended;
      say("ended");
    });
}

/** A person who wants to trade is told at once why that cannot be. */
function tellLive(home: string, say: (text: string) => void): void {
  const missing = missingForLive(home, readDeskFile(home));
  if (missing.length > 0) say(`OBSERVE-ONLY: ${describeMissing(missing)}`);
  else say("this desk trades real money once a person arms it");
}

async function openStart(flags: StartFlags): Promise<DemoStart | ReplayStart | RealStart> {
  const { profile, venues, seed, lab } = flags;
  if (!lab && profile !== "demo") throw new UsageError("--no-lab goes with --profile demo");
  if (profile !== "replay") {
    const strange = (["recording", "speed", "from", "to", "stretch", "assume"] as const).find(
      (name) => flags[name] !== undefined,
    );
    if (strange !== undefined) throw new UsageError(`--${strange} goes with --profile replay`);
  }
  if (profile === "paper" || profile === "live") {
    if (seed !== undefined) throw new UsageError("--seed goes with simulated markets");
    return { profile, venues: venues === undefined ? undefined : readVenuesFile(venues) };
  }
  if (venues !== undefined) throw new UsageError("--venues goes with --profile paper or live");
  if (profile === "demo") return { profile, seed };
  if (flags.recording === undefined) throw new UsageError("--profile replay needs --recording DIR");
  const { dir } = await importWithProgress(flags.recording, { home: desksDirectory() });
  const recording = openRecording(dir);
  try {
    const { fromUs, toUs } = periodOf(flags, recording.manifest);
    return {
      profile: "replay",
      directory: dir,
      speed: flags.speed ?? DEFAULT_SPEED,
      seed: flags.seed,
      assumedRates: flags.assume ?? new Map(),
      fromUs,
      toUs,
    };
  } finally {
    recording.close();
  }
}
