/**
 * Revaluation of inventory split into what the market did right after our maker fills and what it did besides
 * (models §6): adverse = Σ s·x·(M_{min(t+h, T)} − M_t), inventory = the rest. Markouts of near fills overlap;
 * because inventory is the rest, the two sum to the revaluation all the same.
 */
import { sideSign, type Side } from "../../contract/units.ts";

export interface MarkPoint {
  readonly atUs: number;
  readonly price: number;
}

export interface MakerFill {
  readonly atUs: number;
  readonly side: Side;
  readonly quantityBase: number;
}

/**
 * `marks` in the order of time, the first not after the first fill; at one instant the mark comes before the
 * fill. Gains > 0, reporting currency.
 */
export function splitRevaluation(
  revaluation: number,
  history: { readonly marks: readonly MarkPoint[]; readonly fills: readonly MakerFill[] },
  window: { readonly horizonUs: number; readonly untilUs: number },
): { readonly adverseSelection: number; readonly inventory: number } {
  let adverseSelection = 0;
  for (const { atUs, side, quantityBase } of history.fills) {
    const after = markAt(history.marks, Math.min(atUs + window.horizonUs, window.untilUs));
    adverseSelection += sideSign(side) * quantityBase * (after - markAt(history.marks, atUs));
  }
  return { adverseSelection, inventory: revaluation - adverseSelection };
}

/** The last mark at or before an instant. */
function markAt(marks: readonly MarkPoint[], atUs: number): number {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.atUs ?? Infinity) <= atUs) low = middle + 1;
    else high = middle;
  }
  const price = marks[low - 1]?.price;
  if (price === undefined)
    throw new Error(`invariant: no mark at ${atUs}, before the first of ${marks.length}`);
  return price;
}
