import fc from "fast-check";
import { expect, it } from "vitest";
import { createKalman, observeKalman } from "../../../../server/core/estimate/kalman.ts";

const positive = fc.double({ min: 1e-6, max: 10, noNaN: true });

it("moves towards what is seen, never past it, and is surer afterwards than the observation alone", () => {
  fc.assert(
    fc.property(positive, positive, positive, positive, (variance, dtS, noiseVar, variancePerS) => {
      const state = createKalman(100, variance);
      const gain = observeKalman(state, { dtS, price: 101, noiseVar }, variancePerS);
      expect(gain).toBeGreaterThan(0);
      expect(gain).toBeLessThan(1);
      expect(state.price).toBeCloseTo(100 + gain, 12);
      expect(state.variance).toBeLessThanOrEqual(noiseVar);
      expect(state.variance).toBeLessThan(variance + variancePerS * dtS);
    }),
  );
});

it("is the weighted mean of all that was seen when nothing moves", () => {
  const state = createKalman(100, 0.5);
  observeKalman(state, { dtS: 1, price: 102, noiseVar: 0.5 }, 0);
  observeKalman(state, { dtS: 1, price: 104, noiseVar: 0.25 }, 0);
  expect(state.price).toBeCloseTo((100 * 2 + 102 * 2 + 104 * 4) / 8, 12);
  expect(1 / state.variance).toBeCloseTo(8, 12);
});
