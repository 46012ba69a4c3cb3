import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addReturn,
  createEwVariance,
  forget,
  variancePerSecond,
} from "../../../../server/core/estimate/ewVariance.ts";

describe("the exponentially weighted variance", () => {
  it("gives the reference variances at irregular times", () => {
    const samples = [
      { dtS: 0.4, r: 0.02, variance: 0.0009999999999996021 },
      { dtS: 0.7, r: -0.03, variance: 0.0011908864519723464 },
      { dtS: 0.4, r: 0.04, variance: 0.0020127519370848443 },
      { dtS: 1.4, r: -0.02, variance: 0.0010190998933368943 },
      { dtS: 0.1, r: 0.04, variance: 0.001621924722014605 },
    ];
    const state = createEwVariance();
    for (const { dtS, r, variance } of samples) {
      addReturn(state, 5, r, dtS);
      expect(Math.abs((variancePerSecond(state) ?? NaN) / variance - 1)).toBeLessThan(1e-10);
    }
  });

  it("knows nothing before the first return, and nothing once all is forgotten", () => {
    const state = createEwVariance();
    expect(variancePerSecond(state)).toBeUndefined();
    addReturn(state, 5, 1, 1);
    forget(state, 5, 1e6);
    expect(variancePerSecond(state)).toBeUndefined();
  });

  it("recovers the variance per second whatever the spacing of the returns", () => {
    const spacings = fc.array(fc.double({ min: 0.01, max: 9, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(spacings, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (dts, sigma) => {
        const state = createEwVariance();
        for (const dtS of dts) addReturn(state, 60, sigma * Math.sqrt(dtS), dtS);
        expect(Math.sqrt(variancePerSecond(state) ?? NaN) / sigma).toBeCloseTo(1, 12);
      }),
      { numRuns: 100 },
    );
  });

  it("counts returns by their weight, and lets time take weight but not value", () => {
    const state = createEwVariance();
    for (let i = 0; i < 3_000; i++) addReturn(state, 60, 2, 1);
    expect(state.nEff).toBeCloseTo(1 / (1 - Math.exp(-1 / 60)), 9);
    const before = { ...state };
    forget(state, 60, 60);
    expect(state.nEff).toBeCloseTo(before.nEff / Math.E, 12);
    expect(variancePerSecond(state)).toBeCloseTo(4, 12);
  });
});
