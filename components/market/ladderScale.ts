/** How much price a row of the ladder is, and which row is in the middle. Both stay put while they can. */
import type { LadderView } from "../../server/contract/link.ts";

/** Rows that are kept free beyond the furthest quote. */
const MARGIN_ROWS = 2;

/** The smallest of 1, 2, 5 × 10ⁿ that is at least so much. */
export function niceStep(atLeast: number): number {
  if (!(atLeast > 0)) return 1;
  const power = Math.floor(Math.log10(atLeast) + 1e-9);
  for (const [digit, exponent] of [
    [1, power],
    [2, power],
    [5, power],
    [1, power + 1],
  ] as const) {
    const step = stepOf(digit, exponent);
    if (step >= atLeast * (1 - 1e-9)) return step;
  }
  return stepOf(1, power + 1);
}

/** The next coarser (+1) or finer (−1) step. */
export function neighbourStep(step: number, direction: 1 | -1): number {
  return direction === 1 ? niceStep(step * 1.5) : niceStep(step / 2.6);
}

/** Division keeps 0.1 what people write as 0.1. */
function stepOf(digit: number, exponent: number): number {
  return exponent < 0 ? digit / 10 ** -exponent : digit * 10 ** exponent;
}

/**
 * The step at which our quotes and the best prices of all venues fit; the current one while they fit it and
 * would not fit one of under two fifths of it.
 */
export function fittingStep(
  ladders: readonly LadderView[],
  fair: number,
  rowCount: number,
  current: number | undefined,
): number {
  const needed = niceStep(reach(ladders, fair) / (Math.floor(rowCount / 2) - MARGIN_ROWS));
  if (current === undefined || needed > current || needed < current / 2.6) return needed;
  return current;
}

function reach(ladders: readonly LadderView[], fair: number): number {
  let furthest = 0;
  let tickMax = 0;
  for (const { rate, bids, asks, own, tick } of ladders) {
    if (rate === undefined) continue;
    tickMax = Math.max(tickMax, Number(tick) * rate);
    for (const price of [bids[0], asks[0], ...own.map((order) => order.price)])
      if (price !== undefined) furthest = Math.max(furthest, Math.abs(price * rate - fair));
  }
  // Rows finer than the coarsest tick would be mostly empty.
  return Math.max(furthest, tickMax * (MARGIN_ROWS + 1));
}

/** The row in the middle: it moves only when fair value has left the middle half. */
export function heldCentre(fairRow: number, rowCount: number, current: number | undefined): number {
  if (current === undefined) return fairRow;
  return Math.abs(fairRow - current) > rowCount / 4 ? fairRow : current;
}

/** Digits that a multiple of the step needs. */
export function stepDigits(step: number): number {
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}
