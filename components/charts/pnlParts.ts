/** The parts of P&L in the order in which they are stacked. Chart and legend share it; it loads no chart. */
import type { PnlView } from "../../server/contract/lines.ts";
import type { ChartColours } from "./colours.ts";

export const PNL_PARTS = [
  { part: "spreadCapture", label: "spread", colour: "quote" },
  { part: "inventory", label: "inventory", colour: "inventory" },
  { part: "makerFees", label: "maker fees", colour: "faint" },
  { part: "takerFees", label: "taker fees", colour: "secondary" },
  { part: "hedging", label: "hedging", colour: "bid" },
  { part: "reducing", label: "reducing", colour: "attention" },
  { part: "currency", label: "currency", colour: "fair" },
] as const satisfies readonly {
  readonly part: keyof PnlView;
  readonly label: string;
  readonly colour: keyof ChartColours;
}[];
