/** Recorded lines and what the stream has said since, as one list. */
import { compareCursors, type Cursor, type FillLine } from "../../server/contract/lines.ts";
import { matches, type Filters } from "./filters.ts";

interface Placed {
  readonly cursor: Cursor;
}

/** Newest first: live lines (oldest first) that are newer than the newest recorded one, then the recorded. */
export function mergeNewest<T extends Placed>(recorded: readonly T[], live: readonly T[]): readonly T[] {
  const newest = recorded[0]?.cursor;
  const fresh = newest === undefined ? live : live.filter((line) => compareCursors(line.cursor, newest) > 0);
  return [...fresh.toReversed(), ...recorded];
}

/** The rows up to a place: what came after it waits. */
export function upTo<T extends Placed>(rows: readonly T[], cap: Cursor | undefined): readonly T[] {
  if (cap === undefined) return rows;
  const from = rows.findIndex(({ cursor }) => compareCursors(cursor, cap) <= 0);
  return from < 0 ? rows : rows.slice(from);
}

export function matchesFill(filters: Filters, fill: FillLine): boolean {
  return (
    matches(filters, fill, fill.atUs) &&
    (filters.liquidity === undefined || fill.liquidity === filters.liquidity)
  );
}
