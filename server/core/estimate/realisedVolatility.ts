/**
 * Realised variance of a whole sample of prices on an even grid, in price² over the sample: for studies and
 * as references to the streaming estimators. `prices` are n + 1 values of n returns.
 */
export interface RealisedVariance {
  /** Σ r²: biased upwards by twice the noise of every return. */
  readonly plain: number;
  /** Σ r² + 2·n/(n−1)·Σ r_i·r_{i−1} (Zhou 1996): unbiased under white noise, and may be negative. */
  readonly corrected: number;
  /** ω² = max(0, −mean r_i·r_{i−1}): variance of the noise of one price. */
  readonly noiseVar: number;
  /** π/2·n/(n−1)·Σ |r_i||r_{i−1}| (Barndorff-Nielsen and Shephard 2004): robust to jumps, not to noise. */
  readonly bipower: number;
}

export function realisedVariance(prices: readonly number[]): RealisedVariance {
  const r = returnsOf(prices);
  const n = r.length;
  const products = autocovariance(r, 1);
  let absolute = 0;
  for (let i = 1; i < n; i++) absolute += Math.abs((r[i] ?? 0) * (r[i - 1] ?? 0));
  const plain = autocovariance(r, 0);
  return {
    plain,
    corrected: plain + ((2 * n) / (n - 1)) * products,
    noiseVar: Math.max(0, -products / (n - 1)),
    bipower: (((Math.PI / 2) * n) / (n - 1)) * absolute,
  };
}

/**
 * Two-scale realised variance with the small-sample adjustment (Zhang, Mykland and Aït-Sahalia 2005, eq. 55,
 * 64): (Σ(y_i − y_{i−K})²/K − (n̄/n)·Σr²)/(1 − n̄/n), n̄ = (n − K + 1)/K.
 */
export function twoScaleVariance(prices: readonly number[], scale: number): number {
  const n = prices.length - 1;
  let slow = 0;
  for (let i = scale; i <= n; i++) slow += ((prices[i] ?? 0) - (prices[i - scale] ?? 0)) ** 2;
  const share = (n - scale + 1) / scale / n;
  return (slow / scale - share * autocovariance(returnsOf(prices), 0)) / (1 - share);
}

/**
 * Realised kernel with Parzen weights and bandwidth H (Barndorff-Nielsen, Hansen, Lunde and Shephard 2009):
 * never negative.
 */
export function realisedKernel(prices: readonly number[], bandwidth: number): number {
  const r = returnsOf(prices);
  let sum = autocovariance(r, 0);
  for (let h = 1; h <= bandwidth; h++) sum += 2 * parzen(h / (bandwidth + 1)) * autocovariance(r, h);
  return sum;
}

function parzen(x: number): number {
  return x <= 0.5 ? 1 - 6 * x * x + 6 * x ** 3 : 2 * (1 - x) ** 3;
}

function autocovariance(r: readonly number[], lag: number): number {
  let sum = 0;
  for (let i = lag; i < r.length; i++) sum += (r[i] ?? 0) * (r[i - lag] ?? 0);
  return sum;
}

function returnsOf(prices: readonly number[]): number[] {
  return prices.slice(1).map((price, i) => price - (prices[i] ?? NaN));
}
