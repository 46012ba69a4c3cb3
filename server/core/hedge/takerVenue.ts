/**
 * A venue seen by who takes from it: its book without our own orders, in the reporting currency. Every
 * walk starts at the best price and reads the book's typed arrays; nothing is allocated.
 */
import type { Side } from "../../contract/units.ts";
import type { Book, BookSide } from "../book/book.ts";
import { externalLots, type OwnLevels } from "../book/ownOrders.ts";

export interface TakerVenue {
  readonly book: Book;
  /** Our own orders there are no liquidity: meeting them would be a self-trade. */
  readonly ownBids: OwnLevels;
  readonly ownAsks: OwnLevels;
  /** One tick in the reporting currency: the tick times the rate of the quote currency. */
  readonly tickReporting: number;
  readonly lotBase: number;
  /** Fraction of notional. */
  readonly takerFrac: number;
}

export function sideTaken(book: Book, side: Side): BookSide {
  return side === "buy" ? book.asks : book.bids;
}

export function ownOnSideTaken(venue: TakerVenue, side: Side): OwnLevels {
  return side === "buy" ? venue.ownAsks : venue.ownBids;
}

/**
 * Volume-weighted price of taking all of `sizeLots` ≥ 0 from one side, the best price for 0; undefined when it
 * does not show that many lots of others. A book that shows only its top is as deep as its top.
 */
export function vwapTicks(side: BookSide, own: OwnLevels, sizeLots: number): number | undefined {
  if (!(sizeLots >= 0)) throw new RangeError(`a walk needs a size of 0 or more, not ${sizeLots}`);
  let left = sizeLots;
  let cost = 0;
  for (let at = side.depth - 1; at >= 0; at--) {
    const lots = externalLots(side, own, at);
    if (lots <= 0) continue;
    const taken = Math.min(lots, left);
    cost += taken * (side.priceTicks[at] ?? 0);
    left -= taken;
    if (left <= 0) return sizeLots > 0 ? cost / sizeLots : side.priceTicks[at];
  }
  return undefined;
}

/** The same in the reporting currency per base unit, without fees. */
export function takePrice(venue: TakerVenue, side: Side, sizeBase: number): number | undefined {
  const ticks = vwapTicks(sideTaken(venue.book, side), ownOnSideTaken(venue, side), sizeBase / venue.lotBase);
  return ticks === undefined ? undefined : ticks * venue.tickReporting;
}

/** Index of the next level with lots of others at or below `from`, best first; −1 when there is none. */
export function nextLevel(side: BookSide, own: OwnLevels, from: number): number {
  let at = from;
  while (at >= 0 && externalLots(side, own, at) <= 0) at--;
  return at;
}
