import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { liquidity, skewSlope, type VenueFlow } from "../../../../server/core/quote/glft.ts";
import { matrixSkew, sizeTermOf, skewOf } from "../../../../server/core/quote/matrixSkew.ts";

const range = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const pair = fc.record({
  sd: fc.tuple(range(0.1, 50), range(0.1, 50)),
  rho: range(-0.95, 0.95),
  pooled: fc.tuple(range(1e-4, 10), range(1e-4, 10)),
  gamma: range(1e-6, 1),
});

function skewOfPair(
  { sd, rho, pooled, gamma }: typeof pair extends fc.Arbitrary<infer T> ? T : never,
  scale = 1,
) {
  const [a, b] = [sd[0] * scale, sd[1] * scale];
  return matrixSkew({
    covariance: Float64Array.of(a * a, rho * a * b, rho * a * b, b * b),
    liquidity: pooled.map((value) => value / scale),
    gamma: gamma / scale,
  });
}

describe("the skew over several markets", () => {
  it("is the slope of the single market when there is one", () => {
    const venues: VenueFlow[] = [
      { A: 0.5, k: 0.05, orderSize: 0.01, cost: 1 },
      { A: 0.2, k: 0.08, orderSize: 0.02, cost: 0 },
    ];
    const [gamma, sigma] = [0.01, 5];
    const pooled = venues.reduce((sum, venue) => sum + liquidity(venue, gamma), 0);
    const skew = matrixSkew({ covariance: Float64Array.of(sigma ** 2), liquidity: [pooled], gamma });
    const slope = skewSlope({ gamma, sigma, venues });
    expect(skewOf(skew, 0, [3]) / (3 * slope)).toBeCloseTo(1, 12);
    expect(sizeTermOf(skew, 0, 0.01) / (slope * 0.005)).toBeCloseTo(1, 12);
  });

  it("leaves markets that have nothing in common alone", () => {
    const skew = matrixSkew({ covariance: Float64Array.of(4, 0, 0, 9), liquidity: [1, 2], gamma: 0.1 });
    expect(skewOf(skew, 0, [0, 5])).toBe(0);
    expect(skewOf(skew, 1, [5, 0])).toBe(0);
  });

  it("moves a market down for its own length, and another by the sign of their correlation", () => {
    fc.assert(
      fc.property(pair, (risk) => {
        const skew = skewOfPair(risk);
        expect(skewOf(skew, 0, [1, 0])).toBeGreaterThan(0);
        expect(skewOf(skew, 1, [0, -1])).toBeLessThan(0);
        if (Math.abs(risk.rho) > 1e-6) expect(Math.sign(skewOf(skew, 1, [1, 0]))).toBe(Math.sign(risk.rho));
        expect(skew.matrix[1]).toBe(skew.matrix[2]);
      }),
      { numRuns: 200 },
    );
  });

  it("scales with the price: γ is per money and flow per price", () => {
    fc.assert(
      fc.property(pair, (risk) => {
        const one = skewOf(skewOfPair(risk), 0, [1, 2]);
        expect(skewOf(skewOfPair(risk, 1_000), 0, [1, 2]) / (1_000 * one)).toBeCloseTo(1, 6);
      }),
      { numRuns: 100 },
    );
  });

  it("satisfies its equation: 2A·D·2A = γΣ/2·2 with D the pooled flow", () => {
    fc.assert(
      fc.property(pair, (risk) => {
        const { matrix } = skewOfPair(risk);
        const [sigma, d] = [risk.sd, risk.pooled.map((pooled) => 2 * pooled)];
        for (let i = 0; i < 2; i++)
          for (let j = 0; j < 2; j++) {
            let product = 0;
            for (let m = 0; m < 2; m++)
              product += 4 * (matrix[i * 2 + m] ?? 0) * (d[m] ?? 0) * (matrix[m * 2 + j] ?? 0);
            const covariance = (i === j ? 1 : risk.rho) * (sigma[i] ?? NaN) * (sigma[j] ?? NaN);
            const size = (sigma[i] ?? NaN) * (sigma[j] ?? NaN) * risk.gamma;
            expect((product - risk.gamma * covariance) / size).toBeCloseTo(0, 8);
          }
      }),
      { numRuns: 100 },
    );
  });
});
