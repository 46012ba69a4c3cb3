import { describe, expect, it } from "vitest";
import { normalDensity, normalTail } from "../../../../server/core/quote/normal.ts";

describe("the normal law", () => {
  // erfc(x/√2)/2 from the C library.
  it.each([
    { x: -6, tail: 0.9999999990134123 },
    { x: -2.5, tail: 0.9937903346742238 },
    { x: 0, tail: 0.5 },
    { x: 0.5, tail: 0.3085375387259869 },
    { x: 1, tail: 0.15865525393145707 },
    { x: 2, tail: 0.02275013194817922 },
    { x: 2.8284, tail: 0.0023390656954665992 },
    { x: 2.8285, tail: 0.002338335054464852 },
    { x: 3, tail: 0.0013498980316300957 },
    { x: 4.5, tail: 3.3976731247300615e-6 },
    { x: 8, tail: 6.220960574271819e-16 },
    { x: 20, tail: 2.7536241186063314e-89 },
    { x: 35, tail: 1.1249107064725534e-268 },
  ])("has the tail $tail beyond $x", ({ x, tail }) => {
    expect(Math.abs(normalTail(x) / tail - 1)).toBeLessThan(1e-13);
  });

  it("has tails that sum to one", () => {
    for (let x = 0; x < 9; x += 0.37) expect(normalTail(x) + normalTail(-x)).toBeCloseTo(1, 15);
  });

  it("has a density that is the slope of its tail", () => {
    for (const x of [-3, -0.5, 0, 1.2, 2.9])
      expect((normalTail(x - 1e-5) - normalTail(x + 1e-5)) / 2e-5).toBeCloseTo(normalDensity(x), 9);
  });
});
