import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createTwoScale,
  readTwoScale,
  sampleTwoScale,
  twoScaleVariancePerS,
  type TwoScale,
} from "../../../../server/core/estimate/twoScale.ts";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const GRID = { stepS: 1, horizonS: 300 };
const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;

function feed(state: TwoScale, prices: readonly number[], prior = 1, startS = 0, stepS = 1): number {
  const grid = { ...GRID, stepS };
  let atUs = START_US + startS * SECOND_US;
  for (const price of prices) {
    atUs += stepS * SECOND_US;
    sampleTwoScale(state, atUs, price, grid, prior);
  }
  return atUs;
}

function noisyWalk(seed: number, n: number, sigma: number, noiseSd: number): number[] {
  const { normal } = randomStream(seed, "walk");
  let price = 60_000;
  return Array.from({ length: n }, () => (price += sigma * normal()) + noiseSd * normal());
}

describe("the streaming two-scale variance", () => {
  it("finds volatility and noise of a price whose noise hides it, and neither is negative", () => {
    const ratios: number[] = [];
    const noises: number[] = [];
    for (let seed = 0; seed < 30; seed++) {
      const state = createTwoScale(15);
      feed(state, noisyWalk(seed, 1_500, 2, 5));
      const found = twoScaleVariancePerS(state);
      ratios.push((found?.variancePerS ?? NaN) / 4);
      noises.push(Math.sqrt(found?.noiseVar ?? NaN));
    }
    const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
    expect(Math.abs(mean - 1)).toBeLessThan(0.12);
    expect(Math.min(...ratios)).toBeGreaterThan(0);
    expect(noises.every((noise) => Math.abs(noise - 5) < 0.5)).toBe(true);
  });

  it("scales with the price and with the unit of time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.constantFrom(1_000, 1e-3), (seed, scale) => {
        const prices = noisyWalk(seed, 60, 2, 3).map((price) => price - 60_000);
        const once = createTwoScale(5);
        const scaled = createTwoScale(5);
        feed(once, prices);
        feed(
          scaled,
          prices.map((price) => price * scale),
        );
        const variance = twoScaleVariancePerS(once)?.variancePerS ?? NaN;
        expect(twoScaleVariancePerS(scaled)?.variancePerS).toBeCloseTo(variance * scale ** 2, 6);
        const slow = createTwoScale(5);
        const grid = { stepS: 2, horizonS: 600 };
        for (const [i, price] of prices.entries())
          sampleTwoScale(slow, START_US + 2 * i * SECOND_US, price, grid, 1);
        expect(twoScaleVariancePerS(slow)?.variancePerS).toBeCloseTo(variance / 2, 6);
      }),
      { numRuns: 50 },
    );
  });

  it("takes no return across a step that was missed", () => {
    const state = createTwoScale(5);
    const atUs = feed(state, Array<number>(40).fill(100));
    sampleTwoScale(state, atUs + 3 * SECOND_US, 200, GRID, 1);
    feed(state, Array<number>(40).fill(200), 1, 43);
    expect(twoScaleVariancePerS(state)?.variancePerS).toBe(0);
  });

  it("is COLD first, WARM and near its prior with little, TRUSTED with much, STALE in silence", () => {
    const prices = noisyWalk(3, 1_200, 2, 1);
    const state = createTwoScale(8);
    const early = feed(state, prices.slice(0, 10));
    expect(readTwoScale(state, early)).toMatchObject({ state: "COLD", value: undefined });
    const warm = feed(state, prices.slice(10, 60), 1, 10);
    expect(readTwoScale(state, warm).state).toBe("WARM");
    const trusting = { stepS: 1, horizonS: 900 };
    let atUs = warm;
    for (const price of prices.slice(60)) sampleTwoScale(state, (atUs += SECOND_US), price, trusting, 1);
    const reading = readTwoScale(state, atUs);
    expect(reading.state).toBe("TRUSTED");
    expect(Math.abs((reading.value ?? NaN) - 2)).toBeLessThan(2.5 * (reading.stderr ?? NaN));
    expect(readTwoScale(state, atUs + 11 * SECOND_US).state).toBe("STALE");
    expect(stateHash(state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("rises at once and falls by a fifth a minute at most", () => {
    const state = createTwoScale(8);
    const quiet = noisyWalk(5, 600, 1, 0);
    let atUs = feed(state, quiet);
    const calm = readTwoScale(state, atUs).value ?? NaN;
    const wild = noisyWalk(6, 60, 20, 0).map((price) => price - 60_000 + (quiet.at(-1) ?? NaN));
    atUs = feed(state, wild, 1, 600);
    const risen = readTwoScale(state, atUs).value ?? NaN;
    expect(risen).toBeGreaterThan(2.5 * calm);
    // A short memory has forgotten most of it by then; what it says may not follow as fast.
    for (let second = 0; second < 120; second++)
      sampleTwoScale(state, (atUs += SECOND_US), wild.at(-1) ?? NaN, { stepS: 1, horizonS: 30 }, 1);
    expect(readTwoScale(state, atUs).value).toBeGreaterThanOrEqual(0.8 ** 2 * risen * (1 - 1e-9));
  });
});
