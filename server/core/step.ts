/**
 * One event at a time, decided synchronously: `step` updates the state and returns what is to be done.
 * No clock, randomness or IO: the same events give the same effects and the same state.
 */
import type { Effect } from "../contract/effects.ts";
import type { BookEvent, EngineEvent, FillEvent, TimerEvent } from "../contract/events.ts";
import { MICROS_PER_DAY, MICROS_PER_SECOND } from "../contract/units.ts";
import { chaseAnswers } from "./accounts/chase.ts";
import {
  applyAccountStatus,
  applyBalances,
  applyOpenOrders,
  continueReconciliation,
} from "./accounts/reconcile.ts";
import { continueSeal } from "./accounts/seal.ts";
import { applyBook, applyFeed } from "./book/feed.ts";
import { applyCommand } from "./commands.ts";
import {
  interruptEstimates,
  observePublicTrade,
  observeTop,
  sampleInstrument,
} from "./estimate/instrumentEstimates.ts";
import { advanceSlowEstimates, sampleMarketEstimates, sampleReturns } from "./estimate/marketEstimates.ts";
import { priorVolatility, refreshTop } from "./estimate/marketFair.ts";
import { confirmRate, measureRate } from "./estimate/rates.ts";
import { sampleVolatility } from "./estimate/volatility.ts";
import { bookFill } from "./ledger/fills.ts";
import { bookTransfer } from "./ledger/inventory.ts";
import { onStorage, pullAfterClockStep, pullAfterPause } from "./hostTrouble.ts";
import { changeInstrument, rebaseWhenClear } from "./instrumentChange.ts";
import { anomaly } from "./notices.ts";
import { planFlatten } from "./orders/flatten.ts";
import { planHedge } from "./orders/hedge.ts";
import { dropGhosts } from "./orders/ownLevels.ts";
import { revisePaces } from "./orders/pace.ts";
import { reviewHeld } from "./orders/plan.ts";
import { applyOrderReport } from "./orders/reports.ts";
import { readPnl } from "./pnl.ts";
import { calibrateModel } from "./quote/calibrate.ts";
import {
  instrumentAt,
  marketAt,
  refreshFair,
  replan,
  requote,
  requoteAll,
  requoteMarket,
  requoteMoved,
  requoteWaiting,
} from "./requote.ts";
import { restart } from "./restart.ts";
import type { Engine, MarketState } from "./state.ts";

/** A host that stood still for longer has quotes out that nobody watched. */
const HOST_PAUSE_MAX_US = 1_000_000;

const NOTHING: readonly Effect[] = [];

export function step(engine: Engine, event: EngineEvent): readonly Effect[] {
  const { state } = engine;
  if (event.atUs < state.nowUs)
    throw new Error(`event ${event.type} at ${event.atUs} µs is older than the engine`);
  const pausedUs = state.nowUs === 0 ? 0 : event.atUs - state.nowUs;
  state.nowUs = event.atUs;
  const out: Effect[] = [];
  if (event.type === "restart") restart(engine, event, event.atUs - pausedUs, out);
  else if (pausedUs > HOST_PAUSE_MAX_US) pullAfterPause(engine, pausedUs, out);
  apply(engine, event, out);
  return out.length === 0 ? NOTHING : out;
}

function apply(engine: Engine, event: EngineEvent, out: Effect[]): void {
  const { state } = engine;
  switch (event.type) {
    case "book":
      return onBook(engine, event, out);
    case "trade": {
      const inst = instrumentAt(engine, event.instrument);
      return observePublicTrade(inst, event);
    }
    case "feed": {
      const inst = instrumentAt(engine, event.instrument);
      applyFeed(inst, event);
      if (event.status === "alive") return confirmRate(engine, inst);
      interruptEstimates(inst, event.atUs);
      requote(engine, inst, out);
      return;
    }
    case "instrument": {
      const inst = instrumentAt(engine, event.instrument);
      changeInstrument(engine, inst, event.definition, out);
      return requote(engine, inst, out);
    }
    case "account":
      applyAccountStatus(engine, event, out);
      return requoteAll(engine, out);
    case "balances":
      applyBalances(engine, event, out);
      return requoteAll(engine, out);
    case "openOrders":
      applyOpenOrders(engine, event, out);
      return requoteAll(engine, out);
    case "transfer":
      return bookTransfer(engine, event, out);
    case "fill":
      return onFill(engine, event, out);
    case "timer":
      return onTimer(engine, event, out);
    case "restart":
      return requoteAll(engine, out);
    case "storage":
      return onStorage(engine, event, out);
    case "clockStep":
      return pullAfterClockStep(engine, event, out);
    case "command":
      if (!applyCommand(engine, event, out)) return;
      for (const market of state.markets) calibrateModel(engine, market);
      requoteAll(engine, out);
      return reviewAll(engine, out);
    case "orderAccepted":
    case "orderRejected":
    case "orderCanceled":
    case "orderExpired":
    case "orderAmended":
    case "amendRejected":
    case "cancelRejected":
    case "orderUnknown":
    case "orderStatus": {
      const order = applyOrderReport(engine, event, out);
      const inst = order === undefined ? undefined : state.instruments[order.instrument];
      if (inst !== undefined) replan(engine, inst, out);
    }
  }
}

function onBook(engine: Engine, event: BookEvent, out: Effect[]): void {
  const inst = instrumentAt(engine, event.instrument);
  const wasVoid = inst.feed.void;
  const { bidLots, askLots } = inst.external;
  const refusal = applyBook(inst, event);
  if (refusal !== undefined) anomaly(engine, out, "BAD_BOOK", inst.definition.symbol, refusal);
  const moved = refreshTop(inst);
  if (inst.feed.void) interruptEstimates(inst, event.atUs);
  else if (moved || inst.external.bidLots !== bidLots || inst.external.askLots !== askLots)
    observeTop(inst, event.atUs, event.venueAtUs);
  measureRate(engine, inst);
  if (inst.market === undefined) return;
  const market = marketAt(engine, inst.market);
  if (moved || wasVoid || refusal !== undefined || inst.reason !== undefined) {
    refreshFair(engine, market, inst);
    if (inst.feed.changedAtUs === event.atUs) inst.feed.fairAtChange = market.fair;
    requoteMoved(engine, market, out);
  } else if (inst.feed.changedAtUs === event.atUs) inst.feed.fairAtChange = market.fair;
}

function onFill(engine: Engine, event: FillEvent, out: Effect[]): void {
  const { state } = engine;
  const anomaliesBefore = state.counts.anomalies;
  if (!bookFill(engine, event, out)) return;
  const inst = instrumentAt(engine, event.instrument);
  if (inst.market === undefined) return;
  planHedge(engine, marketAt(engine, inst.market), out);
  requoteMarket(engine, marketAt(engine, inst.market), out);
  // A fill of what was reserved leaves every worst case as it was; one that nobody had reserved does not.
  if (state.counts.anomalies !== anomaliesBefore) reviewAll(engine, out);
}

function onTimer(engine: Engine, event: TimerEvent, out: Effect[]): void {
  const { state } = engine;
  for (const account of state.accounts) {
    chaseAnswers(engine, account, out);
    continueReconciliation(engine, account, out);
    continueSeal(engine, account, out);
  }
  for (const inst of state.instruments) {
    rebaseWhenClear(engine, inst, out);
    if (dropGhosts(engine, inst)) refreshTop(inst);
  }
  const secondUs = event.atUs - (event.atUs % MICROS_PER_SECOND);
  const sample = secondUs > state.sampledAtUs;
  if (sample) state.sampledAtUs = secondUs;
  for (const market of state.markets) {
    refreshFair(engine, market);
    if (sample) sampleMarket(engine, market, secondUs);
    planFlatten(engine, market, out);
    planHedge(engine, market, out);
    if (sample) requoteMarket(engine, market, out);
    else requoteWaiting(engine, market, out);
  }
  advanceSlowEstimates(engine);
  if (sample) {
    sampleReturns(state);
    revisePaces(engine);
    reviewAll(engine, out);
    beginDay(engine);
  }
}

/** Day figures count from midnight UTC; those of the first day from its first sample. */
function beginDay(engine: Engine): void {
  const { state } = engine;
  const midnightUs = state.nowUs - (state.nowUs % MICROS_PER_DAY);
  if (state.day !== undefined && state.day.sinceUs >= midnightUs) return;
  const sinceUs = state.day === undefined ? state.nowUs : midnightUs;
  state.day = { sinceUs, pnl: readPnl(engine) };
}

/** The one-second grid of the estimators: volatility, then the model that follows from it. */
function sampleMarket(engine: Engine, market: MarketState, secondUs: number): void {
  const { state } = engine;
  const seen = market.fair !== undefined && market.fairAtUs === state.nowUs;
  if (seen && market.fair !== undefined) {
    const jumpBefore = market.volatility.jumpAtUs;
    sampleVolatility(
      market.volatility,
      secondUs,
      market.fair,
      priorVolatility(market),
      market.params.jumpSigmas,
    );
    if (market.volatility.jumpAtUs !== jumpBefore)
      market.jumpUntilUs = state.nowUs + market.params.jumpPauseMs * 1_000;
    sampleMarketEstimates(market, secondUs, market.fair);
  }
  for (const index of market.instruments) sampleInstrument(engine, instrumentAt(engine, index), market);
  calibrateModel(engine, market);
}

/** What rests, judged again: after whatever may have moved a limit, a state or the inventory, and once a second. */
function reviewAll(engine: Engine, out: Effect[]): void {
  for (const inst of engine.state.instruments) reviewHeld(engine, inst, out);
}
