import { describe, expect, it } from "vitest";
import { bookImbalance, weightedMid } from "../../../../../server/core/estimate/flow/weightedMid.ts";

describe("the weighted mid", () => {
  it("lies on the side of the lighter quote, which gives way first", () => {
    expect(weightedMid({ bid: 100, bidSize: 9, ask: 101, askSize: 1 })).toBeCloseTo(100.9, 12);
    expect(weightedMid({ bid: 100, bidSize: 1, ask: 101, askSize: 9 })).toBeCloseTo(100.1, 12);
    expect(weightedMid({ bid: 100, bidSize: 4, ask: 101, askSize: 4 })).toBe(100.5);
  });

  it("is not known for a top without size", () => {
    const top = { bid: 100, bidSize: 0, ask: 101, askSize: 0 };
    expect(bookImbalance(top)).toBeUndefined();
    expect(weightedMid(top)).toBeUndefined();
  });
});
