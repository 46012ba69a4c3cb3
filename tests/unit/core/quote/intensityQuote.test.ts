import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decayAt,
  expectedWaitS,
  fillProbability,
  fillRatePerS,
  optimalDistance,
  riskNeutralDistance,
  type FillLaw,
} from "../../../../server/core/quote/intensityQuote.ts";

const POWER = { law: "power", A: 0.9, alpha: 3, d0: 2 } as const;
const EXPONENTIAL = { law: "exponential", A: 0.9, k: 0.3 } as const;

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const laws: fc.Arbitrary<FillLaw> = fc.oneof(
  fc.record({ law: fc.constant("exponential" as const), A: within(0.01, 10), k: within(0.01, 10) }),
  fc.record({
    law: fc.constant("power" as const),
    A: within(0.01, 10),
    alpha: within(1.2, 20),
    d0: within(0.1, 10),
  }),
);

function distanceOf(fill: FillLaw, shadowCost: number, gamma: number): number {
  const distance = optimalDistance(fill, { shadowCost, gamma, orderSize: 1 });
  if (distance === undefined) throw new Error("no optimum");
  return distance;
}

describe("fill rates", () => {
  it("meet the reference values", () => {
    const rate = fillRatePerS(EXPONENTIAL, 3.3);
    expect(rate).toBeCloseTo(0.33441902191984113, 14);
    expect(fillProbability(rate, 0.1)).toBeCloseTo(0.03288890336591498, 14);
    expect(expectedWaitS(rate)).toBeCloseTo(2.9902605248325136, 13);
    expect(fillRatePerS(POWER, 3.3)).toBeCloseTo(0.04836207070266059, 14);
  });

  it("fall with distance at the local decay, which a power law loses on the way out", () => {
    fc.assert(
      fc.property(laws, within(0, 10), (fill, distance) => {
        const step = 1e-6;
        const slope = Math.log(fillRatePerS(fill, distance) / fillRatePerS(fill, distance + step)) / step;
        expect(slope / decayAt(fill, distance)).toBeCloseTo(1, 2);
      }),
    );
    expect(decayAt(POWER, 4)).toBe(0.5);
    expect(decayAt(EXPONENTIAL, 4)).toBe(0.3);
  });
});

describe("the optimal distance", () => {
  it("meets the reference values", () => {
    expect(riskNeutralDistance(POWER, 0.4)).toBeCloseTo(1.6, 14);
    expect(distanceOf(POWER, 0.4, 0.01)).toBeCloseTo(1.5893486875494918, 13);
    expect(distanceOf(EXPONENTIAL, 0, 0.01)).toBeCloseTo(3.2789822822990748, 12);
  });

  it("earns more without risk aversion than any other", () => {
    fc.assert(
      fc.property(laws, within(0, 5), within(-0.9, 3), (fill, shadowCost, off) => {
        const best = riskNeutralDistance(fill, shadowCost) ?? NaN;
        const value = (distance: number) => fillRatePerS(fill, distance) * (distance - shadowCost);
        const margin = best - shadowCost;
        expect(value(best)).toBeGreaterThanOrEqual(value(shadowCost + margin * (1 + off)) * (1 - 1e-12));
      }),
    );
  });

  it("is the fixed point of the first-order condition, narrower with more risk aversion, wider with cost", () => {
    fc.assert(
      fc.property(laws, within(0, 5), within(1e-6, 10), (fill, shadowCost, gamma) => {
        const distance = distanceOf(fill, shadowCost, gamma);
        const target = shadowCost + Math.log1p(gamma / decayAt(fill, distance)) / gamma;
        expect(distance / target).toBeCloseTo(1, 9);
        expect(distance).toBeLessThanOrEqual((riskNeutralDistance(fill, shadowCost) ?? 0) * (1 + 1e-12));
        expect(distanceOf(fill, shadowCost, gamma * 2)).toBeLessThanOrEqual(distance * (1 + 1e-12));
        expect(distanceOf(fill, shadowCost + 1, gamma)).toBeGreaterThan(distance);
      }),
    );
  });

  it("tends to the risk-neutral one, and scales with the unit of price", () => {
    fc.assert(
      fc.property(laws, within(0, 5), within(1e-6, 10), (fill, shadowCost, gamma) => {
        expect(distanceOf(fill, shadowCost, 0)).toBeCloseTo(riskNeutralDistance(fill, shadowCost) ?? NaN, 9);
        const scaled: FillLaw =
          fill.law === "exponential" ? { ...fill, k: fill.k / 1000 } : { ...fill, d0: fill.d0 * 1000 };
        const ratio =
          distanceOf(scaled, shadowCost * 1000, gamma / 1000) / distanceOf(fill, shadowCost, gamma);
        expect(ratio / 1000).toBeCloseTo(1, 9);
      }),
    );
  });

  it("does not exist where value grows without end", () => {
    expect(riskNeutralDistance({ ...POWER, alpha: 1 }, 0.4)).toBeUndefined();
    expect(riskNeutralDistance(POWER, -2)).toBeUndefined();
    expect(
      optimalDistance({ ...POWER, alpha: 0.9 }, { shadowCost: 0, gamma: 0.1, orderSize: 1 }),
    ).toBeUndefined();
  });
});
