import { describe, expect, it } from "vitest";
import {
  addWeight,
  createWeight,
  effectiveCount,
  fadeWeight,
} from "../../../../../server/core/estimate/intensity/weight.ts";

describe("a weighted count", () => {
  it("is worth the number of its observations while all weigh alike, faded or not", () => {
    const weight = createWeight();
    expect(effectiveCount(weight)).toBe(0);
    for (let i = 0; i < 7; i++) addWeight(weight, 1);
    expect(effectiveCount(weight)).toBeCloseTo(7, 12);
    fadeWeight(weight, 0.3);
    expect(effectiveCount(weight)).toBeCloseTo(7, 12);
  });

  it("takes the parts of one observation for one", () => {
    const weight = createWeight();
    for (let i = 0; i < 4; i++) addWeight(weight, 0.25);
    expect(effectiveCount(weight)).toBeCloseTo(1, 12);
  });

  it("is worth less than its number when some weigh little", () => {
    const weight = createWeight();
    for (let i = 0; i < 100; i++) addWeight(weight, 1);
    fadeWeight(weight, 0.01);
    addWeight(weight, 1);
    expect(effectiveCount(weight)).toBeCloseTo(4 / 1.01, 12);
  });

  it("is empty, not a denormal number, once it has faded away", () => {
    const weight = createWeight();
    addWeight(weight, 1);
    for (let i = 0; i < 60; i++) fadeWeight(weight, 0.5);
    expect(weight).toEqual({ sum: 0, squares: 0 });
  });
});
