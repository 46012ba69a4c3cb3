import { describe, expect, it, test } from "vitest";
import { ask, ATOMS_PER_TICK_LOT, bid, createVenue } from "./venue.ts";
import type { Order, Venue, VenueSetup } from "./venue.ts";

const START = 10n ** 15n;

/** An order trades 3 lots at 1,000 ticks: 3,000,000 atoms of USDT against 300,000 of BTC. */
function tradeThree(setup: VenueSetup, order: Order, liquidity: "maker" | "taker"): Venue {
  const venue = createVenue(setup);
  venue.snapshot([1_000, 3], [1_001, 3]);
  if (liquidity === "taker") venue.ioc(order);
  else {
    venue.top([998, 1], [1_002, 1]);
    venue.quote(order);
    venue.take(order.side === "buy" ? "sell" : "buy", 3, order.price);
  }
  return venue;
}

describe("settlement", () => {
  interface Settlement {
    readonly name: string;
    readonly fees: NonNullable<VenueSetup["fees"]>;
    readonly order: Order;
    readonly liquidity: "maker" | "taker";
    readonly usdt: bigint;
    readonly btc: bigint;
    readonly fee: { readonly feeAsset: string; readonly feeAtoms: bigint };
  }
  const cases: Settlement[] = [
    {
      name: "a maker's buy pays its fee in quote",
      fees: { makerFrac: 0.001 },
      order: bid("x", 1_000, 3),
      liquidity: "maker",
      usdt: -3_003_000n,
      btc: 300_000n,
      fee: { feeAsset: "USDT", feeAtoms: 3_000n },
    },
    {
      name: "a maker's sell pays its fee in quote",
      fees: { makerFrac: 0.001 },
      order: ask("x", 1_000, 3),
      liquidity: "maker",
      usdt: 2_997_000n,
      btc: -300_000n,
      fee: { feeAsset: "USDT", feeAtoms: 3_000n },
    },
    {
      name: "a maker's rebate is received",
      fees: { makerFrac: -0.0001 },
      order: bid("x", 1_000, 3),
      liquidity: "maker",
      usdt: -2_999_700n,
      btc: 300_000n,
      fee: { feeAsset: "USDT", feeAtoms: -300n },
    },
    {
      name: "a taker's buy pays from the base it receives",
      fees: { takerFrac: 0.002, paidIn: "received" },
      order: bid("x", 1_001, 3),
      liquidity: "taker",
      usdt: -3_003_000n,
      btc: 299_400n,
      fee: { feeAsset: "BTC", feeAtoms: 600n },
    },
    {
      name: "a taker's sell pays from the quote it receives",
      fees: { takerFrac: 0.002, paidIn: "received" },
      order: ask("x", 1_000, 3),
      liquidity: "taker",
      usdt: 2_994_000n,
      btc: -300_000n,
      fee: { feeAsset: "USDT", feeAtoms: 6_000n },
    },
  ];
  test.each(cases)("$name", ({ fees, order, liquidity, usdt, btc, fee }) => {
    const venue = tradeThree({ fees }, order, liquidity);
    expect(venue.exchange.fills(0)).toMatchObject([{ ...fee, liquidity, sizeLots: 3 }]);
    expect(venue.balance("USDT")).toEqual({ total: START + usdt, held: 0n });
    expect(venue.balance("BTC")).toEqual({ total: START + btc, held: 0n });
  });

  it("rounds the fee up once for an order, not once for each of its fills", () => {
    const venue = createVenue({ fees: { makerFrac: 0.0000003 }, usdtAtoms: 3_000_001n });
    venue.snapshot([999, 1], [1_002, 1]);
    venue.quote(bid("x", 1_000, 3));
    for (let i = 0; i < 3; i++) venue.take("sell", 1, 1_000);
    expect(venue.exchange.fills(0).map((fill) => fill.feeAtoms)).toEqual([1n, 0n, 0n]);
    expect(venue.balance("USDT")).toEqual({ total: 0n, held: 0n });
  });

  it("numbers trades by symbol", () => {
    const venue = tradeThree({}, bid("x", 1_000, 3), "maker");
    venue.snapshot([1_000, 3], [1_001, 3]);
    venue.ioc(bid("y", 1_001, 1));
    expect(venue.exchange.fills(0).map((fill) => fill.tradeId)).toEqual(["1", "2"]);
    expect(venue.exchange.traded(0)).toEqual({ fills: 2, boughtLots: 4, soldLots: 0 });
  });

  it("keeps no list of fills unless it is asked to", () => {
    const venue = tradeThree({ assumptions: { keepFills: false } }, bid("x", 1_000, 3), "maker");
    expect(venue.exchange.fills(0)).toEqual([]);
    expect(venue.exchange.traded(0).fills).toBe(1);
  });
});

describe("holds", () => {
  it("fall with the fills of an order", () => {
    const venue = createVenue({ fees: { makerFrac: 0.001 } });
    venue.snapshot([999, 1], [1_002, 1]);
    venue.quote(bid("x", 1_000, 4));
    expect(venue.balance("USDT").held).toBe((4n * 1_000n * ATOMS_PER_TICK_LOT * 1_001n) / 1_000n);
    venue.take("sell", 1);
    expect(venue.balance("USDT").held).toBe((3n * 1_000n * ATOMS_PER_TICK_LOT * 1_001n) / 1_000n);
  });
});
