import { describe, expect, it } from "vitest";
import {
  continuousUrgency,
  liquidationCost,
  liquidationPath,
  urgency,
} from "../../../../server/core/hedge/almgrenChriss.ts";

/** The example of the paper: a million shares over five days. */
const PAPER = {
  sizeBase: 1e6,
  durationS: 5,
  steps: 5,
  sigma: 0.95,
  fixedCost: 0.0625,
  permanentImpact: 2.5e-7,
  temporaryImpact: 2.5e-6,
  riskAversion: 1e-6,
};

describe("the path of a liquidation", () => {
  it("is the paper's", () => {
    expect(urgency(PAPER)).toBeCloseTo(0.6071, 4);
    const path = liquidationPath(PAPER);
    expect([...path].map((left) => Math.round(left))).toEqual([1e6, 541_956, 289_854, 147_897, 62_142, 0]);
  });

  it("is a straight line without risk aversion", () => {
    const path = liquidationPath({ ...PAPER, riskAversion: 0 });
    expect([...path].map((left) => Math.round(left))).toEqual([1e6, 8e5, 6e5, 4e5, 2e5, 0]);
  });

  it("joins the straight line without a break as risk aversion goes to nothing", () => {
    const middle = liquidationPath({ ...PAPER, riskAversion: 1e-22 })[2];
    expect(middle).toBeCloseTo(6e5, 3);
  });

  it("stays finite where everything should have gone at once", () => {
    const path = liquidationPath({ ...PAPER, durationS: 1e5, steps: 1e5, riskAversion: 1 });
    expect([...path].every((left) => Number.isFinite(left) && left >= 0)).toBe(true);
    expect(path[0]).toBe(1e6);
  });

  it("covers a short as it sells a long", () => {
    const long = liquidationPath(PAPER);
    const short = liquidationPath({ ...PAPER, sizeBase: -1e6 });
    expect([...short].map((left) => 0 - left)).toEqual([...long]);
  });

  it("is better than any path near it", () => {
    const objective = (path: Float64Array) => {
      const { expected, variance } = liquidationCost(PAPER, path);
      return expected + PAPER.riskAversion * variance;
    };
    const best = liquidationPath(PAPER);
    for (let j = 1; j < PAPER.steps; j++)
      for (const change of [-1_000, 1_000]) {
        const other = Float64Array.from(best, (left, at) => left + (at === j ? change : 0));
        expect(objective(other)).toBeGreaterThan(objective(best));
      }
  });

  it("refuses steps whose permanent impact exceeds the temporary one", () => {
    expect(() => liquidationPath({ ...PAPER, permanentImpact: 5e-6 })).toThrow(RangeError);
  });

  it("tends to the continuous urgency as steps get shorter", () => {
    const often = { ...PAPER, steps: 100_000, permanentImpact: 0 };
    expect(urgency(often)).toBeCloseTo(continuousUrgency(often), 9);
  });
});
