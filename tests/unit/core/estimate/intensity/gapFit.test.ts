import { describe, expect, it } from "vitest";
import {
  addGap,
  createGaps,
  fadeGaps,
  fitGaps,
} from "../../../../../server/core/estimate/intensity/gapFit.ts";
import {
  latticeDecay,
  latticeDecayStderr,
} from "../../../../../server/core/estimate/intensity/latticeFit.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

/** Sweeps of exponential reach through levels that stand `gap(i)` ticks apart. */
function swept(k: number, n: number, gap: () => number, seed = 1) {
  const { exponential } = randomStream(seed, "gaps");
  const gaps = createGaps();
  let steps = 0;
  let lastPrices = 0;
  for (let i = 0; i < n; i++) {
    const reach = exponential() / k;
    let last = 0;
    let next = gap();
    while (next <= reach) {
      last = next;
      next += gap();
    }
    steps += last;
    lastPrices += last;
    addGap(gaps, next - last);
  }
  return { gaps, steps, lastPrices };
}

describe("the fit between levels", () => {
  it("is the lattice's to the digit where every gap is one tick", () => {
    const gaps = createGaps();
    for (let i = 0; i < 10; i++) addGap(gaps, 1);
    const { decayPerTick, stderr } = fitGaps(gaps, 9, 10);
    expect(decayPerTick).toBeCloseTo(latticeDecay({ stops: 10, steps: 9 }, 1), 13);
    expect(stderr).toBeCloseTo(latticeDecayStderr({ stops: 10, steps: 9 }, 1, 10), 13);
  });

  it("covers k with its 95 % interval however far apart the levels stand, where the last price alone is far off", () => {
    const k = 0.0033;
    let covered = 0;
    let naive = 0;
    for (let seed = 0; seed < 200; seed++) {
      const sizes = randomStream(seed, "sizes");
      const { gaps, steps, lastPrices } = swept(k, 300, () => 1 + Math.floor(600 * sizes.uniform()), seed);
      const { decayPerTick, stderr } = fitGaps(gaps, steps, 300);
      if (Math.abs(decayPerTick - k) < 1.96 * stderr) covered += 1;
      naive += lastPrices / 300 / 200;
    }
    expect(covered / 200).toBeGreaterThan(0.91);
    expect(covered / 200).toBeLessThan(0.99);
    expect(naive).toBeLessThan(0.8 / k);
  });

  it("does not change when everything fades alike", () => {
    const { gaps, steps } = swept(0.01, 100, () => 50);
    const before = fitGaps(gaps, steps, 100);
    fadeGaps(gaps, 0.3);
    expect(fitGaps(gaps, steps * 0.3, 100).decayPerTick / before.decayPerTick).toBeCloseTo(1, 12);
  });

  it("stays finite when every sweep stops at once", () => {
    const gaps = createGaps();
    for (let i = 0; i < 10; i++) addGap(gaps, 300);
    const { decayPerTick, stderr } = fitGaps(gaps, 0, 10);
    expect(decayPerTick).toBeGreaterThan(1 / 300);
    expect(Number.isFinite(decayPerTick) && Number.isFinite(stderr)).toBe(true);
  });
});
