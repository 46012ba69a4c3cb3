/** One backtest: a scenario through the engine in virtual time, and what came of it. */
import { decimalToScaled } from "../core/decimal.ts";
import type { PnlView } from "../contract/lines.ts";
import type { DeskView, PositionView, QuoteExplanation } from "../contract/views.ts";
import { explainQuote } from "../core/quote/explain.ts";
import { uptimeShare } from "../core/quote/uptime.ts";
import type { Engine } from "../core/state.ts";
import { readPnl } from "../core/pnl.ts";
import { viewDesk } from "../core/view.ts";
import { EngineRun } from "../engine/engineRun.ts";
import { deriveRunId } from "../engine/journal/manifest.ts";
import type { JournalOptions } from "../engine/journal/commitQueue.ts";
import { createJournal, type JournalWriter } from "../engine/journal/writer.ts";
import { createExchange } from "../lab/exchange/exchange.ts";
import type { SimulatedExchange } from "../lab/ports.ts";
import type { FaultPlan } from "../lab/world/faults.ts";
import { World, type WorldResult } from "../lab/world/world.ts";
import { Observer } from "./observer.ts";
import type { Scenario } from "./scenario.ts";
import { CODE_VERSION } from "../engine/version.ts";

/** Events between two looks at the progress; a few milliseconds of work. */
const SLICE = 8_192;

/** Events between two snapshots in a journal: a tail is replayed in a few seconds. */
const SNAPSHOT_EVERY = 500_000;

export interface BacktestOptions {
  readonly journalDir?: string | undefined;
  readonly journal?: JournalOptions | undefined;
  readonly faults?: FaultPlan | undefined;
  /** Virtual time that has passed, after every slice. */
  readonly onProgress?: ((nowUs: number) => void) | undefined;
}

/** What `backtest --json` prints. */
export interface BacktestResult {
  readonly recording: string;
  readonly source: string;
  readonly from: string;
  readonly to: string;
  readonly events: number;
  readonly eventsPerSecond: number;
  readonly orders: number;
  readonly fills: number;
  readonly volume: Readonly<Record<string, number>>;
  readonly pnl: PnlView & { readonly reportingAsset: string };
  /** Average cost, realised and unrealised P&L before fees, by asset, in reporting currency. */
  readonly positions: Readonly<Record<string, PositionView>>;
  readonly inventory: InventoryResult;
  readonly maxDrawdown: number;
  readonly quoteUptime: number;
  readonly quoteUptimeBy: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly anomalies: number;
  readonly assumptions: readonly string[];
  readonly stateHash: string;
}

/** Net over assets in reporting currency, and each asset in its own units. */
interface InventoryResult {
  readonly final: number;
  readonly rms: number;
  readonly max: number;
  readonly byAsset: Readonly<Record<string, { final: number; rms: number; max: number }>>;
}

export interface Backtest {
  readonly result: BacktestResult;
  readonly run: EngineRun;
  readonly observer: Observer;
  /** The desk at the end, and every quoted instrument's quote as the list of its stages. */
  readonly desk: DeskView;
  readonly quotes: readonly { readonly instrument: string; readonly quote: QuoteExplanation }[];
  readonly exchanges: readonly SimulatedExchange[];
  readonly world: WorldResult;
}

export async function runBacktest(scenario: Scenario, options: BacktestOptions = {}): Promise<Backtest> {
  const journal = openJournalFor(scenario, options);
  try {
    const backtest = await runThrough(scenario, options, journal);
    await journal?.close({ stateHash: backtest.result.stateHash });
    return backtest;
  } catch (error) {
    // An unfinished run keeps what it wrote; the error that ended it is the one to report.
    await journal?.close().catch(() => undefined);
    throw error;
  } finally {
    scenario.close();
  }
}

function openJournalFor(scenario: Scenario, options: BacktestOptions): JournalWriter | undefined {
  if (options.journalDir === undefined) return undefined;
  const { config, seed, source, fromUs } = scenario;
  return createJournal(
    options.journalDir,
    {
      runId: deriveRunId(config, seed, source),
      what: options.faults === undefined ? "backtest" : "simulation",
      codeVersion: CODE_VERSION,
      config,
      seed,
      startedAtUs: fromUs,
    },
    options.journal,
  );
}

async function runThrough(
  scenario: Scenario,
  options: BacktestOptions,
  journal: JournalWriter | undefined,
): Promise<Backtest> {
  const { config, driver, latency, seed, fromUs, toUs } = scenario;
  const run = new EngineRun(config, { journal });
  const observer = new Observer(run.engine, toUs - fromUs);
  const exchanges = openExchanges(scenario);
  const world = new World({
    config,
    exchanges,
    driver,
    latency,
    faults: options.faults,
    seed,
    toUs,
    engine: (event) => {
      const effects = run.handle(event);
      observer.saw(event);
      return effects;
    },
  });
  const startedNs = process.hrtime.bigint();
  let snapshotAt = SNAPSHOT_EVERY;
  for (;;) {
    const done = world.advance(SLICE);
    if (journal !== undefined) {
      if (run.seq >= snapshotAt) {
        journal.putSnapshot(run.seq, run.snapshot());
        snapshotAt = run.seq + SNAPSHOT_EVERY;
      }
      if (!run.journalHasRoom) await journal.drained();
    }
    options.onProgress?.(world.result().endedAtUs);
    if (done) break;
  }
  const seconds = Number(process.hrtime.bigint() - startedNs) / 1e9;
  const summary = world.result();
  return {
    result: summarise(scenario, run, observer, summary, seconds),
    run,
    observer,
    desk: viewDesk(run.engine),
    quotes: explainAll(run.engine),
    exchanges,
    world: summary,
  };
}

function explainAll(engine: Engine): Backtest["quotes"] {
  return engine.state.instruments.flatMap((inst) => {
    const quote = inst.definition.quoted ? explainQuote(engine, inst.index) : undefined;
    return quote === undefined
      ? []
      : [{ instrument: `${inst.definition.account} ${inst.definition.symbol}`, quote }];
  });
}

/** One exchange per venue account, stocked before the market opens. */
export function openExchanges({
  config,
  deposits,
}: Pick<Scenario, "config" | "deposits">): SimulatedExchange[] {
  return config.accounts.map(({ account }, index) => {
    const exchange = createExchange({ config, accounts: [index] });
    for (const deposit of deposits.filter((candidate) => candidate.account === account)) {
      const decimals = config.assets.find((spec) => spec.asset === deposit.asset)?.decimals;
      if (decimals === undefined) continue;
      exchange.deposit(index, deposit.asset, decimalToScaled(deposit.amount, decimals));
    }
    return exchange;
  });
}

function summarise(
  scenario: Scenario,
  run: EngineRun,
  observer: Observer,
  world: WorldResult,
  seconds: number,
): BacktestResult {
  const { state, config } = run.engine;
  const quoted = state.instruments.filter((inst) => inst.definition.quoted && inst.market !== undefined);
  const uptimes = quoted.map(
    (inst) =>
      [
        `${inst.definition.account} ${inst.definition.symbol}`,
        round(uptimeShare(inst, state.nowUs), 4),
      ] as const,
  );
  return {
    recording: scenario.name,
    source: scenario.source,
    from: new Date(world.startedAtUs / 1e3).toISOString(),
    to: new Date(world.endedAtUs / 1e3).toISOString(),
    events: world.events,
    eventsPerSecond: Math.round(world.events / seconds),
    orders: state.counts.orders,
    fills: state.counts.fills,
    volume: Object.fromEntries([...observer.traded].map(([asset, amount]) => [asset, round(amount, 8)])),
    pnl: { reportingAsset: config.reportingAsset, ...readPnl(run.engine) },
    positions: Object.fromEntries(
      viewDesk(run.engine).markets.map((market) => [market.base, market.position]),
    ),
    inventory: {
      ...observer.netInventory(),
      byAsset: Object.fromEntries(state.markets.map((market) => [market.base, observer.inventoryOf(market)])),
    },
    maxDrawdown: observer.maxDrawdown,
    quoteUptime: round(uptimes.reduce((sum, [, share]) => sum + share, 0) / Math.max(1, uptimes.length), 4),
    quoteUptimeBy: Object.fromEntries(uptimes),
    refusals: Object.fromEntries(state.refusals),
    anomalies: state.counts.anomalies,
    assumptions: scenario.assumptions,
    stateHash: run.stateHash(),
  };
}

function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}
