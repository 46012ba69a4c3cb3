/**
 * Fair value of one market from the mids of its venues, each trusted by how noisy and how old it is.
 * Runs on every book event: the arrays are allocated once and reused, one place per venue.
 */

/** A fair value that is older was made for another market than the one that a venue now shows: nothing is learned by it. */
export const FAIR_AGE_MAX_US = 1_000_000;

export interface FusionInputs {
  /** Venue mids in the reporting currency. */
  readonly mid: Float64Array;
  /** Lasting difference of each venue from fair value, in price. */
  readonly basis: Float64Array;
  /** ω² > 0: variance of a fresh mid around fair value, price². */
  readonly noiseVar: Float64Array;
  /** Age of the book plus the venue's lag, seconds. */
  readonly ageLagS: Float64Array;
  /** 1 where the venue may inform fair value, else 0. */
  readonly usable: Uint8Array;
}

export interface FusionOutput {
  /** Undefined when no venue is usable; there is no other source that it falls back to. */
  fair: number | undefined;
  /** Standard deviation of `fair`, price. */
  sd: number | undefined;
  /** Each venue's share of `fair`; they sum to 1. */
  readonly weights: Float64Array;
}

/**
 * F = Σ w_v(mid_v − basis_v)/Σ w_v with w_v = 1/(ω_v² + σ²·(age_v + lag_v)), and sd(F) = 1/√Σ w_v: the
 * optimum for mids that see a random walk late and through independent noise. `sigma` in price/√s.
 */
export function fuse(inputs: FusionInputs, sigma: number, out: FusionOutput): void {
  const { mid, basis, noiseVar, ageLagS, usable } = inputs;
  const { weights } = out;
  const variancePerS = sigma * sigma;
  let precision = 0;
  let weighted = 0;
  for (let v = 0; v < mid.length; v++) {
    if (usable[v] !== 1) {
      weights[v] = 0;
      continue;
    }
    const weight = 1 / ((noiseVar[v] ?? 0) + variancePerS * (ageLagS[v] ?? 0));
    weights[v] = weight;
    precision += weight;
    weighted += weight * ((mid[v] ?? 0) - (basis[v] ?? 0));
  }
  if (precision === 0) {
    out.fair = undefined;
    out.sd = undefined;
    return;
  }
  for (let v = 0; v < mid.length; v++) weights[v] = (weights[v] ?? 0) / precision;
  out.fair = weighted / precision;
  out.sd = 1 / Math.sqrt(precision);
}
