import { describe, expect, it } from "vitest";
import { applyTop } from "../../../../server/core/book/book.ts";
import { takePrice, vwapTicks } from "../../../../server/core/hedge/takerVenue.ts";
import { NONE_OF_OURS, takerVenue } from "./fixtures.ts";

const venue = takerVenue([10_000, 4, 9_999, 10], [10_002, 5, 10_003, 10, 10_005, 20]);

describe("walking the depth of a book", () => {
  it.each([
    { name: "a purchase within the best level", side: "buy", sizeBase: 0.3, expected: 100.02 },
    { name: "a purchase of exactly the best level", side: "buy", sizeBase: 0.5, expected: 100.02 },
    { name: "a purchase over two levels", side: "buy", sizeBase: 1, expected: 100.025 },
    { name: "a sale over two levels", side: "sell", sizeBase: 0.8, expected: 99.995 },
    {
      name: "a size that is no whole number of lots",
      side: "buy",
      sizeBase: 0.55,
      expected: 100.02 + 0.01 / 11,
    },
  ] as const)("prices $name", ({ side, sizeBase, expected }) => {
    expect(takePrice(venue, side, sizeBase)).toBeCloseTo(expected, 10);
  });

  it("has no price for more than the book shows", () => {
    expect(takePrice(venue, "sell", 1.4)).toBeCloseTo((4 * 100 + 10 * 99.99) / 14, 10);
    expect(takePrice(venue, "sell", 1.5)).toBeUndefined();
  });

  it("takes a top as all there is", () => {
    const top = takerVenue([10_000, 4], [10_002, 5]);
    expect(applyTop(top.book, [10_000, 4], [10_002, 5])).toBeUndefined();
    expect(takePrice(top, "buy", 0.6)).toBeUndefined();
  });

  it("passes over our own orders", () => {
    const ownAsks = { priceTicks: [10_002, 10_003], remainingLots: [5, 9] };
    const shared = { ...venue, ownAsks };
    expect(takePrice(shared, "buy", 0.1)).toBeCloseTo(100.03, 10);
    expect(takePrice(shared, "buy", 0.2)).toBeCloseTo(100.04, 10);
    expect(takePrice(shared, "sell", 0.1)).toBeCloseTo(100, 10);
  });

  it("has the best price for a size of nothing", () => {
    expect(takePrice(venue, "buy", 0)).toBeCloseTo(100.02, 10);
    expect(takePrice(takerVenue([], []), "buy", 0)).toBeUndefined();
  });

  it("refuses a size that is no size", () => {
    expect(() => vwapTicks(venue.book.asks, NONE_OF_OURS, -1)).toThrow(RangeError);
    expect(() => vwapTicks(venue.book.asks, NONE_OF_OURS, NaN)).toThrow(RangeError);
  });
});
