import { describe, expect, it } from "vitest";
import { misplacedValueFrac, requoteTolerance } from "../../../../server/core/quote/tolerance.ts";

describe("the requote tolerance", () => {
  it.each([
    { tick: 0.1, toleranceK: 0.2, k: 0.5, expected: 0.4 },
    { tick: 1, toleranceK: 0.2, k: 0.5, expected: 1 },
    { tick: 0.1, toleranceK: 0, k: 0.5, expected: 0.1 },
  ])("is the larger of a tick of $tick and $toleranceK/$k", ({ tick, toleranceK, k, expected }) => {
    expect(requoteTolerance(tick, toleranceK, k)).toBeCloseTo(expected, 14);
  });
});

describe("the value of a misplaced quote", () => {
  it.each([
    { displacement: -0.4, frac: 0.977122206528136 },
    { displacement: 0.2, frac: 0.9953211598395556 },
    { displacement: 0.4, frac: 0.9824769036935781 },
    { displacement: 1, frac: 0.9097959895689501 },
  ])("keeps $frac of its edge at $displacement", ({ displacement, frac }) => {
    expect(misplacedValueFrac(0.5, displacement)).toBeCloseTo(frac, 12);
  });

  it("loses about 2 % at the default tolerance of 0.2/k", () => {
    expect(misplacedValueFrac(0.5, requoteTolerance(0, 0.2, 0.5))).toBeCloseTo(0.98, 2);
  });
});
