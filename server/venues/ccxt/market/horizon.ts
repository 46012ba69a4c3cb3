/**
 * How far down a book is known. A snapshot of so many levels ends in front of deeper ones, which no delta ever tells.
 * Once the market has moved so far that its end comes into sight, the book has holes that are none.
 */
import { priceFromBest } from "../../../core/book/book.ts";
import type { Book, BookSide } from "../../../core/book/book.ts";
import { VIEW_LEVELS } from "../../../core/book/depthView.ts";
import type { LevelGrid } from "./levelGrid.ts";

/** The last price of each side that was cut off there, in ticks; undefined: all of the side is known. */
export interface Horizon {
  readonly bids: number | undefined;
  readonly asks: number | undefined;
}

interface SnapshotLevels {
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** Of a book that began with this snapshot. */
export function horizonOf({ bids, asks }: SnapshotLevels, grid: LevelGrid, levelsMax = Infinity): Horizon {
  const end = (levels: readonly string[]): number | undefined =>
    levels.length < 2 * levelsMax ? undefined : grid.ticks(levels.at(-2) ?? "");
  return { bids: end(bids), asks: end(asks) };
}

/** Whether what the engine is shown reaches behind the end of what is known. */
export function hasUnseenLevels(book: Book, { bids, asks }: Horizon): boolean {
  return reachesBehind(book.bids, bids) || reachesBehind(book.asks, asks);
}

function reachesBehind(side: BookSide, endTicks: number | undefined): boolean {
  if (endTicks === undefined) return false;
  const shownTicks = priceFromBest(side, VIEW_LEVELS - 1);
  return shownTicks === undefined || isBehind(shownTicks, endTicks, side);
}

/** Whether a price is further from the best one than the end. */
export function isBehind(
  priceTicks: number,
  endTicks: number | undefined,
  { direction }: Pick<BookSide, "direction">,
): boolean {
  return endTicks !== undefined && (endTicks - priceTicks) * direction > 0;
}
