/**
 * One instrument at the venue: the public depth, which is others and ours together, and our orders by level.
 * What others show at a level is the depth there less our lots, so most levels need no lookup at all.
 */
import type { Instrument } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import { createBook, priceFromBest, setLevel, sizeAt } from "../../core/book/book.ts";
import type { Book, BookSide } from "../../core/book/book.ts";
import { createDepthView } from "../../core/book/depthView.ts";
import type { DepthView } from "../../core/book/depthView.ts";
import { remainingLots } from "./account.ts";
import type { AccountState, VenueOrder } from "./account.ts";
import { frontAfterDepth, wholeLotsAhead } from "./queue.ts";
import type { SpotMoney } from "./money.ts";

export interface InstrumentMarket {
  readonly instrument: number;
  readonly definition: Instrument;
  readonly account: AccountState;
  /** Undefined where orders are refused: kinds that are a reference only. */
  readonly money: SpotMoney | undefined;
  readonly book: Book;
  readonly bids: RestingSide;
  readonly asks: RestingSide;
  readonly view: DepthView;
  /** False until the first depth and after a gap: what comes next is a snapshot. */
  published: boolean;
  readonly traded: TradedTotals;
}

/** What our orders have traded; the count also numbers the trades. */
export interface TradedTotals {
  fills: number;
  boughtLots: number;
  soldLots: number;
}

export interface RestingSide {
  readonly side: Side;
  readonly depth: BookSide;
  readonly queueExponent: number;
  /** Levels with orders of ours, best first. */
  readonly levels: OwnLevel[];
  /**
   * Recorded size of each level that was taken from since the record last changed it. An entry goes with its
   * level's next record, so there are never more than the book has levels.
   */
  readonly consumed: Map<number, number>;
  /** Prices at which the depth changed since it was last published: worst first, each once. */
  readonly touched: Float64Array;
  touchedCount: number;
  /** More changed than `touched` tells. */
  allTouched: boolean;
}

export interface OwnLevel {
  readonly priceTicks: number;
  othersLots: number;
  ownLots: number;
  /** Printed here since the record last changed the level: that part of the next decrease is not a cancel. */
  tradedLots: number;
  /** First come, first served; `frontLots` never falls along the list. */
  readonly orders: VenueOrder[];
}

export function createMarket(
  parts: Pick<InstrumentMarket, "instrument" | "definition" | "account" | "money">,
  queueExponent: number,
): InstrumentMarket {
  const book = createBook();
  const side = (name: Side, depth: BookSide): RestingSide => ({
    side: name,
    depth,
    queueExponent,
    levels: [],
    consumed: new Map(),
    touched: new Float64Array(TOUCHED_MAX),
    touchedCount: 0,
    allTouched: false,
  });
  return {
    ...parts,
    book,
    bids: side("buy", book.bids),
    asks: side("sell", book.asks),
    view: createDepthView(),
    published: false,
    traded: { fills: 0, boughtLots: 0, soldLots: 0 },
  };
}

export function restingSide(market: InstrumentMarket, side: Side): RestingSide {
  return side === "buy" ? market.bids : market.asks;
}

/** > 0 when the first price is better for the side, < 0 when it is worse. */
export function betterBy(side: RestingSide, priceTicks: number, thanTicks: number): number {
  return (priceTicks - thanTicks) * side.depth.direction;
}

export function ownLevelAt(side: RestingSide, priceTicks: number): OwnLevel | undefined {
  for (const level of side.levels) if (level.priceTicks === priceTicks) return level;
  return undefined;
}

export function othersAt(side: RestingSide, priceTicks: number): number {
  return ownLevelAt(side, priceTicks)?.othersLots ?? sizeAt(side.depth, priceTicks) ?? 0;
}

/** Beyond this many changes comparing all visible levels is as quick; it also bounds what waits through a gap. */
const TOUCHED_MAX = 16;

/** Sets what the public sees at a price, others and ours together. */
export function show(side: RestingSide, priceTicks: number, lots: number): void {
  setLevel(side.depth, priceTicks, lots);
  const { touched, touchedCount } = side;
  // Records come worst price first: as a rule the price goes to the end.
  let at = touchedCount;
  while (at > 0 && betterBy(side, touched[at - 1] as number, priceTicks) > 0) at--;
  if (at > 0 && touched[at - 1] === priceTicks) return;
  if (touchedCount === TOUCHED_MAX) {
    side.allTouched = true;
    return;
  }
  if (at < touchedCount) touched.copyWithin(at + 1, at, touchedCount);
  touched[at] = priceTicks;
  side.touchedCount++;
}

/** Best price at which others show anything. */
export function bestOthersTicks(side: RestingSide): number | undefined {
  for (let rank = 0; ; rank++) {
    const priceTicks = priceFromBest(side.depth, rank);
    if (priceTicks === undefined) return undefined;
    if (ownLevelAt(side, priceTicks)?.othersLots !== 0) return priceTicks;
  }
}

/** A record says what others show at a level. Within one record the worst price goes first. */
export function setOthers(side: RestingSide, priceTicks: number, lots: number): void {
  if (side.consumed.size > 0) side.consumed.delete(priceTicks);
  const level = side.levels.length > 0 ? ownLevelAt(side, priceTicks) : undefined;
  if (level === undefined) {
    show(side, priceTicks, lots);
    return;
  }
  if (lots > 0 || othersShowWorse(side, priceTicks)) moveFronts(side, level, lots);
  else leaveSight(level);
  show(side, priceTicks, lots + level.ownLots);
}

/** The queue of a level after others' size changed in ways that the record does not tell. */
export function moveFronts(side: RestingSide, level: OwnLevel, newLots: number): void {
  const { othersLots: prevLots, tradedLots } = level;
  const change = { prevLots, newLots, tradedLots, exponent: side.queueExponent };
  let frontLots = 0;
  for (const order of level.orders) {
    // On large changes the model can put a later order before an earlier one, which no queue does.
    frontLots = Math.max(frontLots, frontAfterDepth(order.frontLots, change));
    order.frontLots = frontLots;
  }
  if (newLots === prevLots) return;
  level.othersLots = newLots;
  level.tradedLots = 0;
}

/**
 * Behind the last level that a record shows there may be any queue. A level that falls out of sight keeps
 * its fronts; what shows there when it comes back is then taken to stand ahead, up to what stood there before.
 */
export function leaveSight(level: OwnLevel): void {
  level.othersLots = 0;
}

/** Lots of others that a taker removed from the front of a level: gone until a record changes the level. */
export function consumeOthers(side: RestingSide, priceTicks: number, lots: number): void {
  if (lots === 0) return;
  const level = ownLevelAt(side, priceTicks);
  const before = othersAt(side, priceTicks);
  if (lots > before) throw new Error(`invariant: ${lots} lots taken where others show ${before}`);
  if (!side.consumed.has(priceTicks)) side.consumed.set(priceTicks, before);
  if (level !== undefined) {
    advanceFronts(level, lots);
    level.othersLots -= lots;
  }
  show(side, priceTicks, before - lots + (level?.ownLots ?? 0));
}

/** Lots that traded from the front of the queue. */
export function advanceFronts(level: OwnLevel, lots: number): void {
  for (const order of level.orders) order.frontLots = Math.max(0, order.frontLots - lots);
}

/** Lots of others that trade before the order does. */
export function lotsAhead(order: VenueOrder): number {
  return wholeLotsAhead(order.frontLots);
}

/** Puts an order at the back of its level. */
export function joinQueue(side: RestingSide, order: VenueOrder): void {
  const { priceTicks } = order;
  const level = ownLevelAt(side, priceTicks) ?? addOwnLevel(side, priceTicks);
  const inSight = level.othersLots > 0 || othersShowWorse(side, priceTicks);
  order.frontLots = Math.max(inSight ? level.othersLots : Infinity, level.orders.at(-1)?.frontLots ?? 0);
  level.orders.push(order);
  level.ownLots += remainingLots(order);
  show(side, priceTicks, level.othersLots + level.ownLots);
}

/** Takes lots of an order off its level: filled, amended away, or all of them as it leaves. */
export function reduceOwn(
  side: RestingSide,
  order: VenueOrder,
  change: { lots: number; leaves: boolean },
): void {
  const level = ownLevelAt(side, order.priceTicks);
  if (level === undefined)
    throw new Error(`invariant: ${order.clientId} does not rest at ${order.priceTicks}`);
  level.ownLots -= change.lots;
  if (change.leaves) {
    level.orders.splice(level.orders.indexOf(order), 1);
    if (level.orders.length === 0) side.levels.splice(side.levels.indexOf(level), 1);
  }
  show(side, level.priceTicks, level.othersLots + level.ownLots);
}

function addOwnLevel(side: RestingSide, priceTicks: number): OwnLevel {
  const level = { priceTicks, othersLots: othersAt(side, priceTicks), ownLots: 0, tradedLots: 0, orders: [] };
  const at = side.levels.findIndex((other) => betterBy(side, priceTicks, other.priceTicks) > 0);
  side.levels.splice(at === -1 ? side.levels.length : at, 0, level);
  return level;
}

function othersShowWorse(side: RestingSide, thanTicks: number): boolean {
  const { depth } = side;
  for (let at = 0; at < depth.depth; at++) {
    const priceTicks = depth.priceTicks[at] as number;
    if (betterBy(side, priceTicks, thanTicks) >= 0) return false;
    if (ownLevelAt(side, priceTicks)?.othersLots !== 0) return true;
  }
  return false;
}
