/**
 * The policies that the study compares (docs/models.md §2.1). What the product offers is set by its parameters; the local mid, the
 * strategy document's signs and their correction are rules that it must not offer, and move a quote's inputs here.
 */
import type { ParameterChange } from "../../../contract/params.ts";
import { bpsOf } from "../../../contract/units.ts";
import { deskChanges } from "../../../core/params/resolve.ts";
import type { Engine, InstrumentState } from "../../../core/state.ts";
import { ORDER_USD, TABLE } from "./worlds.ts";

export const POLICIES = [
  "B0",
  "B1",
  "S",
  "B2",
  "B3",
  "B3-unwithdrawn",
  "B3-band12",
  "B3-band6",
  "B3-every-fill",
  "B2-wide",
  "document-inventory",
  "document-cross",
  "cross-corrected",
] as const;
export type PolicyName = (typeof POLICIES)[number];

type Adjust = NonNullable<Engine["adjustQuote"]>;

export interface Policy {
  readonly words: string;
  readonly parameters: readonly ParameterChange[];
  /** Undefined: the product as it is. */
  readonly adjust: Adjust | undefined;
}

/** Share of the gap to the other venues that the strategy document moves a quote by. */
const CROSS_FRAC = 0.3;

const symmetric = { model: "symmetric", adverseSelectionSource: "set" } as const;
const skew = { model: "glft", adverseSelectionSource: "set" } as const;
const withCost = { model: "glft", adverseSelectionSource: "markouts" } as const;
const band = { ...withCost, hedging: "band" } as const;

/** The venue's own mid in the place of fair value. */
const localMid: Adjust = (context) => {
  context.fair = context.mid;
  context.basis = 0;
};

/** Row 20 of models §1.1: long raises the ask, short lowers the bid. */
const documentInventory: Adjust = (context, inst, engine) => {
  localMid(context, inst, engine);
  const lots = (context.excessBase * context.fair) / ORDER_USD;
  const move = bpsOf(context.fair, TABLE.slopeBps) * lots;
  context.costAsk += Math.max(0, move);
  context.costBid += Math.max(0, -move);
};

/** Row 24: where others are higher the ask comes down to them, where they are lower the bid goes up. */
const documentCross: Adjust = (context, inst, engine) => {
  localMid(context, inst, engine);
  const move = CROSS_FRAC * gapToOthers(inst, engine);
  if (move > 0) context.costAsk -= move;
  else context.costBid += move;
};

/** Row 8: both quotes go towards the others. */
const crossCorrected: Adjust = (context, inst, engine) => {
  localMid(context, inst, engine);
  context.basis = CROSS_FRAC * gapToOthers(inst, engine);
};

/** The published policy has the cost and nothing else: no side is withdrawn for its toxicity. */
const neverWithdrawn: Adjust = (context) => {
  if (context.bidOff === "TOXIC_FLOW") context.bidOff = undefined;
  if (context.askOff === "TOXIC_FLOW") context.askOff = undefined;
};

/** The plain mean of the other venues' mids less the venue's own, as the document has it. */
function gapToOthers(inst: InstrumentState, { state }: Engine): number {
  let sum = 0;
  let count = 0;
  for (const other of state.instruments) {
    if (other === inst || other.midReporting === undefined) continue;
    sum += other.midReporting;
    count += 1;
  }
  return count === 0 || inst.midReporting === undefined ? 0 : sum / count - inst.midReporting;
}

type Given = Parameters<typeof deskChanges>[0];
const policy = (words: string, parameters: Given, adjust?: Adjust): Policy => ({
  words,
  parameters: deskChanges(parameters),
  adjust,
});

export const POLICY: Readonly<Record<PolicyName, Policy>> = {
  B0: policy("symmetric, local mid", symmetric, localMid),
  B1: policy("B0 + skew", skew, localMid),
  S: policy("symmetric, fused fair value", symmetric),
  B2: policy("skew, fused fair value", skew),
  B3: policy("B2 + measured adverse selection", withCost),
  "B3-unwithdrawn": policy("B3, toxic sides not withdrawn", withCost, neverWithdrawn),
  "B3-band12": policy("B3 + hedge beyond 12 lots", { ...band, hedgeBandOrders: 12 }),
  "B3-band6": policy("B3 + hedge beyond 6 lots", { ...band, hedgeBandOrders: 6 }),
  "B3-every-fill": policy("B3 + hedge every fill", { ...withCost, hedging: "every-fill" }),
  "B2-wide": policy("B2 widened ×1.5, blind", { ...skew, spreadMultiplier: 1.5 }),
  "document-inventory": policy("B0 + inventory sign of the document", symmetric, documentInventory),
  "document-cross": policy("B0 + cross-venue sign of the document", symmetric, documentCross),
  "cross-corrected": policy("B0 + cross-venue shift, both sides", symmetric, crossCorrected),
};
