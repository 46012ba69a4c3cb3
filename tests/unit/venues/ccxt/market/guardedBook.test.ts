import { expect, it } from "vitest";
import { flatLevels } from "../../../../../server/core/book/book.ts";
import { krakenChecksum } from "../../../../../server/core/book/checksum.ts";
import type { TextLevel } from "../../../../../server/core/book/checksum.ts";
import { createLevelGrid } from "../../../../../server/venues/ccxt/market/levelGrid.ts";
import { GuardedBook } from "../../../../../server/venues/ccxt/market/guardedBook.ts";
import { UNCOUNTED, book, instrument, range } from "./samples.ts";

const grid = createLevelGrid(instrument());

function open(levelsMax = 10) {
  const guarded = new GuardedBook({ levelsMax, grid, checksum: { levels: 10, of: krakenChecksum } });
  const bids = (): number[] => flatLevels(guarded.book.bids);
  const asks = (): number[] => flatLevels(guarded.book.asks);
  return { guarded, bids, asks };
}

const texts = (flat: readonly string[]): TextLevel[] =>
  flat.flatMap((price, at) => (at % 2 === 0 ? [{ price, qty: flat[at + 1] ?? "" }] : []));

const crcOf = (bids: readonly string[], asks: readonly string[]): number =>
  krakenChecksum(texts(bids), texts(asks));

it("holds ticks and lots of what the venue wrote", () => {
  const { guarded, bids, asks } = open();
  expect(guarded.apply(book("snapshot", range(1, 1), ["99.99", "1.5"], ["100.01", "0.002"]))).toBe("applied");
  expect(guarded.apply(book("delta", range(2, 2), ["99.98", "0.001"], ["100.01", "0"]))).toBe("applied");
  expect(bids()).toEqual([9999, 1500, 9998, 1]);
  expect(asks()).toEqual([]);
});

it.each([
  ["crossed", ["100.02", "1"], "CROSSED"],
  ["locked", ["100.01", "1"], "CROSSED"],
  ["off the grid", ["99.985", "1"], "OFF_GRID"],
  ["at no price", ["0.00", "1"], "OFF_GRID"],
])("does not trust a book that is %s", (_, bids, trouble) => {
  const { guarded } = open();
  guarded.apply(book("snapshot", range(1, 1), ["99.99", "1"], ["100.01", "1"]));
  expect(guarded.apply(book("delta", range(2, 2), bids))).toBe(trouble);
});

it("says where a message is missing", () => {
  const { guarded } = open();
  guarded.apply(book("snapshot", range(1, 1), ["99.99", "1"], ["100.01", "1"]));
  expect(guarded.apply(book("delta", range(3, 4), ["99.98", "1"]))).toBe("SEQUENCE_GAP");
});

it("checks the venue's texts, trailing zeros included", () => {
  const { guarded } = open();
  const bids = ["99.90", "1.00000000"];
  const asks = ["100.10", "0.50000000"];
  expect(guarded.apply(book("snapshot", UNCOUNTED, bids, asks, crcOf(bids, asks)))).toBe("applied");
  const change = ["99.90", "2.00000000"];
  expect(guarded.apply(book("delta", UNCOUNTED, change, [], crcOf(change, asks)))).toBe("applied");
  expect(guarded.apply(book("delta", UNCOUNTED, change, [], crcOf(["99.90", "2.0"], asks)))).toBe(
    "BAD_CHECKSUM",
  );
});

it("cuts the book at the subscribed depth, as the venue does without saying so", () => {
  const { guarded, bids } = open(2);
  const asks = ["100.10", "1"];
  const whole = ["99.90", "1", "99.80", "1"];
  guarded.apply(book("snapshot", UNCOUNTED, whole, asks, crcOf(whole, asks)));
  const better = ["99.95", "3"];
  const seen = [...better, "99.90", "1"];
  expect(guarded.apply(book("delta", UNCOUNTED, better, [], crcOf(seen, asks)))).toBe("applied");
  expect(bids()).toEqual([9995, 3000, 9990, 1000]);
  // The one that was pushed out is not there any more when the better one goes.
  const left = ["99.90", "1"];
  expect(guarded.apply(book("delta", UNCOUNTED, ["99.95", "0"], [], crcOf(left, asks)))).toBe("applied");
  expect(bids()).toEqual([9990, 1000]);
});

it("takes changes of one price in the order in which they happened", () => {
  const { guarded, bids } = open();
  guarded.apply(book("snapshot", range(1, 1), ["99.99", "1"], []));
  guarded.apply(book("delta", range(2, 2), ["99.99", "0", "99.98", "2", "99.98", "0", "99.99", "4"]));
  expect(bids()).toEqual([9999, 4000]);
});
