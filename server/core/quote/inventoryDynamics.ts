/**
 * How inventory behaves under the quotes of `glft.ts`: what risk budgets are written in, and what
 * health checks compare the measured inventory with. Small s·k·Q throughout, where the fill rates
 * λ_v·e^(∓k_v·s·Q) are linear in Q and inventory is an Ornstein–Uhlenbeck process.
 */
import type { VenueFlow } from "./glft.ts";

/** The slope s (price per base) at which inventory settles at the standard deviation `sd` (base). */
export function slopeForInventorySd(sd: number, venues: readonly VenueFlow[]): number {
  return slopeTimesVariance(venues) / (sd * sd);
}

/** Stationary standard deviation of aggregate inventory, base units: √(Δ/(2ks)) on one venue. */
export function inventorySd(slope: number, venues: readonly VenueFlow[]): number {
  return Math.sqrt(slopeTimesVariance(venues) / slope);
}

/** Quotes at every venue while flat: `halfSpreads` is c1 per venue, in price. */
export interface FlatQuoting {
  readonly slope: number;
  readonly venues: readonly VenueFlow[];
  readonly halfSpreads: readonly number[];
}

/** κ = 2s·Σ λ_vΔ_vk_v, in 1/s, with λ_v = A_v·e^(−k_v(c1_v + cost_v + s·Δ_v/2)): the pull back to the target. */
export function reversionSpeed(quoting: FlatQuoting): number {
  let sum = 0;
  for (const [i, venue] of quoting.venues.entries())
    sum += fillRate(quoting, venue, i) * venue.orderSize * venue.k;
  return 2 * quoting.slope * sum;
}

/** Σ λ_v: fills per second of one side, over all venues. */
export function fillsPerSecond(quoting: FlatQuoting): number {
  let sum = 0;
  for (const [i, venue] of quoting.venues.entries()) sum += fillRate(quoting, venue, i);
  return sum;
}

function fillRate({ slope, halfSpreads }: FlatQuoting, venue: VenueFlow, i: number): number {
  const distance = (halfSpreads[i] ?? 0) + venue.cost + (slope * venue.orderSize) / 2;
  return venue.A * Math.exp(-venue.k * distance);
}

/** Seconds in which expected inventory halves. */
export function halfLifeSeconds(reversionSpeedPerS: number): number {
  return Math.LN2 / reversionSpeedPerS;
}

/**
 * s·var = Σλ_vΔ_v²/(2·Σλ_vΔ_vk_v): fills diffuse inventory at 2·Σλ_vΔ_v² and pull it back at
 * κ = 2s·Σλ_vΔ_vk_v, and an OU process settles at diffusion/(2κ). The rates are taken at c1 = 1/k and
 * s·Δ ≪ 1/k, where λ_v ∝ A_v·e^(−k_v·cost_v), because γ is not known yet; on one venue they cancel.
 */
function slopeTimesVariance(venues: readonly VenueFlow[]): number {
  let diffusion = 0;
  let pull = 0;
  for (const { A, k, orderSize, cost } of venues) {
    const traded = A * Math.exp(-k * cost) * orderSize;
    diffusion += traded * orderSize;
    pull += traded * k;
  }
  return diffusion / (2 * pull);
}
