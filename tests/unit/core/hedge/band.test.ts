import { describe, expect, it } from "vitest";
import {
  diffusionBand,
  hedgeExcess,
  hedgeRate,
  internalisationBand,
  linearBand,
  passiveWaitS,
} from "../../../../server/core/hedge/band.ts";

/** Numbers of the GLFT set (σ = 0.3, γ = 0.01, Δ = 1): reflecting barriers of the exact problem beside ours. */
const SET = { slope: 0.0678658325, fillVariancePerS: 0.6661, gamma: 0.01, sigma: 0.3 };

describe("the internalisation band", () => {
  it.each([
    { takingCost: 0.1, linear: 1.5, diffusion: 4.8 },
    { takingCost: 0.25, linear: 3.7, diffusion: 6.5 },
    { takingCost: 0.5, linear: 7.4, diffusion: 8.2 },
    { takingCost: 1, linear: 14.7, diffusion: 10.4 },
    { takingCost: 2, linear: 29.5, diffusion: 13 },
  ])(
    "is the wider of $linear and $diffusion at a cost of $takingCost",
    ({ takingCost, linear, diffusion }) => {
      const inputs = { ...SET, takingCost };
      expect(linearBand(inputs)).toBeCloseTo(linear, 1);
      expect(diffusionBand(inputs)).toBeCloseTo(diffusion, 1);
      expect(internalisationBand(inputs)).toBe(Math.max(linearBand(inputs), diffusionBand(inputs)));
    },
  );

  it("has no end where holding costs nothing", () => {
    expect(internalisationBand({ ...SET, takingCost: 1, gamma: 0 })).toBe(Infinity);
    expect(hedgeExcess(1e9, Infinity)).toBe(0);
  });

  it("lets every fill be hedged where taking is free", () => {
    expect(internalisationBand({ ...SET, takingCost: 0 })).toBe(0);
    expect(hedgeExcess(3, 0)).toBe(-3);
  });
});

describe("the hedge", () => {
  it.each([
    { q: -9, expected: 5 },
    { q: -4, expected: 0 },
    { q: 4, expected: 0 },
    { q: 6, expected: -2 },
  ])("of $q with a band of 4 is $expected", ({ q, expected }) => {
    expect(hedgeExcess(q, 4)).toBe(expected);
  });

  it.each([
    { q: 10, expected: 0 },
    { q: 30, expected: -2.5 },
    { q: -30, expected: 2.5 },
  ])("goes at $expected a second from $q where speed costs too", ({ q, expected }) => {
    expect(hedgeRate(q, { takingCost: 1, slope: 0.1, impact: 0.4 })).toBeCloseTo(expected, 12);
  });

  it("waits passively until the price's walk is worth half of what taking costs", () => {
    const waitS = passiveWaitS(3, 0.5);
    expect(waitS).toBe(9);
    expect(0.5 * Math.sqrt(waitS)).toBe(3 / 2);
  });
});
