/**
 * Price-time priority: takers against what rests, prints over our orders, recorded depth that crosses
 * them. Every lot that trades is allocated once.
 */
import { oppositeSide } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";
import type { PrintRecord } from "../ports.ts";
import { remainingLots } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { decrementOrder, expireOrder, fillMaker, fillTaker } from "./execution.ts";
import type { Call } from "./execution.ts";
import { advanceFronts, capFronts, consumeOthers } from "./levels.ts";
import { bestOthersTicks, betterBy, othersAt, restingSide } from "./market.ts";
import type { InstrumentMarket, OwnLevel, RestingSide } from "./market.ts";
import { wholeLotsAhead } from "./queue.ts";
import { planTake } from "./takePlan.ts";
import type { Meeting, Taker, TakePlan } from "./takePlan.ts";

/** Trades an anonymous taker against what rests, best price first. Returns how many lots traded. */
export function take(market: InstrumentMarket, taker: Taker, call: Call): number {
  const plan = planTake(market, taker);
  carryOut(market, plan, { side: taker.side }, call);
  return plan.tradedLots;
}

/** Makes a plan happen, which must be of this very state of the market: for an order of ours, or for anyone. */
export function carryOut(
  market: InstrumentMarket,
  plan: TakePlan,
  taker: { readonly side: Side; readonly own?: VenueOrder },
  call: Call,
): void {
  const side = restingSide(market, oppositeSide(taker.side));
  for (const level of plan.levels) {
    const { priceTicks, othersLots, tradedLots } = level;
    for (const met of level.meetings) happen(market, met, taker.own, call);
    if (taker.own !== undefined && othersLots > 0)
      fillTaker(market, taker.own, { priceTicks, sizeLots: othersLots }, call);
    consumeOthers(side, priceTicks, othersLots);
    if (tradedLots > 0)
      publishTrade(market, { priceTicks, sizeLots: tradedLots, aggressor: taker.side }, call);
  }
}

function happen(
  market: InstrumentMarket,
  { order, outcome, lots }: Meeting,
  taker: VenueOrder | undefined,
  call: Call,
): void {
  switch (outcome) {
    case "TRADE": {
      const { priceTicks } = order;
      const tradeId = fillMaker(market, order, lots, call);
      if (taker !== undefined) fillTaker(market, taker, { priceTicks, sizeLots: lots, tradeId }, call);
      return;
    }
    case "EXPIRE_TAKER":
      return;
    case "EXPIRE_MAKER":
    case "EXPIRE_BOTH":
      return expireOrder(market, order, call);
    case "DECREMENT":
      decrementOrder(market, order, lots, call);
      if (taker !== undefined) decrementOrder(market, taker, lots, call);
  }
}

/**
 * A trade between others fills our orders with its volume: those at better prices at once, since they would have
 * traded first, those at its price once the trade has eaten what stands ahead. The record shows the rest later.
 */
export function allocatePrint(market: InstrumentMarket, print: PrintRecord, call: Call): void {
  const aggressor = print.aggressor ?? inferAggressor(market, print.priceTicks);
  if (aggressor === undefined) return;
  const side = restingSide(market, oppositeSide(aggressor));
  let leftLots = print.sizeLots;
  for (const level of [...side.levels]) {
    const better = betterBy(side, level.priceTicks, print.priceTicks);
    if (better < 0) return;
    if (better > 0) leftLots = printThrough(market, level, leftLots, call);
    else {
      capFronts(side, level);
      printAt(market, level, leftLots, call);
      level.tradedLots += print.sizeLots;
    }
  }
}

function printThrough(market: InstrumentMarket, level: OwnLevel, lots: number, call: Call): number {
  let leftLots = lots;
  for (const order of [...level.orders]) {
    if (leftLots === 0) break;
    const filled = Math.min(remainingLots(order), leftLots);
    fillMaker(market, order, filled, call);
    leftLots -= filled;
  }
  return leftLots;
}

function printAt(market: InstrumentMarket, level: OwnLevel, lots: number, call: Call): void {
  let leftLots = lots;
  let passedLots = 0;
  for (const order of [...level.orders]) {
    const firstLots = Math.min(Math.max(0, wholeLotsAhead(order.frontLots) - passedLots), leftLots);
    passedLots += firstLots;
    leftLots -= firstLots;
    if (leftLots === 0) break;
    const filled = Math.min(remainingLots(order), leftLots);
    fillMaker(market, order, filled, call);
    leftLots -= filled;
  }
  advanceFronts(level, passedLots);
}

/**
 * The side that an unsigned trade must have come from: whoever hit the nearer of others' best prices. Nobody at
 * a tie; in a crossed book the answer does not matter, as nothing of ours rests where such a trade could be.
 */
function inferAggressor(market: InstrumentMarket, priceTicks: number): Side | undefined {
  const fromBid = Math.abs(priceTicks - (bestOthersTicks(market.bids) ?? -Infinity));
  const fromAsk = Math.abs(priceTicks - (bestOthersTicks(market.asks) ?? Infinity));
  if (fromBid === fromAsk) return undefined;
  return fromBid < fromAsk ? "sell" : "buy";
}

/** Recorded depth at or through a price of ours would have traded with us: at our price, each lot once. */
export function fillCrossed(market: InstrumentMarket, call: Call): void {
  if (market.bids.levels.length > 0) fillCrossedSide(market, market.bids, call);
  if (market.asks.levels.length > 0) fillCrossedSide(market, market.asks, call);
}

function fillCrossedSide(market: InstrumentMarket, resting: RestingSide, call: Call): void {
  const aggressor = oppositeSide(resting.side);
  const crossing = restingSide(market, aggressor);
  for (;;) {
    const order = resting.levels[0]?.orders[0];
    if (order === undefined) return;
    const { priceTicks } = order;
    const crossingTicks = bestOthersTicks(crossing);
    if (crossingTicks === undefined || betterBy(resting, priceTicks, crossingTicks) < 0) return;
    const sizeLots = Math.min(remainingLots(order), othersAt(crossing, crossingTicks));
    fillMaker(market, order, sizeLots, call);
    consumeOthers(crossing, crossingTicks, sizeLots);
    publishTrade(market, { priceTicks, sizeLots, aggressor }, call);
  }
}

function publishTrade(
  market: InstrumentMarket,
  trade: { readonly priceTicks: number; readonly sizeLots: number; readonly aggressor: Side },
  call: Call,
): void {
  call.output.public({ type: "trade", instrument: market.instrument, ...trade });
}
