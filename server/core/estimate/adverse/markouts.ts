/**
 * What fair value did after each of our fills: the markout at every horizon, seen from our side, < 0 when
 * the fill was picked off (models §3.7). One FIFO of fills per market with a cursor per horizon, because
 * a later fill is never due before an earlier one.
 */
import { MICROS_PER_SECOND, type Side } from "../../../contract/units.ts";

/** A tenth of a second shows a sniper, the middle ones cost us money, the long ones are for diagnosis. */
export const MARKOUT_HORIZONS_S: readonly number[] = [0.1, 1, 5, 30, 60];

/** Fills that wait for their longest horizon: 60 s at 68 a second. Beyond it the oldest is given up. */
export const FILLS_PENDING_MAX = 4_096;

/** Prices in the reporting currency. Only maker fills belong here: what we took says nothing of our quotes. */
export interface MarkedFill {
  readonly atUs: number;
  /** Ours: a buy is our bid that was hit. */
  readonly side: Side;
  /** M₀: fair value just before the fill, without our own orders. */
  readonly fair: number;
  readonly price: number;
  /** Cost > 0, rebate < 0, per base unit. */
  readonly feePerUnit: number;
  readonly sizeBase: number;
  /** The size of one standard order at the time, for the size bucket. */
  readonly orderBase: number;
  /** Volatility of fair value at the fill, price/√s: losses are learned in units of it. */
  readonly sigmaPerSqrtS: number;
  /** Whose estimator learns from it: the instrument's position. */
  readonly instrument: number;
}

export interface Markout {
  readonly fill: MarkedFill;
  /** Position among the horizons, and the horizon. */
  readonly horizon: number;
  readonly horizonS: number;
  /** side·(M_{t+h} − M₀), price. */
  readonly markout: number;
}

export interface Markouts {
  readonly horizonsS: readonly number[];
  /** From the oldest that still waits; the number of the first counts all fills ever. */
  fills: MarkedFill[];
  first: number;
  /** Number of the fill that each horizon waits for next. */
  next: number[];
  /** The earliest instant at which anything is due. */
  dueAtUs: number | undefined;
  /** Markouts that never came: given up at the bound, at a restart, or due while nobody knew fair value. */
  givenUp: number;
}

const NONE: readonly Markout[] = [];

export function createMarkouts(horizonsS: readonly number[] = MARKOUT_HORIZONS_S): Markouts {
  return {
    horizonsS,
    fills: [],
    first: 0,
    next: horizonsS.map(() => 0),
    dueAtUs: undefined,
    givenUp: 0,
  };
}

/** e = side·(M₀ − p), price: what the fill captured before fees. */
export function capturedEdge(fill: MarkedFill): number {
  return fill.side === "buy" ? fill.fair - fill.price : fill.price - fill.fair;
}

/** Fills in the order of their time. */
export function observeFill(state: Markouts, fill: MarkedFill): void {
  // Half of the list at once, so that the bound costs no more per fill than anything else here.
  if (state.fills.length >= FILLS_PENDING_MAX) giveUpOldest(state, FILLS_PENDING_MAX / 2);
  state.fills.push(fill);
  state.dueAtUs = earliestDue(state);
}

/**
 * To be called with every new fair value BEFORE it is taken over, and on timers: `fair` is the one that has been in
 * force until `atUs`, so each markout takes the last value at or before its instant. What fell due while there was
 * none, or after `knownUntilUs`, is given up. Amortised O(1); one comparison when nothing is due.
 */
export function advance(
  state: Markouts,
  atUs: number,
  fair: number | undefined,
  knownUntilUs = Infinity,
): readonly Markout[] {
  // What is due at this very instant waits: the new value may be of the same instant, and counts then.
  if (state.dueAtUs === undefined || state.dueAtUs >= atUs) return NONE;
  const done: Markout[] = [];
  for (let horizon = 0; horizon < state.horizonsS.length; horizon++) {
    const horizonS = state.horizonsS[horizon] ?? 0;
    for (let fill = waiting(state, horizon); fill !== undefined; fill = waiting(state, horizon)) {
      const dueUs = dueOf(fill, horizonS);
      if (dueUs >= atUs) break;
      state.next[horizon] = (state.next[horizon] ?? 0) + 1;
      if (fair === undefined || dueUs > knownUntilUs) state.givenUp += 1;
      else {
        const markout = fill.side === "buy" ? fair - fill.fair : fill.fair - fair;
        done.push({ fill, horizon, horizonS, markout });
      }
    }
  }
  forgetDone(state);
  state.dueAtUs = earliestDue(state);
  return done;
}

function dueOf(fill: MarkedFill, horizonS: number): number {
  return fill.atUs + Math.round(horizonS * MICROS_PER_SECOND);
}

function waiting(state: Markouts, horizon: number): MarkedFill | undefined {
  return state.fills[(state.next[horizon] ?? 0) - state.first];
}

function earliestDue(state: Markouts): number | undefined {
  let earliest: number | undefined;
  for (let horizon = 0; horizon < state.horizonsS.length; horizon++) {
    const fill = waiting(state, horizon);
    if (fill === undefined) continue;
    const due = dueOf(fill, state.horizonsS[horizon] ?? 0);
    if (earliest === undefined || due < earliest) earliest = due;
  }
  return earliest;
}

/** Cut off in blocks of at least half the list: each fill is moved once or twice at most. */
function forgetDone(state: Markouts): void {
  const done = Math.min(...state.next) - state.first;
  if (done * 2 < state.fills.length) return;
  state.fills.splice(0, done);
  state.first += done;
}

/** Nobody watched fair value for a while: what still waited is not learned. */
export function giveUpPending(state: Markouts): void {
  giveUpOldest(state, state.fills.length);
  state.dueAtUs = undefined;
}

function giveUpOldest(state: Markouts, gone: number): void {
  state.fills.splice(0, gone);
  state.first += gone;
  for (let horizon = 0; horizon < state.next.length; horizon++) {
    const missed = Math.max(0, state.first - (state.next[horizon] ?? 0));
    state.givenUp += missed;
    state.next[horizon] = (state.next[horizon] ?? 0) + missed;
  }
}
