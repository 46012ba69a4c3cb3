/**
 * The decay of fill intensity where a sweep can stop only at the levels that stood in the book: that it reached one
 * level and not the next says that its reach lies between the two. Under λ(δ) = A·e^(−kδ) the chance of stopping
 * within a gap of g ticks is 1 − e^(−kg). Taking the reach for the last level alone reads 1/k short by about half
 * a gap; with every gap one tick this is the lattice fit.
 */
import { latticeDecay } from "./latticeFit.ts";

/** By size, two bins to the octave: the mean of each stands for its gaps, which errs by (kw)²/24 at most. */
const BINS = 32;

/** Weighted counts of the gaps in which sweeps stopped, and the ticks of them, by bin. */
export interface Gaps {
  readonly counts: Float64Array;
  readonly ticks: Float64Array;
}

export interface DecayFit {
  /** 1/tick. */
  readonly decayPerTick: number;
  readonly stderr: number;
}

/** Newton from below on a convex function gains digits fast: six steps are the most that random gaps needed. */
const STEPS_MAX = 20;
const PRECISION = 1e-13;

export function createGaps(): Gaps {
  return { counts: new Float64Array(BINS), ticks: new Float64Array(BINS) };
}

/** One sweep stopped before a level `ticks` ≥ 1 beyond the last that it reached. */
export function addGap(gaps: Gaps, ticks: number): void {
  const bin = Math.min(Math.floor(2 * Math.log2(ticks)), BINS - 1);
  gaps.counts[bin] = (gaps.counts[bin] ?? 0) + 1;
  gaps.ticks[bin] = (gaps.ticks[bin] ?? 0) + ticks;
}

export function fadeGaps({ counts, ticks }: Gaps, kept: number): void {
  for (let bin = 0; bin < BINS; bin++) {
    counts[bin] = (counts[bin] ?? 0) * kept;
    ticks[bin] = (ticks[bin] ?? 0) * kept;
  }
}

/**
 * Maximum of Σ ln(1 − e^(−kg)) − k·steps, where Σ g/(e^(kg) − 1) = steps. `steps`: ticks that all sweeps were
 * followed for, at least half a gap, or all that is known of k is a lower bound; the standard error is for `nEff`
 * equal stops. Needs at least one gap.
 */
export function fitGaps(gaps: Gaps, stepsSeen: number, nEff: number): DecayFit {
  const stops = sum(gaps.counts);
  const meanGap = sum(gaps.ticks) / stops;
  const steps = Math.max(stepsSeen, meanGap / 2);
  // By Jensen the fit to the mean gap is never above the root.
  let k = latticeDecay({ stops, steps: steps / meanGap }, meanGap);
  for (let i = 0; i < STEPS_MAX; i++) {
    const { value, information } = momentsAt(gaps, k);
    const change = (value - steps) / information;
    k += change;
    if (Math.abs(change) <= PRECISION * k) break;
  }
  const perStop = momentsAt(gaps, k).information / stops;
  return { decayPerTick: k, stderr: 1 / Math.sqrt(perStop * nEff) };
}

/** Σ g/(e^(kg) − 1), and what it falls by with k. */
function momentsAt({ counts, ticks }: Gaps, k: number): { value: number; information: number } {
  let value = 0;
  let information = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const count = counts[bin] ?? 0;
    if (count === 0) continue;
    const gap = (ticks[bin] ?? 0) / count;
    const odds = 1 / Math.expm1(k * gap);
    value += count * gap * odds;
    information += count * gap * gap * odds * (1 + odds);
  }
  return { value, information };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
