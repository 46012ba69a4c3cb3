import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COST_HORIZON,
  createSideLosses,
  expectedLoss,
  learnEdge,
  learnMarkout,
  meanNetEdge,
  pooledLoss,
  readExpectedLoss,
  type SideLosses,
} from "../../../../../server/core/estimate/adverse/expectedLoss.ts";
import { MARKOUT_HORIZONS_S } from "../../../../../server/core/estimate/adverse/markouts.ts";
import { markedFill, START_US } from "./fills.ts";

const HALF_LIFE_S = 3_600;
const HORIZON_S = MARKOUT_HORIZONS_S[COST_HORIZON] ?? NaN;

const USE = {
  atUs: START_US,
  halfLifeS: HALF_LIFE_S,
  sigmaPerSqrtS: 0.5,
  horizonS: HORIZON_S,
  horizon: COST_HORIZON,
  prior: 0,
  k: 1,
  sizeFrac: 1,
};

/** Fills that all lost `loss`, in price, when volatility was 0.5. */
function lost(loss: number, fills: number, sizeBase = 1, side: SideLosses = createSideLosses()): SideLosses {
  for (let i = 0; i < fills; i++)
    learnMarkout(
      side,
      START_US,
      { fill: markedFill({ sizeBase }), horizon: COST_HORIZON, horizonS: HORIZON_S, markout: -loss },
      HALF_LIFE_S,
    );
  return side;
}

describe("the expected loss of a side", () => {
  it("is the mean loss, drawn to its prior by 40 fills", () => {
    expect(expectedLoss(lost(0.3, 40), USE)).toBeCloseTo(0.15, 12);
    expect(expectedLoss(lost(0.3, 40), { ...USE, prior: 0.1 })).toBeCloseTo(0.2, 12);
    expect(expectedLoss(lost(0.3, 4_000), USE)).toBeCloseTo(0.3 * (4_000 / 4_040), 12);
  });

  it("is its prior without fills, and again when there have been none for long", () => {
    expect(expectedLoss(createSideLosses(), { ...USE, prior: 0.2 })).toBe(0.2);
    const later = { ...USE, prior: 0.2, atUs: START_US + 20 * HALF_LIFE_S * 1e6 };
    expect(expectedLoss(lost(3, 200), later)).toBeCloseTo(0.2, 2);
    expect(readExpectedLoss(lost(3, 200), later).state).toBe("STALE");
  });

  it("is floored and capped at use only: gains are remembered against later losses", () => {
    const side = lost(-0.3, 100);
    expect(expectedLoss(side, USE)).toBe(0);
    expect(pooledLoss(side, USE).loss).toBeLessThan(-0.2);
    lost(0.3, 100, 1, side);
    expect(expectedLoss(side, USE)).toBeCloseTo(0, 12);
    expect(expectedLoss(lost(100, 1_000), { ...USE, k: 2 })).toBe(2.5);
  });

  it("grows with volatility at once", () => {
    const side = lost(0.3, 400);
    expect(expectedLoss(side, { ...USE, sigmaPerSqrtS: 1.5 })).toBeCloseTo(3 * expectedLoss(side, USE), 12);
  });

  it("is learned by size, and a size without fills goes by the others", () => {
    const side = lost(0.1, 400, 1);
    lost(0.6, 400, 3, side);
    const [small, one, large] = [0.1, 1, 3].map((sizeFrac) => expectedLoss(side, { ...USE, sizeFrac }));
    expect(one).toBeLessThan(0.2);
    expect(large).toBeGreaterThan(0.5);
    expect(small).toBeCloseTo((0.35 * 800) / 840, 12);
  });

  it("is that of the horizon that is asked for, whichever was before", () => {
    const side = lost(0.3, 400);
    const done = { fill: markedFill(), horizon: 4, horizonS: 60, markout: -2 };
    for (let i = 0; i < 400; i++) learnMarkout(side, START_US, done, HALF_LIFE_S);
    const short = lost(0.3, 400);
    expect(expectedLoss(side, USE)).toBe(expectedLoss(short, USE));
    const late = { ...USE, horizon: 4, horizonS: 60 };
    expect(expectedLoss(side, late)).toBeCloseTo(2 * (400 / 440), 12);
    expect(readExpectedLoss(side, late)).toMatchObject({ state: "TRUSTED", nEff: 400 });
    expect(expectedLoss(short, { ...late, prior: 0.7 })).toBe(0.7);
  });

  it("scales with the price and not with the unit of time", () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const losses = fc.array(number(-1, 1), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(losses, number(0, 0.5), number(0.1, 3), (list, prior, k) => {
        const [one = NaN, dear = NaN] = [1, 1_000].map((price) => {
          const side = createSideLosses();
          for (const loss of list)
            learnMarkout(
              side,
              START_US,
              {
                fill: markedFill({ sigmaPerSqrtS: 0.5 * price, fair: 100 * price }),
                horizon: COST_HORIZON,
                horizonS: HORIZON_S,
                markout: -loss * price,
              },
              HALF_LIFE_S,
            );
          return expectedLoss(side, {
            ...USE,
            sigmaPerSqrtS: 0.5 * price,
            prior: prior * price,
            k: k / price,
          });
        });
        expect(dear).toBeCloseTo(1_000 * one, 7);
        // In milliseconds: σ is smaller by √1,000, the horizon 1,000 times longer.
        const side = lost(0.2, 9);
        const inMs = { ...USE, sigmaPerSqrtS: 0.5 / Math.sqrt(1_000), horizonS: HORIZON_S * 1_000 };
        expect(expectedLoss(side, inMs)).toBeCloseTo(expectedLoss(side, USE), 12);
      }),
    );
  });

  it("says how well it is known", () => {
    expect(readExpectedLoss(createSideLosses(), USE)).toMatchObject({ state: "WARM", value: 0, nEff: 0 });
    expect(readExpectedLoss(lost(0.2, 99), USE).state).toBe("WARM");
    expect(readExpectedLoss(lost(0.2, 100), USE)).toMatchObject({ state: "TRUSTED", nEff: 100, ageMs: 0 });
    const mixed = lost(0.2, 100);
    lost(-0.2, 100, 1, mixed);
    expect(readExpectedLoss(mixed, USE).stderr).toBeCloseTo((0.2 / Math.sqrt(199)) * (200 / 240), 12);
  });

  it("learns nothing from a fill whose volatility was not known", () => {
    const side = createSideLosses();
    const fill = markedFill({ sigmaPerSqrtS: 0 });
    learnMarkout(side, START_US, { fill, horizon: COST_HORIZON, horizonS: 5, markout: -1 }, HALF_LIFE_S);
    expect(pooledLoss(side, USE)).toEqual({ loss: 0, fills: 0 });
  });

  it("takes fees off the edge and follows the price", () => {
    const side = createSideLosses();
    expect(meanNetEdge(side, 100)).toBeUndefined();
    learnEdge(side, markedFill({ price: 99.9, feePerUnit: 0.04 }), HALF_LIFE_S);
    expect(meanNetEdge(side, 100)).toBeCloseTo(0.06, 12);
    expect(meanNetEdge(side, 200)).toBeCloseTo(0.12, 12);
    learnEdge(side, markedFill({ price: 99.9, feePerUnit: -0.02 }), HALF_LIFE_S);
    expect(meanNetEdge(side, 100)).toBeCloseTo(0.09, 12);
  });
});
