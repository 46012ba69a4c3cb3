import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  latticeDecay,
  latticeDecayStderr,
  rateAtFair,
} from "../../../../../server/core/estimate/intensity/latticeFit.ts";

const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true });

describe("the fit on a lattice", () => {
  it("meets the reference: ten sweeps at a mean of 0.9 steps", () => {
    const counts = { stops: 10, steps: 9 };
    expect(latticeDecay(counts, 1)).toBeCloseTo(0.7472144018302211, 12);
    expect(latticeDecayStderr(counts, 1, 10)).toBeCloseTo(0.2418254167033372, 12);
    expect(rateAtFair(0.5, latticeDecay(counts, 1), 0.5)).toBeCloseTo(0.7264831572567789, 12);
  });

  it("tends to the mean depth's inverse as the tick gets fine", () => {
    expect(latticeDecay({ stops: 100, steps: 100 * 1e6 }, 1e-6)).toBeCloseTo(1, 5);
  });

  it("falls with deeper sweeps and scales with the unit of length", () => {
    fc.assert(
      fc.property(positive, positive, positive, (stops, steps, tick) => {
        const k = latticeDecay({ stops, steps }, tick);
        expect(latticeDecay({ stops, steps: steps * 1.1 }, tick)).toBeLessThan(k);
        expect(latticeDecay({ stops, steps }, tick * 1000) / (k / 1000)).toBeCloseTo(1, 12);
        const se = latticeDecayStderr({ stops, steps }, tick, stops);
        expect(latticeDecayStderr({ stops, steps }, tick * 1000, stops) / (se / 1000)).toBeCloseTo(1, 12);
        expect(latticeDecayStderr({ stops, steps }, tick, 4 * stops) / se).toBeCloseTo(0.5, 12);
      }),
    );
  });
});
