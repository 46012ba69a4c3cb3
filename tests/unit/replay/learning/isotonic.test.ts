import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrate, fitIsotonic } from "../../../../server/replay/learning/isotonic.ts";

const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1 })), {
  minLength: 1,
  maxLength: 60,
});

function fit(list: readonly (readonly [number, number])[]) {
  return fitIsotonic(
    list.map(([score]) => score),
    list.map(([, outcome]) => outcome),
  );
}

describe("isotonic calibration", () => {
  it("rises with the score, and keeps the mean outcome", () => {
    fc.assert(
      fc.property(rows, (list) => {
        const blocks = fit(list);
        for (const [at, block] of blocks.entries()) {
          expect(block.value).toBeGreaterThan(blocks[at - 1]?.value ?? -1);
          expect(block.from).toBeGreaterThan(blocks[at - 1]?.to ?? -1);
        }
        const calibrated = list.map(([score]) => calibrate(blocks, score) ?? NaN);
        const total = (values: number[]) => values.reduce((sum, x) => sum + x, 0);
        expect(total(calibrated)).toBeCloseTo(total(list.map(([, outcome]) => outcome)), 9);
      }),
    );
  });

  it("leaves no small change that would fit better", () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.double({ min: -0.3, max: 0.3, noNaN: true }), { minLength: 21, maxLength: 21 }),
        (list, shifts) => {
          const blocks = fit(list);
          const error = (of: (score: number) => number) =>
            list.reduce((sum, [score, outcome]) => sum + (of(score) - outcome) ** 2, 0);
          // Any other rising function of the score: ours plus shifts, sorted.
          const other = Array.from(
            { length: 21 },
            (_, score) => (calibrate(blocks, score) ?? 0) + (shifts[score] ?? 0),
          );
          other.sort((a, b) => a - b);
          expect(error((score) => other[score] ?? 0)).toBeGreaterThanOrEqual(
            error((score) => calibrate(blocks, score) ?? 0) - 1e-9,
          );
        },
      ),
    );
  });

  it("puts a straight line between blocks and stays level beyond them", () => {
    const blocks = [
      { from: 0.1, to: 0.2, value: 0 },
      { from: 0.4, to: 0.5, value: 1 },
    ];
    expect([0, 0.15, 0.3, 0.45, 0.9].map((score) => calibrate(blocks, score))).toEqual([
      0,
      0,
      expect.closeTo(0.5, 12),
      1,
      1,
    ]);
    expect(calibrate([], 0.5)).toBeUndefined();
  });

  it("refuses lists of different lengths", () => {
    expect(() => fitIsotonic([1, 2], [0])).toThrow(RangeError);
  });
});
