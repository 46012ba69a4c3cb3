/**
 * How inventory behaves under the quotes of `glft.ts`: what risk budgets are written in, and what
 * health checks compare the measured inventory with. Small s·k·Q throughout, where the fill rates
 * λ_v·e^(∓k_v·s·Q) are linear in Q and inventory is an Ornstein–Uhlenbeck process.
 */
import { halfSpreadCore, type VenueFlow } from "./glft.ts";

/** The slope s (price per base) at which inventory settles at the standard deviation `sd` (base). */
export function slopeForInventorySd(sd: number, venues: readonly VenueFlow[]): number {
  return slopeTimesVariance(venues) / (sd * sd);
}

/** Stationary standard deviation of aggregate inventory, base units: √(Δ/(2ks)) on one venue. */
export function inventorySd(slope: number, venues: readonly VenueFlow[]): number {
  return Math.sqrt(slopeTimesVariance(venues) / slope);
}

/** κ = 2s·Σ λ_vΔ_vk_v, in 1/s, with λ_v = A_v·e^(−k_v(c1_v + cost_v + s·Δ_v/2)): the pull back to the target. */
export function reversionSpeed(quoting: {
  readonly gamma: number;
  readonly slope: number;
  readonly venues: readonly VenueFlow[];
}): number {
  const { gamma, slope, venues } = quoting;
  let sum = 0;
  for (const { A, k, orderSize, cost } of venues) {
    const distance = halfSpreadCore(gamma, orderSize, k) + cost + (slope * orderSize) / 2;
    sum += A * Math.exp(-k * distance) * orderSize * k;
  }
  return 2 * slope * sum;
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
