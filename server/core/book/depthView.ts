/**
 * The best levels of a deeper book as one subscriber has them. A venue publishes 50 levels: when
 * one of them goes, the 51st comes into sight although nothing happened to it. The view compares
 * what the subscriber has with what it should have, so no change of the full book can be missed.
 */
import { applyDelta, applySnapshot, createBook, flatLevels } from "./book.ts";
import type { Book, BookRefusal, BookSide } from "./book.ts";

/** What the engine keeps, and what venues publish at most. */
export const VIEW_LEVELS = 50;

export interface DepthView {
  /** What the subscriber has: it is kept by applying to it what the subscriber is sent. */
  readonly seen: Book;
}

/** Flat `[priceTicks, sizeLots, …]`, best first; in a delta a size of 0 removes the level. */
export interface DepthLevels {
  readonly bids: number[];
  readonly asks: number[];
}

export function createDepthView(levelsMax: number = VIEW_LEVELS): DepthView {
  return { seen: createBook(levelsMax) };
}

/** Starts the subscriber over. */
export function viewSnapshot(view: DepthView, full: Book): DepthLevels {
  const bids = flatLevels(full.bids, view.seen.bids.levelsMax);
  const asks = flatLevels(full.asks, view.seen.asks.levelsMax);
  applyOwn(applySnapshot(view.seen, bids, asks));
  return { bids, asks };
}

/**
 * What brings the subscriber's levels up to the full book; undefined when nothing in sight changed. Levels that
 * drop out of sight are removed explicitly, so that a subscriber without a cap ends with the same book.
 */
export function viewDelta(view: DepthView, full: Book): DepthLevels | undefined {
  const bids = sideDelta(view.seen.bids, full.bids);
  const asks = sideDelta(view.seen.asks, full.asks);
  if (bids.length === 0 && asks.length === 0) return undefined;
  applyOwn(applyDelta(view.seen, bids, asks));
  return { bids, asks };
}

function applyOwn(refusal: BookRefusal | undefined): void {
  if (refusal !== undefined) throw new Error(`invariant: the view of a book made levels that are ${refusal}`);
}

/**
 * Merges the two lists from the best on: a price only in the old one left, one only in the new one entered. The loop
 * is plain because it sees every visible level at every record. A list that has ended is worse than any price.
 */
function sideDelta(seen: BookSide, full: BookSide): number[] {
  const { direction, priceTicks: oldTicks, sizeLots: oldLots } = seen;
  const { priceTicks: nowTicks, sizeLots: nowLots } = full;
  const worstNow = full.depth - Math.min(full.depth, seen.levelsMax);
  const levels: number[] = [];
  let old = seen.depth - 1;
  let now = full.depth - 1;
  while (old >= 0 || now >= worstNow) {
    const oldRank = old >= 0 ? (oldTicks[old] as number) * direction : -Infinity;
    const nowRank = now >= worstNow ? (nowTicks[now] as number) * direction : -Infinity;
    if (oldRank === nowRank) {
      if (oldLots[old] !== nowLots[now]) levels.push(nowRank * direction, nowLots[now] as number);
      old--;
      now--;
    } else if (oldRank > nowRank) {
      levels.push(oldRank * direction, 0);
      old--;
    } else {
      levels.push(nowRank * direction, nowLots[now] as number);
      now--;
    }
  }
  return levels;
}
