import fc from "fast-check";
import { expect, it } from "vitest";
import {
  EIGENVALUE_MIN,
  repairedCorrelation,
  splitCovariance,
} from "../../../../../server/core/estimate/covariance/psdRepair.ts";
import { eigenOf } from "../../../../../server/core/linear/eigen.ts";

const SIZE = 4;
const correlations = fc
  .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 6, maxLength: 6 })
  .map((values) => {
    const matrix = new Float64Array(SIZE * SIZE);
    let next = 0;
    for (let i = 0; i < SIZE; i++) {
      matrix[i * SIZE + i] = 1;
      for (let j = 0; j < i; j++) {
        const value = (values[next++] ?? 0) + 0;
        matrix[i * SIZE + j] = value;
        matrix[j * SIZE + i] = value;
      }
    }
    return matrix;
  });

it("makes any claimed correlations positive definite, with ones on the diagonal", () => {
  fc.assert(
    fc.property(correlations, (matrix) => {
      const repaired = repairedCorrelation(eigenOf(matrix, SIZE));
      const eigen = eigenOf(repaired, SIZE);
      for (let i = 0; i < SIZE; i++) {
        expect(repaired[i * SIZE + i]).toBeCloseTo(1, 12);
        expect(eigen.matrix[i * SIZE + i]).toBeGreaterThan(EIGENVALUE_MIN / 10);
        for (let j = 0; j < SIZE; j++)
          expect(Math.abs(repaired[i * SIZE + j] ?? NaN)).toBeLessThanOrEqual(1 + 1e-12);
      }
    }),
    { numRuns: 200 },
  );
});

it("leaves a good matrix as it is", () => {
  const good = Float64Array.of(1, 0.5, 0.5, 1);
  for (const [at, value] of repairedCorrelation(eigenOf(good, 2)).entries())
    expect(value).toBeCloseTo(good[at] ?? NaN, 12);
});

it("splits a covariance into correlations and deviations, unless a market does not move", () => {
  const split = splitCovariance(Float64Array.of(4, 3, 3, 9), 2);
  expect([...(split?.correlation ?? [])]).toEqual([1, 0.5, 0.5, 1]);
  expect([...(split?.deviations ?? [])]).toEqual([2, 3]);
  expect(splitCovariance(Float64Array.of(4, 0, 0, 0), 2)).toBeUndefined();
});
