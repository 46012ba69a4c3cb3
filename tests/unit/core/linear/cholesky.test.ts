import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { factorCholesky, solveCholesky } from "../../../../server/core/linear/cholesky.ts";

const SIZE = 4;
const numbers = (count: number) =>
  fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: count, maxLength: count });

describe("the Cholesky factor", () => {
  it("solves a system whose matrix is positive definite", () => {
    fc.assert(
      fc.property(numbers(SIZE * SIZE), numbers(SIZE), (b, x) => {
        // B·Bᵀ + I is positive definite whatever B is.
        const at = (i: number, j: number) => i * SIZE + j;
        const a = new Float64Array(SIZE * SIZE);
        const right = new Float64Array(SIZE);
        for (let i = 0; i < SIZE; i++)
          for (let j = 0; j < SIZE; j++) {
            a[at(i, j)] = i === j ? 1 : 0;
            for (let m = 0; m < SIZE; m++)
              a[at(i, j)] = (a[at(i, j)] ?? 0) + (b[at(i, m)] ?? 0) * (b[at(j, m)] ?? 0);
          }
        for (let i = 0; i < SIZE; i++)
          for (let j = 0; j < SIZE; j++) right[i] = (right[i] ?? 0) + (a[at(i, j)] ?? 0) * (x[j] ?? 0);
        expect(factorCholesky(a, SIZE)).toBe(true);
        solveCholesky(a, SIZE, right);
        for (const [i, value] of right.entries()) expect(value).toBeCloseTo(x[i] ?? NaN, 8);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    { name: "is indefinite", matrix: [1, 2, 2, 1] },
    { name: "is singular", matrix: [1, 1, 1, 1] },
    { name: "is nothing", matrix: [0, 0, 0, 0] },
  ])("says so when the matrix $name", ({ matrix }) => {
    expect(factorCholesky(Float64Array.from(matrix), 2)).toBe(false);
  });
});
