import { describe, expect, it } from "vitest";
import { randomStream } from "../../../../../server/lab/random.ts";
import {
  autocorrelation,
  changes,
  correlation,
  excessKurtosis,
  fano,
  variancePerStep,
} from "../../../../../server/replay/studies/market/series.ts";

function normals(n: number, seed = 1): number[] {
  const { normal } = randomStream(seed, "series");
  return Array.from({ length: n }, normal);
}

function walk(steps: readonly number[]): number[] {
  let sum = 0;
  return [0, ...steps.map((step) => (sum += step))];
}

describe("the statistics of a series", () => {
  it("take changes one after the other and leave holes as holes", () => {
    expect(changes([1, 2, 4, 8, 16], 2)).toEqual([3, 12]);
    expect(changes([1, NaN, 4, 5], 1)).toEqual([NaN, NaN, 1]);
  });

  it("know heavy tails from normal ones, whatever the unit", () => {
    const values = normals(20_000);
    expect(excessKurtosis(values)).toBeCloseTo(0, 0);
    const cubed = values.map((value) => value ** 3);
    expect(excessKurtosis(cubed)).toBeGreaterThan(10);
    expect(excessKurtosis(cubed.map((value) => value * 1e-6 + 5e-6))).toBeCloseTo(
      excessKurtosis(cubed) ?? 0,
      6,
    );
    expect(excessKurtosis([1, 1, 1])).toBeUndefined();
  });

  it("find the bounce in trades: half of it is taken back by the next", () => {
    const trades = walk(normals(20_000)).map((price, i) => price + 50 * (normals(1, i)[0] ?? 0));
    expect(autocorrelation(changes(trades, 1), 1)).toBeCloseTo(-0.5, 1);
    expect(autocorrelation(normals(20_000), 1)).toBeCloseTo(0, 1);
    expect(variancePerStep(trades, 1)).toBeGreaterThan(20 * (variancePerStep(trades, 100) ?? NaN));
    expect(variancePerStep(walk(normals(20_000)), 10)).toBeCloseTo(1, 0);
  });

  it("correlate what is there on both sides, and say nothing of a handful", () => {
    const a = normals(1_000);
    const b = a.map((value, i) => (i % 3 === 0 ? NaN : 2 * value + 1));
    expect(correlation(a, b)).toBeCloseTo(1, 12);
    expect(correlation(a.slice(0, 9), b.slice(0, 9))).toBeUndefined();
  });

  it("tell arrivals that cluster from those that do not", () => {
    const { exponential } = randomStream(2, "arrivals");
    let atUs = 0;
    const alone = Array.from({ length: 5_000 }, () => (atUs += Math.round(exponential() * 1e6)));
    expect(fano(alone, 60e6)).toBeCloseTo(1, 0);
    const inFours = alone.flatMap((at) => [at, at, at, at]);
    expect(fano(inFours, 60e6)).toBeCloseTo(4 * (fano(alone, 60e6) ?? NaN), 6);
    expect(fano([], 60e6)).toBeUndefined();
  });
});
