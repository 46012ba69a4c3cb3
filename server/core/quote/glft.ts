/**
 * The stationary optimum of Guéant, Lehalle and Fernandez-Tapia (MFE 7, 2013, sec. 4–5; closed form
 * of Guéant 2017, eq. 4.6–4.7), for markets that never close, pooled over venues. All in price units
 * of the reporting currency, seconds and base units.
 *
 * With aggregate inventory Q, the quotes of venue v stand at
 *   δ_bid = c1_v + cost_v + s·(Q − q*) + s·Δ_v/2      δ_ask = c1_v + cost_v − s·(Q − q*) + s·Δ_v/2.
 */

/** What a venue's flow offers to one order of ours. `A` in 1/s per side, `k` in 1/price, not an arrival rate. */
export interface VenueFlow {
  readonly A: number;
  readonly k: number;
  /** Δ: base units of one order. */
  readonly orderSize: number;
  /** Maker fee plus expected adverse move, in price: cost > 0, rebate < 0. */
  readonly cost: number;
}

/** c1 = ln(1 + γΔ/k)/(γΔ), in price; 1/k for γ → 0. `gamma` in 1/quote currency. */
export function halfSpreadCore(gamma: number, orderSize: number, k: number): number {
  return logRatio((gamma * orderSize) / k) / k;
}

/** α·Δ = A·k·Δ·(1 + γΔ/k)^−(1 + k/(γΔ))·e^(−k·cost), in base/(price·s): how steeply flow answers to price. */
export function liquidity(venue: VenueFlow, gamma: number): number {
  const { A, k, orderSize, cost } = venue;
  const x = (gamma * orderSize) / k;
  // (1 + x)^−(1 + 1/x) as a sum of logs, which has no 1^∞ at x → 0 and tends to 1/e.
  return A * k * orderSize * Math.exp(-(Math.log1p(x) + logRatio(x) + k * cost));
}

/**
 * s = √(γσ²/(2·Σ_v α_vΔ_v)), in price per base: one asset on several venues is the rank-one case of
 * Bergault, Evangelista, Guéant and Vieira (2021), so every venue moves by the same s on the aggregate
 * inventory. `sigma` in price/√s. Infinite where there is no flow to trade inventory away.
 */
export function skewSlope(risk: {
  readonly gamma: number;
  readonly sigma: number;
  readonly venues: readonly VenueFlow[];
}): number {
  let pooled = 0;
  for (const venue of risk.venues) pooled += liquidity(venue, risk.gamma);
  return risk.sigma * Math.sqrt(risk.gamma / (2 * pooled));
}

/** ln(1 + x)/x, 1 at x = 0: log1p keeps every digit down to the smallest x. */
function logRatio(x: number): number {
  return x === 0 ? 1 : Math.log1p(x) / x;
}
