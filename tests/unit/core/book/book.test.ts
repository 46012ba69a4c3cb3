import { describe, expect, it } from "vitest";
import {
  BOOK_LEVELS_MAX,
  applyDelta,
  applySnapshot,
  applyTop,
  bestAskTicks,
  bestBidTicks,
  clearBook,
  createBook,
  flatLevels,
  isCrossed,
  levelFrom,
  priceFromBest,
  setLevel,
  sizeAt,
  sizeFromBest,
} from "../../../../server/core/book/book.ts";

function bookOf(bids: number[], asks: number[], levelsMax?: number) {
  const book = createBook(levelsMax);
  expect(applySnapshot(book, bids, asks)).toBeUndefined();
  return book;
}

describe("a book", () => {
  it("is empty until a snapshot comes", () => {
    const book = createBook();
    expect(bestBidTicks(book)).toBeUndefined();
    expect(bestAskTicks(book)).toBeUndefined();
    expect(isCrossed(book)).toBe(false);
  });

  it("reads its levels from the best outwards", () => {
    const { bids, asks } = bookOf([100, 1, 99, 2, 97, 3], [101, 4, 105, 5]);
    expect([priceFromBest(bids, 0), priceFromBest(bids, 2), priceFromBest(bids, 3)]).toEqual([
      100,
      97,
      undefined,
    ]);
    expect([sizeFromBest(asks, 1), sizeFromBest(asks, 2)]).toEqual([5, undefined]);
    expect([sizeAt(bids, 99), sizeAt(bids, 98), sizeAt(bids, 1_000), sizeAt(asks, 105)]).toEqual([
      2,
      undefined,
      undefined,
      5,
    ]);
    expect(flatLevels(bids, 2)).toEqual([100, 1, 99, 2]);
    expect(asks.depth).toBe(2);
  });

  it.each([
    { name: "changes a size", given: [99, 7], expected: [100, 1, 99, 7, 97, 3] },
    { name: "sets a new best", given: [103, 7], expected: [103, 7, 100, 1, 99, 2, 97, 3] },
    { name: "sets a level between two", given: [98, 7], expected: [100, 1, 99, 2, 98, 7, 97, 3] },
    { name: "sets a new worst", given: [1, 7], expected: [100, 1, 99, 2, 97, 3, 1, 7] },
    { name: "removes the best", given: [100, 0], expected: [99, 2, 97, 3] },
    { name: "removes the worst", given: [97, 0], expected: [100, 1, 99, 2] },
    {
      name: "ignores the removal of a level it does not have",
      given: [98, 0],
      expected: [100, 1, 99, 2, 97, 3],
    },
    { name: "takes several changes in any order", given: [97, 0, 101, 4, 99, 0], expected: [101, 4, 100, 1] },
  ])("with a delta $name, on either side", ({ given, expected }) => {
    const mirror = (levels: number[]) => levels.map((value, i) => (i % 2 === 0 ? 1_000 - value : value));
    const start = [100, 1, 99, 2, 97, 3];
    const book = bookOf(start, mirror(start));
    expect(applyDelta(book, given, mirror(given))).toBeUndefined();
    expect(flatLevels(book.bids)).toEqual(expected);
    expect(flatLevels(book.asks)).toEqual(mirror(expected));
  });

  it("drops its worst level for a better one when it is full, and a worse one not at all", () => {
    const book = bookOf([100, 1, 99, 2, 98, 3, 97, 4], [101, 1, 102, 2, 103, 3], 3);
    expect(flatLevels(book.bids)).toEqual([100, 1, 99, 2, 98, 3]);
    applyDelta(book, [101, 5, 96, 6], [104, 7]);
    expect(flatLevels(book.bids)).toEqual([101, 5, 100, 1, 99, 2]);
    expect(flatLevels(book.asks)).toEqual([101, 1, 102, 2, 103, 3]);
  });

  it("makes room before it fills it: a full book loses no level to one delta that adds and removes", () => {
    const book = bookOf([100, 1, 99, 2, 98, 3], [], 3);
    applyDelta(book, [101, 5, 99, 0], []);
    expect(flatLevels(book.bids)).toEqual([101, 5, 100, 1, 98, 3]);
  });

  it("grows to its bound", () => {
    const book = createBook(1_000);
    for (let i = 1; i <= 2_000; i++) setLevel(book.bids, i, i);
    expect(book.bids.depth).toBe(1_000);
    expect(book.bids.priceTicks.length).toBe(1_000);
    expect([priceFromBest(book.bids, 0), priceFromBest(book.bids, 999)]).toEqual([2_000, 1_001]);
    expect(() => createBook(BOOK_LEVELS_MAX + 1)).toThrow(/invariant/);
  });

  it("leaves nothing behind where a level was, so that equal books are equal data", () => {
    const book = bookOf([100, 1, 99, 2, 98, 3], [101, 1]);
    applyDelta(book, [99, 0, 98, 0], [103, 4, 101, 0]);
    expect(book).toEqual(bookOf([100, 1], [103, 4]));
    clearBook(book);
    expect(book).toEqual(createBook());
  });

  it.each([
    { name: "an odd number of values", bids: [100], code: "ODD_LENGTH" },
    { name: "a fractional price", bids: [100.5, 1], code: "BAD_PRICE" },
    { name: "a price of zero", bids: [0, 1], code: "BAD_PRICE" },
    { name: "a price that is no number", bids: [NaN, 1], code: "BAD_PRICE" },
    { name: "a price beyond exact integers", bids: [2 ** 53, 1], code: "BAD_PRICE" },
    { name: "a negative size", bids: [100, -1], code: "BAD_SIZE" },
    { name: "a fractional size", bids: [100, 0.5], code: "BAD_SIZE" },
  ])("refuses $name in any kind of message and stays as it was", ({ bids, code }) => {
    const book = bookOf([100, 1], [101, 1]);
    const before = structuredClone(book);
    for (const apply of [applySnapshot, applyDelta, applyTop]) {
      if (apply === applyTop || bids.length % 2 === 0) expect(apply(book, bids, [102, 5])).toBe(code);
      expect(apply(book, [99, 9], bids)).toBe(code);
    }
    expect(book).toEqual(before);
  });

  it("refuses a snapshot that is not strictly best first, also one that lists a price twice", () => {
    const book = bookOf([100, 1], [101, 1]);
    expect(applySnapshot(book, [99, 1, 100, 1], [])).toBe("NOT_BEST_FIRST");
    expect(applySnapshot(book, [], [105, 1, 104, 1])).toBe("NOT_BEST_FIRST");
    expect(applySnapshot(book, [99, 1, 99, 2], [])).toBe("NOT_BEST_FIRST");
    expect(flatLevels(book.bids)).toEqual([100, 1]);
  });

  it("takes a snapshot's level of size 0 as no level", () => {
    expect(flatLevels(bookOf([100, 1, 99, 0, 98, 2], []).bids)).toEqual([100, 1, 98, 2]);
  });

  it("with a top shows exactly that, until a snapshot shows depth again", () => {
    const book = bookOf([100, 1, 99, 1], [101, 1]);
    expect(applyTop(book, [98, 3], [])).toBeUndefined();
    expect([book.shows, flatLevels(book.bids), flatLevels(book.asks)]).toEqual(["top", [98, 3], []]);
    expect(applyTop(book, [98, 3, 97, 1], [])).toBe("NOT_A_TOP");
    applySnapshot(book, [98, 3], [99, 1]);
    expect(book.shows).toBe("depth");
  });

  it.each([
    { bids: [100, 1], asks: [101, 1], crossed: false },
    { bids: [101, 1], asks: [101, 1], crossed: true },
    { bids: [102, 1], asks: [101, 1], crossed: true },
    { bids: [102, 1], asks: [], crossed: false },
  ])("of $bids and $asks is crossed or locked: $crossed", ({ bids, asks, crossed }) => {
    expect(isCrossed(bookOf(bids, asks))).toBe(crossed);
  });

  it("finds the nearest level from a price outwards", () => {
    const { bids, asks } = bookOf([100, 1, 97, 2], [101, 4, 105, 5]);
    expect([102, 101, 50, Infinity, -Infinity, 106].map((price) => levelFrom(asks, price))).toEqual([
      105,
      101,
      101,
      undefined,
      101,
      undefined,
    ]);
    expect([99, 100, 96, Infinity].map((price) => levelFrom(bids, price))).toEqual([97, 100, undefined, 100]);
  });
});
