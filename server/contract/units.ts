/**
 * Units that cross a border. Prices are integer ticks and sizes integer lots of their own
 * instrument; balances are bigint atoms of their asset; instants are integer microseconds.
 */

export type Side = "buy" | "sell";

export type Liquidity = "maker" | "taker";

export const MICROS_PER_MS = 1_000;
export const MICROS_PER_SECOND = 1_000_000;
export const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

/** Crypto markets trade around the clock: the year that turns an annual volatility into one per second. */
export const SECONDS_PER_YEAR = 31_536_000;

export function oppositeSide(side: Side): Side {
  return side === "buy" ? "sell" : "buy";
}

/** +1 for a buy, −1 for a sell: what a fill of one unit does to inventory. */
export function sideSign(side: Side): 1 | -1 {
  return side === "buy" ? 1 : -1;
}

export function bpsOf(priceQuote: number, bps: number): number {
  return priceQuote * bps * 1e-4;
}
