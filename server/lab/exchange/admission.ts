/** Whether the venue takes an order at all. Checks run in the order in which venues make them. */
import type { VenueRefusal } from "../../contract/reasons.ts";
import { oppositeSide } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";
import { bestAskTicks, bestBidTicks, priceFromBest } from "../../core/book/book.ts";
import { betterBy, restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import { valueAtoms } from "./money.ts";
import type { SpotMoney } from "./money.ts";

export interface Terms {
  /** Undefined for a market order that meets nothing. */
  readonly priceTicks: number | undefined;
  readonly sizeLots: number;
}

/** Breaks of the instrument's rules, funds and the state of the book aside. */
export function checkRules(market: InstrumentMarket, terms: Terms): VenueRefusal | undefined {
  const { definition, money } = market;
  // A perpetual needs margin, which this venue does not model: its book is there as a reference.
  if (money === undefined) return "OTHER";
  if (definition.status !== "TRADING") return "HALTED";
  return passesFilters(market, money, terms) ? undefined : "FILTER";
}

/** True when the order would trade on arrival, be it with our own order. */
export function wouldTake(market: InstrumentMarket, side: Side, priceTicks: number): boolean {
  const opposite = restingSide(market, oppositeSide(side));
  const bestTicks = priceFromBest(opposite.depth, 0);
  return bestTicks !== undefined && betterBy(opposite, bestTicks, priceTicks) >= 0;
}

function passesFilters(market: InstrumentMarket, money: SpotMoney, terms: Terms): boolean {
  const { definition } = market;
  const { priceTicks, sizeLots } = terms;
  if (!Number.isSafeInteger(sizeLots) || sizeLots < definition.sizeMinLots) return false;
  if (priceTicks === undefined) return true;
  if (!Number.isSafeInteger(priceTicks) || priceTicks <= 0) return false;
  const { notionalMinAtoms } = money;
  if (notionalMinAtoms !== undefined && valueAtoms(money, priceTicks, sizeLots) < notionalMinAtoms)
    return false;
  return definition.priceBandFrac === undefined || isInBand(market, priceTicks, definition.priceBandFrac);
}

/** Without a two-sided book there is no mid, and venues then let every price pass. */
function isInBand(market: InstrumentMarket, priceTicks: number, bandFrac: number): boolean {
  const bidTicks = bestBidTicks(market.book);
  const askTicks = bestAskTicks(market.book);
  if (bidTicks === undefined || askTicks === undefined) return true;
  const midTicks = (bidTicks + askTicks) / 2;
  return Math.abs(priceTicks - midTicks) <= bandFrac * midTicks;
}
