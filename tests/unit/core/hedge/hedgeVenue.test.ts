import { describe, expect, it } from "vitest";
import { chooseHedgeVenue, hedgeCost, type HedgeVenue } from "../../../../server/core/hedge/hedgeVenue.ts";
import { takerVenue } from "./fixtures.ts";

const order = { side: "sell", sizeBase: 1, fair: 100, sigma: 0 } as const;

function hedgeVenue(bestBidTicks: number, others: Partial<HedgeVenue> = {}): HedgeVenue {
  const levels = takerVenue([bestBidTicks, 20], [bestBidTicks + 2, 20]);
  return { ...levels, latencyS: 0.04, basis: 0, fundingPerBase: 0, ...others };
}

describe("the cost of a hedge", () => {
  it.each([
    { name: "what a sale gives away against fair value", given: {}, expected: 0.01 },
    { name: "the taker fee", given: { takerFrac: 0.001 }, expected: 0.01 + 0.09999 },
    { name: "no lasting difference of the venue", given: { basis: -0.01 }, expected: 0 },
    { name: "funding that a short is paid", given: { fundingPerBase: 0.02 }, expected: -0.01 },
  ])("counts $name", ({ given, expected }) => {
    expect(hedgeCost(hedgeVenue(9_999, given), order)).toBeCloseTo(expected, 10);
  });

  it("counts funding against a long", () => {
    const venue = hedgeVenue(9_999, { fundingPerBase: 0.02 });
    expect(hedgeCost(venue, { ...order, side: "buy" })).toBeCloseTo(0.01 + 0.02, 10);
  });

  it("counts two fifths of the price's standard deviation until the order arrives", () => {
    expect(hedgeCost(hedgeVenue(10_000), { ...order, sigma: 0.5 })).toBeCloseTo(0.4 * 0.5 * 0.2, 10);
  });
});

describe("the venue of a hedge", () => {
  it("is the cheapest after fees, not the one with the best price", () => {
    expect(chooseHedgeVenue([hedgeVenue(10_001, { takerFrac: 0.001 }), hedgeVenue(9_998)], order)).toBe(1);
  });

  it("is one that shows the whole size", () => {
    expect(chooseHedgeVenue([hedgeVenue(10_001), hedgeVenue(9_998)], { ...order, sizeBase: 2 })).toBe(0);
    expect(chooseHedgeVenue([hedgeVenue(10_001)], { ...order, sizeBase: 2.1 })).toBeUndefined();
    expect(chooseHedgeVenue([], order)).toBeUndefined();
  });

  it("is the first of equals", () => {
    expect(chooseHedgeVenue([hedgeVenue(9_999), hedgeVenue(9_999)], order)).toBe(0);
  });
});
