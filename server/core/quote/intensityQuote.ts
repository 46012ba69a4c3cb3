/**
 * What a law of fill intensity says about one order at distance δ from fair value: how soon it fills, and
 * which distance earns most. Distances and shadow costs in price, rates in 1/s.
 */
import { halfSpreadCore } from "./glft.ts";

/**
 * λ(δ) = A·e^(−kδ), or λ(δ) = A·(1 + δ/d0)^−α. `A` in 1/s at δ = 0, `k` in 1/price, `d0` in price. The pure power
 * A·δ^−α of Avellaneda and Stoikov 2008 (eq. 13) is infinite at fair value and has no optimum there.
 */
export type FillLaw =
  | { readonly law: "exponential"; readonly A: number; readonly k: number }
  | { readonly law: "power"; readonly A: number; readonly alpha: number; readonly d0: number };

/** λ(δ), in 1/s. A power law is not defined at δ ≤ −d0. */
export function fillRatePerS(fill: FillLaw, distance: number): number {
  return fill.law === "exponential"
    ? fill.A * Math.exp(-fill.k * distance)
    : fill.A * (1 + distance / fill.d0) ** -fill.alpha;
}

/** |λ'(δ)|/λ(δ), in 1/price: the k of the exponential that touches the law at this distance. */
export function decayAt(fill: FillLaw, distance: number): number {
  return fill.law === "exponential" ? fill.k : fill.alpha / (fill.d0 + distance);
}

/** 1 − e^(−λ·dt): the chance of a fill within `seconds`. */
export function fillProbability(ratePerS: number, seconds: number): number {
  return -Math.expm1(-ratePerS * seconds);
}

/** Mean time to a fill, in seconds. */
export function expectedWaitS(ratePerS: number): number {
  return 1 / ratePerS;
}

/** The δ that maximises λ(δ)·(δ − p): p + 1/k, or (αp + d0)/(α − 1); undefined where the value grows without end. */
export function riskNeutralDistance(fill: FillLaw, shadowCost: number): number | undefined {
  if (fill.law === "exponential") return shadowCost + 1 / fill.k;
  const { alpha, d0 } = fill;
  return alpha > 1 && shadowCost > -d0 ? (alpha * shadowCost + d0) / (alpha - 1) : undefined;
}

/** Newton from above on a convex function doubles its digits per step; from α = 1.001 it takes 7. */
const STEPS_MAX = 30;

/**
 * The optimum under risk aversion γ (1/quote currency) for orders of Δ base: the fixed point of
 * δ = p + ln(1 + γΔ/k(δ))/(γΔ) with k(δ) the local decay (first-order condition of Avellaneda and Stoikov 2008,
 * sec. 3.2, for any λ). Undefined where the risk-neutral one is.
 */
export function optimalDistance(
  fill: FillLaw,
  want: { readonly shadowCost: number; readonly gamma: number; readonly orderSize: number },
): number | undefined {
  const { shadowCost, gamma, orderSize } = want;
  if (fill.law === "exponential") return shadowCost + halfSpreadCore(gamma, orderSize, fill.k);
  const start = riskNeutralDistance(fill, shadowCost);
  if (start === undefined) return undefined;
  const { alpha, d0 } = fill;
  // Risk aversion only narrows, so the risk-neutral optimum lies above the fixed point.
  let distance = start;
  for (let i = 0; i < STEPS_MAX; i++) {
    const target = shadowCost + halfSpreadCore(gamma, orderSize, decayAt(fill, distance));
    const slope = 1 / (alpha + gamma * orderSize * (d0 + distance));
    const next = distance - (distance - target) / (1 - slope);
    // Rounding turns the descent: the digits are used up.
    if (!(next < distance)) break;
    distance = next;
  }
  return distance;
}
