import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skewSlope, type VenueFlow } from "../../../../server/core/quote/glft.ts";
import { slopeForInventorySd } from "../../../../server/core/quote/inventoryDynamics.ts";
import { gammaForSlope } from "../../../../server/core/quote/riskAversion.ts";

const BTC: VenueFlow = { A: 0.5, k: 0.05, orderSize: 0.01, cost: 0 };

describe("risk aversion from a target slope", () => {
  it("gives the reference γ for an inventory deviation of 0.05 BTC", () => {
    const slope = slopeForInventorySd(0.05, [BTC]);
    expect(slope).toBeCloseTo(40, 9);
    const gamma = gammaForSlope({ slope, sigma: 5.342, venues: [BTC] }) ?? NaN;
    expect(Math.abs(gamma / 0.01030245235827121 - 1)).toBeLessThan(1e-8);
  });

  it("inverts the pooled slope over twelve orders of magnitude", () => {
    const scale = fc.double({ min: -4, max: 4, noNaN: true }).map((exponent) => 10 ** exponent);
    const venue = fc.record({ A: scale, k: scale, orderSize: scale, cost: fc.constantFrom(0, 1e-4, -1e-5) });
    const gammas = fc.double({ min: -9, max: 3, noNaN: true }).map((exponent) => 10 ** exponent);
    fc.assert(
      fc.property(fc.array(venue, { minLength: 1, maxLength: 4 }), gammas, scale, (venues, gamma, sigma) => {
        const found = gammaForSlope({ slope: skewSlope({ gamma, sigma, venues }), sigma, venues }) ?? NaN;
        expect(Math.abs(found / gamma - 1)).toBeLessThan(1e-9);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    { name: "there is no volatility", slope: 40, sigma: 0, venues: [BTC] },
    { name: "there is no venue", slope: 40, sigma: 5, venues: [] },
    { name: "nothing trades", slope: 40, sigma: 5, venues: [{ ...BTC, A: 0 }] },
    { name: "no slope is wanted", slope: 0, sigma: 5, venues: [BTC] },
    { name: "the slope is infinite", slope: Infinity, sigma: 5, venues: [BTC] },
    { name: "the slope is not a number", slope: NaN, sigma: 5, venues: [BTC] },
  ])("is undefined when $name", ({ slope, sigma, venues }) => {
    expect(gammaForSlope({ slope, sigma, venues })).toBeUndefined();
  });
});
