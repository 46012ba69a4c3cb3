import { describe, expect, it } from "vitest";
import { slopePerHour } from "../../../../server/bench/memory/slope.ts";

describe("slopePerHour", () => {
  it("is the growth in an hour of values on a line", () => {
    const points = [0, 1, 2, 5].map((minute) => ({ atMs: minute * 60_000, value: 100 + minute * 0.5 }));
    expect(slopePerHour(points)).toBeCloseTo(30, 9);
  });

  it("is that of the least squares between values that scatter", () => {
    const values = [10, 14, 10, 14];
    // Deviations -2, 2, -2, 2 at -1.5, -0.5, 0.5, 1.5 hours: covariance 4 by variance 5.
    expect(slopePerHour(values.map((value, hour) => ({ atMs: hour * 3_600_000, value })))).toBeCloseTo(
      0.8,
      9,
    );
  });

  it("refuses points of one instant", () => {
    expect(() => slopePerHour([{ atMs: 5, value: 1 }])).toThrow("more than one instant");
    expect(() => slopePerHour([])).toThrow("more than one instant");
  });
});
