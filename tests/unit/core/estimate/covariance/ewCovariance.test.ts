import { describe, expect, it } from "vitest";
import {
  createEwCovariance,
  sampleCovariance,
  shrunkCovariance,
  type EwCovariance,
} from "../../../../../server/core/estimate/covariance/ewCovariance.ts";
import { stateHash } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const SD = 1e-4;

/** Prices of very different size with one common factor of half the variance. */
function walked(
  size: number,
  steps: number,
  decay: number,
  present: (step: number, market: number) => boolean = () => true,
): EwCovariance {
  const { normal } = randomStream(2, "markets");
  const state = createEwCovariance(size);
  const prices = Float64Array.from({ length: size }, (_, i) => 10 ** (5 - i));
  for (let step = 0; step < steps; step++) {
    const factor = normal();
    for (let i = 0; i < size; i++)
      prices[i] = (prices[i] ?? NaN) * Math.exp(SD * Math.SQRT1_2 * (factor + normal()));
    const usable = Uint8Array.from({ length: size }, (_, i) => (present(step, i) ? 1 : 0));
    sampleCovariance(state, prices, usable, decay);
  }
  return state;
}

describe("the covariance of markets", () => {
  it("finds variances and correlations of prices of any size", () => {
    const shrunk = shrunkCovariance(walked(4, 5_000, 1));
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 4; j++)
        expect((shrunk?.covariance[i * 4 + j] ?? NaN) / SD ** 2).toBeCloseTo(i === j ? 1 : 0.5, 1);
    expect(shrunk?.shrinkage).toBeLessThan(0.01);
    expect(shrunk?.nEff).toBe(4_999);
  });

  it("shrinks the more the less was seen, towards equal variances without correlation", () => {
    const shrinkages = [20, 100, 1_000].map(
      (steps) => shrunkCovariance(walked(6, steps, 1))?.shrinkage ?? NaN,
    );
    expect(shrinkages[0]).toBeGreaterThan(shrinkages[1] ?? NaN);
    expect(shrinkages[1]).toBeGreaterThan(shrinkages[2] ?? NaN);
  });

  it("forgets by its decay", () => {
    const decay = 0.99;
    expect(shrunkCovariance(walked(2, 5_000, decay))?.nEff).toBeCloseTo((1 + decay) / (1 - decay), 6);
  });

  it("leaves a missing market out of its own pairs alone, and takes no return across the gap", () => {
    const state = walked(3, 400, 1, (step, market) => market !== 2 || step % 2 === 0);
    expect(shrunkCovariance(state)).toBeUndefined();
    expect([...state.weights]).toEqual([399, 399, 0, 399, 399, 0, 0, 0, 0]);
    const holes = walked(3, 400, 1, (step, market) => market !== 2 || step % 10 !== 0);
    expect([...holes.weights]).toEqual([399, 399, 320, 399, 399, 320, 320, 320, 320]);
    expect((shrunkCovariance(holes)?.covariance[8] ?? NaN) / SD ** 2).toBeCloseTo(1, 0);
    expect(stateHash(holes)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is undefined before the first return", () => {
    expect(shrunkCovariance(walked(2, 1, 1))).toBeUndefined();
  });
});
