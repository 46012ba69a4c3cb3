import { describe, expect, it, test } from "vitest";
import { ask, bid, brief, briefPublic, createVenue } from "./venue.ts";
import type { Venue } from "./venue.ts";

const quiet = (venue: Venue): string[] => briefPublic(venue.events());

/** Others bid 30 lots at 100 and ask 20 at 110, with more behind. */
function openMarket(setup: Parameters<typeof createVenue>[0] = {}): Venue {
  const venue = createVenue(setup);
  venue.snapshot([100, 30, 99, 40, 90, 5], [110, 20, 111, 50, 120, 5]);
  return venue;
}

describe("an anonymous taker", () => {
  it("takes others ahead of our order, then our order, then others behind it", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 100, 10));
    venue.delta([100, 45], []);
    expect(brief(venue.take("sell", 29))).toEqual([]);
    expect(brief(venue.take("sell", 4))).toEqual(["fill b1 3@100 maker"]);
    expect(quiet(venue)).toEqual(["trade 4@100 sell", "delta bids 100:22 asks"]);
    expect(brief(venue.take("sell", 20))).toEqual(["fill b1 7@100 maker"]);
    expect(quiet(venue)).toEqual(["trade 20@100 sell", "delta bids 100:2 asks"]);
  });

  it("walks levels best first and tells one trade for each", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 101, 5));
    expect(brief(venue.take("sell", 60))).toEqual(["fill b1 5@101 maker"]);
    expect(quiet(venue)).toEqual([
      "trade 5@101 sell",
      "trade 30@100 sell",
      "trade 25@99 sell",
      "delta bids 101:0 100:0 99:15 asks",
    ]);
  });

  it("stops at its limit", () => {
    const venue = openMarket();
    venue.take("buy", 100, 110);
    expect(quiet(venue)).toEqual(["trade 20@110 buy", "delta bids asks 110:0"]);
  });

  it("fills our orders of one level in the order in which they came", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 101, 5));
    venue.quote(bid("b2", 101, 5));
    expect(brief(venue.take("sell", 7))).toEqual(["fill b1 5@101 maker", "fill b2 2@101 maker"]);
  });

  it("finds others between two orders of ours", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 101, 5));
    venue.delta([101, 4], []);
    venue.quote(bid("b2", 101, 5));
    expect(brief(venue.take("sell", 9))).toEqual(["fill b1 5@101 maker"]);
    expect(brief(venue.take("sell", 1))).toEqual(["fill b2 1@101 maker"]);
  });
});

describe("depth that a taker consumed", () => {
  it("stays consumed while snapshots repeat it and comes back when the record changes it", () => {
    const venue = openMarket();
    venue.take("buy", 15);
    expect(quiet(venue)).toEqual(["trade 15@110 buy", "delta bids asks 110:5"]);
    venue.snapshot([100, 30, 99, 40, 90, 5], [110, 20, 111, 50, 120, 5]);
    expect(quiet(venue)).toEqual(["feed alive"]);
    venue.snapshot([100, 30, 99, 40, 90, 5], [110, 21, 111, 50, 120, 5]);
    expect(quiet(venue)).toEqual(["delta bids asks 110:21"]);
  });

  it("comes back when a delta mentions the level", () => {
    const venue = openMarket();
    venue.take("buy", 20);
    venue.delta([], [111, 51]);
    expect(quiet(venue)).toEqual(["delta bids asks 111:51"]);
    venue.delta([], [110, 20]);
    expect(quiet(venue)).toEqual(["delta bids asks 110:20"]);
  });

  it("stays consumed after our own IOC order", () => {
    const venue = openMarket();
    expect(brief(venue.ioc(bid("i1", 110, 30)))).toEqual([
      "accepted i1",
      "fill i1 20@110 taker",
      "expired i1 filled 20",
    ]);
    venue.top([100, 30], [110, 20]);
    expect(brief(venue.ioc(bid("i2", 110, 5)))).toEqual(["accepted i2", "expired i2 filled 0"]);
  });
});

describe("a print between others", () => {
  it("fills us at its price once what stood ahead has traded", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 100, 10));
    expect(brief(venue.print(100, 25, "sell"))).toEqual([]);
    expect(brief(venue.print(100, 9, "sell"))).toEqual(["fill b1 4@100 maker"]);
    expect(quiet(venue)).toEqual(["trade 9@100 sell", "delta bids 100:36 asks"]);
  });

  it("fills better prices at once, and gives its volume out once", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 102, 4));
    venue.quote(bid("b2", 101, 4));
    venue.quote(bid("b3", 101, 4));
    expect(brief(venue.print(100, 9, "sell"))).toEqual([
      "fill b1 4@102 maker",
      "fill b2 4@101 maker",
      "fill b3 1@101 maker",
    ]);
  });

  it("does not move the queue a second time when the depth shows it", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 100, 10));
    venue.delta([100, 50], []);
    venue.print(100, 20, "sell");
    venue.delta([100, 50], []);
    venue.delta([100, 30], []);
    expect(brief(venue.print(100, 10, "sell"))).toEqual([]);
    expect(brief(venue.print(100, 1, "sell"))).toEqual(["fill b1 1@100 maker"]);
  });

  it("explains one decrease of the depth, and the next is cancels again", () => {
    const venue = createVenue();
    venue.snapshot([100, 100, 99, 1], [110, 20]);
    venue.quote(bid("b1", 100, 10));
    venue.delta([100, 200], []);
    venue.print(100, 50, "sell");
    venue.delta([100, 150], []);
    // 50 ahead and 100 behind: of 50 cancels p = 100² / (100² + 50²) = 0.8 stood behind.
    venue.delta([100, 100], []);
    expect(brief(venue.print(100, 41, "sell"))).toEqual(["fill b1 1@100 maker"]);
  });

  it("does not fill a worse price", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 99, 10));
    expect(brief(venue.print(100, 1_000, "sell"))).toEqual([]);
  });

  const unsigned = [
    { name: "at others' best bid came from a seller", price: 100, expected: ["fill b1 1@105 maker"] },
    { name: "at others' best ask came from a buyer", price: 110, expected: ["fill s1 1@106 maker"] },
    { name: "nearer to the bid came from a seller", price: 104, expected: ["fill b1 1@105 maker"] },
    { name: "nearer to the ask came from a buyer", price: 107, expected: ["fill s1 1@106 maker"] },
  ];
  test.each(unsigned)("without a side, $name", ({ price, expected }) => {
    const venue = openMarket();
    venue.quote(bid("b1", 105, 10));
    venue.quote(ask("s1", 106, 10));
    expect(brief(venue.print(price, 1))).toEqual(expected);
    expect(quiet(venue)[0]).toBe(`trade 1@${price} unknown`);
  });

  it("fills nobody when its side cannot be told", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 105, 10));
    expect(brief(venue.print(105, 5))).toEqual([]);
  });
});

describe("recorded depth that crosses an order of ours", () => {
  it("fills it at its own price as a maker, each crossing lot once", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 105, 10));
    expect(brief(venue.delta([], [104, 6]))).toEqual(["fill b1 6@105 maker"]);
    expect(quiet(venue)).toEqual(["trade 6@105 sell", "delta bids 105:4 asks"]);
    venue.snapshot([100, 30], [104, 6, 110, 20]);
    expect(brief(venue.delta([], [103, 9]))).toEqual(["fill b1 4@105 maker"]);
    expect(quiet(venue)).toEqual(["trade 4@105 sell", "delta bids 105:0 asks 103:5"]);
  });

  it("fills the best price first and, within it, the first to come", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 106, 3));
    venue.quote(ask("s2", 105, 3));
    venue.quote(ask("s3", 105, 3));
    expect(brief(venue.top([107, 7], [110, 20]))).toEqual([
      "fill s2 3@105 maker",
      "fill s3 3@105 maker",
      "fill s1 1@106 maker",
    ]);
  });
});

describe("a queue that is out of sight", () => {
  it("is not jumped by an order behind a top of book", () => {
    const venue = createVenue();
    venue.top([100, 5], [110, 5]);
    venue.quote(bid("b1", 99, 3));
    expect(brief(venue.print(99, 50, "sell"))).toEqual([]);
    venue.top([99, 8], [110, 5]);
    expect(brief(venue.print(99, 8, "sell"))).toEqual([]);
    expect(brief(venue.print(99, 1, "sell"))).toEqual(["fill b1 1@99 maker"]);
  });

  it("keeps our place while the best price is elsewhere", () => {
    const venue = createVenue();
    venue.top([100, 5], [110, 5]);
    venue.quote(bid("b1", 100, 3));
    venue.top([101, 7], [110, 5]);
    venue.top([100, 40], [110, 5]);
    expect(brief(venue.print(100, 6, "sell"))).toEqual(["fill b1 1@100 maker"]);
  });

  it("is empty once the record shows nobody at our price", () => {
    const venue = createVenue();
    venue.top([100, 5], [110, 5]);
    venue.quote(bid("b1", 100, 3));
    venue.top([99, 7], [110, 5]);
    expect(brief(venue.print(100, 1, "sell"))).toEqual(["fill b1 1@100 maker"]);
  });

  it("is empty once the book reaches beyond our price and shows nobody there", () => {
    const venue = createVenue();
    venue.snapshot([100, 5], [110, 5]);
    venue.quote(bid("b1", 98, 3));
    expect(brief(venue.print(98, 50, "sell"))).toEqual([]);
    venue.delta([97, 5], []);
    expect(brief(venue.print(98, 1, "sell"))).toEqual(["fill b1 1@98 maker"]);
  });

  it("survives the last levels of a short recording dropping out of it", () => {
    const venue = createVenue();
    venue.snapshot([100, 5, 99, 9, 98, 9], [110, 5]);
    venue.quote(bid("b1", 99, 3));
    venue.delta([102, 5, 101, 5, 99, 0, 98, 0], []);
    venue.delta([102, 0, 101, 0, 99, 9, 98, 9], []);
    expect(brief(venue.print(99, 9, "sell"))).toEqual([]);
  });
});

describe("self-trade prevention", () => {
  it("ends the taker where it meets our own order, after what stood ahead of that", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 110, 5));
    expect(brief(venue.ioc(bid("i1", 111, 60)))).toEqual([
      "accepted i1",
      "fill i1 20@110 taker",
      "expired i1 filled 20",
    ]);
    expect(venue.exchange.openOrders(0).map((o) => o.clientId)).toEqual(["s1"]);
  });

  it("ends the resting order and goes on when asked to", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 110, 5));
    expect(brief(venue.ioc(bid("i1", 111, 60), { selfTrade: "EXPIRE_MAKER" }))).toEqual([
      "accepted i1",
      "expired s1 filled 0",
      "fill i1 20@110 taker",
      "fill i1 40@111 taker",
    ]);
    expect(venue.exchange.openOrders(0)).toEqual([]);
  });
});
