import { describe, expect, it } from "vitest";
import { inventoryRisk, venueCovariance } from "../../../../server/core/hedge/inventoryRisk.ts";

describe("inventory at risk", () => {
  it("is the price's deviation on the sum where venues move as one", () => {
    expect(inventoryRisk([3, -1], venueCovariance(2, [0, 0]))).toBeCloseTo(2 * 2, 12);
  });

  it("is that of the bases alone where a hedge leaves nothing of the price", () => {
    expect(inventoryRisk([3, -3], venueCovariance(2, [0.25, 0.5]))).toBeCloseTo(3 * Math.sqrt(0.75), 12);
  });

  it("is nothing when flat, and never less for rounding", () => {
    expect(inventoryRisk([0, 0], venueCovariance(2, [1, 1]))).toBe(0);
    expect(inventoryRisk([0.1, 0.2, -0.3], venueCovariance(1e8, [0, 0, 0]))).toBeLessThan(1e-6 * 1e8);
  });

  it("refuses a covariance of another size", () => {
    expect(() => inventoryRisk([1, 2], [1])).toThrow(RangeError);
  });
});
