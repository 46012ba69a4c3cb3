/**
 * Quotes with an end in sight: the linear equations of Guéant, Lehalle and Fernandez-Tapia (MFE 7,
 * 2013, theorem 1), v'(t) = M·v(t) with v(T) = 1, M as in `glftSpectral.ts`. With τ left, v = e^(−Mτ)·1 and
 *   δ_bid(n) = ln(1+γΔ/k)/(γΔ) + cost + ln(v_n/v_n+1)/k.
 * For τ → ∞ they become the spectral ones.
 */
import { halfSpreadCore } from "./glft.ts";
import { matrixOf, type DistanceTable, type SpectralProblem } from "./glftSpectral.ts";

/** Largest step in units of 1/‖M‖: e^1 by its series needs few terms. */
const STEP_NORM = 1;

/** 1/20! is below a double's precision. */
const SERIES_TERMS = 20;

/** Beyond it a caller wants the stationary quotes; at 61 inventories some ten seconds of work. */
export const HORIZON_STEPS_MAX = 200_000;

/** The quotes with `secondsLeft` to go. */
export function finiteHorizonQuotes(problem: SpectralProblem, secondsLeft: number): DistanceTable {
  const { flow, gamma, ordersMax } = problem;
  const { alpha, eta } = matrixOf(problem);
  const steps = horizonSteps(problem, secondsLeft);
  if (!(steps <= HORIZON_STEPS_MAX))
    throw new RangeError(`a horizon of ${secondsLeft} s takes too many steps: use the spectral quotes`);
  // e^(−Mτ) = e^(−μτ)·e^((μ−M)τ): with μ the largest of the diagonal nothing is negative, so nothing cancels,
  // and the first factor falls out of every ratio.
  const diagonal = alpha * ordersMax * ordersMax;
  const stepS = secondsLeft / steps;
  let v = new Float64Array(2 * ordersMax + 1).fill(1);
  for (let i = 0; i < steps; i++) v = exponentialStep(v, { alpha, eta, diagonal, stepS });

  const base = halfSpreadCore(gamma, flow.orderSize, flow.k) + flow.cost;
  const bid = new Float64Array(2 * ordersMax);
  for (let at = 0; at < bid.length; at++)
    bid[at] = base + Math.log((v[at] ?? NaN) / (v[at + 1] ?? NaN)) / flow.k;
  return { ordersMax, orderSize: flow.orderSize, bid };
}

/** How many steps a horizon takes: what its cost grows with. */
export function horizonSteps(problem: SpectralProblem, secondsLeft: number): number {
  const { alpha, eta } = matrixOf(problem);
  const norm = alpha * problem.ordersMax * problem.ordersMax + 2 * eta;
  return Math.max(1, Math.ceil((secondsLeft * norm) / STEP_NORM));
}

/** Σ ((μ − M)·h)^j·v/j!, scaled to a largest entry of 1: growth over many steps would overflow. */
function exponentialStep(
  v: Float64Array<ArrayBuffer>,
  by: { readonly alpha: number; readonly eta: number; readonly diagonal: number; readonly stepS: number },
): Float64Array<ArrayBuffer> {
  const { alpha, eta, diagonal, stepS } = by;
  const ordersMax = (v.length - 1) / 2;
  const sum = Float64Array.from(v);
  let term = v;
  for (let j = 1; j <= SERIES_TERMS; j++) {
    const next = new Float64Array(v.length);
    for (let at = 0; at < v.length; at++) {
      const n = at - ordersMax;
      const neighbours = (term[at - 1] ?? 0) + (term[at + 1] ?? 0);
      const value = ((diagonal - alpha * n * n) * (term[at] ?? 0) + eta * neighbours) * (stepS / j);
      next[at] = value;
      sum[at] = (sum[at] ?? 0) + value;
    }
    term = next;
  }
  const largest = sum.reduce((most, value) => Math.max(most, value), 0);
  return sum.map((value) => value / largest);
}
