/**
 * The latest changes of one venue's mid, with both of their times, for the slow loop. Changes that come
 * faster than the spacing are left out, not moved: each one kept has its own exact times, so the lag is not
 * rounded to the spacing.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";

/** Ten a second over ten minutes: with fewer the error of a lag grows, with more memory and time do. */
const OBSERVATIONS_MAX = 6_000;
const SPACING_MIN_US = 100_000;

/** A quiet venue needs no room for a busy one's changes. */
const OBSERVATIONS_FIRST = 64;

/** A venue clock that was set back by more starts over; less is two stamps in disorder. */
const CLOCK_BACK_MAX_US = MICROS_PER_SECOND;

export interface MidHistory {
  venueAtUs: Float64Array;
  receivedAtUs: Float64Array;
  mid: Float64Array;
  /** Position of the oldest, and how many there are: a ring once it is at its largest. */
  first: number;
  count: number;
  /** Whether what is held carries the venue's own stamps: all of it does, or none. */
  stamped: boolean;
}

export interface MidChange {
  readonly venueAtUs: number | undefined;
  readonly receivedAtUs: number;
  readonly mid: number;
}

/**
 * Which of its two times a change is placed at: the venue's says who moved first, ours who may be traded on.
 */
export type MidClock = "venue" | "received";

export function createMidHistory(): MidHistory {
  return {
    venueAtUs: new Float64Array(0),
    receivedAtUs: new Float64Array(0),
    mid: new Float64Array(0),
    first: 0,
    count: 0,
    stamped: true,
  };
}

export function observeMid(history: MidHistory, change: MidChange): void {
  const { receivedAtUs, mid } = change;
  const venueAtUs = change.venueAtUs ?? receivedAtUs;
  const isStamped = change.venueAtUs !== undefined;
  if (history.stamped && !isStamped && history.count > 0) return;
  if (isStamped && !history.stamped) clear(history);
  const last = (history.first + history.count - 1) % history.mid.length;
  if (history.count > 0) {
    const sinceVenueUs = venueAtUs - (history.venueAtUs[last] ?? 0);
    const sinceReceivedUs = receivedAtUs - (history.receivedAtUs[last] ?? 0);
    if (sinceVenueUs < -CLOCK_BACK_MAX_US || sinceReceivedUs < -CLOCK_BACK_MAX_US) clear(history);
    else if (sinceReceivedUs < SPACING_MIN_US || sinceVenueUs <= 0 || history.mid[last] === mid) return;
  }
  history.stamped = isStamped;
  const at = placeForOne(history);
  history.venueAtUs[at] = venueAtUs;
  history.receivedAtUs[at] = receivedAtUs;
  history.mid[at] = mid;
}

/**
 * Changes of the mid between its observations: `change[i]` happened in (atUs[i−1], atUs[i]], and `change[0]`
 * is 0.
 */
export interface MidSeries {
  readonly atUs: Float64Array;
  readonly change: Float64Array;
}

/** A copy of what lies after `fromUs`, which later observations do not touch. */
export function seriesSince(history: MidHistory, clock: MidClock, fromUs: number): MidSeries {
  const times = clock === "venue" ? history.venueAtUs : history.receivedAtUs;
  const size = history.mid.length;
  let skipped = 0;
  while (skipped < history.count && (times[(history.first + skipped) % size] ?? 0) <= fromUs) skipped += 1;
  const count = history.count - skipped;
  const atUs = new Float64Array(count);
  const change = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const at = (history.first + skipped + i) % size;
    atUs[i] = times[at] ?? 0;
    if (i > 0) change[i] = (history.mid[at] ?? 0) - (history.mid[(at + size - 1) % size] ?? 0);
  }
  return { atUs, change };
}

function clear(history: MidHistory): void {
  history.first = 0;
  history.count = 0;
}

function placeForOne(history: MidHistory): number {
  const size = history.mid.length;
  if (history.count === OBSERVATIONS_MAX) {
    const at = history.first;
    history.first = (history.first + 1) % size;
    return at;
  }
  if (history.count === size) {
    const larger = Math.min(OBSERVATIONS_MAX, Math.max(OBSERVATIONS_FIRST, 2 * size));
    history.venueAtUs = enlarged(history.venueAtUs, larger);
    history.receivedAtUs = enlarged(history.receivedAtUs, larger);
    history.mid = enlarged(history.mid, larger);
  }
  history.count += 1;
  return history.count - 1;
}

function enlarged(values: Float64Array, size: number): Float64Array {
  const copy = new Float64Array(size);
  copy.set(values);
  return copy;
}
