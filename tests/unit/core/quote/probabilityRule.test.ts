import { describe, expect, it } from "vitest";
import {
  documentRule,
  halfGiven,
  lossGiven,
  sizeGiven,
} from "../../../../server/core/quote/probabilityRule.ts";

describe("what a probability of adverse selection does to a quote", () => {
  it.each([
    { p: 0.71, half: 6, size: 0.6 },
    { p: 0.7, half: 4, size: 1 },
    { p: 0.3, half: 4, size: 1 },
    { p: 0.29, half: 3.2, size: 1.2 },
  ])(
    "is by the strategy document, at $p, a half-spread of $half and a size of $size",
    ({ p, half, size }) => {
      const quote = documentRule(p, { half: 4, size: 1 });
      expect(quote.half).toBeCloseTo(half, 12);
      expect(quote.size).toBeCloseTo(size, 12);
    },
  );

  it("is by expected losses nothing at the average, and wider with every higher p", () => {
    const means = { lossIfAdverse: 6, gainIfNot: 3 };
    const at = { half: 4, baseline: lossGiven(0.5, means), halfMin: 1 };
    expect(halfGiven(lossGiven(0.5, means), at)).toBe(4);
    let before = 0;
    for (let p = 0.2; p <= 1; p += 0.05) {
      const half = halfGiven(lossGiven(p, means), at);
      expect(half).toBeGreaterThan(before);
      before = half;
    }
    expect(halfGiven(lossGiven(0, means), at)).toBe(1);
  });

  it("shrinks the size by the loss in edges, between nothing and all", () => {
    expect(sizeGiven(-1, 2)).toBe(1);
    expect(sizeGiven(2, 2)).toBe(0.5);
    expect(sizeGiven(5, 2)).toBe(0);
    expect(sizeGiven(-1, 0)).toBe(0);
  });
});
