/** What a result says, row by row, for the terminal and for the page. */
import { describeReason, isReason } from "../../contract/reasons.ts";
import type { BacktestResult } from "../backtest.ts";
import type { PnlView } from "../../contract/lines.ts";

/** How a line is drawn: a colour of page.css, and a dash where that colour alone could be mistaken. */
export interface Stroke {
  readonly color: "quote" | "fair" | "sell" | "buy" | "inventory" | "secondary" | "text";
  readonly dash: "solid" | "dashed" | "dotted";
}

interface PnlPart {
  readonly part: keyof PnlView;
  readonly label: string;
  readonly meaning: string;
  readonly stroke: Stroke;
}

/** In the order in which they are earned; the total follows from them. */
export const PNL_PARTS: readonly PnlPart[] = [
  {
    part: "spreadCapture",
    label: "spread capture",
    meaning: "maker fills against fair value",
    stroke: { color: "quote", dash: "solid" },
  },
  {
    part: "makerFees",
    label: "maker fees",
    meaning: "paid when negative, a rebate when positive",
    stroke: { color: "fair", dash: "solid" },
  },
  {
    part: "takerFees",
    label: "taker fees",
    meaning: "of orders that took",
    stroke: { color: "sell", dash: "dashed" },
  },
  {
    part: "hedging",
    label: "hedging",
    meaning: "orders that hedge at another venue, against fair value",
    stroke: { color: "inventory", dash: "dashed" },
  },
  {
    part: "reducing",
    label: "reducing",
    meaning: "orders that trade inventory back, against fair value",
    stroke: { color: "buy", dash: "dashed" },
  },
  {
    part: "inventory",
    label: "inventory",
    meaning: "what was held, at the moves of fair value",
    stroke: { color: "inventory", dash: "solid" },
  },
  {
    part: "currency",
    label: "currency",
    meaning: "cash in other currencies, at the moves of their rates",
    stroke: { color: "secondary", dash: "dotted" },
  },
];

export const PNL_TOTAL = { part: "total", label: "total", stroke: { color: "text", dash: "solid" } } as const;

export interface RefusalRow {
  readonly code: string;
  readonly count: number;
  readonly text: string;
  readonly releases: string;
}

/** Most frequent first. */
export function refusalRows(result: BacktestResult): RefusalRow[] {
  return Object.entries(result.refusals)
    .map(([code, count]) => {
      if (!isReason(code)) throw new Error(`there is no reason ${code}`);
      return { code, count, ...describeReason(code) };
    })
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

/** Seconds of market time. */
export function durationOf(result: BacktestResult): number {
  return (Date.parse(result.to) - Date.parse(result.from)) / 1e3;
}
