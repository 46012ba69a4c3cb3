/**
 * Fair value as one observation after another: the scalar Kalman filter of a random walk. Equivalent to the
 * fusion of `fairValue.ts` where noises are independent; it keeps one number per market in place of a mid per
 * venue.
 */
export interface Kalman {
  price: number;
  /** P: variance of the error of `price`, price². */
  variance: number;
}

export function createKalman(price: number, variance: number): Kalman {
  return { price, variance };
}

/**
 * P ← P + σ²Δt, K = P/(P + R), x ← x + K(z − x), P ← (1 − K)P (Kalman 1960). `variancePerS` σ² in price²/s,
 * `noiseVar` R > 0 in price². Returns the gain K.
 */
export function observeKalman(
  state: Kalman,
  seen: { readonly dtS: number; readonly price: number; readonly noiseVar: number },
  variancePerS: number,
): number {
  const predicted = state.variance + variancePerS * seen.dtS;
  const gain = predicted / (predicted + seen.noiseVar);
  state.price += gain * (seen.price - state.price);
  state.variance = (1 - gain) * predicted;
  return gain;
}
