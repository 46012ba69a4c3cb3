import { describe, expect, it } from "vitest";
import { bid, briefPublic, createVenue, quoteRequest } from "./venue.ts";
import type { Venue } from "./venue.ts";

const told = (venue: Venue): string[] => briefPublic(venue.events());

describe("the public feed", () => {
  it("starts with a snapshot, whatever the first depth is, and then tells only what changed", () => {
    const venue = createVenue();
    venue.delta([100, 5], [110, 5]);
    expect(told(venue)).toEqual(["snapshot bids 100:5 asks 110:5"]);
    venue.snapshot([101, 2, 100, 5], [110, 6]);
    expect(told(venue)).toEqual(["delta bids 101:2 asks 110:6"]);
    venue.top([101, 2], [110, 6]);
    expect(told(venue)).toEqual(["delta bids 100:0 asks"]);
  });

  it("says that the channel is alive when a record changes nothing in sight", () => {
    const venue = createVenue();
    venue.snapshot([100, 5], [110, 5]);
    venue.delta([100, 5], []);
    expect(told(venue)).toEqual(["feed alive"]);
    venue.take("buy", 5, 109);
    expect(told(venue)).toEqual(["feed alive"]);
    venue.channel("alive");
    expect(told(venue)).toEqual(["feed alive"]);
  });

  it("is silent about the book in a gap and comes back with a snapshot that holds our orders", () => {
    const venue = createVenue();
    venue.snapshot([100, 5], [110, 5]);
    venue.channel("gap");
    expect(told(venue)).toEqual(["feed gap"]);
    venue.quote(bid("b1", 101, 3));
    expect(told(venue)).toEqual([]);
    venue.delta([99, 4], []);
    expect(told(venue)).toEqual(["snapshot bids 101:3 100:5 99:4 asks 110:5"]);
  });

  it("shows fifty levels, and the next one when one of them goes", () => {
    const venue = createVenue();
    const bids = Array.from({ length: 60 }, (_, i) => [200 - i, 1]).flat();
    venue.snapshot(bids, [300, 1]);
    expect(venue.events()).toMatchObject([{ bids: bids.slice(0, 100) }]);
    venue.delta([145, 9], []);
    expect(told(venue)).toEqual(["feed alive"]);
    venue.delta([200, 0], []);
    expect(told(venue)).toEqual(["delta bids 200:0 150:1 asks"]);
    venue.quote(bid("b1", 201, 2));
    expect(told(venue)).toEqual(["delta bids 201:2 150:0 asks"]);
    venue.delta([199, 0, 144, 7], []);
    expect(told(venue)).toEqual(["delta bids 199:0 150:1 asks"]);
  });

  it("tells every change of a record that changes many levels", () => {
    const venue = createVenue();
    const bids = (size: number): number[] => Array.from({ length: 20 }, (_, i) => [200 - i, size]).flat();
    venue.snapshot(bids(1), [300, 1]);
    venue.delta(bids(2), []);
    expect(venue.events()).toMatchObject([{ kind: "delta", bids: bids(2) }]);
  });

  it("gives a subscriber that lost its place a fresh snapshot, or says that the book is void", () => {
    const venue = createVenue();
    const ask = (): void => venue.exchange.snapshot(0, venue.output);
    venue.call(ask);
    expect(told(venue)).toEqual(["feed gap"]);
    venue.snapshot([100, 5], [110, 5]);
    venue.call(ask);
    expect(told(venue)).toEqual(["snapshot bids 100:5 asks 110:5"]);
  });
});

describe("a record that cannot be", () => {
  it("throws: half a record would be a wrong book", () => {
    const venue = createVenue();
    expect(() => venue.delta([100, -1], [])).toThrow(/invariant/);
    expect(() => venue.delta([100.5, 1], [])).toThrow(/invariant/);
    expect(() => venue.snapshot([100, 1, 101, 1], [])).toThrow(/NOT_BEST_FIRST/);
  });

  it("throws for an instrument or an account that the venue does not serve", () => {
    const { exchange, output } = createVenue();
    const record = { kind: "alive", instrument: 7, exchangeAtUs: 0 } as const;
    expect(() => exchange.applyMarket(record, 0, output)).toThrow(/instrument 7/);
    expect(() => exchange.openOrders(1)).toThrow(/account 1/);
    expect(() => exchange.place(1, quoteRequest(bid("b1", 100, 1)), 0, output)).toThrow(/by account 1/);
  });
});
