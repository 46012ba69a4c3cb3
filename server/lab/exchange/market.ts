/**
 * One instrument at the venue: the public depth, which is others and ours together, and our orders by level.
 * What others show at a level is the depth there less our lots, so most levels need no lookup at all.
 */
import type { Instrument } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import { priceFromBest, setLevel, sizeAt } from "../../core/book/book.ts";
import type { Book, BookSide } from "../../core/book/book.ts";
import { createDepthView } from "../../core/book/depthView.ts";
import type { DepthView } from "../../core/book/depthView.ts";
import type { AccountState, VenueOrder } from "./account.ts";
import type { Route } from "./conversion.ts";
import type { SpotMoney } from "./money.ts";

export interface InstrumentMarket {
  readonly instrument: number;
  /** Replaced by listing.ts alone. */
  definition: Instrument;
  readonly account: AccountState;
  /** Undefined where orders are refused: kinds that are a reference only. */
  readonly money: SpotMoney | undefined;
  readonly routes: MarketRoutes;
  readonly book: Book;
  readonly bids: RestingSide;
  readonly asks: RestingSide;
  readonly view: DepthView;
  /** False until the first depth and after a gap: what comes next is a snapshot. */
  published: boolean;
  readonly traded: TradedTotals;
}

/** From the quote asset to where fees and volume are counted; undefined where the fees of the account do not ask. */
export interface MarketRoutes {
  readonly thirdAsset: Route | undefined;
  readonly volume: Route | undefined;
}

/** What our orders have traded; the count also numbers the trades, a self-trade by the first of its two fills. */
export interface TradedTotals {
  fills: number;
  boughtLots: number;
  soldLots: number;
}

export interface RestingSide {
  readonly side: Side;
  readonly depth: BookSide;
  readonly queueExponent: number;
  /** Levels with orders of ours, best first. */
  readonly levels: OwnLevel[];
  /**
   * Recorded size of each level that was taken from since the record last changed it. An entry goes with its
   * level's next record, so there are never more than the book has levels.
   */
  readonly consumed: Map<number, number>;
  /** Prices at which the depth changed since it was last published: worst first, each once. */
  readonly touched: Float64Array;
  touchedCount: number;
  /** More changed than `touched` tells. */
  allTouched: boolean;
}

export interface OwnLevel {
  readonly priceTicks: number;
  othersLots: number;
  ownLots: number;
  /** Printed here since the record last changed the level: that part of the next decrease is not a cancel. */
  tradedLots: number;
  /** First come, first served; `frontLots` never falls along the list. */
  readonly orders: VenueOrder[];
}

export function createMarket(
  parts: Pick<InstrumentMarket, "instrument" | "definition" | "account" | "money" | "routes" | "book">,
  queueExponent: number,
): InstrumentMarket {
  const { book } = parts;
  const side = (name: Side, depth: BookSide): RestingSide => ({
    side: name,
    depth,
    queueExponent,
    levels: [],
    consumed: new Map(),
    touched: new Float64Array(TOUCHED_MAX),
    touchedCount: 0,
    allTouched: false,
  });
  return {
    ...parts,
    bids: side("buy", book.bids),
    asks: side("sell", book.asks),
    view: createDepthView(),
    published: false,
    traded: { fills: 0, boughtLots: 0, soldLots: 0 },
  };
}

export function restingSide(market: InstrumentMarket, side: Side): RestingSide {
  return side === "buy" ? market.bids : market.asks;
}

/** > 0 when the first price is better for the side, < 0 when it is worse. */
export function betterBy(side: RestingSide, priceTicks: number, thanTicks: number): number {
  return (priceTicks - thanTicks) * side.depth.direction;
}

export function ownLevelAt(side: RestingSide, priceTicks: number): OwnLevel | undefined {
  for (const level of side.levels) if (level.priceTicks === priceTicks) return level;
  return undefined;
}

export function othersAt(side: RestingSide, priceTicks: number): number {
  return ownLevelAt(side, priceTicks)?.othersLots ?? sizeAt(side.depth, priceTicks) ?? 0;
}

/** Beyond this many changes comparing all visible levels is as quick; it also bounds what waits through a gap. */
const TOUCHED_MAX = 16;

/** Sets what the public sees at a price, others and ours together. */
export function show(side: RestingSide, priceTicks: number, lots: number): void {
  setLevel(side.depth, priceTicks, lots);
  const { touched, touchedCount } = side;
  // Records come worst price first: as a rule the price goes to the end.
  let at = touchedCount;
  while (at > 0 && betterBy(side, touched[at - 1] as number, priceTicks) > 0) at--;
  if (at > 0 && touched[at - 1] === priceTicks) return;
  if (touchedCount === TOUCHED_MAX) {
    side.allTouched = true;
    return;
  }
  if (at < touchedCount) touched.copyWithin(at + 1, at, touchedCount);
  touched[at] = priceTicks;
  side.touchedCount++;
}

/** Best price at which others show anything. */
export function bestOthersTicks(side: RestingSide): number | undefined {
  for (let rank = 0; ; rank++) {
    const priceTicks = priceFromBest(side.depth, rank);
    if (priceTicks === undefined) return undefined;
    if (ownLevelAt(side, priceTicks)?.othersLots !== 0) return priceTicks;
  }
}
