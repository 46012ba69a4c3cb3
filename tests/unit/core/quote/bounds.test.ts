import { describe, expect, it } from "vitest";
import { expectedPickOff, stalenessFloor } from "../../../../server/core/quote/bounds.ts";

const EXPOSURE = { sigma: 1.5, latencyS: 0.2, sniperFee: 0.5 };

describe("the staleness floor", () => {
  it("is the reference half-spread", () => {
    expect(stalenessFloor({ ...EXPOSURE, z: 1.5 })).toBeCloseTo(0.5062305898749053, 12);
  });

  it("asks for nothing where the sniper's fee covers the move", () => {
    expect(stalenessFloor({ ...EXPOSURE, sniperFee: 2, z: 1.5 })).toBe(0);
  });
});

describe("the expected pick-off", () => {
  it("is the reference loss and probability", () => {
    const { loss, hitProbability } = expectedPickOff({ ...EXPOSURE, halfSpread: 1.5 });
    expect(Math.abs(loss / 0.000547401638239701 - 1)).toBeLessThan(1e-10);
    expect(Math.abs(hitProbability / 0.002869112792076615 - 1)).toBeLessThan(1e-10);
  });

  it("is E|Z|·σ√τ for a quote at fair value that is free to hit", () => {
    const { loss, hitProbability } = expectedPickOff({ ...EXPOSURE, sniperFee: 0, halfSpread: 0 });
    expect(loss).toBeCloseTo(Math.sqrt(2 / Math.PI) * 1.5 * Math.sqrt(0.2), 12);
    expect(hitProbability).toBeCloseTo(1, 12);
  });

  it.each([
    { name: "without volatility", sigma: 0, latencyS: 0.2 },
    { name: "without latency", sigma: 1.5, latencyS: 0 },
  ])("is nothing $name", ({ sigma, latencyS }) => {
    const pickOff = expectedPickOff({ sigma, latencyS, sniperFee: 0, halfSpread: 0 });
    expect(pickOff).toEqual({ loss: 0, hitProbability: 0 });
  });
});
