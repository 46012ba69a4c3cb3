import { describe, expect, it } from "vitest";
import {
  createSideLosses,
  learnEdge,
  learnMarkout,
} from "../../../../../server/core/estimate/adverse/expectedLoss.ts";
import {
  flatFromS,
  readMarkoutCurve,
  readNetEdge,
} from "../../../../../server/core/estimate/adverse/markoutCurve.ts";
import { MARKOUT_HORIZONS_S } from "../../../../../server/core/estimate/adverse/markouts.ts";
import { randomStream } from "../../../../../server/lab/random.ts";
import { markedFill, START_US } from "./fills.ts";

const SIGMA = 0.5;

/** Fair value falls by 2σ·(1 − e^(−t/scale)) after each of our buys, and walks besides. */
function informed(fills: number, scaleS: number) {
  const { normal } = randomStream(11, "curve");
  const side = createSideLosses();
  for (let i = 0; i < fills; i++) {
    let walk = 0;
    let before = 0;
    for (const [horizon, horizonS] of MARKOUT_HORIZONS_S.entries()) {
      walk += SIGMA * Math.sqrt(horizonS - before) * normal();
      before = horizonS;
      const markout = walk - 2 * SIGMA * -Math.expm1(-horizonS / scaleS);
      const fill = markedFill({ sigmaPerSqrtS: SIGMA });
      learnMarkout(side, START_US, { fill, horizon, horizonS, markout }, 3_600);
    }
  }
  return side;
}

describe("the markout curve", () => {
  it("shows the mean markout at each horizon, < 0 when adverse", () => {
    const curve = readMarkoutCurve(informed(4_000, 0.5), MARKOUT_HORIZONS_S, {
      atUs: START_US,
      halfLifeS: 3_600,
      sigmaPerSqrtS: SIGMA,
    });
    expect(curve.map(({ horizonS }) => horizonS)).toEqual(MARKOUT_HORIZONS_S);
    for (const { horizonS, value, stderr } of curve) {
      const expected = 2 * SIGMA * Math.expm1(-horizonS / 0.5);
      expect(Math.abs((value ?? NaN) - expected)).toBeLessThan(3 * (stderr ?? NaN));
    }
  });

  it("has no value before a fill", () => {
    const at = { atUs: START_US, halfLifeS: 3_600, sigmaPerSqrtS: SIGMA };
    for (const point of readMarkoutCurve(createSideLosses(), MARKOUT_HORIZONS_S, at))
      expect(point).toMatchObject({ state: "COLD", value: undefined, nEff: 0 });
  });

  it("stands beside the edge that the same fills captured, less fees", () => {
    const side = createSideLosses();
    for (const price of [99.9, 99.8]) learnEdge(side, markedFill({ price, feePerUnit: 0.05 }), 3_600);
    const edge = readNetEdge(side, { atUs: START_US, halfLifeS: 3_600, fair: 100 });
    expect(edge.value).toBeCloseTo(0.1, 12);
    expect(edge.stderr).toBeCloseTo(0.05, 12);
    expect(edge).toMatchObject({ state: "WARM", nEff: 2, ageMs: 0 });
  });

  it.each([
    { scaleS: 0.01, flatS: 0.1 },
    { scaleS: 0.2, flatS: 1 },
    { scaleS: 1.2, flatS: 5 },
  ])("is flat from $flatS s when the market takes $scaleS s", ({ scaleS, flatS }) => {
    expect(flatFromS(informed(20_000, scaleS), MARKOUT_HORIZONS_S)).toBe(flatS);
  });

  it("is not called flat on too few fills", () => {
    expect(flatFromS(informed(99, 0.01), MARKOUT_HORIZONS_S)).toBeUndefined();
  });
});
