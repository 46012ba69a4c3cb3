import { describe, expect, it } from "vitest";
import {
  realisedKernel,
  realisedVariance,
  twoScaleVariance,
} from "../../../../server/core/estimate/realisedVolatility.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const N = 4_000;

function pricesOf(noiseSd: number): number[] {
  const { normal } = randomStream(11, "prices");
  let price = 1_000;
  return Array.from({ length: N + 1 }, () => (price += normal()) + noiseSd * normal());
}

describe("realised variance", () => {
  it("of a clean price is right by every estimator", () => {
    const prices = pricesOf(0);
    const { plain, corrected, bipower, noiseVar } = realisedVariance(prices);
    for (const [estimate, within] of [
      [plain, 0.07],
      [corrected, 0.1],
      [bipower, 0.08],
      [twoScaleVariance(prices, 20), 0.35],
      [realisedKernel(prices, 20), 0.35],
    ] as const)
      expect(Math.abs(estimate / N - 1)).toBeLessThan(within);
    expect(noiseVar).toBeLessThan(0.06);
  });

  it("of a noisy price is far too high by the plain sum and right by those that take the noise out", () => {
    const prices = pricesOf(2.5);
    const { plain, corrected, bipower, noiseVar } = realisedVariance(prices);
    expect(plain / N).toBeGreaterThan(12);
    expect(bipower / N).toBeGreaterThan(10);
    expect(Math.abs(corrected / N - 1)).toBeLessThan(0.7);
    expect(Math.abs(twoScaleVariance(prices, 30) / N - 1)).toBeLessThan(0.35);
    expect(Math.abs(realisedKernel(prices, 30) / N - 1)).toBeLessThan(0.35);
    expect(Math.sqrt(noiseVar)).toBeCloseTo(2.5, 0);
  });
});
