/**
 * What a quote risks while it cannot be moved: fair value walks by σ√τ before a cancel lands, and
 * whoever is faster takes what is mispriced by more than their fee. Price units and seconds.
 */
import { normalDensity, normalTail } from "./normal.ts";

interface Exposure {
  /** Volatility of fair value, price/√s. */
  readonly sigma: number;
  /** τ: how long a stale quote can be hit. */
  readonly latencyS: number;
  /** Taker fee of the fastest trader, in price: only beyond it is our quote worth taking. */
  readonly sniperFee: number;
}

/** The least half-spread that z standard deviations of staleness allow: z·σ√τ − sniper fee, never below 0. */
export function stalenessFloor(exposure: Exposure & { readonly z: number }): number {
  const { sigma, latencyS, sniperFee, z } = exposure;
  return Math.max(0, z * sigma * Math.sqrt(latencyS) - sniperFee);
}

/**
 * Expected loss to snipers in one window τ, both sides, per unit quoted: 2(σ√τ·φ(d) − b·Φ(−d)) with
 * b = half-spread + sniper fee ≥ 0 and d = b/(σ√τ); and the probability 2Φ(−d) of being hit.
 */
export function expectedPickOff(exposure: Exposure & { readonly halfSpread: number }): {
  loss: number;
  hitProbability: number;
} {
  const spread = exposure.sigma * Math.sqrt(exposure.latencyS);
  const buffer = exposure.halfSpread + exposure.sniperFee;
  if (spread === 0) return { loss: 0, hitProbability: 0 };
  const d = buffer / spread;
  const tail = normalTail(d);
  return { loss: 2 * (spread * normalDensity(d) - buffer * tail), hitProbability: 2 * tail };
}
