/**
 * One event at a time, decided synchronously: `step` updates the state and returns what is to be done.
 * No clock, randomness or IO: the same events give the same effects and the same state.
 */
import type { Effect } from "../contract/effects.ts";
import type { BookEvent, EngineEvent, FillEvent, TimerEvent } from "../contract/events.ts";
import { MICROS_PER_DAY, MICROS_PER_SECOND } from "../contract/units.ts";
import {
  applyAccountStatus,
  applyBalances,
  applyOpenOrders,
  beginReconciliation,
  chaseAnswers,
  continueReconciliation,
} from "./accounts/reconcile.ts";
import { continueSeal } from "./accounts/seal.ts";
import { applyBook, applyFeed, applyTrade } from "./book/feed.ts";
import { applyCommand } from "./commands.ts";
import { priorVolatility, refreshTop, updateFair } from "./estimate/marketFair.ts";
import { measureRate } from "./estimate/rates.ts";
import { sampleVolatility } from "./estimate/volatility.ts";
import { mark } from "./ledger/attribution.ts";
import { bookFill } from "./ledger/fills.ts";
import { bookTransfer } from "./ledger/inventory.ts";
import { changeInstrument, rebaseWhenClear } from "./instrumentChange.ts";
import { anomaly, notice } from "./notices.ts";
import { planFlatten } from "./orders/flatten.ts";
import { dropGhosts } from "./orders/ownLevels.ts";
import { planInstrument, reviewHeld } from "./orders/plan.ts";
import { applyOrderReport } from "./orders/reports.ts";
import { readPnl } from "./pnl.ts";
import { calibrateModel } from "./quote/calibrate.ts";
import { decideQuotes } from "./quote/decide.ts";
import { updateUptime } from "./quote/uptime.ts";
import { restart } from "./restart.ts";
import type { Engine, InstrumentState, MarketState } from "./state.ts";

/** A host that stood still for longer has quotes out that nobody watched. */
const HOST_PAUSE_MAX_US = 1_000_000;

/**
 * A quote is decided anew after a book once fair value moved by this share of 1/k: half of the
 * default tolerance, below which nothing would be sent. Once a second every quote is decided in any case.
 */
const DECISION_SHARE_OF_DECAY = 0.1;

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
    case "trade":
      return applyTrade(instrumentAt(engine, event.instrument), event);
    case "feed": {
      const inst = instrumentAt(engine, event.instrument);
      applyFeed(inst, event);
      if (event.status === "alive") measureRate(engine, inst);
      if (event.status !== "alive") requote(engine, inst, out);
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
  const refusal = applyBook(inst, event);
  if (refusal !== undefined) anomaly(engine, out, "BAD_BOOK", inst.definition.symbol, refusal);
  const moved = refreshTop(inst);
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
    if (sample) requoteMarket(engine, market, out);
    else requoteWaiting(engine, market, out);
  }
  if (sample) {
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
  }
  calibrateModel(engine, market);
}

function refreshFair(engine: Engine, market: MarketState, changed?: InstrumentState): void {
  updateFair(engine, market, changed);
  if (market.fair !== undefined) mark(market.attribution, market.fair);
}

/** Every instrument of the market, whatever the event left unchanged. */
function requoteMarket(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) requoteInstrument(engine, instrumentAt(engine, index), market, out);
}

/** What rests, judged again: after whatever may have moved a limit, a state or the inventory, and once a second. */
function reviewAll(engine: Engine, out: Effect[]): void {
  for (const inst of engine.state.instruments) reviewHeld(engine, inst, out);
}

/** After a book: the instruments for which anything that a quote depends on has moved by more than its threshold. */
function requoteMoved(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) {
    const inst = instrumentAt(engine, index);
    if (hasMoved(inst, market)) requoteInstrument(engine, inst, market, out);
  }
}

/**
 * Between two seconds: decided anew where something moved or nothing is wanted yet; elsewhere what was
 * wanted and had to wait (a minimum life, a refusal) may be due.
 */
function requoteWaiting(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) {
    const inst = instrumentAt(engine, index);
    const isIdle = inst.slots.some((slot) => slot.reason !== undefined);
    if (isIdle || hasMoved(inst, market)) requoteInstrument(engine, inst, market, out);
    else {
      planInstrument(engine, inst, market, out);
      updateUptime(engine, inst);
    }
  }
}

function hasMoved(inst: InstrumentState, market: MarketState): boolean {
  const { decided, external } = inst;
  if (decided === undefined || market.fair === undefined || decided.reason !== inst.reason) return true;
  const decay = (market.fair * inst.params.fillDecayBps) / 1e4;
  if (Math.abs(market.fair - decided.fair) > DECISION_SHARE_OF_DECAY * decay) return true;
  for (const { side, wantedTicks } of inst.slots) {
    const other = side === "buy" ? external.askTicks : external.bidTicks;
    if (wantedTicks === undefined || other === undefined) continue;
    if (side === "buy" ? wantedTicks >= other : wantedTicks <= other) return true;
  }
  return false;
}

function requoteInstrument(engine: Engine, inst: InstrumentState, market: MarketState, out: Effect[]): void {
  decideQuotes(engine, inst, market);
  const { version } = engine.state.layers;
  inst.decided =
    market.fair === undefined ? undefined : { fair: market.fair, reason: inst.reason, paramVersion: version };
  planInstrument(engine, inst, market, out);
  updateUptime(engine, inst);
}

function requote(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  if (inst.market === undefined) return;
  const market = marketAt(engine, inst.market);
  refreshFair(engine, market);
  requoteMarket(engine, market, out);
}

function requoteAll(engine: Engine, out: Effect[]): void {
  for (const market of engine.state.markets) requoteMarket(engine, market, out);
}

/** After an order report only its own instrument can have something to do. */
function replan(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  if (inst.market !== undefined) requoteInstrument(engine, inst, marketAt(engine, inst.market), out);
}

function pullAfterPause(engine: Engine, pausedUs: number, out: Effect[]): void {
  notice(out, "HOST_PAUSE", "desk", `the host stood still for ${Math.round(pausedUs / 1e3)} ms`);
  for (const account of engine.state.accounts)
    if (account.status === "READY") beginReconciliation(engine, account, out);
  requoteAll(engine, out);
}

function instrumentAt(engine: Engine, index: number): InstrumentState {
  const inst = engine.state.instruments[index];
  if (inst === undefined) throw new Error(`an event names instrument ${index}: there is none`);
  return inst;
}

function marketAt(engine: Engine, index: number): MarketState {
  const market = engine.state.markets[index];
  if (market === undefined) throw new Error(`there is no market ${index}`);
  return market;
}
