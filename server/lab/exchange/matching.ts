/**
 * Price-time priority: takers against what rests, prints over our orders, recorded depth that crosses
 * them. Every lot that trades is allocated once.
 */
import { oppositeSide } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";
import { priceFromBest, sizeFromBest } from "../../core/book/book.ts";
import type { PrintRecord } from "../ports.ts";
import { remainingLots } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { cancelOrder, fillMaker, fillTaker } from "./execution.ts";
import type { Call } from "./execution.ts";
import { advanceFronts, capFronts, consumeOthers } from "./levels.ts";
import { bestOthersTicks, betterBy, othersAt, ownLevelAt, restingSide } from "./market.ts";
import type { InstrumentMarket, OwnLevel, RestingSide } from "./market.ts";
import { wholeLotsAhead } from "./queue.ts";

export interface Taker {
  readonly side: Side;
  readonly sizeLots: number;
  readonly limitTicks?: number | undefined;
  /** An IOC order of ours; absent for someone else's. */
  readonly own?:
    { readonly order: VenueOrder; readonly selfTrade: "EXPIRE_TAKER" | "EXPIRE_MAKER" } | undefined;
}

/** Trades a taker against what rests, best price first. Returns how many lots traded. */
export function take(market: InstrumentMarket, taker: Taker, call: Call): number {
  const side = restingSide(market, oppositeSide(taker.side));
  let leftLots = taker.sizeLots;
  while (leftLots > 0) {
    const priceTicks = priceFromBest(side.depth, 0);
    if (priceTicks === undefined) break;
    if (taker.limitTicks !== undefined && betterBy(side, priceTicks, taker.limitTicks) < 0) break;
    const level = takeLevel(market, { ...taker, sizeLots: leftLots }, call);
    leftLots -= level.tradedLots;
    if (level.tradedLots > 0)
      publishTrade(market, { priceTicks, sizeLots: level.tradedLots, aggressor: taker.side }, call);
    if (level.metOwn) break;
  }
  return taker.sizeLots - leftLots;
}

/** Takes from the best level: others ahead of our first order, that order, others ahead of the next, and so on. */
function takeLevel(
  market: InstrumentMarket,
  taker: Taker,
  call: Call,
): { tradedLots: number; metOwn: boolean } {
  const side = restingSide(market, oppositeSide(taker.side));
  const priceTicks = priceFromBest(side.depth, 0) as number;
  const own = ownLevelAt(side, priceTicks);
  const othersLots = own?.othersLots ?? (sizeFromBest(side.depth, 0) as number);
  let leftLots = taker.sizeLots;
  let passedLots = 0;
  let metOwn = false;
  for (const order of own === undefined ? [] : [...own.orders]) {
    const aheadLots = Math.max(0, Math.min(wholeLotsAhead(order.frontLots), othersLots) - passedLots);
    const firstLots = Math.min(aheadLots, leftLots);
    passedLots += firstLots;
    leftLots -= firstLots;
    if (leftLots === 0) break;
    if (taker.own === undefined) {
      const lots = Math.min(remainingLots(order), leftLots);
      fillMaker(market, order, lots, call);
      leftLots -= lots;
    } else if (taker.own.selfTrade === "EXPIRE_MAKER") cancelOrder(market, order, call);
    else {
      metOwn = true;
      break;
    }
  }
  if (!metOwn) {
    const lots = Math.min(othersLots - passedLots, leftLots);
    passedLots += lots;
    leftLots -= lots;
  }
  if (taker.own !== undefined && passedLots > 0)
    fillTaker(market, taker.own.order, { priceTicks, sizeLots: passedLots }, call);
  consumeOthers(side, priceTicks, passedLots);
  return { tradedLots: taker.sizeLots - leftLots, metOwn };
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
