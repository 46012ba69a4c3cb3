/** Trading a market's inventory back to its baselines, venue by venue, with reducing IOC orders. */
import type { Effect } from "../../contract/effects.ts";
import { bpsOf, MICROS_PER_SECOND, type Side } from "../../contract/units.ts";
import { ceilToTicks, floorToTicks } from "../decimal.ts";
import { notice } from "../notices.ts";
import { isSessionEnding, sessionSecondsLeft } from "../quote/avellanedaStoikov.ts";
import { countRefusal, minimumLots } from "../quote/decide.ts";
import { baseRebateFrac, judge } from "../risk/gate.ts";
import { effectiveState } from "../risk/tradingState.ts";
import type { Engine, Flatten, InstrumentState, MarketState } from "../state.ts";
import { holdingOf } from "./exposure.ts";
import { placeOrder } from "./requests.ts";

/** Time for the answers of one round before the next begins. */
const ROUND_US = 500_000;

/** On the timer: begins what a session's end asks for, and goes on with a flatten that is under way. */
export function planFlatten(engine: Engine, market: MarketState, out: Effect[]): void {
  const { nowUs, instruments } = engine.state;
  if (market.flatten === undefined && isSessionEnding(market.params, nowUs))
    beginSessionEnd(engine, market, out);
  const { flatten } = market;
  if (flatten === undefined || nowUs < flatten.nextAtUs) return;
  flatten.nextAtUs = nowUs + ROUND_US;
  const open = market.instruments
    .map((index) => instruments[index])
    .filter((inst): inst is InstrumentState => inst !== undefined && lotsToReduce(engine, inst, market) > 0);
  if (open.length === 0 || nowUs >= flatten.untilUs) {
    market.flatten = undefined;
    return notice(out, "FLATTEN", market.market, describeEnd(open, flatten));
  }
  for (const inst of open) {
    // Quotes and the orders of the last round must be gone before this venue's inventory is measured.
    if (inst.live.length === 0) reduceAt(engine, inst, market, flatten, out);
  }
}

/** A model whose inventory must be gone at the end of a session takes what quotes have left of it. */
function beginSessionEnd(engine: Engine, market: MarketState, out: Effect[]): void {
  const { nowUs, instruments, storage } = engine.state;
  if (market.fair === undefined || storage !== "OK") return;
  const mayReduce = market.instruments.some((index) => {
    const inst = instruments[index];
    return inst !== undefined && lotsToReduce(engine, inst, market) > 0 && mayTradeByItself(engine, inst);
  });
  if (!mayReduce) return;
  market.flatten = {
    askedBy: "session",
    slippageMaxBps: market.params.collarBps,
    untilUs: nowUs + sessionSecondsLeft(market.params.sessionSeconds, nowUs) * MICROS_PER_SECOND,
    nextAtUs: nowUs,
    refusedFor: undefined,
  };
  notice(out, "FLATTEN", market.market, "the session ends");
}

/** On the side that reduces. */
function mayTradeByItself(engine: Engine, inst: InstrumentState): boolean {
  const state = effectiveState(engine.state, inst, reducingSide(engine, inst));
  return state === "ACTIVE" || state === "REDUCE_ONLY";
}

function reducingSide(engine: Engine, inst: InstrumentState): Side {
  return holdingOf(engine, inst.account, inst.definition.base).inventoryUnits > 0 ? "sell" : "buy";
}

function describeEnd(open: readonly InstrumentState[], { refusedFor }: Flatten): string {
  if (open.length === 0) return "inventory is back at its baseline";
  const where = open.map(({ definition }) => definition.account).join(", ");
  const why = refusedFor === undefined ? "orders were not filled in time" : `${refusedFor} stood in the way`;
  return `gave up with inventory left at ${where}: ${why}`;
}

/** One instrument per venue carries its reduction: the first that trades the asset there. Dust stays. */
function lotsToReduce(engine: Engine, inst: InstrumentState, market: MarketState): number {
  const first = engine.state.instruments.find(
    (other) => other.account === inst.account && other.market === inst.market && other.definition.quoted,
  );
  if (first !== inst) return 0;
  const rate = engine.state.rates.get(inst.definition.quote)?.value;
  const atVenue = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits;
  const grows = atVenue < 0 ? 1 + baseRebateFrac(engine, market) : 1;
  const lots = Math.floor(Math.abs(atVenue) / grows / inst.lotBase + 1e-9);
  // Without a price nobody can say that it is dust: it counts as open, and the reason is named in the end.
  const least =
    rate === undefined || market.fair === undefined
      ? inst.definition.sizeMinLots
      : minimumLots(inst, market.fair / rate / inst.tickQuote);
  return lots >= least ? lots : 0;
}

/** All of it, or the largest half, quarter, … that the gate lets pass: what fills makes room for the next round. */
function reduceAt(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  flatten: Flatten,
  out: Effect[],
): void {
  const rate = engine.state.rates.get(inst.definition.quote)?.value;
  flatten.refusedFor = inst.reason;
  if (market.fair === undefined) flatten.refusedFor ??= "NO_FAIR_VALUE";
  if (rate === undefined) flatten.refusedFor ??= "NO_CONVERSION";
  if (flatten.refusedFor !== undefined || rate === undefined || market.fair === undefined) return;
  const side = reducingSide(engine, inst);
  const automatic = flatten.askedBy === "session";
  const slippage = bpsOf(market.fair, Math.min(flatten.slippageMaxBps, inst.params.collarBps));
  const limit = (market.fair + inst.basis.valuePrice + (side === "buy" ? slippage : -slippage)) / rate;
  const priceTicks =
    side === "buy" ? floorToTicks(limit, inst.tickQuote) : ceilToTicks(limit, inst.tickQuote);
  for (
    let sizeLots = lotsToReduce(engine, inst, market);
    sizeLots >= minimumLots(inst, priceTicks);
    sizeLots = Math.floor(sizeLots / 2)
  ) {
    const verdict = judge(engine, {
      role: "reduce",
      instrument: inst.index,
      side,
      priceTicks,
      sizeLots,
      automatic,
    });
    if (verdict.ok) return void placeOrder(engine, verdict.order, -1, out);
    flatten.refusedFor = verdict.code;
  }
  if (flatten.refusedFor !== undefined) countRefusal(engine, flatten.refusedFor);
}
