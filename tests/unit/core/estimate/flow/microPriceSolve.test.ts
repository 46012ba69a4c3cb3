import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveAdjustments } from "../../../../../server/core/estimate/flow/microPriceSolve.ts";

/** A chain of five states, mirrored about the third: transitions without a move and with one, as weights. */
const chain = fc.record({
  still: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
  moving: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 }),
  balanced: fc.array(fc.double({ min: 0.05, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
  moves: fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2, maxLength: 2 }),
});

const SIZE = 5;
const rowOf = (state: number) => Math.min(state, 4 - state) % 2;
const signOf = (state: number) => (state === 2 ? 0 : state < 2 ? 1 : -1);

/** Stoikov's own way: Σ BⁱG¹ with both factors by iteration, over all states. */
function byTheSeries(still: number[][], moving: number[][], expected: number[]): number[] {
  const throughStill = (start: number[]): number[] => {
    let sum = start;
    for (let i = 0; i < 3_000; i++) sum = start.map((s, x) => s + dot(still[x] ?? [], sum));
    return sum;
  };
  let term = throughStill(expected);
  const total = [...term];
  for (let i = 0; i < 3_000; i++) {
    term = throughStill(moving.map((row) => dot(row, term)));
    for (const [x, t] of term.entries()) total[x] = (total[x] ?? 0) + t;
    if (Math.max(...term.map(Math.abs)) < 1e-14) break;
  }
  return total;
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

describe("the adjustments of the micro-price", () => {
  it("are the sum of Stoikov's series", () => {
    fc.assert(
      fc.property(chain, ({ still, moving, balanced, moves }) => {
        // Rows 0 and 1 are free; 3 and 4 mirror them; the middle mirrors itself.
        const rows = (weights: number[]) => [weights.slice(0, 5), weights.slice(5, 10)];
        const middle = [...balanced, balanced[1] ?? 0, balanced[0] ?? 0];
        const whole = (weights: number[]) => {
          const [a = [], b = []] = rows(weights);
          return [a, b, middle, b.toReversed(), a.toReversed()];
        };
        const q = whole(still);
        const r = whole(moving);
        const sums = q.map((row, x) => [...row, ...(r[x] ?? [])].reduce((sum, w) => sum + w, 0));
        const normal = (weights: number[][]) => weights.map((row, x) => row.map((w) => w / (sums[x] ?? 1)));
        const [low = 0, next = 0] = moves;
        const expected = [low, next, 0, -next, -low];

        const solved = solveAdjustments({
          rows: 2,
          columns: SIZE,
          counts: Float64Array.from([0, 1].flatMap((x) => (q[x] ?? []).map((w, y) => w + (r[x]?.[y] ?? 0)))),
          moves: Float64Array.of(low * (sums[0] ?? 0), next * (sums[1] ?? 0)),
          moveSquares: new Float64Array(2),
          rowOf,
          signOf,
          nPrior: 0,
        });
        const series = byTheSeries(normal(q), normal(r), expected);
        expect(solved.adjustments[0]).toBeCloseTo(series[0] ?? NaN, 9);
        expect(solved.adjustments[1]).toBeCloseTo(series[1] ?? NaN, 9);
      }),
      { numRuns: 10 },
    );
  });

  it("are 0 for a state that was never left, and drawn to 0 for one that hardly was", () => {
    const solve = (n: number) =>
      solveAdjustments({
        rows: 2,
        columns: SIZE,
        counts: Float64Array.of(0, 0, n, 0, 0, 0, 0, 0, 0, 0),
        moves: Float64Array.of(-n, 0),
        moveSquares: Float64Array.of(n, 0),
        rowOf,
        signOf,
        nPrior: 5,
      });
    expect(solve(5).adjustments[0]).toBeCloseTo(-0.5, 12);
    expect(solve(5_000).adjustments[0]).toBeCloseTo(-5_000 / 5_005, 12);
    expect(Object.is(solve(5).adjustments[1], 0)).toBe(true);
    // Moves of 1 with certainty: the error is bounded by their size, and falls with √n.
    expect((solve(400).stderrs[0] ?? 0) / (solve(100).stderrs[0] ?? 1)).toBeCloseTo(0.5, 1);
  });

  it("add what may follow a move to its error", () => {
    // From the outer state to the inner one and from there to balance, down one each: −2 and −1.
    const solved = solveAdjustments({
      rows: 2,
      columns: SIZE,
      counts: Float64Array.of(0, 100, 0, 0, 0, 0, 0, 100, 0, 0),
      moves: Float64Array.of(-100, -100),
      moveSquares: Float64Array.of(100, 100),
      rowOf,
      signOf,
      nPrior: 0,
    });
    expect([...solved.adjustments]).toEqual([-2, -1]);
    // Variances (1 + 1²)/100 and (1 + 0)/100, the second one passed on to the first state.
    expect(solved.stderrs[0]).toBeCloseTo(Math.sqrt(0.03), 12);
    expect(solved.stderrs[1]).toBeCloseTo(0.1, 12);
  });

  it("refuse a chain that never comes back to balance and has no prior", () => {
    expect(() =>
      solveAdjustments({
        rows: 1,
        columns: 3,
        counts: Float64Array.of(1, 0, 0),
        moves: Float64Array.of(-1),
        moveSquares: Float64Array.of(1),
        rowOf: () => 0,
        signOf: (state) => (state === 0 ? 1 : 0),
        nPrior: 0,
      }),
    ).toThrow("invariant");
  });
});
