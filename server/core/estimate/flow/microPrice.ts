/**
 * The micro-price of Stoikov (2018): where the mid is expected to settle, given the imbalance of sizes at
 * the best quotes and the spread. Transitions between these states are counted as they happen; the slow
 * loop turns the counts into an adjustment per state.
 *
 * Every transition also happened in the mirror, where bid is ask: the adjustment of a state is minus that
 * of its mirror, so that only the states with a lighter bid are counted and solved for.
 */
import type { Estimate } from "../estimate.ts";
import { solveAdjustments } from "./microPriceSolve.ts";
import type { BestQuotes } from "./orderFlowImbalance.ts";
import { keptFrac, readSigned } from "./signedReading.ts";

/** Odd: balance has a bucket of its own, which is its own mirror and needs no adjustment. */
export const IMBALANCE_BUCKETS = 9;
/** Spreads of one tick, two, and wider. */
export const SPREAD_BUCKETS = 3;
const STATES = IMBALANCE_BUCKETS * SPREAD_BUCKETS;
const BELOW = (IMBALANCE_BUCKETS - 1) / 2;
const ROWS = BELOW * SPREAD_BUCKETS;

/** A mid that moves by more spreads at once is news: it counts as this many. */
const MOVE_MAX_SPREADS = 2;
/** Weight of the prior, the mid itself, in transitions out of one state. */
const N_PRIOR = 5;
/** Mean of 20 transitions out of each state that is counted; 200 leave the prior 2 % a step. */
const N_COLD = 20 * ROWS;
const N_TRUSTED = 200 * ROWS;
const STALE_AFTER_S = 60;

export interface MicroPrice {
  /** Transitions out of each state with a lighter bid (rows) into each state (columns), forgotten by half-life. */
  readonly counts: Float64Array;
  /** Σ of the mid's moves, and of their squares, on leaving each of these states: half ticks. */
  readonly moves: Float64Array;
  readonly moveSquares: Float64Array;
  /** All counts together. */
  transitions: number;
  /** Where the book is now; undefined before it is known, and after a gap. */
  at: number | undefined;
  midHalfTicks: number;
  spreadTicks: number;
  observedAtUs: number | undefined;
  /** What the slow loop made of the counts: the mid's expected way from each of these states, half ticks. */
  readonly adjustments: Float64Array;
  readonly stderrs: Float64Array;
  solvedAtUs: number | undefined;
}

export function createMicroPrice(): MicroPrice {
  return {
    counts: new Float64Array(ROWS * STATES),
    moves: new Float64Array(ROWS),
    moveSquares: new Float64Array(ROWS),
    transitions: 0,
    at: undefined,
    midHalfTicks: 0,
    spreadTicks: 0,
    observedAtUs: undefined,
    adjustments: new Float64Array(ROWS),
    stderrs: new Float64Array(ROWS),
    solvedAtUs: undefined,
  };
}

/** Best quotes in ticks and any unit of size, not crossed. A book that stays in its state is no transition. */
export function observeState(state: MicroPrice, atUs: number, top: BestQuotes): void {
  const to = stateOf(top);
  const midHalfTicks = top.bid + top.ask;
  const { at: from } = state;
  state.observedAtUs = atUs;
  if (from !== undefined && to !== undefined && (from !== to || midHalfTicks !== state.midHalfTicks)) {
    const most = MOVE_MAX_SPREADS * 2 * state.spreadTicks;
    const move = Math.max(-most, Math.min(most, midHalfTicks - state.midHalfTicks));
    const sign = signOf(from);
    if (sign === 1) count(state, rowOf(from), to, move);
    else if (sign === -1) count(state, rowOf(from), mirror(to), -move);
  }
  state.at = to;
  state.midHalfTicks = midHalfTicks;
  state.spreadTicks = top.ask - top.bid;
}

/** After a gap, a crossed book or a new tick. */
export function loseState(state: MicroPrice): void {
  state.at = undefined;
}

/** The slow loop's work, one bounded piece (12 unknowns): forgets by half-life, then solves anew. */
export function solveMicroPrice(state: MicroPrice, atUs: number, halfLifeS: number): void {
  const kept = keptFrac(atUs - (state.solvedAtUs ?? atUs), halfLifeS / Math.LN2);
  for (const sums of [state.counts, state.moves, state.moveSquares])
    // Adding zero: what is negative and forgotten must not end as −0.
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) * kept + 0;
  state.transitions *= kept;
  const solved = solveAdjustments({
    rows: ROWS,
    columns: STATES,
    counts: state.counts,
    moves: state.moves,
    moveSquares: state.moveSquares,
    rowOf,
    signOf,
    nPrior: N_PRIOR,
  });
  state.adjustments.set(solved.adjustments);
  state.stderrs.set(solved.stderrs);
  state.solvedAtUs = atUs;
}

/**
 * Micro-price less mid, in ticks, within the spread: > 0 when the price is expected to rise. COLD until enough
 * transitions were counted and solved for, and while the book's state is not known.
 */
export function readMicroPrice(state: MicroPrice, atUs: number): Estimate {
  const { at } = state;
  return readSigned(
    {
      value: microPriceOffsetTicks(state),
      stderr: at === undefined ? undefined : ((state.stderrs[rowOf(at)] ?? 0) / 2) * Math.abs(signOf(at)),
      nEff: state.transitions,
      updatedAtUs: state.observedAtUs,
    },
    { nCold: N_COLD, nTrusted: N_TRUSTED, staleAfterS: STALE_AFTER_S },
    atUs,
  );
}

/** The same for the hot path; undefined while COLD. */
export function microPriceOffsetTicks(state: MicroPrice): number | undefined {
  const { at } = state;
  if (at === undefined || state.solvedAtUs === undefined || state.transitions < N_COLD) return undefined;
  const most = state.spreadTicks / 2;
  const expected = (signOf(at) * (state.adjustments[rowOf(at)] ?? 0)) / 2;
  return Math.max(-most, Math.min(most, expected)) + 0;
}

function count(state: MicroPrice, row: number, to: number, move: number): void {
  const cell = row * STATES + to;
  state.counts[cell] = (state.counts[cell] ?? 0) + 1;
  state.moves[row] = (state.moves[row] ?? 0) + move;
  state.moveSquares[row] = (state.moveSquares[row] ?? 0) + move * move;
  state.transitions += 1;
}

/** States count imbalance within spread. Undefined for a top without size or with a spread below a tick. */
function stateOf({ bid, bidSize, ask, askSize }: BestQuotes): number | undefined {
  const size = bidSize + askSize;
  const spreadTicks = ask - bid;
  if (size <= 0 || spreadTicks < 1) return undefined;
  // Counted from the lighter side, so that the edges of buckets have their mirror to the last bit.
  const fromEnd = Math.floor((Math.min(bidSize, askSize) * IMBALANCE_BUCKETS) / size);
  const bucket = bidSize <= askSize ? fromEnd : IMBALANCE_BUCKETS - 1 - fromEnd;
  return (Math.min(spreadTicks, SPREAD_BUCKETS) - 1) * IMBALANCE_BUCKETS + bucket;
}

function mirror(at: number): number {
  const bucket = at % IMBALANCE_BUCKETS;
  return at - bucket + (IMBALANCE_BUCKETS - 1 - bucket);
}

/** The row of a state's adjustment, or of its mirror's; any row in balance, where the sign is 0. */
function rowOf(at: number): number {
  const bucket = at % IMBALANCE_BUCKETS;
  const spread = (at - bucket) / IMBALANCE_BUCKETS;
  return spread * BELOW + (Math.min(bucket, IMBALANCE_BUCKETS - 1 - bucket) % BELOW);
}

/** 1 where the bid is lighter, −1 in the mirror, 0 in balance. */
function signOf(at: number): -1 | 0 | 1 {
  const bucket = at % IMBALANCE_BUCKETS;
  if (bucket === BELOW) return 0;
  return bucket < BELOW ? 1 : -1;
}
