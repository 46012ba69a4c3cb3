/**
 * Pages by the place of a line (keyset): a page costs the same however far back it is, and lines that arrive
 * between two pages shift nothing.
 */
import type { Cursor } from "../../contract/lines.ts";

/** More than a screen shows and less than holds up the process that reads it. */
export const PAGE_MAX = 1_000;

export interface Page {
  readonly limit: number;
  /** The page of what is older than this line; the newest without it. */
  readonly before?: Cursor | undefined;
}

export interface PageOf<T> {
  readonly rows: readonly T[];
  /** `before` of the next page; absent when this was the last. */
  readonly next: Cursor | undefined;
}

export interface PlaceRow {
  readonly epoch: number;
  readonly seq: bigint;
  readonly at: number;
}

/** A range of places that one index scan reads: a run alone, up to a place in it, or whole runs. */
export interface PlaceRange {
  epoch?: number | { lt: number } | { gt: number };
  seq?: { lte: bigint } | { gte: bigint };
  OR?: ({ seq: { lt: bigint } | { gt: bigint } } | { at: { lt: number } | { gt: number } })[];
}

export const NEWEST_FIRST: { epoch?: "desc"; seq?: "desc"; at?: "desc" }[] = [
  { epoch: "desc" },
  { seq: "desc" },
  { at: "desc" },
];

export const OLDEST_FIRST: { epoch?: "asc"; seq?: "asc"; at?: "asc" }[] = [
  { epoch: "asc" },
  { seq: "asc" },
  { at: "asc" },
];

/** Newest first. `find` reads at most `take` rows of a range, in NEWEST_FIRST. */
export async function readPage<Row extends PlaceRow, T>(
  page: Page,
  find: (range: PlaceRange, take: number) => Promise<Row[]>,
  toLine: (row: Row) => T,
): Promise<PageOf<T>> {
  const limit = boundedLimit(page.limit);
  // One more than asked for tells whether there is another page.
  const found = await readRanges(rangesBefore(page.before), limit + 1, find);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return {
    rows: rows.map(toLine),
    next: found.length > limit && last !== undefined ? cursorOf(last) : undefined,
  };
}

/** Oldest first: what came after a line. `find` reads in OLDEST_FIRST. */
export async function readAfter<Row extends PlaceRow, T>(
  after: Cursor,
  limit: number,
  find: (range: PlaceRange, take: number) => Promise<Row[]>,
  toLine: (row: Row) => T,
): Promise<T[]> {
  const { epoch, at } = after;
  const seq = BigInt(after.seq);
  const ranges: PlaceRange[] = [
    { epoch, seq: { gte: seq }, OR: [{ seq: { gt: seq } }, { at: { gt: at } }] },
    { epoch: { gt: epoch } },
  ];
  return (await readRanges(ranges, boundedLimit(limit), find)).map(toLine);
}

/** One condition over both would make PostgreSQL walk from the newest line to the page. */
function rangesBefore(before: Cursor | undefined): PlaceRange[] {
  if (before === undefined) return [{}];
  const { epoch, at } = before;
  const seq = BigInt(before.seq);
  return [
    { epoch, seq: { lte: seq }, OR: [{ seq: { lt: seq } }, { at: { lt: at } }] },
    { epoch: { lt: epoch } },
  ];
}

async function readRanges<Row>(
  ranges: readonly PlaceRange[],
  take: number,
  find: (range: PlaceRange, take: number) => Promise<Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const range of ranges) if (rows.length < take) rows.push(...(await find(range, take - rows.length)));
  return rows;
}

function boundedLimit(limit: number): number {
  return Math.max(1, Math.min(Math.trunc(limit), PAGE_MAX));
}

export function cursorOf({ epoch, seq, at }: PlaceRow): Cursor {
  return { epoch, seq: Number(seq), at };
}

export function lineBase(row: PlaceRow & { readonly atUs: bigint }): { cursor: Cursor; atUs: number } {
  return { cursor: cursorOf(row), atUs: Number(row.atUs) };
}

/** Instants from, inclusive, to, exclusive. */
export interface TimeRange {
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

export function withinTime({ fromUs, toUs }: TimeRange): { atUs?: { gte?: bigint; lt?: bigint } } {
  if (fromUs === undefined && toUs === undefined) return {};
  return {
    atUs: {
      ...(fromUs === undefined ? {} : { gte: BigInt(fromUs) }),
      ...(toUs === undefined ? {} : { lt: BigInt(toUs) }),
    },
  };
}

/** Only what is set: Prisma takes an absent key as "any". */
export function onlySet<T extends object>(filter: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
