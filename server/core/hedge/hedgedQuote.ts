/**
 * Hedged quoting: what a quote at one venue (maker) may cost when its fill is hedged by taking at another
 * (taker). Profit is required as a fraction ρ of the maker's notional, fees are fractions of notional.
 */
import type { Side } from "../../contract/units.ts";
import { nextLevel, ownOnSideTaken, sideTaken, takePrice, type TakerVenue } from "./takerVenue.ts";

/** An older hedge book says what could have been paid then: nothing is promised against it. */
export const HEDGE_BOOK_AGE_MAX_MS = 200;

/** Why there is no bound: the hedge book is old, or shows less than the hedge needs. */
export type HedgeRefusal = "HEDGE_BOOK_STALE" | "HEDGE_BOOK_THIN";

export interface HedgeTerms {
  readonly makerFrac: number;
  readonly takerFrac: number;
  /** ρ. */
  readonly profitFrac: number;
  /** How much worse than the depth-walked price the hedge may come out. */
  readonly slippageFrac: number;
}

/** The highest bid that its hedge, a sale at `vwap`, still pays for: V(1−slip)(1−ft)/(1+f+ρ). */
export function hedgedBid(vwap: number, terms: HedgeTerms): number {
  const { makerFrac, takerFrac, profitFrac, slippageFrac } = terms;
  return (vwap * (1 - slippageFrac) * (1 - takerFrac)) / (1 + makerFrac + profitFrac);
}

/** The lowest ask that pays for its hedge, a purchase at `vwap`: V(1+slip)(1+ft)/(1−f−ρ). */
export function hedgedAsk(vwap: number, terms: HedgeTerms): number {
  const { makerFrac, takerFrac, profitFrac, slippageFrac } = terms;
  return (vwap * (1 + slippageFrac) * (1 + takerFrac)) / (1 - makerFrac - profitFrac);
}

/** Fees that come out of what a fill receives: base on a purchase. `FeeSchedule.paidIn` says so. */
export interface HedgeFees {
  readonly makerFrac: number;
  readonly makerPaysInReceived: boolean;
  readonly takerFrac: number;
  readonly takerPaysInReceived: boolean;
}

/**
 * Base units to trade at the taker so that a fill of `sizeBase` leaves nothing: what a purchase pays in
 * base never arrives, so x(1−f) is to be sold after our bid filled, x/(1−ft) bought after our ask did.
 */
export function hedgeSizeBase(makerSide: Side, sizeBase: number, fees: HedgeFees): number {
  if (makerSide === "buy") return fees.makerPaysInReceived ? sizeBase * (1 - fees.makerFrac) : sizeBase;
  return fees.takerPaysInReceived ? sizeBase / (1 - fees.takerFrac) : sizeBase;
}

export interface HedgePair {
  readonly taker: TakerVenue;
  /** Time since the hedge book was last confirmed. */
  readonly takerAgeMs: number;
  /** From our fill until the hedge arrives there. */
  readonly takerLatencyS: number;
  readonly fees: HedgeFees;
  readonly profitFrac: number;
  /** Least slippage to reckon with; what latency and the book's own steps demand may be more. */
  readonly slippageMinFrac: number;
}

/** Reporting currency, before rounding: a bid rounds down to its tick, an ask up. */
export interface HedgedBounds {
  bidMax: number | undefined;
  bidRefusal: HedgeRefusal | undefined;
  askMin: number | undefined;
  askRefusal: HedgeRefusal | undefined;
}

export function createHedgedBounds(): HedgedBounds {
  return { bidMax: undefined, bidRefusal: undefined, askMin: undefined, askRefusal: undefined };
}

/** Bounds for quotes of `sizeBase` on both sides; `sigma` in price/√s. Runs per event: writes into `out`. */
export function boundByHedge(pair: HedgePair, sizeBase: number, sigma: number, out: HedgedBounds): void {
  out.bidMax = boundOf(pair, "buy", sizeBase, sigma);
  out.askMin = boundOf(pair, "sell", sizeBase, sigma);
  const stale = pair.takerAgeMs > HEDGE_BOOK_AGE_MAX_MS;
  const refusal: HedgeRefusal = stale ? "HEDGE_BOOK_STALE" : "HEDGE_BOOK_THIN";
  out.bidRefusal = out.bidMax === undefined ? refusal : undefined;
  out.askRefusal = out.askMin === undefined ? refusal : undefined;
}

function boundOf(pair: HedgePair, makerSide: Side, sizeBase: number, sigma: number): number | undefined {
  if (pair.takerAgeMs > HEDGE_BOOK_AGE_MAX_MS) return undefined;
  const hedgeSide: Side = makerSide === "buy" ? "sell" : "buy";
  const vwap = takePrice(pair.taker, hedgeSide, hedgeSizeBase(makerSide, sizeBase, pair.fees));
  if (vwap === undefined) return undefined;
  const { makerFrac, takerFrac } = pair.fees;
  const { profitFrac } = pair;
  const slippageFrac = Math.max(pair.slippageMinFrac, slippageFloorFrac(pair, hedgeSide, vwap, sigma));
  const terms = { makerFrac, takerFrac, profitFrac, slippageFrac };
  return makerSide === "buy" ? hedgedBid(vwap, terms) : hedgedAsk(vwap, terms);
}

/** (σ√latency + half a level)/S: the price walks until the hedge arrives, and the level may be gone by then. */
function slippageFloorFrac(pair: HedgePair, hedgeSide: Side, price: number, sigma: number): number {
  const walk = sigma * Math.sqrt(pair.takerLatencyS);
  return (walk + levelSpacing(pair.taker, hedgeSide) / 2) / price;
}

/** Between the best two levels of others; a tick where only one is there. */
function levelSpacing(venue: TakerVenue, side: Side): number {
  const levels = sideTaken(venue.book, side);
  const own = ownOnSideTaken(venue, side);
  const best = nextLevel(levels, own, levels.depth - 1);
  const second = nextLevel(levels, own, best - 1);
  if (second < 0) return venue.tickReporting;
  return Math.abs((levels.priceTicks[best] ?? 0) - (levels.priceTicks[second] ?? 0)) * venue.tickReporting;
}

/** Whether the bound has moved by more than ρ/2 since the quote was priced: half of its profit is in doubt. */
export function boundMoved(pricedWith: number, now: number, profitFrac: number): boolean {
  return Math.abs(now - pricedWith) > (profitFrac / 2) * pricedWith;
}
