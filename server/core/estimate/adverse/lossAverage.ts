/**
 * A mean over fills that forgets by half-life, kept raw. Nothing is clipped in here: a floor inside the
 * recursion keeps the bad luck and drops the good, and finds losses where there are none (models §3.7).
 */
import { keptFrac } from "../flow/signedReading.ts";

export interface LossAverage {
  /** Σ w·x, Σ w·x² and Σ w: the last one is n, in fills. */
  sum: number;
  squares: number;
  n: number;
  updatedAtUs: number | undefined;
}

export function createLossAverage(): LossAverage {
  return { sum: 0, squares: 0, n: 0, updatedAtUs: undefined };
}

export function learnLoss(state: LossAverage, atUs: number, x: number, halfLifeS: number): void {
  const kept = keptFrac(atUs - (state.updatedAtUs ?? atUs), halfLifeS / Math.LN2);
  // A zero is added last: a sum that decayed from below must not end as −0.
  state.sum = state.sum * kept + x + 0;
  state.squares = state.squares * kept + x * x;
  state.n = state.n * kept + 1;
  state.updatedAtUs = atUs;
}

/** n as it stands at an instant: what is not renewed counts for less and less. */
export function fillsAt(state: LossAverage, atUs: number, halfLifeS: number): number {
  return state.updatedAtUs === undefined
    ? 0
    : state.n * keptFrac(atUs - state.updatedAtUs, halfLifeS / Math.LN2);
}

export function meanOf(state: LossAverage): number | undefined {
  return state.n > 0 ? state.sum / state.n : undefined;
}

/** Of the mean, from the spread of what was seen; undefined below two fills. */
export function stderrOf(state: LossAverage): number | undefined {
  if (state.n < 2) return undefined;
  const mean = state.sum / state.n;
  return Math.sqrt(Math.max(0, state.squares / state.n - mean * mean) / (state.n - 1));
}

/**
 * (n·mean + n₀·prior)/(n + n₀), of either sign: the mean drawn towards a prior that weighs n₀ fills. `scale` turns
 * the mean into the unit of the prior.
 */
export function shrunkMean(
  seen: { readonly mean: number | undefined; readonly n: number },
  scale: number,
  prior: number,
  nPrior: number,
): number {
  const { mean, n } = seen;
  return mean === undefined ? prior : (n * mean * scale + nPrior * prior) / (n + nPrior);
}
