import { describe, expect, it } from "vitest";
import { applySnapshot, applyTop, createBook } from "../../../../server/core/book/book.ts";
import { createExternalTop, readExternalTop } from "../../../../server/core/book/ownOrders.ts";
import type { OwnLevels } from "../../../../server/core/book/ownOrders.ts";

const NONE: OwnLevels = { priceTicks: [], remainingLots: [] };
const DEPTH = [100, 5, 99, 8, 97, 2];

describe("the top of the book without our own orders", () => {
  it.each([
    { name: "is the top when nothing is ours", own: NONE, expected: ["external", 100, 5] },
    {
      name: "shows the rest of a level we share",
      own: { priceTicks: [100], remainingLots: [3] },
      expected: ["external", 100, 2],
    },
    {
      name: "adds up our orders at one price",
      own: { priceTicks: [100, 99, 100], remainingLots: [2, 1, 2] },
      expected: ["external", 100, 1],
    },
    {
      name: "skips a level that is all ours",
      own: { priceTicks: [100], remainingLots: [5] },
      expected: ["external", 99, 8],
    },
    {
      name: "skips a level that shows less than ours",
      own: { priceTicks: [99, 100], remainingLots: [8, 6] },
      expected: ["external", 97, 2],
    },
    {
      name: "ignores our orders that are not in the book",
      own: { priceTicks: [101, 98], remainingLots: [9, 9] },
      expected: ["external", 100, 5],
    },
    {
      name: "is empty when all depth is ours",
      own: { priceTicks: [100, 99, 97], remainingLots: [5, 8, 2] },
      expected: ["empty", undefined, undefined],
    },
  ])("$name", ({ own, expected }) => {
    const book = createBook();
    const asks = DEPTH.map((value, i) => (i % 2 === 0 ? 201 - value : value));
    applySnapshot(book, DEPTH, asks);
    const out = createExternalTop();
    readExternalTop(book, own, NONE, out);
    expect([out.bid, out.bidTicks, out.bidLots]).toEqual(expected);
    expect([out.ask, out.askTicks, out.askLots]).toEqual(["external", 101, 5]);
    const ownAsks = { ...own, priceTicks: own.priceTicks.map((price) => 201 - price) };
    readExternalTop(book, NONE, ownAsks, out);
    const mirrored = typeof expected[1] === "number" ? 201 - expected[1] : undefined;
    expect([out.ask, out.askTicks, out.askLots]).toEqual([expected[0], mirrored, expected[2]]);
    expect([out.bid, out.bidTicks, out.bidLots]).toEqual(["external", 100, 5]);
  });

  it("is hidden, not empty, when a book that shows only the top shows only us", () => {
    const book = createBook();
    applyTop(book, [100, 5], []);
    const out = createExternalTop();
    readExternalTop(book, { priceTicks: [100], remainingLots: [5] }, NONE, out);
    expect([out.bid, out.bidTicks, out.bidLots]).toEqual(["hidden", undefined, undefined]);
    expect([out.ask, out.askTicks, out.askLots]).toEqual(["empty", undefined, undefined]);
  });

  it("is hidden when every level up to the book's cap is ours", () => {
    const book = createBook(2);
    applySnapshot(book, [100, 5, 99, 1], [101, 1]);
    const out = createExternalTop();
    readExternalTop(book, { priceTicks: [99, 100], remainingLots: [1, 5] }, NONE, out);
    expect(out.bid).toBe("hidden");
  });
});
