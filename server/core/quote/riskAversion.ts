import { liquidity, skewSlope, type VenueFlow } from "./glft.ts";

/** Half of the bracket's log-width goes with each step: 60 steps exhaust a double for any bracket in use. */
const BISECTIONS_MAX = 60;

/** Far below what any parameter is known to; stops the bisection after about 40 steps. */
const GAMMA_TOLERANCE_FRAC = 1e-12;

/**
 * γ (1/quote currency) at which the pooled skew slope equals `slope` (price per base), so that risk
 * aversion follows from a budget instead of being guessed. `sigma` in price/√s. Undefined when no γ
 * does it: no volatility, no flow, or a slope that is not positive and finite.
 *
 * The slope rises with γ. By (1+x)^−(1+1/x) ∈ [e^−1/(1+x), e^−1] it lies between √(γ/γ₁)·s and
 * √(γ(1+γm)/γ₁)·s, with γ₁ = 2s²·Σα_vΔ_v(γ=0)/σ² and m = max Δ_v/k_v: both ends of the bracket are known.
 */
export function gammaForSlope(target: {
  readonly slope: number;
  readonly sigma: number;
  readonly venues: readonly VenueFlow[];
}): number | undefined {
  const { slope, sigma, venues } = target;
  let liquidityAtZero = 0;
  let sizeOverDecayMax = 0;
  for (const venue of venues) {
    liquidityAtZero += liquidity(venue, 0);
    sizeOverDecayMax = Math.max(sizeOverDecayMax, venue.orderSize / venue.k);
  }
  if (!(slope > 0 && sigma > 0 && liquidityAtZero > 0)) return undefined;

  let high = (2 * slope * slope * liquidityAtZero) / (sigma * sigma);
  let low = (2 * high) / (1 + Math.sqrt(1 + 4 * sizeOverDecayMax * high));
  if (!(low > 0 && high < Infinity)) return undefined;

  for (let i = 0; i < BISECTIONS_MAX && high > low * (1 + GAMMA_TOLERANCE_FRAC); i++) {
    const middle = Math.sqrt(low) * Math.sqrt(high);
    if (skewSlope({ gamma: middle, sigma, venues }) < slope) low = middle;
    else high = middle;
  }
  return Math.sqrt(low) * Math.sqrt(high);
}
