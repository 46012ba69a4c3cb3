/** What records, takers and our own requests do to one level: its size, and the queue in which our orders stand. */
import { remainingLots } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { betterBy, othersAt, ownLevelAt, show } from "./market.ts";
import type { OwnLevel, RestingSide } from "./market.ts";
import { frontAfterDepth } from "./queue.ts";

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

/** A level that came into sight without a record of its own: nobody stands there who is not shown. */
export function capFronts(side: RestingSide, level: OwnLevel): void {
  const mostLots = aheadAtMost(side, level);
  for (const order of level.orders) order.frontLots = Math.min(order.frontLots, mostLots);
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

/** Puts an order at the back of its level. */
export function joinQueue(side: RestingSide, order: VenueOrder): void {
  const { priceTicks } = order;
  const level = ownLevelAt(side, priceTicks) ?? addOwnLevel(side, priceTicks);
  order.frontLots = Math.max(aheadAtMost(side, level), level.orders.at(-1)?.frontLots ?? 0);
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

/** In sight it is what shows. Out of sight, as behind a top of book, there may be any queue, and we are last in it. */
function aheadAtMost(side: RestingSide, level: OwnLevel): number {
  return level.othersLots > 0 || othersShowWorse(side, level.priceTicks) ? level.othersLots : Infinity;
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
