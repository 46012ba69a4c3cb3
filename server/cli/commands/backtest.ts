import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Option, type Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { desksDirectory } from "../../host/deskHome.ts";
import { FEE_TIERS } from "../../lab/fees.ts";
import { openRecording } from "../../lab/recording/reader.ts";
import { LATENCY_PRESETS } from "../../lab/world/latency.ts";
import { runBacktest, type Backtest, type BacktestResult } from "../../replay/backtest.ts";
import { demoScenario } from "../../replay/demoScenario.ts";
import { recordedScenario } from "../../replay/recordedScenario.ts";
import { renderReport, reportFileName } from "../../replay/report/report.ts";
import { summaryLines } from "../../replay/report/summary.ts";
import type { Scenario } from "../../replay/scenario.ts";
import type { BacktestSettings } from "../../replay/settings.ts";
import {
  checkFlags,
  collectParameter,
  collectRate,
  parseCapital,
  parseHours,
  parseSeed,
  parseStretch,
  settingsOf,
  type BacktestFlags,
} from "../backtestFlags.ts";
import { periodOf } from "../backtestPeriod.ts";
import { UsageError } from "../errors.ts";
import { createOutput, withJson } from "../output.ts";
import { startProgress } from "../progress.ts";
import { importWithProgress } from "./import.ts";

const HOURS = 1;

export function registerBacktest(program: Command): void {
  const command = program
    .command("backtest")
    .description("the engine over recorded data or a simulated market, in virtual time")
    .option("--demo", "run on a seeded market of three simulated venues")
    .option("--hours <h>", `with --demo: how much of that market (default: ${HOURS})`, parseHours)
    .option(
      "--recording <dir>",
      "run on a recording of ours, or a known foreign folder, which is converted once",
    )
    .option("--from <t>", "start, UTC: 2025-09-26T20:00:00Z, or 20:00 on the recording's first day")
    .option("--to <t>", "end, likewise")
    .option(
      "--stretch <n>",
      "one stretch without a pause of the recorder: its number from 1, or longest",
      parseStretch,
    )
    .option("--config <file>", "settings as JSON; flags win over it")
    .option(
      "--set <name=value>",
      "a parameter of the desk (desk params lists them); repeatable",
      collectParameter,
    )
    .option("--assume <a/b=rate>", "a rate that nobody recorded, such as USDT/USD=1; repeatable", collectRate)
    .addOption(new Option("--fees <tier>", "fees of the recorded venues (default: maker)").choices(FEE_TIERS))
    .addOption(
      new Option(
        "--latency <preset>",
        "between us and every venue (default: each venue's own in the demo, else internet)",
      ).choices(Object.keys(LATENCY_PRESETS)),
    )
    .option("--capital <n>", "what sizes and limits are percentages of, in reporting currency", parseCapital)
    .option("--seed <n>", "of the simulated market and of latencies (default: 1)", parseSeed)
    .option("--journal <dir>", "keep every event and decision there, for replay and verification")
    .option("--report <file>", "where to write the page with the charts (default: under the home directory)")
    .option("--no-report", "write no page")
    .option("--home <dir>", "where Crossdesk keeps its data", desksDirectory());
  let reportFlags = 0;
  for (const event of ["option:report", "option:no-report"]) command.on(event, () => (reportFlags += 1));
  withJson(command).action(async (flags: BacktestFlags) => {
    if (reportFlags > 1) throw new UsageError("give --report or --no-report once");
    checkFlags(flags);
    const settings = settingsOf(flags);
    if (typeof flags.report === "string") prepareReport(flags.report);
    const output = createOutput(flags);
    const scenario = await openScenario(flags, settings);
    try {
      checkUsed(scenario, settings, flags);
    } catch (error) {
      scenario.close();
      throw error;
    }
    const backtest = await runWithProgress(scenario, flags.journal);
    output.result(backtest.result);
    for (const line of summaryLines(backtest.result)) output.line(line);
    if (flags.report !== false) output.line(`report       ${writeReport(backtest, flags)}`);
    output.line(`next         ${nextStep(backtest.result, flags)}`);
  });
}

async function openScenario(flags: BacktestFlags, settings: BacktestSettings): Promise<Scenario> {
  if (flags.recording === undefined)
    return demoScenario(settings, Math.round((flags.hours ?? HOURS) * 3_600));
  const recording = openRecording((await importWithProgress(flags.recording, { home: flags.home })).dir);
  try {
    const assumedRates = flags.assume ?? new Map<string, number>();
    return recordedScenario(recording, { settings, assumedRates, ...periodOf(flags, recording.manifest) });
  } catch (error) {
    recording.close();
    throw error;
  }
}

/** An account that this market does not have would change nothing, and nobody would notice. */
function checkUsed({ config }: Scenario, settings: BacktestSettings, { config: file }: BacktestFlags): void {
  const accounts = config.accounts.map(({ account }) => account);
  const latencies = typeof settings.latency === "object" ? settings.latency.accounts : {};
  const named = Object.keys({ ...settings.fees, ...settings.stock, ...latencies });
  const stranger = named.find((account) => !accounts.includes(account));
  if (stranger !== undefined)
    throw new UserError(`${file}: there is no account ${stranger}; there are ${accounts.join(", ")}`);
}

async function runWithProgress(scenario: Scenario, journalDir: string | undefined): Promise<Backtest> {
  const secondsOf = (atUs: number): number => Math.max(0, Math.floor((atUs - scenario.fromUs) / 1e6));
  const progress = startProgress({ label: "s of market time", total: secondsOf(scenario.toUs) });
  try {
    return await runBacktest(scenario, {
      journalDir,
      onProgress: (nowUs) => progress.update(secondsOf(nowUs)),
    });
  } finally {
    progress.stop();
  }
}

/** Before the run: a place that cannot be written to should not cost an hour. */
function prepareReport(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`${path} is a directory: give --report the name of a file`);
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
  } catch (cause) {
    throw new UserError(`${dirname(path)} is no directory and cannot become one: choose another --report`, {
      cause,
    });
  }
}

function writeReport(backtest: Backtest, { report, home }: BacktestFlags): string {
  const path = typeof report === "string" ? report : join(home, "reports", reportFileName(backtest));
  prepareReport(path);
  writeFileSync(path, renderReport(backtest));
  return path;
}

function nextStep(result: BacktestResult, { report, journal }: BacktestFlags): string {
  if (result.fills === 0)
    return "nothing was filled: look at what was not quoted; --set spreadMultiplier=0.5 quotes closer";
  if (journal !== undefined) return `npm run desk -- journal verify --journal ${journal}`;
  return report === false
    ? "without --no-report there is a page with charts"
    : "open the report in a browser";
}
