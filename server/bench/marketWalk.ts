/** A market for benchmarks: a random walk seen by every venue, as ready-made book events or market records. */
import type { BookEvent } from "../contract/events.ts";
import type { MarketRecord } from "../lab/ports.ts";
import { randomStream } from "../lab/random.ts";

export interface WalkShape {
  readonly venues: number;
  readonly events: number;
  readonly startAtUs: number;
}

const START_TICKS = 6_000_000;
const EVERY_US = 10_000;
const LEVELS = 10;
const LEVEL_GAP_TICKS = 400;
const TOP_GAP_TICKS = 100;
const HALF_SPREAD_TICKS = 100;
const LEVEL_LOTS = 100_000;
/** 40 ticks of 0.01 at 60,000 are 0.07 bps: at 100 events a second about 35 % a year. */
const MOVE_TICKS = 40;
const MOVE_SHARE = 0.3;
/** One record in so many is a taker. */
const TAKER_EVERY = 12;
const TAKER_LOTS = 200_000;

/** Snapshots first, then deltas of a few levels, in turn over the venues. */
export function walkBooks(shape: WalkShape): BookEvent[] {
  return walk(shape).map(({ atUs, venue, kind, bids, asks }) => ({
    type: "book",
    atUs,
    instrument: venue,
    kind,
    bids,
    asks,
  }));
}

/** The same books as an exchange sees them, with takers between them. */
export function recordWalk(shape: WalkShape): MarketRecord[] {
  const random = randomStream(7, "takers");
  return walk(shape).map(({ atUs, venue, kind, bids, asks }, i): MarketRecord => {
    if (i > shape.venues && i % TAKER_EVERY === 0)
      return {
        kind: "take",
        instrument: venue,
        exchangeAtUs: atUs,
        side: random.uniform() < 0.5 ? "buy" : "sell",
        sizeLots: Math.ceil(TAKER_LOTS * random.uniform() * 2),
      };
    return { kind, instrument: venue, exchangeAtUs: atUs, bids, asks };
  });
}

interface WalkStep {
  readonly atUs: number;
  readonly venue: number;
  readonly kind: "snapshot" | "delta";
  readonly bids: number[];
  readonly asks: number[];
}

function walk({ venues, events, startAtUs }: WalkShape): WalkStep[] {
  const random = randomStream(7, "walk");
  const steps: WalkStep[] = [];
  const shown = Array.from({ length: venues }, () => new Map<number, number>());
  let mid = START_TICKS;
  for (let i = 0; i < events; i++) {
    if (random.uniform() < MOVE_SHARE) mid += random.uniform() < 0.5 ? -MOVE_TICKS : MOVE_TICKS;
    const venue = i % venues;
    const before = shown[venue] ?? new Map<number, number>();
    const after = bookAround(mid, i);
    shown[venue] = after;
    const first = i < venues;
    steps.push({
      atUs: startAtUs + i * EVERY_US,
      venue,
      kind: first ? "snapshot" : "delta",
      ...difference(before, after),
    });
  }
  return steps;
}

/** Price in ticks → size; bids below the middle carry a negative size, to keep both sides in one map. */
function bookAround(mid: number, i: number): Map<number, number> {
  const book = new Map<number, number>();
  // The best prices follow the middle closely; those behind stand on a lattice, so that a move changes few of them.
  let bid = Math.floor((mid - HALF_SPREAD_TICKS) / TOP_GAP_TICKS) * TOP_GAP_TICKS;
  let ask = Math.ceil((mid + HALF_SPREAD_TICKS) / TOP_GAP_TICKS) * TOP_GAP_TICKS;
  for (let level = 0; level < LEVELS; level++) {
    const lots = LEVEL_LOTS + (level === i % LEVELS ? i % 997 : 0);
    book.set(bid, -lots);
    book.set(ask, lots);
    bid = Math.ceil(bid / LEVEL_GAP_TICKS - 1) * LEVEL_GAP_TICKS;
    ask = Math.floor(ask / LEVEL_GAP_TICKS + 1) * LEVEL_GAP_TICKS;
  }
  return book;
}

function difference(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>) {
  const bids: number[] = [];
  const asks: number[] = [];
  for (const [price, size] of before) if (!after.has(price)) (size < 0 ? bids : asks).push(price, 0);
  const changed = [...after].filter(([price, size]) => before.get(price) !== size);
  // A level that changed sides is removed from the old one first.
  for (const [price, size] of changed) {
    const old = before.get(price);
    if (old !== undefined && old < 0 !== size < 0) (old < 0 ? bids : asks).push(price, 0);
    (size < 0 ? bids : asks).push(price, Math.abs(size));
  }
  return { bids: bestFirst(bids, -1), asks: bestFirst(asks, 1) };
}

function bestFirst(flat: readonly number[], direction: 1 | -1): number[] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i] ?? 0, flat[i + 1] ?? 0]);
  return pairs.sort((a, b) => direction * (a[0] - b[0])).flat();
}
