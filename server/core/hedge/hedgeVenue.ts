/** Where to take: judged by fair value, never by what the inventory once cost, which no venue gives back. */
import { sideSign, type Side } from "../../contract/units.ts";
import { takePrice, type TakerVenue } from "./takerVenue.ts";

/** κ = E[Z⁺] ≈ 0.4: the mean adverse half of what the price does while the order is under way. */
export const LATENCY_RISK = 0.4;

export interface HedgeVenue extends TakerVenue {
  readonly latencyS: number;
  /** Lasting difference of this venue's prices from fair value, in price: no gain and no loss. */
  readonly basis: number;
  /** Funding that one unit held long there is expected to pay, in price; 0 on spot. */
  readonly fundingPerBase: number;
}

export interface HedgeOrder {
  readonly side: Side;
  readonly sizeBase: number;
  readonly fair: number;
  /** price/√s. */
  readonly sigma: number;
}

/**
 * Cost per base unit against fair value: side·(VWAP − F − basis) + ft·VWAP + κσ√latency + side·funding.
 * Undefined when the venue does not show the size.
 */
export function hedgeCost(venue: HedgeVenue, order: HedgeOrder): number | undefined {
  const vwap = takePrice(venue, order.side, order.sizeBase);
  if (vwap === undefined) return undefined;
  const sign = sideSign(order.side);
  const waiting = LATENCY_RISK * order.sigma * Math.sqrt(venue.latencyS);
  return (
    sign * (vwap - order.fair - venue.basis) + venue.takerFrac * vwap + waiting + sign * venue.fundingPerBase
  );
}

/** Position of the cheapest venue that shows the whole size, the first of equals; undefined when none does. */
export function chooseHedgeVenue(venues: readonly HedgeVenue[], order: HedgeOrder): number | undefined {
  let best: number | undefined;
  let bestCost = Infinity;
  for (let at = 0; at < venues.length; at++) {
    const venue = venues[at];
    const cost = venue === undefined ? undefined : hedgeCost(venue, order);
    if (cost === undefined || cost >= bestCost) continue;
    best = at;
    bestCost = cost;
  }
  return best;
}
