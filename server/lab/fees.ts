/**
 * Fee schedules for recorded markets, by venue and tier. Entry tiers are the venues' public base
 * rates of 2024–2026 for spot; market-maker tiers are what their top programmes publish. Both are
 * assumptions of a backtest and are printed by name.
 */
import type { FeeSchedule } from "../contract/instrument.ts";

export const FEE_TIERS = ["entry", "maker"] as const;
export type FeeTier = (typeof FEE_TIERS)[number];

type Bps = readonly [maker: number, taker: number];

const SCHEDULES: Readonly<Record<string, Readonly<Record<FeeTier, Bps>>>> = {
  binance: { entry: [10, 10], maker: [-0.5, 2.3] },
  "binance-usdm": { entry: [2, 5], maker: [-0.5, 1.7] },
  okx: { entry: [8, 10], maker: [-0.5, 2] },
  bybit: { entry: [10, 10], maker: [-0.25, 1.5] },
  kraken: { entry: [25, 40], maker: [0, 5] },
  coinbase: { entry: [40, 60], maker: [0, 5] },
  huobi: { entry: [20, 20], maker: [-0.3, 2.2] },
  // Foreign exchange: the cost is the spread; takers of a professional account pay a commission.
  fxcm: { entry: [0, 0.5], maker: [0, 0.25] },
  oanda: { entry: [0, 0.5], maker: [0, 0.25] },
};

/** A venue nobody listed pays what the dearest common entry tier does. */
const UNLISTED: Readonly<Record<FeeTier, Bps>> = { entry: [10, 10], maker: [0, 2.5] };

export function feeSchedule(venue: string, tier: FeeTier): FeeSchedule {
  const [maker, taker] = (SCHEDULES[venue] ?? UNLISTED)[tier];
  return { name: `${venue} ${tier} tier`, makerFrac: maker / 1e4, takerFrac: taker / 1e4, paidIn: "quote" };
}
