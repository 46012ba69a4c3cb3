import type { Trial } from "./trial.ts";

/** Above the minimum notional, which some venues reckon at a price of their own. */
const ROOM_FRAC = 0.1;

/** What the venue takes at this price, and a little more. */
export function smallestLots({ definition }: Pick<Trial, "definition">, priceTicks: number): number {
  const { tick, lot, sizeMinLots, notionalMinQuote = "0" } = definition;
  const byNotional = Number(notionalMinQuote) / (priceTicks * Number(tick) * Number(lot));
  return Math.ceil(Math.max(sizeMinLots, byNotional) * (1 + ROOM_FRAC));
}
