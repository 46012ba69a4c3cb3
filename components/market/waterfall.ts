/** A quote as a waterfall: where each stage takes the bid and the ask, in bps from the venue's mid. */
import type { QuoteExplanation, StageContribution } from "../../server/contract/views.ts";

export interface Leap {
  readonly fromBps: number;
  readonly toBps: number;
  readonly bps: number;
}

export type WaterfallRow =
  | {
      readonly kind: "step";
      readonly stage: string;
      readonly inputs: StageContribution["inputs"];
      readonly bid: Leap;
      readonly ask: Leap;
    }
  /** A price to start from, or a change of the currency it is written in: no step in bps. */
  | { readonly kind: "level"; readonly stage: string; readonly inputs: StageContribution["inputs"] };

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  readonly bidBps: number;
  readonly askBps: number;
  /** What the axis spans; 0, the mid, is always on it. */
  readonly lowBps: number;
  readonly highBps: number;
}

const LEVELS: ReadonlySet<string> = new Set(["mid", "conversion"]);

/** An axis never shorter than this: steps of a thousandth of a bp must not fill the picture. */
const SPAN_MIN_BPS = 1;

export function waterfallOf({ stages }: QuoteExplanation): Waterfall {
  let [bidBps, askBps, lowBps, highBps] = [0, 0, 0, 0];
  const rows = stages.map(({ stage, inputs, ...moved }): WaterfallRow => {
    if (LEVELS.has(stage)) return { kind: "level", stage, inputs };
    const bid = { fromBps: bidBps, toBps: bidBps + moved.bidBps, bps: moved.bidBps };
    const ask = { fromBps: askBps, toBps: askBps + moved.askBps, bps: moved.askBps };
    [bidBps, askBps] = [bid.toBps, ask.toBps];
    lowBps = Math.min(lowBps, bidBps, askBps);
    highBps = Math.max(highBps, bidBps, askBps);
    return { kind: "step", stage, inputs, bid, ask };
  });
  const missing = Math.max(0, SPAN_MIN_BPS - (highBps - lowBps)) / 2;
  return { rows, bidBps, askBps, lowBps: lowBps - missing, highBps: highBps + missing };
}

/** Place on the axis as a share of it, 0 … 1. */
export function placeOf(bps: number, { lowBps, highBps }: Pick<Waterfall, "lowBps" | "highBps">): number {
  return (bps - lowBps) / (highBps - lowBps);
}
