import fc from "fast-check";
import { expect, it } from "vitest";
import { addLaggedCovariance } from "../../../../../server/core/estimate/leadLag/hayashiYoshida.ts";
import type { MidSeries } from "../../../../../server/core/estimate/leadLag/midHistory.ts";

const series: fc.Arbitrary<MidSeries> = fc
  .array(fc.record({ gap: fc.integer({ min: 1, max: 50 }), change: fc.integer({ min: -5, max: 5 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((steps) => {
    let at = 0;
    return {
      atUs: Float64Array.from(steps, ({ gap }) => (at += gap)),
      change: Float64Array.from(steps, ({ change }, i) => (i === 0 ? 0 : change)),
    };
  });

/** The definition, pair by pair. */
function naive(x: MidSeries, y: MidSeries, lagUs: number): { sum: number; noise: number } {
  let sum = 0;
  let noise = 0;
  for (let i = 1; i < x.atUs.length; i++)
    for (let j = 1; j < y.atUs.length; j++) {
      const from = Math.max(x.atUs[i - 1] ?? NaN, (y.atUs[j - 1] ?? NaN) - lagUs);
      const to = Math.min(x.atUs[i] ?? NaN, (y.atUs[j] ?? NaN) - lagUs);
      if (from >= to) continue;
      const product = (x.change[i] ?? NaN) * (y.change[j] ?? NaN);
      sum += product;
      noise += product ** 2;
    }
  return { sum, noise };
}

it("is the sum over all pairs that overlap, by blocks that sum to it", () => {
  fc.assert(
    fc.property(series, series, fc.integer({ min: -80, max: 80 }), (x, y, lagUs) => {
      const sums = new Float64Array(6);
      const noise = addLaggedCovariance(x, y, lagUs, { sums, at: 1, blocks: 4, fromUs: 0, blockUs: 100 });
      const expected = naive(x, y, lagUs);
      expect(sums[0]).toBe(0);
      expect(sums[5]).toBe(0);
      expect(sums.reduce((sum, block) => sum + block, 0)).toBe(expected.sum);
      expect(noise).toBe(expected.noise);
    }),
    { numRuns: 500 },
  );
});

it("is the same with the two exchanged and the lag turned round", () => {
  fc.assert(
    fc.property(series, series, fc.integer({ min: -80, max: 80 }), (x, y, lagUs) => {
      const both = new Float64Array(2);
      addLaggedCovariance(x, y, lagUs, { sums: both, at: 0, blocks: 1, fromUs: 0, blockUs: 1 });
      addLaggedCovariance(y, x, -lagUs, { sums: both, at: 1, blocks: 1, fromUs: 0, blockUs: 1 });
      expect(both[0]).toBe(both[1]);
    }),
  );
});
