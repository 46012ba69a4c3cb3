/**
 * The top of a venue's book without our own orders: nothing may be priced from what we ourselves
 * rest there, or the desk would follow its own quotes.
 */
import type { Book, BookSide } from "./book.ts";

/** Our live orders on one side of one instrument, in parallel lists; several may share a price. */
export interface OwnLevels {
  readonly priceTicks: readonly number[];
  readonly remainingLots: readonly number[];
}

/**
 * `external`: someone else's best level is known. `empty`: the side has no orders of others.
 * `hidden`: everything in sight is ours and what lies behind it is not shown.
 */
export type ExternalStatus = "external" | "hidden" | "empty";

/**
 * Written on every book event into one object that the caller keeps: no garbage on the hot path. Price and size are
 * written as undefined unless the side is `external`.
 */
export interface ExternalTop {
  bid: ExternalStatus;
  bidTicks: number | undefined;
  bidLots: number | undefined;
  ask: ExternalStatus;
  askTicks: number | undefined;
  askLots: number | undefined;
}

export function createExternalTop(): ExternalTop {
  return {
    bid: "empty",
    bidTicks: undefined,
    bidLots: undefined,
    ask: "empty",
    askTicks: undefined,
    askLots: undefined,
  };
}

export function readExternalTop(book: Book, ownBids: OwnLevels, ownAsks: OwnLevels, out: ExternalTop): void {
  const bidAt = findExternal(book.bids, ownBids);
  out.bid = statusOf(book, book.bids, bidAt);
  out.bidTicks = bidAt < 0 ? undefined : book.bids.priceTicks[bidAt];
  out.bidLots = bidAt < 0 ? undefined : externalLots(book.bids, ownBids, bidAt);
  const askAt = findExternal(book.asks, ownAsks);
  out.ask = statusOf(book, book.asks, askAt);
  out.askTicks = askAt < 0 ? undefined : book.asks.priceTicks[askAt];
  out.askLots = askAt < 0 ? undefined : externalLots(book.asks, ownAsks, askAt);
}

/** Index of the best level that is not entirely ours; −1 when there is none. */
function findExternal(side: BookSide, own: OwnLevels): number {
  let at = side.depth - 1;
  while (at >= 0 && externalLots(side, own, at) <= 0) at--;
  return at;
}

/** Ours may exceed what is shown, when a report overtook the book: such a level counts as entirely ours. */
export function externalLots(side: BookSide, own: OwnLevels, at: number): number {
  const priceTicks = side.priceTicks[at] as number;
  let lots = side.sizeLots[at] as number;
  for (let i = 0; i < own.priceTicks.length; i++)
    if (own.priceTicks[i] === priceTicks) lots -= own.remainingLots[i] ?? 0;
  return lots;
}

/** A side that is cut off, at its top or at the cap of the book, says nothing about what is behind. */
function statusOf(book: Book, side: BookSide, at: number): ExternalStatus {
  if (at >= 0) return "external";
  const cutOff = book.shows === "top" || side.depth === side.levelsMax;
  return side.depth > 0 && cutOff ? "hidden" : "empty";
}
