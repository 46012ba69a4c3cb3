/**
 * Covariance of two prices that change at their own times, with one of them moved: Hayashi and Yoshida
 * (2005), lagged as in Hoffmann, Rosenbaum and Yoshida (Bernoulli 19, 2013):
 *
 *   U(ℓ) = Σ ΔX_i·ΔY_j over all i, j of which (tx_{i−1}, tx_i] and (ty_{j−1} − ℓ, ty_j − ℓ] overlap.
 *
 * Largest at the ℓ by which X leads Y. No grid, so nothing is lost to one (Epps).
 */
import type { MidSeries } from "./midHistory.ts";

/**
 * Adds U(ℓ) to `sums` from `at` on, by the block of time in which each change of X ended: all of U is their
 * sum, and their spread is its error. Blocks are `blockUs` long from `fromUs`; the last takes what is left.
 * Returns Σ(ΔX·ΔY)², the variance that U would have if the two had nothing to do with each other. Linear in
 * the changes of both.
 */
export function addLaggedCovariance(
  x: MidSeries,
  y: MidSeries,
  lagUs: number,
  into: {
    readonly sums: Float64Array;
    readonly at: number;
    readonly blocks: number;
    readonly fromUs: number;
    readonly blockUs: number;
  },
): number {
  const { sums, at, blocks, fromUs, blockUs } = into;
  const n = x.atUs.length;
  const m = y.atUs.length;
  let noise = 0;
  let block = 0;
  let blockEndUs = fromUs + blockUs;
  let first = 1;
  for (let i = 1; i < n; i++) {
    const startUs = x.atUs[i - 1] ?? 0;
    const endUs = x.atUs[i] ?? 0;
    while (endUs > blockEndUs && block < blocks - 1) {
      block += 1;
      blockEndUs += blockUs;
    }
    while (first < m && (y.atUs[first] ?? 0) - lagUs <= startUs) first += 1;
    let sum = 0;
    let squares = 0;
    for (let j = first; j < m && (y.atUs[j - 1] ?? 0) - lagUs < endUs; j++) {
      const dy = y.change[j] ?? 0;
      sum += dy;
      squares += dy * dy;
      first = j;
    }
    const dx = x.change[i] ?? 0;
    sums[at + block] = (sums[at + block] ?? 0) + dx * sum;
    noise += dx * dx * squares;
  }
  return noise;
}
