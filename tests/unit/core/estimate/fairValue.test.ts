import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fuse, type FusionInputs, type FusionOutput } from "../../../../server/core/estimate/fairValue.ts";

interface Venue {
  mid: number;
  basis: number;
  noiseSd: number;
  ageLagS: number;
  usable: boolean;
}

function inputsOf(venues: readonly Venue[]): FusionInputs {
  return {
    mid: Float64Array.from(venues, (v) => v.mid),
    basis: Float64Array.from(venues, (v) => v.basis),
    noiseVar: Float64Array.from(venues, (v) => v.noiseSd ** 2),
    ageLagS: Float64Array.from(venues, (v) => v.ageLagS),
    usable: Uint8Array.from(venues, (v) => (v.usable ? 1 : 0)),
  };
}

function fused(venues: readonly Venue[], sigma = 1.5): FusionOutput {
  const out: FusionOutput = { fair: undefined, sd: undefined, weights: new Float64Array(venues.length) };
  fuse(inputsOf(venues), sigma, out);
  return out;
}

const THREE: Venue[] = [
  { mid: 0, basis: 0, noiseSd: 0.3, ageLagS: 0.05, usable: true },
  { mid: 0.6, basis: 0.1, noiseSd: 0.5, ageLagS: 0.15 + 0.2, usable: true },
  { mid: -0.4, basis: 0, noiseSd: 0.8, ageLagS: 0.4 + 0.5, usable: true },
];

describe("the fusion of venue mids", () => {
  it("gives the reference fair value, deviation and weights", () => {
    const { fair, sd, weights } = fused(THREE);
    expect(fair).toBeCloseTo(0.05286200255712179, 12);
    expect(sd).toBeCloseTo(0.39912729484219156, 12);
    [0.7866794937681271, 0.15354467227763444, 0.05977583395423855].forEach((w, i) =>
      expect(weights[i]).toBeCloseTo(w, 12),
    );
  });

  it("ignores a venue that is not usable, whatever stands in its place", () => {
    const broken = { mid: NaN, basis: NaN, noiseSd: NaN, ageLagS: NaN, usable: false };
    const { fair, sd, weights } = fused([THREE[0], broken, THREE[2]].filter((v) => v !== undefined));
    const without = fused(THREE.filter((_, i) => i !== 1));
    expect(fair).toBe(without.fair);
    expect(sd).toBe(without.sd);
    expect(weights[1]).toBe(0);
  });

  it("is unknown when no venue is usable, and keeps nothing of the last value", () => {
    const out: FusionOutput = { fair: 5, sd: 5, weights: new Float64Array([0.5, 0.3, 0.2]) };
    fuse(inputsOf(THREE.map((v) => ({ ...v, usable: false }))), 1.5, out);
    expect(out).toEqual({ fair: undefined, sd: undefined, weights: new Float64Array(3) });
  });

  it("is a lone venue's mid less its basis, with that venue's own deviation", () => {
    const { fair, sd, weights } = fused(
      [{ mid: 101, basis: 0.5, noiseSd: 0.3, ageLagS: 0.04, usable: true }],
      2,
    );
    expect(fair).toBeCloseTo(100.5, 12);
    expect(sd).toBeCloseTo(Math.sqrt(0.09 + 4 * 0.04), 12);
    expect(weights[0]).toBe(1);
  });

  it("trusts an old mid less when volatility is high, and equally when there is none", () => {
    const fresh = { mid: 0, basis: 0, noiseSd: 1, ageLagS: 0, usable: true };
    const old = { ...fresh, mid: 1, ageLagS: 3 };
    expect(fused([fresh, old], 0).fair).toBeCloseTo(0.5, 12);
    expect(fused([fresh, old], 1).fair).toBeCloseTo(0.2, 12);
    expect(fused([fresh, old], 10).fair ?? NaN).toBeLessThan(0.01);
  });

  it("lies among the mids less basis, moves with them, and is surer than any one of them", () => {
    const amount = fc.double({ min: -100, max: 100, noNaN: true });
    const venue = fc.record({
      mid: amount,
      basis: fc.double({ min: -1, max: 1, noNaN: true }),
      noiseSd: fc.double({ min: 0.01, max: 10, noNaN: true }),
      ageLagS: fc.double({ min: 0, max: 60, noNaN: true }),
      usable: fc.constant(true),
    });
    fc.assert(
      fc.property(fc.array(venue, { minLength: 1, maxLength: 6 }), amount, (venues, shift) => {
        const { fair = NaN, sd = NaN, weights } = fused(venues);
        const centred = venues.map((v) => v.mid - v.basis);
        expect(fair).toBeGreaterThanOrEqual(Math.min(...centred) - 1e-9);
        expect(fair).toBeLessThanOrEqual(Math.max(...centred) + 1e-9);
        expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 12);
        const best = Math.min(...venues.map((v) => v.noiseSd ** 2 + 1.5 ** 2 * v.ageLagS));
        expect(sd).toBeLessThanOrEqual(Math.sqrt(best) * (1 + 1e-12));
        expect(fused(venues.map((v) => ({ ...v, mid: v.mid + shift }))).fair).toBeCloseTo(fair + shift, 9);
      }),
      { numRuns: 200 },
    );
  });
});
