/**
 * A snapshot of so many levels ends in front of deeper ones, which no delta ever tells. Once the market has moved so
 * far that its end comes into sight, the book has holes that are none.
 */
import { priceFromBest } from "../../../core/book/book.ts";
import type { Book, BookSide } from "../../../core/book/book.ts";
import { VIEW_LEVELS } from "../../../core/book/depthView.ts";
import type { LevelGrid } from "./levelGrid.ts";

interface SnapshotLevels {
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** Whether what the engine is shown reaches behind the snapshot's last level, where that one was cut off. */
export function hasUnseenLevels(
  book: Book,
  { bids, asks }: SnapshotLevels,
  grid: LevelGrid,
  levelsMax = Infinity,
): boolean {
  return reachesBehind(book.bids, bids, levelsMax, grid) || reachesBehind(book.asks, asks, levelsMax, grid);
}

function reachesBehind(
  side: BookSide,
  levels: readonly string[],
  levelsMax: number,
  grid: LevelGrid,
): boolean {
  if (levels.length < 2 * levelsMax) return false;
  const lastTicks = grid.ticks(levels.at(-2) ?? "");
  const shownTicks = priceFromBest(side, VIEW_LEVELS - 1);
  if (lastTicks === undefined) return false;
  return shownTicks === undefined || (lastTicks - shownTicks) * side.direction > 0;
}
