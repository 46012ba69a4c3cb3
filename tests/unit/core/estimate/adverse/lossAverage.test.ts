import { describe, expect, it } from "vitest";
import {
  createLossAverage,
  fillsAt,
  learnLoss,
  meanOf,
  shrunkMean,
  stderrOf,
} from "../../../../../server/core/estimate/adverse/lossAverage.ts";
import { encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const HALF_LIFE_S = 3_600;
const EVERY_US = 60e6;

/** Fills a minute apart without any information: losses of mean 0 and standard deviation 1. */
function uninformed(seed: number, fills: number) {
  const { normal } = randomStream(seed, "losses");
  return Array.from({ length: fills }, () => normal());
}

describe("the mean loss of fills", () => {
  it("is unbiased without informed flow; a floor inside the recursion finds a loss that is not there", () => {
    const seeds = 300;
    const raw: number[] = [];
    const floored: number[] = [];
    for (let seed = 0; seed < seeds; seed++) {
      const state = createLossAverage();
      let clipped = 0;
      for (const [at, loss] of uninformed(seed, 300).entries()) {
        learnLoss(state, at * EVERY_US, loss, HALF_LIFE_S);
        clipped = Math.max(0, clipped + (loss - clipped) / Math.max(1, state.n));
      }
      raw.push(shrunkMean({ mean: meanOf(state), n: state.n }, 1, 0, 40));
      floored.push((clipped * state.n) / (state.n + 40));
    }
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / seeds;
    const sd = Math.sqrt(mean(raw.map((x) => x * x)));
    const stderr = sd / Math.sqrt(seeds);
    expect(Math.abs(mean(raw))).toBeLessThan(2.6 * stderr);
    expect(mean(floored)).toBeGreaterThan(10 * stderr);
  });

  it("has the error that its mean shows over many runs", () => {
    const runs = Array.from({ length: 200 }, (_, seed) => {
      const state = createLossAverage();
      for (const loss of uninformed(seed, 50)) learnLoss(state, 0, loss, HALF_LIFE_S);
      return { mean: meanOf(state) ?? NaN, stderr: stderrOf(state) ?? NaN };
    });
    const covered = runs.filter(({ mean, stderr }) => Math.abs(mean) < 1.96 * stderr).length;
    expect(covered).toBeGreaterThan(180);
    expect(covered).toBeLessThan(200);
  });

  it("counts a fill for half after its half-life", () => {
    const state = createLossAverage();
    learnLoss(state, 0, 4, HALF_LIFE_S);
    learnLoss(state, HALF_LIFE_S * 1e6, 1, HALF_LIFE_S);
    expect(meanOf(state)).toBeCloseTo((0.5 * 4 + 1) / 1.5, 12);
    expect(fillsAt(state, 2 * HALF_LIFE_S * 1e6, HALF_LIFE_S)).toBeCloseTo(0.75, 12);
  });

  it("knows nothing before a fill", () => {
    const state = createLossAverage();
    expect(meanOf(state)).toBeUndefined();
    expect(stderrOf(state)).toBeUndefined();
    expect(shrunkMean({ mean: undefined, n: 0 }, 1, 7, 40)).toBe(7);
  });

  it("keeps a state that can be hashed after losses and silences of any kind", () => {
    const state = createLossAverage();
    for (const [at, loss] of [-1e-300, -0, 0, -5].entries()) learnLoss(state, at * 1e18, loss, HALF_LIFE_S);
    expect(() => encodeState(state)).not.toThrow();
  });
});
