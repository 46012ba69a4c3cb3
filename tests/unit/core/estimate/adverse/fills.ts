import type { MarkedFill } from "../../../../../server/core/estimate/adverse/markouts.ts";

export const START_US = 1_700_000_000_000_000;

/** A bid at 99.9 that was hit at fair value 100. */
export function markedFill(over: Partial<MarkedFill> = {}): MarkedFill {
  return {
    atUs: START_US,
    side: "buy",
    fair: 100,
    price: 99.9,
    feePerUnit: 0,
    sizeBase: 1,
    orderBase: 1,
    sigmaPerSqrtS: 0.5,
    instrument: 0,
    ...over,
  };
}
