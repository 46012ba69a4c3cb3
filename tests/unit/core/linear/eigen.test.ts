import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advanceEigen, eigenOf, rebuild, startEigen } from "../../../../server/core/linear/eigen.ts";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";

const symmetric = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc
    .array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), {
      minLength: size * size,
      maxLength: size * size,
    })
    .map((values) => ({
      size,
      matrix: Float64Array.from(
        values,
        (_, at) => values[Math.min(at, (at % size) * size + Math.floor(at / size))] ?? 0,
      ),
    })),
);

describe("the eigenvalues of a symmetric matrix", () => {
  it("are those of a matrix whose eigenvalues are known", () => {
    const { matrix } = eigenOf(Float64Array.of(2, 1, 0, 1, 2, 0, 0, 0, 5), 3);
    expect([matrix[0] ?? NaN, matrix[4] ?? NaN, matrix[8] ?? NaN].sort((a, b) => a - b)).toEqual(
      [1, 3, 5].map((value) => expect.closeTo(value, 14)),
    );
  });

  it("give the matrix back with their vectors, which are orthonormal", () => {
    fc.assert(
      fc.property(symmetric, ({ size, matrix }) => {
        const eigen = eigenOf(matrix, size);
        const scale = Math.max(...matrix.map(Math.abs), 1e-300);
        for (const [at, value] of rebuild(eigen, (x) => x).entries())
          expect(Math.abs(value - (matrix[at] ?? NaN))).toBeLessThanOrEqual(1e-12 * scale * size);
        for (let i = 0; i < size; i++)
          for (let j = 0; j < size; j++) {
            let dot = 0;
            for (let m = 0; m < size; m++)
              dot += (eigen.vectors[m * size + i] ?? 0) * (eigen.vectors[m * size + j] ?? 0);
            expect(dot).toBeCloseTo(i === j ? 1 : 0, 11);
          }
      }),
      { numRuns: 100 },
    );
  });

  it("are the same when taken a rotation at a time, and what is half done can be hashed", () => {
    const matrix = Float64Array.from({ length: 36 }, (_, at) => 1 / (1 + Math.floor(at / 6) + (at % 6)));
    const eigen = startEigen(matrix, 6);
    let slices = 1;
    while (!advanceEigen(eigen, 1)) {
      expect(stateHash(eigen)).toMatch(/^[0-9a-f]{64}$/);
      slices += 1;
    }
    expect(slices).toBeGreaterThan(15);
    expect(eigen).toEqual(eigenOf(matrix, 6));
  });

  it("of a diagonal matrix are at hand, with nothing to rotate", () => {
    const eigen = eigenOf(Float64Array.of(3, 0, 0, -2), 2);
    expect([...eigen.matrix]).toEqual([3, 0, 0, -2]);
    expect([...eigen.vectors]).toEqual([1, 0, 0, 1]);
  });
});
