import { describe, expect, it } from "vitest";
import {
  documentCrossShift,
  documentHalfSpread,
  documentSizeFactor,
  documentSkew,
  documentTierShift,
  inventoryTier,
  isInventoryTooOld,
  STRATEGY_DOCUMENT,
} from "../../../../server/core/quote/strategyDocument.ts";

const FAIR = 60_000;

describe("the half-spread of the strategy document", () => {
  it.each([
    { name: "half the base spread without volatility", given: {}, expectedBps: 10 },
    { name: "never less than half the least spread", given: { baseSpreadFrac: 0.0001 }, expectedBps: 2.5 },
    {
      name: "wider by half a standard deviation over the horizon",
      given: { sigma: 6, horizonS: 4 },
      expectedBps: 11,
    },
  ])("is $name", ({ given, expectedBps }) => {
    const half = documentHalfSpread({ fair: FAIR, baseSpreadFrac: 0.002, sigma: 0, horizonS: 1, ...given });
    expect((half / FAIR) * 1e4).toBeCloseTo(expectedBps, 10);
  });

  it("is a price: the document's own code quotes half a cent at 60,000", () => {
    expect(documentHalfSpread({ fair: FAIR, baseSpreadFrac: 0.002, sigma: 6, horizonS: 1 })).toBeGreaterThan(
      60,
    );
  });

  it("tells a wild market from a calm one beyond what the document's cap lets through", () => {
    const half = (sigma: number) =>
      documentHalfSpread({ fair: FAIR, baseSpreadFrac: 0.002, sigma, horizonS: 1 });
    expect(half(1_200)).toBeGreaterThan(2 * half(500));
  });
});

describe("the inventory penalty of the strategy document", () => {
  it.each([
    { share: 1, shiftBps: -10 },
    { share: 0.5, shiftBps: -5 },
    { share: -1, shiftBps: 10 },
    { share: 3, shiftBps: -10 },
  ])("moves both quotes by $shiftBps bps at $share of the limit", ({ share, shiftBps }) => {
    expect((documentSkew(FAIR, share, STRATEGY_DOCUMENT.penaltyFrac) / FAIR) * 1e4).toBeCloseTo(shiftBps, 10);
  });
});

describe("the tiers of the strategy document", () => {
  it.each([
    { share: 0.3, tier: "NORMAL" },
    { share: -0.31, tier: "ELEVATED" },
    { share: 0.7, tier: "ELEVATED" },
    { share: -0.71, tier: "HIGH" },
  ])("are $tier at $share of the limit", ({ share, tier }) => {
    expect(inventoryTier(share)).toBe(tier);
  });

  it.each([
    { name: "a long's ask comes 5 bps nearer", share: 0.8, side: "sell", bps: -5 },
    { name: "a long's bid goes 2 bps away", share: 0.8, side: "buy", bps: -2 },
    { name: "a short's bid comes 5 bps nearer", share: -0.8, side: "buy", bps: 5 },
    { name: "a short's ask goes 2 bps away", share: -0.8, side: "sell", bps: 2 },
    { name: "nothing moves below", share: 0.7, side: "sell", bps: 0 },
    { name: "nothing moves when flat", share: 0, side: "buy", bps: 0 },
  ] as const)("lean out: $name", ({ share, side, bps }) => {
    expect((documentTierShift(FAIR, share, side) / FAIR) * 1e4).toBeCloseTo(bps, 10);
  });

  it("leave the quotes apart at the least spread", () => {
    const half = documentHalfSpread({ fair: FAIR, baseSpreadFrac: 0, sigma: 0, horizonS: 1 });
    const bid = FAIR - half + documentTierShift(FAIR, 1, "buy");
    const ask = FAIR + half + documentTierShift(FAIR, 1, "sell");
    expect(bid).toBeLessThan(ask);
  });
});

describe("the cross-venue shift of the strategy document", () => {
  it("goes where the others are, by 30 % of the gap", () => {
    expect(documentCrossShift(60_000, 60_060, STRATEGY_DOCUMENT.arbitrageFactor)).toBeCloseTo(18, 10);
    expect(documentCrossShift(60_000, 59_940, STRATEGY_DOCUMENT.arbitrageFactor)).toBeCloseTo(-18, 10);
  });
});

describe("the size factor of the strategy document", () => {
  const calm = { side: "buy", share: 0, marketSpreadFrac: 0.002, baseSpreadFrac: 0.002 } as const;

  it.each([
    { name: "1 in an ordinary market", given: {}, expected: 1 },
    { name: "1.5 in a wide one", given: { marketSpreadFrac: 0.0031 }, expected: 1.5 },
    { name: "0.7 in a tight one", given: { marketSpreadFrac: 0.0009 }, expected: 0.7 },
    { name: "cut on the side that adds above 70 %", given: { share: 0.8 }, expected: 0.6 },
    { name: "whole on the side that reduces", given: { share: 0.8, side: "sell" }, expected: 1 },
    { name: "cut on a short's ask", given: { share: -0.8, side: "sell" }, expected: 0.6 },
    { name: "half at and beyond the limit", given: { share: 2 }, expected: 0.5 },
  ] as const)("is $name", ({ given, expected }) => {
    expect(documentSizeFactor({ ...calm, ...given })).toBeCloseTo(expected, 12);
  });
});

it("calls inventory old an hour after it left zero, whatever was filled since", () => {
  expect(isInventoryTooOld(1_000, 1_000 + 3_600_000_000)).toBe(false);
  expect(isInventoryTooOld(1_000, 1_001 + 3_600_000_000)).toBe(true);
});
