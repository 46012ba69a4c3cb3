import { describe, expect, it, test } from "vitest";
import {
  ask,
  ATOMS_PER_LOT,
  ATOMS_PER_TICK_LOT,
  bid,
  brief,
  briefPublic,
  createVenue,
  PERPETUAL,
} from "./venue.ts";
import type { Venue, VenueSetup } from "./venue.ts";

function openMarket(setup: VenueSetup = {}): Venue {
  const venue = createVenue(setup);
  venue.snapshot([1_000, 30, 999, 40], [1_010, 20, 1_011, 50]);
  return venue;
}

describe("placing", () => {
  it("accepts a quote before anything else happens to it", () => {
    const venue = openMarket();
    expect(venue.quote(bid("b1", 1_001, 7))).toEqual([
      { type: "orderAccepted", clientId: "b1", venueOrderId: "1" },
    ]);
    expect(briefPublic(venue.events())).toEqual(["delta bids 1001:7 asks"]);
    expect(venue.exchange.orderStatus(0, "b1")).toEqual({
      found: true,
      venueOrderId: "1",
      status: "OPEN",
      priceTicks: 1_001,
      sizeLots: 7,
      filledLots: 0,
    });
  });

  interface Refusal {
    readonly name: string;
    readonly setup?: VenueSetup;
    readonly send: (venue: Venue) => ReturnType<Venue["quote"]>;
    readonly reason: string;
  }
  const refusals: Refusal[] = [
    {
      name: "a quote that meets others",
      send: (v) => v.quote(bid("x", 1_010, 1)),
      reason: "POST_ONLY_WOULD_TAKE",
    },
    {
      name: "a quote that meets our own order",
      send: (v) => {
        v.quote(ask("s1", 1_005, 1));
        return v.quote(bid("x", 1_006, 1));
      },
      reason: "POST_ONLY_WOULD_TAKE",
    },
    {
      name: "a request that arrives after its expiry",
      send: (v) => v.quote(bid("x", 1_000, 1), { requestExpiresAtUs: 1 }),
      reason: "EXPIRED_REQUEST",
    },
    { name: "a price between ticks", send: (v) => v.quote(bid("x", 1_000.5, 1)), reason: "FILTER" },
    { name: "a price of nothing", send: (v) => v.quote(bid("x", 0, 1)), reason: "FILTER" },
    { name: "a size between lots", send: (v) => v.quote(bid("x", 1_000, 1.5)), reason: "FILTER" },
    {
      name: "a size below the minimum",
      setup: { instrument: { sizeMinLots: 5 } },
      send: (v) => v.quote(bid("x", 1_000, 4)),
      reason: "FILTER",
    },
    {
      name: "a notional below the minimum",
      setup: { instrument: { notionalMinQuote: "0.05" } },
      send: (v) => v.quote(bid("x", 999, 5)),
      reason: "FILTER",
    },
    {
      name: "a price outside the band around the mid",
      setup: { instrument: { priceBandFrac: 0.05 } },
      send: (v) => v.quote(bid("x", 954, 1)),
      reason: "FILTER",
    },
    {
      name: "an order on a halted instrument",
      setup: { instrument: { status: "HALTED" } },
      send: (v) => v.quote(bid("x", 1_000, 1)),
      reason: "HALTED",
    },
    {
      name: "an order on a delisted instrument",
      setup: { instrument: { status: "DELISTED" } },
      send: (v) => v.ioc(bid("x", 1_000, 1)),
      reason: "HALTED",
    },
    {
      name: "an order on a perpetual, which is a reference only",
      send: (v) => v.quote(bid("x", 1_000, 1), { instrument: PERPETUAL }),
      reason: "OTHER",
    },
    {
      name: "a buy that the quote balance does not cover with its fee",
      setup: { usdtAtoms: 1_000_999n, fees: { makerFrac: 0.001 } },
      send: (v) => v.quote(bid("x", 1_000, 1)),
      reason: "INSUFFICIENT_FUNDS",
    },
    {
      name: "a sell that the base balance does not cover",
      setup: { btcAtoms: ATOMS_PER_LOT - 1n },
      send: (v) => v.quote(ask("x", 1_010, 1)),
      reason: "INSUFFICIENT_FUNDS",
    },
  ];
  test.each(refusals)("refuses $name", ({ setup, send, reason }) => {
    const venue = openMarket(setup);
    expect(brief(send(venue))).toEqual([`rejected x ${reason}`]);
    expect(venue.events()).toEqual([]);
    expect(venue.exchange.orderStatus(0, "x")).toEqual({ found: false });
  });

  const justEnough: { name: string; setup: VenueSetup; send: (v: Venue) => ReturnType<Venue["quote"]> }[] = [
    {
      name: "a quote covered to the atom",
      setup: { usdtAtoms: 1_001_000n, fees: { makerFrac: 0.001 } },
      send: (v) => v.quote(bid("x", 1_000, 1)),
    },
    {
      name: "a quote on a venue that takes the fee from what is received",
      setup: { usdtAtoms: 1_000_000n, fees: { paidIn: "received" } },
      send: (v) => v.quote(bid("x", 1_000, 1)),
    },
    {
      name: "a notional at the minimum",
      setup: { instrument: { notionalMinQuote: "0.05" } },
      send: (v) => v.quote(bid("x", 1_000, 5)),
    },
    {
      name: "a price inside the band",
      setup: { instrument: { priceBandFrac: 0.05 } },
      send: (v) => v.quote(bid("x", 955, 1)),
    },
  ];
  test.each(justEnough)("accepts $name", ({ setup, send }) => {
    expect(brief(send(openMarket(setup)))).toEqual(["accepted x"]);
  });

  it("never makes a second order of a client id, not even after the first has ended", () => {
    const venue = openMarket();
    venue.quote(bid("b1", 1_000, 5));
    expect(brief(venue.quote(bid("b1", 999, 1)))).toEqual(["rejected b1 DUPLICATE_ID"]);
    venue.cancel("b1");
    expect(brief(venue.ioc(bid("b1", 1_010, 1)))).toEqual(["rejected b1 DUPLICATE_ID"]);
    expect(venue.exchange.orderStatus(0, "b1")).toMatchObject({
      status: "CANCELED",
      priceTicks: 1_000,
      sizeLots: 5,
    });
  });

  it("refuses the order after the two hundredth that is open", () => {
    const venue = openMarket();
    for (let i = 0; i < 200; i++) venue.quote(bid(`b${i}`, 900, 1));
    expect(brief(venue.quote(bid("x", 900, 1)))).toEqual(["rejected x OTHER"]);
  });

  it("expires what an IOC order could not take", () => {
    const venue = openMarket();
    expect(brief(venue.ioc(bid("i1", 1_011, 100)))).toEqual([
      "accepted i1",
      "fill i1 20@1010 taker",
      "fill i1 50@1011 taker",
      "expired i1 filled 70",
    ]);
    expect(venue.balance("USDT").held).toBe(0n);
    expect(briefPublic(venue.events())).toEqual([
      "trade 20@1010 buy",
      "trade 50@1011 buy",
      "delta bids asks 1010:0 1011:0",
    ]);
  });
});

describe("amending in place", () => {
  /** Others hold 30 lots at 1,000 ahead of b1, which holds 10, and 5 behind it. */
  function quoted(setup: VenueSetup = {}): Venue {
    const venue = openMarket(setup);
    venue.quote(bid("b1", 1_000, 10));
    venue.delta([1_000, 35], []);
    return venue;
  }

  const places = [
    { name: "a smaller size keeps the place", price: 1_000, size: 5, printed: 31, filled: 1 },
    { name: "the same size keeps the place", price: 1_000, size: 10, printed: 31, filled: 1 },
    { name: "a larger size goes to the back", price: 1_000, size: 11, printed: 36, filled: 1 },
    { name: "a new price goes to the back", price: 999, size: 10, printed: 40, filled: 0 },
  ];
  test.each(places)("$name", ({ price, size, printed, filled }) => {
    const venue = quoted();
    expect(brief(venue.amend("b1", price, size))).toEqual([`amended b1 ${size}@${price}`]);
    venue.print(price, printed - 1, "sell");
    expect(venue.exchange.traded(0).boughtLots).toBe(0);
    venue.print(price, 1, "sell");
    expect(venue.exchange.traded(0).boughtLots).toBe(filled);
  });

  it("keeps the venue's id, moves the hold and shows the change", () => {
    const venue = quoted({ fees: { makerFrac: 0 } });
    const [report] = venue.amend("b1", 1_001, 20);
    expect(report).toMatchObject({ venueOrderId: "1", sizeLots: 20 });
    expect(venue.balance("USDT").held).toBe(20n * 1_001n * ATOMS_PER_TICK_LOT);
    expect(briefPublic(venue.events())).toEqual(["delta bids 1001:20 1000:35 asks"]);
  });

  it("cancels when the new total is not more than what has filled", () => {
    const venue = quoted();
    venue.print(1_000, 34, "sell");
    expect(brief(venue.amend("b1", 1_001, 4))).toEqual(["canceled b1 filled 4"]);
  });

  const refusals: {
    name: string;
    setup?: VenueSetup;
    amend: (v: Venue) => ReturnType<Venue["amend"]>;
    reason: string;
  }[] = [
    {
      name: "to a price that would take",
      amend: (v) => v.amend("b1", 1_010, 10),
      reason: "POST_ONLY_WOULD_TAKE",
    },
    { name: "that arrives too late", amend: (v) => v.amend("b1", 999, 10, 1), reason: "EXPIRED_REQUEST" },
    { name: "to a size between lots", amend: (v) => v.amend("b1", 999, 10.5), reason: "FILTER" },
    {
      name: "of an order that the venue does not know",
      amend: (v) => v.amend("b2", 999, 1),
      reason: "UNKNOWN_ORDER",
    },
    {
      name: "beyond what is free",
      setup: { usdtAtoms: 11n * 1_000n * ATOMS_PER_TICK_LOT },
      amend: (v) => v.amend("b1", 1_000, 11),
      reason: "INSUFFICIENT_FUNDS",
    },
    {
      name: "where the venue has no amend",
      setup: { amend: "none" },
      amend: (v) => v.amend("b1", 999, 10),
      reason: "OTHER",
    },
  ];
  test.each(refusals)("refuses an amend $name, and the order stays as it was", ({ setup, amend, reason }) => {
    const venue = quoted(setup);
    const before = { orders: venue.exchange.openOrders(0), balances: venue.exchange.balances(0) };
    const [refusal] = amend(venue);
    expect(refusal).toMatchObject({ type: "amendRejected", reason });
    expect({ orders: venue.exchange.openOrders(0), balances: venue.exchange.balances(0) }).toEqual(before);
  });

  it("is a new order at the back where the venue cancels and places anew", () => {
    const venue = quoted({ amend: "cancel-new" });
    expect(venue.amend("b1", 1_000, 5)).toEqual([
      { type: "orderAmended", clientId: "b1", venueOrderId: "2", priceTicks: 1_000, sizeLots: 5 },
    ]);
    expect(brief(venue.print(1_000, 35, "sell"))).toEqual([]);
    expect(brief(venue.print(1_000, 1, "sell"))).toEqual(["fill b1 1@1000 maker"]);
  });
});

describe("canceling", () => {
  it("ends the order, frees its hold and takes it off the book", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 1_009, 5));
    expect(venue.balance("BTC").held).toBe(5n * ATOMS_PER_LOT);
    expect(brief(venue.cancel("s1"))).toEqual(["canceled s1 filled 0"]);
    expect(venue.balance("BTC").held).toBe(0n);
    expect(briefPublic(venue.events())).toEqual(["delta bids asks 1009:0"]);
  });

  it("is refused once the order is filled", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 1_009, 5));
    venue.take("buy", 5);
    expect(brief(venue.cancel("s1"))).toEqual(["cancelRejected s1 UNKNOWN_ORDER"]);
    expect(venue.exchange.orderStatus(0, "s1")).toMatchObject({ status: "FILLED", filledLots: 5 });
  });

  it("does not find an order under another instrument", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 1_009, 5));
    const request = { account: 0, instrument: PERPETUAL, clientId: "s1" };
    const reports = [
      ...venue.call(() =>
        venue.exchange.cancel(0, { type: "cancel", ...request }, venue.now(), venue.output),
      ),
      ...venue.call(() =>
        venue.exchange.amend(
          0,
          { type: "amend", ...request, priceTicks: 1_008, sizeLots: 5, requestExpiresAtUs: 100 },
          venue.now(),
          venue.output,
        ),
      ),
    ];
    expect(brief(reports)).toEqual(["cancelRejected s1 UNKNOWN_ORDER", "amendRejected s1 UNKNOWN_ORDER"]);
  });

  it("cancels all orders in the order in which they came", () => {
    const venue = openMarket();
    venue.quote(ask("s1", 1_009, 5));
    venue.quote(bid("b1", 1_001, 5));
    expect(brief(venue.cancelAll())).toEqual(["canceled s1 filled 0", "canceled b1 filled 0"]);
    expect(briefPublic(venue.events())).toEqual(["delta bids 1001:0 asks 1009:0"]);
    expect(venue.exchange.openOrders(0)).toEqual([]);
  });
});
