import { expect, it } from "vitest";
import { CurrentBook } from "../../../../../server/venues/ccxt/certify/currentBook.ts";
import { BTC } from "./quietSession.ts";

const book = (kind: "snapshot" | "delta", bids: readonly number[], asks: readonly number[]) =>
  ({ type: "book", instrument: 0, kind, bids, asks }) as const;

it("has the best prices of now: the snapshot and all that came after it", () => {
  const current = new CurrentBook(BTC);
  current.hear(book("delta", [90, 1], [91, 1]));
  expect(current.quote()).toBeUndefined();
  current.hear(book("snapshot", [100, 1, 99, 1], [101, 1, 102, 1]));
  current.hear(book("delta", [100, 0], [101, 0, 103, 4]));
  expect(current.quote()).toEqual({ bidTicks: 99, askTicks: 102 });
});

it.each([
  { name: "a gap", event: { type: "feed", instrument: 0, status: "gap" } },
  { name: "the loss of the channel", event: { type: "feed", instrument: 0, status: "down" } },
  { name: "levels that are none", event: book("delta", [0.5, 1], []) },
] as const)("has none from $name on, until the next snapshot", ({ event }) => {
  const current = new CurrentBook(BTC);
  current.hear(book("snapshot", [100, 1], [101, 1]));
  current.hear(event);
  expect(current.quote()).toBeUndefined();
  current.hear(book("delta", [100, 2], [101, 2]));
  expect(current.quote()).toBeUndefined();
  current.hear(book("snapshot", [98, 1], [99, 1]));
  expect(current.quote()).toEqual({ bidTicks: 98, askTicks: 99 });
});

it("has none with one side, or crossed", () => {
  const current = new CurrentBook(BTC);
  current.hear(book("snapshot", [100, 1], []));
  expect(current.quote()).toBeUndefined();
  current.hear(book("snapshot", [100, 1], [100, 1]));
  expect(current.quote()).toBeUndefined();
});

it("is of no use once the venue counts in other steps", () => {
  const current = new CurrentBook(BTC);
  current.hear(book("snapshot", [100, 1], [101, 1]));
  current.hear({ type: "instrument", instrument: 0, definition: { ...BTC, sizeMinLots: 7 } });
  expect(current.quote()).toEqual({ bidTicks: 100, askTicks: 101 });
  current.hear({ type: "instrument", instrument: 0, definition: { ...BTC, tick: "0.1" } });
  expect(() => current.quote()).toThrow("has changed its tick or lot");
});
