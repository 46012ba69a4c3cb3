import { describe, expect, it } from "vitest";
import {
  countSweep,
  createClustering,
  fanoFactor,
  passClustering,
} from "../../../../../server/core/estimate/intensity/clustering.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

/** Sweeps that come `together` at a time, 30 a minute. */
function watched(together: number, minutes: number) {
  const bursts = randomStream(3, "bursts").poisson((30 / together) * (5 / 60));
  const state = createClustering();
  for (let s = 0; s < minutes * 60; s += 5) {
    for (let i = bursts() * together; i > 0; i--) countSweep(state);
    passClustering(state, 5, 1);
  }
  return fanoFactor(state);
}

describe("the clustering of sweeps", () => {
  it("is one where each comes by itself, and the size of the burst where they come in bursts", () => {
    expect(watched(1, 500)).toBeCloseTo(1, 0);
    expect(watched(5, 500) / 5).toBeCloseTo(1, 0);
  });

  it("says nothing from a few minutes", () => {
    expect(watched(10, 4)).toBe(1);
  });
});
