import { describe, expect, it, test } from "vitest";
import { ask, ATOMS_PER_LOT, ATOMS_PER_TICK_LOT, bid, brief, briefPublic, createVenue } from "./venue.ts";
import type { Venue, VenueSetup } from "./venue.ts";

const START = 10n ** 15n;

/** Others bid 30 lots at 1,000 and ask 20 at 1,010 and 50 at 1,011. */
function openMarket(setup: VenueSetup = {}): Venue {
  const venue = createVenue({ fees: { makerFrac: 0.001, takerFrac: 0.002 }, ...setup });
  venue.snapshot([1_000, 30, 999, 40], [1_010, 20, 1_011, 50]);
  return venue;
}

const value = (lots: number, priceTicks: number): bigint => BigInt(lots * priceTicks) * ATOMS_PER_TICK_LOT;
const withFee = (atoms: bigint, perMille: bigint): bigint => (atoms * (1_000n + perMille)) / 1_000n;

describe("a limit order good till canceled", () => {
  it("rests like a quote where it meets nothing, and holds its fee as a maker", () => {
    const venue = openMarket();
    expect(brief(venue.limit(bid("l1", 1_001, 7)))).toEqual(["accepted l1"]);
    expect(briefPublic(venue.events())).toEqual(["delta bids 1001:7 asks"]);
    expect(venue.balance("USDT").held).toBe(withFee(value(7, 1_001), 1n));
  });

  it("takes what crosses, and the rest of it rests at its price", () => {
    const venue = openMarket();
    expect(brief(venue.limit(bid("l1", 1_010, 25)))).toEqual(["accepted l1", "fill l1 20@1010 taker"]);
    expect(venue.exchange.openOrders(0)).toMatchObject([{ clientId: "l1", filledLots: 20, sizeLots: 25 }]);
    expect(briefPublic(venue.events())).toEqual(["trade 20@1010 buy", "delta bids 1010:5 asks 1010:0"]);
    expect(venue.balance("USDT")).toEqual({
      total: START - withFee(value(20, 1_010), 2n),
      held: withFee(value(5, 1_010), 1n),
    });
    expect(brief(venue.take("sell", 5))).toEqual(["fill l1 5@1010 maker"]);
    expect(venue.balance("USDT").held).toBe(0n);
  });

  it("gives back what it set aside for prices that it did not have to pay", () => {
    const venue = openMarket();
    venue.limit(bid("l1", 1_200, 20));
    expect(venue.balance("USDT")).toEqual({ total: START - withFee(value(20, 1_010), 2n), held: 0n });
  });

  it("needs to have the dearer of its two fees", () => {
    const needed = withFee(value(10, 1_010), 2n);
    expect(brief(openMarket({ usdtAtoms: needed }).limit(bid("l1", 1_010, 10)))).toContain("accepted l1");
    expect(brief(openMarket({ usdtAtoms: needed - 1n }).limit(bid("l1", 1_010, 10)))).toEqual([
      "rejected l1 INSUFFICIENT_FUNDS",
    ]);
  });

  it("needs the maker's fee where that is the dearer one", () => {
    const fees = { makerFrac: 0.002, takerFrac: 0.001 };
    const needed = withFee(value(30, 1_010), 2n);
    expect(brief(openMarket({ fees, usdtAtoms: needed }).limit(bid("l1", 1_010, 30)))).toEqual([
      "accepted l1",
      "fill l1 20@1010 taker",
    ]);
    expect(brief(openMarket({ fees, usdtAtoms: needed - 1n }).limit(bid("l1", 1_010, 30)))).toEqual([
      "rejected l1 INSUFFICIENT_FUNDS",
    ]);
  });

  it("that meets our own order expires instead of resting across it", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 1_009, 5));
    expect(brief(venue.limit(bid("l1", 1_010, 10)))).toEqual(["accepted l1", "expired l1 filled 0"]);
    expect(venue.balance("USDT").held).toBe(0n);
  });
});

describe("a fill-or-kill order", () => {
  interface Case {
    readonly name: string;
    readonly send: (v: Venue) => ReturnType<Venue["fok"]>;
    readonly says: readonly string[];
  }
  const own = (v: Venue): Venue => {
    v.quote(ask("s1", 1_010, 5));
    return v;
  };
  const cases: Case[] = [
    {
      name: "fills over several levels when all of it is there",
      send: (v) => v.fok(bid("x", 1_011, 70)),
      says: ["accepted x", "fill x 20@1010 taker", "fill x 50@1011 taker"],
    },
    {
      name: "takes nothing when one lot is missing",
      send: (v) => v.fok(bid("x", 1_011, 71)),
      says: ["accepted x", "expired x filled 0"],
    },
    {
      name: "counts nothing beyond its limit",
      send: (v) => v.fok(bid("x", 1_010, 21)),
      says: ["accepted x", "expired x filled 0"],
    },
    {
      name: "does not count what stands behind our own order, where that ends the taker",
      send: (v) => own(v).fok(bid("x", 1_011, 21)),
      says: ["accepted x", "expired x filled 0"],
    },
    {
      name: "does not count our own order, where that would be expired, nor expire it for nothing",
      send: (v) => own(v).fok(bid("x", 1_011, 71), { selfTrade: "EXPIRE_MAKER" }),
      says: ["accepted x", "expired x filled 0"],
    },
    {
      name: "takes past our own order, where that expires",
      send: (v) => own(v).fok(bid("x", 1_011, 70), { selfTrade: "EXPIRE_MAKER" }),
      says: ["accepted x", "expired s1 filled 0", "fill x 20@1010 taker", "fill x 50@1011 taker"],
    },
    {
      name: "does not count lots that would be taken off both",
      send: (v) => own(v).fok(bid("x", 1_010, 25), { selfTrade: "DECREMENT" }),
      says: ["accepted x", "expired x filled 0"],
    },
    {
      name: "counts our own order, where self-trades happen",
      send: (v) => own(v).fok(bid("x", 1_010, 25), { selfTrade: "NONE" }),
      says: ["accepted x", "fill s1 5@1010 maker", "fill x 5@1010 taker", "fill x 20@1010 taker"],
    },
    {
      name: "without a price is all or nothing at any price",
      send: (v) => v.market({ id: "x", side: "buy", size: 71 }, {}, "FOK"),
      says: ["accepted x", "expired x filled 0"],
    },
  ];
  test.each(cases)("$name", ({ send, says }) => {
    const venue = openMarket();
    expect(brief(send(venue))).toEqual(says);
    expect(venue.balance("USDT").held).toBe(0n);
    expect(venue.exchange.orderStatus(0, "x")).toMatchObject({
      status: says[1] === "expired x filled 0" ? "EXPIRED" : "FILLED",
    });
  });

  it("that is killed leaves the book and our orders as they were", () => {
    const venue = own(openMarket());
    venue.fok(bid("x", 1_011, 71), { selfTrade: "EXPIRE_BOTH" });
    expect(venue.events()).toEqual([]);
    expect(venue.exchange.openOrders(0).map((o) => o.clientId)).toEqual(["s1"]);
  });
});

describe("a market order", () => {
  it("takes level by level, and what the book cannot give expires", () => {
    const venue = openMarket();
    expect(brief(venue.market({ id: "m1", side: "buy", size: 100 }))).toEqual([
      "accepted m1",
      "fill m1 20@1010 taker",
      "fill m1 50@1011 taker",
      "expired m1 filled 70",
    ]);
    const cost = value(20, 1_010) + value(50, 1_011);
    expect(venue.balance("USDT")).toEqual({ total: START - withFee(cost, 2n), held: 0n });
  });

  it("to buy is covered by what its walk costs, to the atom", () => {
    const cost = withFee(value(20, 1_010) + value(5, 1_011), 2n);
    const order = { id: "m1", side: "buy", size: 25 } as const;
    const enough = openMarket({ usdtAtoms: cost });
    expect(brief(enough.market(order))).toContain("fill m1 5@1011 taker");
    expect(enough.balance("USDT")).toEqual({ total: 0n, held: 0n });
    const short = openMarket({ usdtAtoms: cost - 1n });
    expect(brief(short.market(order))).toEqual(["rejected m1 INSUFFICIENT_FUNDS"]);
    expect(short.balance("USDT")).toEqual({ total: cost - 1n, held: 0n });
  });

  it("to sell is covered by its whole size", () => {
    const venue = openMarket({ btcAtoms: 50n * ATOMS_PER_LOT });
    expect(brief(venue.market({ id: "m1", side: "sell", size: 51 }))).toEqual([
      "rejected m1 INSUFFICIENT_FUNDS",
    ]);
    expect(brief(venue.market({ id: "m2", side: "sell", size: 50 }))).toEqual([
      "accepted m2",
      "fill m2 30@1000 taker",
      "fill m2 20@999 taker",
    ]);
  });

  it("on an empty side is refused, and its id stays free", () => {
    const venue = createVenue();
    venue.snapshot([1_000, 30], []);
    expect(brief(venue.market({ id: "m1", side: "buy", size: 1 }))).toEqual(["rejected m1 NO_LIQUIDITY"]);
    expect(venue.exchange.orderStatus(0, "m1")).toEqual({ found: false });
    expect(brief(venue.market({ id: "m1", side: "sell", size: 1 }))).toContain("fill m1 1@1000 taker");
  });

  it("that can only meet our own order expires unfilled", () => {
    const venue = createVenue();
    venue.snapshot([1_000, 30], []);
    venue.quote(ask("s1", 1_009, 5));
    expect(brief(venue.market({ id: "m1", side: "buy", size: 1 }))).toEqual([
      "accepted m1",
      "expired m1 filled 0",
    ]);
  });

  it("is told with the worst price that it walked to", () => {
    const venue = openMarket();
    venue.market({ id: "m1", side: "buy", size: 25 });
    expect(venue.exchange.orderStatus(0, "m1")).toMatchObject({ status: "FILLED", priceTicks: 1_011 });
  });

  it.each([0, 1.5, Number.NaN])("of %s lots breaks a filter", (size) => {
    expect(brief(openMarket().market({ id: "m1", side: "buy", size }))).toEqual(["rejected m1 FILTER"]);
  });
});

describe("an amendment to a price that crosses", () => {
  it("takes there as a new arrival, and what is left rests", () => {
    const venue = openMarket();
    venue.limit(bid("l1", 1_000, 10));
    expect(brief(venue.amend("l1", 1_010, 30))).toEqual(["amended l1 30@1010", "fill l1 20@1010 taker"]);
    expect(venue.balance("USDT").held).toBe(withFee(value(10, 1_010), 1n));
    expect(briefPublic(venue.events())).toEqual([
      "trade 20@1010 buy",
      "delta bids 1010:10 1000:30 asks 1010:0",
    ]);
  });

  it("is refused when the taker's fee is not covered", () => {
    const venue = openMarket({ usdtAtoms: withFee(value(10, 1_010), 1n) });
    venue.limit(bid("l1", 1_000, 10));
    expect(brief(venue.amend("l1", 1_010, 10))).toEqual(["amendRejected l1 INSUFFICIENT_FUNDS"]);
    expect(venue.exchange.openOrders(0)).toMatchObject([{ priceTicks: 1_000, sizeLots: 10 }]);
  });
});
