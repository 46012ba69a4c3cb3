/**
 * How far each venue's price trails the others', by the lag at which it goes best with one reference venue's:
 * the one that changed most often, because it resolves time best. Every venue is laid beside the same
 * reference, so that the differences between them are lags between venues. In slices; what is searched is a
 * copy, so that all lags see the same.
 */
import { addLaggedCovariance } from "./hayashiYoshida.ts";
import { seriesSince, type MidClock, type MidHistory, type MidSeries } from "./midHistory.ts";

/** −1 … 1 s by 50 ms, then 5 ms around the largest. */
const LAG_MAX_US = 1_000_000;
const COARSE_US = 50_000;
const FINE_US = 5_000;
const COARSE = 2 * (LAG_MAX_US / COARSE_US) + 1;
const FINE = 2 * (COARSE_US / FINE_US) + 1;

/**
 * The window in strata of two blocks each: the lag is found again from one block of each, and its spread is
 * the error.
 */
const STRATA = 8;
const BLOCKS = 2 * STRATA;
const ALL = -1;

/** Changes of both series that a slice may walk over, at some 10 ns each: a third of a millisecond. */
const STEPS_PER_SLICE = 30_000;

/** Below this many changes two minutes hold too few to say anything. */
const CHANGES_MIN = 100;

/**
 * |U| in standard deviations of unrelated prices: the largest of some forty lags stays below it by chance.
 */
const DEVIATIONS_MIN = 4;

/** A lag cannot be known better than the grid that it was found on. */
const STDERR_MIN_US = FINE_US / Math.sqrt(12);

export interface FoundLag {
  /** How far the venue trails the reference, µs; negative when it leads. */
  readonly lagUs: number;
  readonly stderrUs: number;
  /** Σ_{ℓ>0} U²/Σ_{ℓ<0} U²: above 1 the reference leads (Huth and Abergel 2014). */
  readonly likelihoodRatio: number;
  readonly correlation: number;
  /** Changes of the venue in the window. */
  readonly changes: number;
}

export interface LagSearch {
  fromUs: number;
  blockUs: number;
  /** One for each venue; none between searches. */
  series: MidSeries[];
  reference: number;
  /** The venue under way, and the next lag of it. */
  member: number;
  lag: number;
  centreUs: number;
  sums: Float64Array;
  noises: Float64Array;
  /** Undefined for the reference, and where too little is known or nothing is common. */
  found: (FoundLag | undefined)[];
}

export function startLagSearch(
  histories: readonly MidHistory[],
  window: { readonly clock: MidClock; readonly fromUs: number; readonly untilUs: number },
): LagSearch {
  const { clock, fromUs, untilUs } = window;
  const series = histories.map((history) =>
    clock === "venue" && !history.stamped
      ? { atUs: new Float64Array(0), change: new Float64Array(0) }
      : seriesSince(history, clock, fromUs),
  );
  let reference = 0;
  for (const [member, { atUs }] of series.entries())
    if (atUs.length > (series[reference]?.atUs.length ?? 0)) reference = member;
  return {
    fromUs,
    blockUs: (untilUs - fromUs) / BLOCKS,
    series,
    reference,
    member: 0,
    lag: 0,
    centreUs: 0,
    sums: new Float64Array((COARSE + FINE) * BLOCKS),
    noises: new Float64Array(COARSE + FINE),
    found: series.map(() => undefined),
  };
}

/** One slice; true once every venue has been searched. */
export function advanceLagSearch(search: LagSearch): boolean {
  let steps = 0;
  while (search.member < search.series.length) {
    const x = search.series[search.reference];
    const y = search.series[search.member];
    if (x === undefined || y === undefined || search.member === search.reference || tooFew(x) || tooFew(y)) {
      search.member += 1;
      continue;
    }
    steps += x.atUs.length + y.atUs.length;
    if (steps > STEPS_PER_SLICE && steps > x.atUs.length + y.atUs.length) return false;
    searchLag(search, x, y);
    if (search.lag < COARSE + FINE) continue;
    search.found[search.member] = judge(search, x, y);
    search.member += 1;
    search.lag = 0;
  }
  search.series = [];
  return true;
}

function tooFew(series: MidSeries): boolean {
  return series.atUs.length < CHANGES_MIN;
}

function searchLag(search: LagSearch, x: MidSeries, y: MidSeries): void {
  const { sums, noises, fromUs, blockUs, lag } = search;
  if (lag === COARSE) search.centreUs = lagAt(search, largest(search, COARSE, ALL));
  const at = lag * BLOCKS;
  sums.fill(0, at, at + BLOCKS);
  noises[lag] = addLaggedCovariance(x, y, lagAt(search, lag), { sums, at, blocks: BLOCKS, fromUs, blockUs });
  search.lag += 1;
}

function lagAt(search: LagSearch, lag: number): number {
  return lag < COARSE ? lag * COARSE_US - LAG_MAX_US : search.centreUs + (lag - COARSE) * FINE_US - COARSE_US;
}

function judge(search: LagSearch, x: MidSeries, y: MidSeries): FoundLag | undefined {
  const best = largest(search, COARSE + FINE, ALL);
  const peak = Math.abs(total(search, best, ALL));
  if (!(peak > DEVIATIONS_MIN * Math.sqrt(search.noises[best] ?? 0))) return undefined;
  let ahead = 0;
  let behind = 0;
  for (let lag = 0; lag < COARSE; lag++) {
    const squared = total(search, lag, ALL) ** 2;
    if (lagAt(search, lag) > 0) ahead += squared;
    if (lagAt(search, lag) < 0) behind += squared;
  }
  return {
    lagUs: lagAt(search, best),
    stderrUs: Math.max(halfSampleError(search, lagAt(search, best)), STDERR_MIN_US),
    likelihoodRatio: behind > 0 ? ahead / behind : 1,
    correlation: peak / Math.sqrt(squares(x) * squares(y)),
    changes: y.atUs.length,
  };
}

/**
 * Standard error from balanced half samples (McCarthy 1969): each takes one block of every stratum, by the
 * signs of a Walsh matrix, and for a lag as for a mean their spread about the whole is that of the whole
 * about the truth.
 */
function halfSampleError(search: LagSearch, wholeUs: number): number {
  let spread = 0;
  for (let half = 0; half < BLOCKS; half++)
    spread += (lagAt(search, largest(search, COARSE + FINE, half)) - wholeUs) ** 2;
  return Math.sqrt(spread / BLOCKS);
}

/** Position of the largest |U| among the first lags, in all blocks or in one half sample. */
function largest(search: LagSearch, lags: number, half: number): number {
  let best = 0;
  let most = -1;
  for (let lag = 0; lag < lags; lag++) {
    const size = Math.abs(total(search, lag, half));
    if (size <= most) continue;
    best = lag;
    most = size;
  }
  return best;
}

function total({ sums }: LagSearch, lag: number, half: number): number {
  let sum = 0;
  for (let block = 0; block < BLOCKS; block++)
    if (half === ALL || isTaken(half, block)) sum += sums[lag * BLOCKS + block] ?? 0;
  return sum;
}

/** Whether half sample `half` of 16 takes this one of its stratum's two blocks. */
function isTaken(half: number, block: number): boolean {
  const stratum = 1 + (block >> 1);
  let common = half & stratum;
  let parity = block & 1;
  for (; common > 0; common &= common - 1) parity ^= 1;
  return parity === 0;
}

function squares({ change }: MidSeries): number {
  let sum = 0;
  for (const value of change) sum += value * value;
  return sum;
}
