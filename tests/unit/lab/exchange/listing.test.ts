import { describe, expect, it } from "vitest";
import type { Instrument } from "../../../../server/contract/instrument.ts";
import { ask, bid, BNB_MARKET, brief, briefPublic, createVenue, exchangeConfig, SPOT } from "./venue.ts";
import type { Venue } from "./venue.ts";

const definition = (change: Partial<Instrument>): Instrument => {
  const [spot] = exchangeConfig().instruments;
  if (spot === undefined) throw new Error("the test venue has no spot market");
  return { ...spot, ...change };
};

const list = (venue: Venue, change: Partial<Instrument>) =>
  venue.call(() => venue.exchange.relist(SPOT, definition(change), venue.now(), venue.output));

describe("an instrument that is listed anew", () => {
  it("ends its orders with their holds and voids its book when its lot changes", () => {
    const venue = createVenue();
    venue.snapshot([100, 50], [102, 50]);
    venue.quote(bid("b", 99, 10));
    expect(venue.balance("USDT").held).toBeGreaterThan(0n);
    expect(brief(list(venue, { lot: "0.01" }))).toEqual(["expired b filled 0"]);
    expect(briefPublic(venue.events())).toEqual(["delta bids 99:0 asks", "feed gap"]);
    expect(venue.balance("USDT").held).toBe(0n);
    venue.snapshot([100, 5], [102, 5]);
    expect(briefPublic(venue.events())).toEqual(["snapshot bids 100:5 asks 102:5"]);
    venue.limit(bid("t", 102, 1));
    // One lot is 0.01 BTC now.
    expect(venue.balance("BTC").total).toBe(10n ** 15n + 1_000_000n);
  });

  it("is priced by its new grid where fees ask for it", () => {
    const venue = createVenue({
      bnb: true,
      fees: { thirdAsset: { asset: "BNB", discountFrac: 0 } },
      bnbAtoms: 10n ** 15n,
    });
    const feeOf = (id: string) => {
      venue.snapshot([100_000, 50], [100_100, 50]);
      const [fill] = venue.limit(bid(id, 100_100, 10)).filter(({ type }) => type === "fill");
      return fill?.type === "fill" ? fill.feeAtoms : undefined;
    };
    venue.priceBnb(500, 500 + 2);
    const before = feeOf("a");
    const bnb = exchangeConfig({ bnb: true }).instruments[BNB_MARKET];
    if (bnb === undefined) throw new Error("no BNB");
    venue.call(() => venue.exchange.relist(BNB_MARKET, { ...bnb, tick: "0.02" }, venue.now(), venue.output));
    venue.priceBnb(250, 250 + 1);
    expect(feeOf("b")).toBe(before);
  });

  it("keeps its orders when only its filters change, which hold from then on", () => {
    const venue = createVenue();
    venue.quote(bid("b", 99, 10));
    expect(list(venue, { sizeMinLots: 20 })).toEqual([]);
    expect(venue.events()).toEqual([]);
    expect(brief(venue.quote(bid("c", 99, 10)))).toEqual(["rejected c FILTER"]);
    expect(venue.exchange.openRecords(0)).toMatchObject([{ clientId: "b" }]);
  });

  it("fills nothing while it is halted, and goes on afterwards", () => {
    const venue = createVenue();
    venue.snapshot([100, 50], [102, 50]);
    venue.quote(bid("b", 101, 10));
    list(venue, { status: "HALTED" });
    expect(venue.take("sell", 5)).toEqual([]);
    expect(venue.print(101, 5, "sell")).toEqual([]);
    expect(venue.delta([], [101, 5])).toEqual([]);
    list(venue, { status: "TRADING" });
    expect(brief(venue.delta([], [103, 5]))).toEqual(["fill b 5@101 maker"]);
  });
});

describe("an order by either id", () => {
  it("has what happened to it, and when", () => {
    const venue = createVenue();
    venue.snapshot([100, 50], [102, 50]);
    venue.limit(ask("a", 100, 70));
    const record = venue.exchange.order(0, { venueOrderId: "1" });
    expect(record).toMatchObject({
      clientId: "a",
      status: "OPEN",
      filledLots: 50,
      filledTickLots: 5_000n,
      createdAtUs: 2,
      updatedAtUs: 2,
    });
    venue.cancel("a");
    expect(venue.exchange.order(0, { clientId: "a" })).toEqual({
      ...record,
      status: "CANCELED",
      updatedAtUs: 3,
    });
    expect(venue.exchange.order(0, { venueOrderId: "2" })).toBeUndefined();
  });

  it("goes by its new id alone where an amendment is a new order", () => {
    const venue = createVenue({ amend: "cancel-new" });
    venue.quote(bid("b", 99, 10));
    venue.amend("b", 98, 10);
    expect(venue.exchange.order(0, { venueOrderId: "1" })).toBeUndefined();
    expect(venue.exchange.order(0, { venueOrderId: "2" })).toMatchObject({ clientId: "b", priceTicks: 98 });
  });
});
