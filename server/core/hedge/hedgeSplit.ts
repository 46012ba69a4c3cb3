/**
 * One order over several venues: level by level where the price after the taker fee is best. Fees are
 * linear, so the greedy walk is the optimum (every unit pays its marginal price, and marginals rise).
 */
import { sideSign, type Side } from "../../contract/units.ts";
import { externalLots } from "../book/ownOrders.ts";
import { nextLevel, ownOnSideTaken, sideTaken, type TakerVenue } from "./takerVenue.ts";

/** Kept by the caller and written anew by each split; one place per venue. */
export interface HedgeSplit {
  readonly lots: Float64Array;
  /** Worst price touched per venue, the limit of its order; 0 where nothing is taken. */
  readonly limitTicks: Float64Array;
  /** What all of it pays (< 0) or brings (> 0), fees included, reporting currency. */
  cash: number;
  /** Base units for which no venue shows a whole lot. */
  unfilledBase: number;
  /** Where the walk stands in each book. */
  readonly levels: Int32Array;
}

export function createHedgeSplit(venueCount: number): HedgeSplit {
  return {
    lots: new Float64Array(venueCount),
    limitTicks: new Float64Array(venueCount),
    cash: 0,
    unfilledBase: 0,
    levels: new Int32Array(venueCount),
  };
}

/** In lots: a size that is a whole number of them must not lose one to the last bit of a division. */
const LOT_EPSILON = 1e-9;

/** `venues` in the order of `out`. Whole lots only: what is left over waits in `unfilledBase`. */
export function splitHedge(
  venues: readonly TakerVenue[],
  side: Side,
  sizeBase: number,
  out: HedgeSplit,
): void {
  const sign = sideSign(side);
  start(venues, side, out);
  let leftBase = sizeBase;
  for (;;) {
    const at = cheapestVenue(venues, side, out);
    const venue = venues[at];
    if (venue === undefined) break;
    const book = sideTaken(venue.book, side);
    const own = ownOnSideTaken(venue, side);
    const level = out.levels[at] ?? -1;
    const shown = externalLots(book, own, level);
    const lots = Math.min(shown, Math.floor(leftBase / venue.lotBase + LOT_EPSILON));
    if (lots > 0) {
      const priceTicks = book.priceTicks[level] ?? 0;
      out.lots[at] = (out.lots[at] ?? 0) + lots;
      out.limitTicks[at] = priceTicks;
      const takenBase = lots * venue.lotBase;
      out.cash -= sign * takenBase * priceTicks * venue.tickReporting * (1 + sign * venue.takerFrac);
      leftBase = Math.max(0, leftBase - takenBase);
    }
    // Where less than a lot is left, this venue is done; another may have a finer one.
    out.levels[at] = lots === shown ? nextLevel(book, own, level - 1) : -1;
  }
  out.unfilledBase = leftBase;
}

function start(venues: readonly TakerVenue[], side: Side, out: HedgeSplit): void {
  out.lots.fill(0);
  out.limitTicks.fill(0);
  out.cash = 0;
  for (let at = 0; at < venues.length; at++) {
    const venue = venues[at];
    if (venue === undefined) continue;
    const book = sideTaken(venue.book, side);
    out.levels[at] = nextLevel(book, ownOnSideTaken(venue, side), book.depth - 1);
  }
}

/** Position of the venue whose next level is best after its fee, the first of equals; −1 when all are empty. */
function cheapestVenue(venues: readonly TakerVenue[], side: Side, { levels }: HedgeSplit): number {
  const sign = sideSign(side);
  let best = -1;
  let bestCost = Infinity;
  for (let at = 0; at < venues.length; at++) {
    const venue = venues[at];
    const level = levels[at] ?? -1;
    if (venue === undefined || level < 0) continue;
    const ticks = sideTaken(venue.book, side).priceTicks[level] ?? 0;
    const cost = sign * ticks * venue.tickReporting * (1 + sign * venue.takerFrac);
    if (cost >= bestCost) continue;
    best = at;
    bestCost = cost;
  }
  return best;
}
