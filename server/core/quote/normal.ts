/** The standard normal law. Relative accuracy about 1e−13, tails included (they are differences elsewhere). */

/** φ(x). */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
}

/** P(Z > x). */
export function normalTail(x: number): number {
  return erfc(x / Math.SQRT2) / 2;
}

/** Where the series loses as many digits to 1 − erf as the fraction needs terms: erfc(2) = 0.0047. */
const SERIES_BELOW = 2;

/** Terms of the fraction: at x = 2, its slowest, 50 reach a double's precision. */
const FRACTION_TERMS = 60;

function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  return x < SERIES_BELOW ? 1 - erfBySeries(x) : erfcByFraction(x);
}

/** Abramowitz and Stegun 7.1.6: all terms positive, so nothing cancels inside the sum. */
function erfBySeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; term > sum * Number.EPSILON; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** Abramowitz and Stegun 7.1.14, from the innermost term outwards. */
function erfcByFraction(x: number): number {
  let fraction = x;
  for (let n = FRACTION_TERMS; n >= 1; n--) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction);
}
