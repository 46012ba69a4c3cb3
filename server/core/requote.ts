/** When quotes are decided anew: never without a reason, and never later than once a second. */
import type { Effect } from "../contract/effects.ts";
import { advanceMarkouts } from "./estimate/instrumentEstimates.ts";
import { updateFair } from "./estimate/marketFair.ts";
import { mark } from "./ledger/attribution.ts";
import { planInstrument } from "./orders/plan.ts";
import { decideQuotes } from "./quote/decide.ts";
import { updateUptime } from "./quote/uptime.ts";
import type { Engine, InstrumentState, MarketState } from "./state.ts";

/**
 * A quote is decided anew after a book once fair value moved by this share of 1/k: half of the
 * default tolerance, below which nothing would be sent. Once a second every quote is decided in any case.
 */
const DECISION_SHARE_OF_DECAY = 0.1;

export function refreshFair(engine: Engine, market: MarketState, changed?: InstrumentState): void {
  advanceMarkouts(engine, market);
  updateFair(engine, market, changed);
  if (market.fair !== undefined) mark(market.attribution, market.fair);
}

/** Every instrument of the market, whatever the event left unchanged. */
export function requoteMarket(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) requoteInstrument(engine, instrumentAt(engine, index), market, out);
}

/** After a book: the instruments for which anything that a quote depends on has moved by more than its threshold. */
export function requoteMoved(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) {
    const inst = instrumentAt(engine, index);
    if (hasMoved(inst, market)) requoteInstrument(engine, inst, market, out);
  }
}

/**
 * Between two seconds: decided anew where something moved or nothing is wanted yet; elsewhere what was
 * wanted and had to wait (a minimum life, a refusal) may be due.
 */
export function requoteWaiting(engine: Engine, market: MarketState, out: Effect[]): void {
  for (const index of market.instruments) {
    const inst = instrumentAt(engine, index);
    const isIdle = inst.slots[0]?.reason !== undefined || inst.slots[1]?.reason !== undefined;
    if (isIdle || hasMoved(inst, market)) requoteInstrument(engine, inst, market, out);
    else {
      planInstrument(engine, inst, market, out);
      updateUptime(engine, inst);
    }
  }
}

export function requote(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  if (inst.market === undefined) return;
  const market = marketAt(engine, inst.market);
  refreshFair(engine, market);
  requoteMarket(engine, market, out);
}

export function requoteAll(engine: Engine, out: Effect[]): void {
  for (const market of engine.state.markets) requoteMarket(engine, market, out);
}

/** After an order report only its own instrument can have something to do. */
export function replan(engine: Engine, inst: InstrumentState, out: Effect[]): void {
  if (inst.market !== undefined) requoteInstrument(engine, inst, marketAt(engine, inst.market), out);
}

function hasMoved(inst: InstrumentState, market: MarketState): boolean {
  const { decided, external } = inst;
  if (decided === undefined || market.fair === undefined || decided.reason !== inst.reason) return true;
  const decay =
    inst.pricing === undefined ? (market.fair * inst.params.fillDecayBps) / 1e4 : 1 / inst.pricing.localK;
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

export function instrumentAt(engine: Engine, index: number): InstrumentState {
  const inst = engine.state.instruments[index];
  if (inst === undefined) throw new Error(`an event names instrument ${index}: there is none`);
  return inst;
}

export function marketAt(engine: Engine, index: number): MarketState {
  const market = engine.state.markets[index];
  if (market === undefined) throw new Error(`there is no market ${index}`);
  return market;
}
