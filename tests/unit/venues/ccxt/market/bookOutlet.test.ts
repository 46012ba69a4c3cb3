import fc from "fast-check";
import { expect, it } from "vitest";
import {
  applyDelta,
  applySnapshot,
  createBook,
  flatLevels,
  setLevel,
} from "../../../../../server/core/book/book.ts";
import { BookOutlet } from "../../../../../server/venues/ccxt/market/bookOutlet.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";

function open() {
  const events: VenueEvent[] = [];
  let nowUs = 0;
  const outlet = new BookOutlet({ instrument: 2, nowUs: () => nowUs, emit: (event) => events.push(event) });
  return { outlet, events, pass: (us: number) => (nowUs += us) };
}

it("sends one book at a time, and what changed meanwhile as one delta", () => {
  const { outlet, events } = open();
  const book = createBook(100);
  setLevel(book.bids, 10, 1);
  outlet.replace(book, 1);
  for (const lots of [2, 3, 4]) {
    setLevel(book.bids, 10, lots);
    outlet.changed(lots);
  }
  expect(events).toHaveLength(1);
  outlet.consumed();
  expect(events.slice(1)).toEqual([
    { type: "book", instrument: 2, kind: "delta", venueAtUs: 4, bids: [10, 4], asks: [] },
  ]);
});

it("tells a book whole after it was lost, and nothing while there is none", () => {
  const { outlet, events, pass } = open();
  const book = createBook(100);
  outlet.replace(book, 1);
  outlet.lose("gap");
  outlet.consumed();
  pass(1e6);
  outlet.alive();
  expect(events.map((event) => (event.type === "feed" ? event.status : event.type))).toEqual(["book", "gap"]);
  outlet.replace(book, 2);
  expect(events.at(-1)).toMatchObject({ type: "book", kind: "snapshot" });
});

it("says that it is alive where nothing in sight changed, and not more often than 20 ms", () => {
  const { outlet, events, pass } = open();
  const book = createBook(100);
  outlet.replace(book, 1);
  outlet.consumed();
  for (let i = 0; i < 4; i++) {
    pass(10_000);
    outlet.changed(2);
  }
  expect(events.map((event) => event.type)).toEqual(["book", "feed", "feed"]);
});

it("leaves the engine with the 50 best levels, however slow it is", () => {
  const change = fc.record({
    price: fc.integer({ min: 1, max: 90 }),
    lots: fc.nat(3),
    consume: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 400 }), (changes) => {
      const { outlet, events } = open();
      const full = createBook(200);
      const seen = createBook(50);
      outlet.replace(full, 1);
      for (const { price, lots, consume } of changes) {
        setLevel(full.bids, price, lots);
        outlet.changed(1);
        if (consume) outlet.consumed();
      }
      for (let i = 0; i < 2; i++) outlet.consumed();
      for (const event of events)
        if (event.type === "book")
          (event.kind === "delta" ? applyDelta : applySnapshot)(seen, event.bids, event.asks);
      expect(flatLevels(seen.bids)).toEqual(flatLevels(full.bids, 50));
    }),
  );
});
