/**
 * The P&L of one market split into parts that sum to it, for every event and without history
 * (models: "P&L attribution"). With Q the inventory, M the one reference price, and everything in
 * the reporting currency:
 *
 *   cash + Q·M − brought in = Σ s·x·(M − p) by category − fees + Σ Q·ΔM
 *
 * Revaluation, Σ Q·ΔM, is settled only when Q changes: between two changes it telescopes, so a mark
 * is one store. At one instant the mark comes first, then the fills.
 */
import { sideSign } from "../../contract/units.ts";
import type { Side } from "../../contract/units.ts";
import { addTo, createSum, valueOf } from "./compensatedSum.ts";
import type { CompensatedSum } from "./compensatedSum.ts";

/** What an order was for. Its edge goes to the part of that name. */
export type FillCategory = "maker" | "hedge" | "arbitrage" | "reduce";

/** A sum of money of which a term may still be in base units, because no price was known when it arose. */
interface Part extends CompensatedSum {
  unpricedBase: number;
}

export interface Attribution {
  readonly quantityBase: CompensatedSum;
  readonly cashQuote: CompensatedSum;
  readonly turnoverQuote: CompensatedSum;
  readonly revaluation: CompensatedSum;
  markPrice: number | undefined;
  /** The mark up to which revaluation is settled. */
  settledPrice: number | undefined;
  readonly parts: {
    readonly maker: Part;
    readonly hedge: Part;
    readonly arbitrage: Part;
    readonly reduce: Part;
    readonly makerFees: Part;
    readonly takerFees: Part;
    /** Inventory that came from outside trading, at its mark then: never P&L. */
    readonly broughtIn: Part;
  };
}

export interface AttributedFill {
  readonly side: Side;
  readonly quantityBase: number;
  readonly priceQuote: number;
  /** Cost > 0, rebate < 0. */
  readonly feeQuote: number;
  /** A fee taken in the base asset: lowers the inventory and costs its value at the mark. */
  readonly feeBase: number;
  readonly category: FillCategory;
}

/** Gains > 0. The parts sum to the total within 1e-9 of the turnover. */
export interface AttributionView {
  readonly spreadCapture: number;
  readonly hedging: number;
  readonly arbitrage: number;
  readonly reducing: number;
  readonly makerFees: number;
  readonly takerFees: number;
  readonly revaluation: number;
  /** From cash and inventory, not from the parts: that they agree is a check. */
  readonly total: number;
  readonly turnoverQuote: number;
}

export function createAttribution(): Attribution {
  return {
    quantityBase: createSum(),
    cashQuote: createSum(),
    turnoverQuote: createSum(),
    revaluation: createSum(),
    markPrice: undefined,
    settledPrice: undefined,
    parts: {
      maker: createPart(),
      hedge: createPart(),
      arbitrage: createPart(),
      reduce: createPart(),
      makerFees: createPart(),
      takerFees: createPart(),
      broughtIn: createPart(),
    },
  };
}

export function mark(attribution: Attribution, priceQuote: number): void {
  if (!(priceQuote > 0 && priceQuote < Infinity)) throw new Error(`invariant: a mark of ${priceQuote}`);
  const isFirst = attribution.markPrice === undefined;
  attribution.markPrice = priceQuote;
  if (!isFirst) return;
  attribution.settledPrice = priceQuote;
  for (const part of Object.values(attribution.parts)) {
    addTo(part, part.unpricedBase * priceQuote);
    part.unpricedBase = 0;
  }
}

export function fill(attribution: Attribution, trade: AttributedFill): void {
  const { parts, markPrice } = attribution;
  const { quantityBase, priceQuote, feeQuote, feeBase, category } = trade;
  settle(attribution);
  const signedBase = sideSign(trade.side) * quantityBase;
  book(parts[category], -signedBase * priceQuote, signedBase, markPrice);
  book(category === "maker" ? parts.makerFees : parts.takerFees, -feeQuote, -feeBase, markPrice);
  addTo(attribution.cashQuote, -signedBase * priceQuote);
  addTo(attribution.cashQuote, -feeQuote);
  addTo(attribution.quantityBase, signedBase);
  addTo(attribution.quantityBase, -feeBase);
  addTo(attribution.turnoverQuote, quantityBase * priceQuote);
}

/** Inventory that changes without a trade, such as a moved baseline: taken over at the mark, so that it earns nothing. */
export function bringIn(attribution: Attribution, deltaBase: number): void {
  settle(attribution);
  book(attribution.parts.broughtIn, 0, deltaBase, attribution.markPrice);
  addTo(attribution.quantityBase, deltaBase);
}

/**
 * Undefined before the first mark: inventory without a price has no value. Changes nothing: when somebody looks must
 * not move a rounding, or a replay would end in another state.
 */
export function read(attribution: Attribution): AttributionView | undefined {
  const { parts, markPrice } = attribution;
  if (markPrice === undefined) return undefined;
  return {
    spreadCapture: valueOf(parts.maker),
    hedging: valueOf(parts.hedge),
    arbitrage: valueOf(parts.arbitrage),
    reducing: valueOf(parts.reduce),
    makerFees: valueOf(parts.makerFees),
    takerFees: valueOf(parts.takerFees),
    revaluation: valueOf(attribution.revaluation) + unsettled(attribution),
    total:
      valueOf(attribution.cashQuote) +
      valueOf(attribution.quantityBase) * markPrice -
      valueOf(parts.broughtIn),
    turnoverQuote: valueOf(attribution.turnoverQuote),
  };
}

function createPart(): Part {
  return { sum: 0, carry: 0, unpricedBase: 0 };
}

function settle(attribution: Attribution): void {
  addTo(attribution.revaluation, unsettled(attribution));
  attribution.settledPrice = attribution.markPrice;
}

function unsettled(attribution: Attribution): number {
  const { markPrice, settledPrice } = attribution;
  if (markPrice === undefined || settledPrice === undefined) return 0;
  return valueOf(attribution.quantityBase) * (markPrice - settledPrice);
}

/** Before the first mark the base term waits for it: no price is made up, and the fill is booked all the same. */
function book(part: Part, quote: number, base: number, markPrice: number | undefined): void {
  addTo(part, quote);
  if (markPrice === undefined) part.unpricedBase += base;
  else addTo(part, base * markPrice);
}
