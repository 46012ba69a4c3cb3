/** Fees in a third asset and volume towards cheaper tiers, through the whole venue. */
import { describe, expect, it, test } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import { ask, bid, brief, createVenue } from "./venue.ts";
import type { Venue, VenueSetup } from "./venue.ts";

/** 3 lots at 1,000 ticks are 3,000,000 atoms of USDT. At 2,000 ticks a lot of BNB, 100,000 atoms, costs 2,000,000. */
const DISCOUNT = { thirdAsset: { asset: "BNB", discountFrac: 0.25 } };
const PAYS_BNB: VenueSetup = { bnb: true, fees: { takerFrac: 0.002, makerFrac: -0.0002, ...DISCOUNT } };

function openMarket(setup: VenueSetup): Venue {
  const venue = createVenue(setup);
  venue.snapshot([999, 50], [1_000, 50]);
  return venue;
}

const lastFee = (venue: Venue) => {
  const fill = venue.exchange.fills(0).at(-1);
  return [fill?.feeAsset, fill?.feeAtoms];
};

describe("a fee in a third asset", () => {
  it("is worth the ordinary fee less the discount, at the mid of that asset's market", () => {
    const venue = openMarket(PAYS_BNB);
    venue.priceBnb(1_999, 2_001);
    venue.ioc(bid("x", 1_000, 3));
    // 6,000 atoms of USDT less a quarter, at 20 USDT atoms for one of BNB.
    expect(lastFee(venue)).toEqual(["BNB", 225n]);
    expect(venue.balance("BNB")).toEqual({ total: 10n ** 15n - 225n, held: 0n });
    expect(venue.balance("USDT")).toEqual({ total: 10n ** 15n - 3_000_000n, held: 0n });
  });

  it("is a rebate there too, without the discount, and needs no balance", () => {
    const venue = openMarket({ ...PAYS_BNB, bnbAtoms: 0n });
    venue.priceBnb(1_999, 2_001);
    venue.quote(bid("x", 999, 3));
    venue.take("sell", 53);
    // 3 × 999,000 atoms × 2 bps are 599.4 of USDT: 29 whole atoms of BNB.
    expect(lastFee(venue)).toEqual(["BNB", -29n]);
    expect(venue.balance("BNB").total).toBe(29n);
  });

  interface Fallback {
    readonly name: string;
    readonly setup?: VenueSetup;
    readonly price?: readonly [number, number];
    readonly fee: readonly [string, bigint];
  }
  const price = [1_999, 2_001] as const;
  const fallbacks: Fallback[] = [
    {
      name: "the balance is an atom short",
      setup: { bnbAtoms: 224n },
      price,
      fee: ["USDT", 6_000n],
    },
    {
      name: "the balance is short, where fees come out of what is received",
      setup: { bnbAtoms: 0n, fees: { ...PAYS_BNB.fees, paidIn: "received" } },
      price,
      fee: ["BTC", 600n],
    },
    { name: "nothing says what it is worth", fee: ["USDT", 6_000n] },
  ];
  test.each(fallbacks)("is paid the ordinary way, in full, when $name", ({ setup, price: at, fee }) => {
    const venue = openMarket({ ...PAYS_BNB, ...setup });
    if (at !== undefined) venue.priceBnb(...at);
    venue.ioc(bid("x", 1_000, 3));
    expect(lastFee(venue)).toEqual(fee);
  });

  it("leaves alone what is held for our own sell orders of it", () => {
    const venue = openMarket({ ...PAYS_BNB, bnbAtoms: 1_000_000n });
    venue.priceBnb(1_999, 2_001);
    venue.quote(ask("hold", 2_100, 10), { instrument: 2 });
    venue.ioc(bid("x", 1_000, 3));
    expect(lastFee(venue)).toEqual(["USDT", 6_000n]);
    expect(venue.balance("BNB")).toEqual({ total: 1_000_000n, held: 1_000_000n });
  });

  it("is covered by the ordinary hold, which is free again at the end", () => {
    const venue = openMarket({ ...PAYS_BNB, usdtAtoms: 3_006_000n });
    venue.priceBnb(1_999, 2_001);
    expect(brief(venue.ioc(bid("x", 1_000, 3)))).toContain("fill x 3@1000 taker");
    expect(venue.balance("USDT")).toEqual({ total: 6_000n, held: 0n });
    const short = openMarket({ ...PAYS_BNB, usdtAtoms: 3_005_999n });
    expect(brief(short.ioc(bid("x", 1_000, 3)))).toEqual(["rejected x INSUFFICIENT_FUNDS"]);
  });

  it("that is itself bought pays from what it brings", () => {
    const venue = createVenue({ ...PAYS_BNB, bnbAtoms: 0n });
    venue.priceBnb(1_999, 2_001);
    venue.ioc(bid("x", 2_001, 1), { instrument: 2 });
    // 2,001,000 × 0.002 × 0.75 = 3,001.5 atoms of USDT at 20 each: 150.075, rounded up.
    expect(lastFee(venue)).toEqual(["BNB", 151n]);
    expect(venue.balance("BNB")).toEqual({ total: 100_000n - 151n, held: 0n });
  });

  it("is refused at the start where the account has no market that prices it", () => {
    expect(() =>
      createVenue({ bnb: true, fees: DISCOUNT, instrument: { quote: "BNB", settle: "BNB" } }),
    ).not.toThrow();
    const priced = { thirdAsset: { asset: "BTC", discountFrac: 0 } };
    expect(() => createVenue({ bnb: true, fees: priced })).not.toThrow();
    expect(() => createVenue({ bnb: true, fees: priced, instrument: { base: "BNB" } })).toThrow(UserError);
  });
});

describe("volume", () => {
  /** Taker fees of 20 bps, 10 from 0.03 USDT on and 5 from 0.06: from three lots at 1,000 ticks, and from six. */
  const tiers = {
    volumeAsset: "USDT",
    steps: [
      { volumeMin: "0.03", makerFrac: 0.0005, takerFrac: 0.001 },
      { volumeMin: "0.06", makerFrac: 0.0002, takerFrac: 0.0005 },
    ],
  };
  const HOUR_US = 3_600_000_000;

  it("makes the next fill cheaper, never the one that reaches the step", () => {
    const venue = openMarket({ fees: { tiers } });
    const fees = ["a", "b", "c", "d"].map((id) => (venue.ioc(bid(id, 1_000, 3)), lastFee(venue)[1]));
    expect(fees).toEqual([6_000n, 3_000n, 1_500n, 1_500n]);
  });

  it("counts between two fills of one order", () => {
    const venue = createVenue({ fees: { tiers } });
    venue.snapshot([999, 50], [1_000, 3, 1_001, 3]);
    venue.ioc(bid("x", 1_001, 6));
    expect(venue.exchange.fills(0).map((fill) => fill.feeAtoms)).toEqual([6_000n, 3_003n]);
  });

  it("is told with the rates that it gives", () => {
    const venue = openMarket({ fees: { tiers } });
    expect(venue.exchange.feeRates(0, 0)).toMatchObject({ takerFrac: 0.002, volume: { atoms: 0n } });
    venue.ioc(bid("x", 1_000, 3));
    expect(venue.exchange.feeRates(0, 0)).toEqual({
      makerFrac: 0.0005,
      takerFrac: 0.001,
      volume: { asset: "USDT", atoms: 3_000_000n },
    });
  });

  it("leaves after thirty days, by the hour", () => {
    const venue = openMarket({ fees: { tiers } });
    venue.moveTo(10.5 * HOUR_US);
    venue.ioc(bid("a", 1_000, 3));
    expect(venue.exchange.feeRates(0, (10 + 720) * HOUR_US - 1).takerFrac).toBe(0.001);
    expect(venue.exchange.feeRates(0, (10 + 720) * HOUR_US).takerFrac).toBe(0.002);
  });

  it("in another asset is counted at the mid of its market, and not at all while nothing prices it", () => {
    const venue = openMarket({ bnb: true, fees: { tiers: { ...tiers, volumeAsset: "BNB" } } });
    venue.ioc(bid("a", 1_000, 3));
    expect(venue.exchange.feeRates(0, 0).volume?.atoms).toBe(0n);
    venue.priceBnb(1_999, 2_001);
    venue.ioc(bid("b", 1_000, 3));
    expect(venue.exchange.feeRates(0, 0).volume?.atoms).toBe(150_000n);
  });

  it("never leaves an order without cover when it moves the rates while the order is open", () => {
    const venue = createVenue({ fees: { makerFrac: 0.001, tiers }, usdtAtoms: 10n * 1_001_000n });
    venue.snapshot([999, 1], [1_002, 1]);
    venue.quote(bid("x", 1_000, 10));
    const fees = Array.from({ length: 10 }, () => (venue.take("sell", 1, 1_000), lastFee(venue)[1]));
    expect(fees).toEqual([1_000n, 1_000n, 1_000n, 500n, 500n, 500n, 200n, 200n, 200n, 200n]);
    expect(venue.balance("USDT")).toEqual({ total: 10n * 1_000n - 5_300n, held: 0n });
  });
});
