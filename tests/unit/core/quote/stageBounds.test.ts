import { describe, expect, it } from "vitest";
import type { ParamValues } from "../../../../server/contract/params.ts";
import type { QuoteContext } from "../../../../server/core/quote/context.ts";
import { runModelStages } from "../../../../server/core/quote/stages.ts";
import { apply, contextOf } from "./stageFixture.ts";

/** Through all the stages of a model. */
function quoteOf(change: Partial<QuoteContext>, params: Partial<ParamValues>): QuoteContext {
  const context = contextOf(change, params);
  runModelStages(context);
  return context;
}

describe("the bounds", () => {
  const FREE = { pickOffZ: 0 };
  const NO_LOSS = { costBid: 0, costAsk: 0 };

  it("leave a quote alone that is within them", () => {
    expect(apply("bounds")).toMatchObject({ bid: 19_996, ask: 20_004, off: undefined, atObligation: false });
  });

  it.each([
    {
      name: "the fee and the mean adverse move",
      change: { costBid: 6, costAsk: 9 },
      params: FREE,
      half: 2 + 7.5,
    },
    // 3·2·√4 s − 1 bp of 20,000.
    {
      name: "the fee and the pick-off floor, where that is more",
      change: { costBid: 6, costAsk: 6, exposedS: 4 },
      params: { pickOffZ: 3, sniperFeeBps: 1 },
      half: 2 + 10,
    },
  ])("widen to $name and keep the skew", ({ change, params, half }) => {
    const { bid, ask } = apply("bounds", { bid: 19_993, ask: 19_997, ...change }, params);
    expect(bid).toBeCloseTo(19_995 - half, 9);
    expect(ask).toBeCloseTo(19_995 + half, 9);
  });

  it.each([
    { name: "a rebate", change: { makerFrac: -0.0002, bid: 20_010, ask: 19_990 }, params: FREE },
    { name: "no cost at all", change: { makerFrac: 0, bid: 20_000, ask: 20_000 }, params: FREE },
    {
      name: "an obligation within a tick",
      change: {},
      params: { halfSpreadMaxBps: 1e-9, obligation: true },
    },
  ])("keep half a tick on either side under $name", ({ change, params }) => {
    const { bid, ask } = apply("bounds", { ...NO_LOSS, ...change, rate: 2 }, params);
    expect(20_000 - bid).toBeCloseTo(0.01, 9);
    expect(ask - 20_000).toBeCloseTo(0.01, 9);
  });

  it.each([
    { side: "long", bid: 19_900, ask: 19_908, inventoryShift: -96, centre: 19_990 },
    { side: "short", bid: 20_092, ask: 20_100, inventoryShift: 96, centre: 20_010 },
  ])(
    "cap how far inventory moves the centre when $side, and keep the half-spread",
    ({ centre, ...quote }) => {
      const context = apply("bounds", quote, { skewMaxBps: 5 });
      expect(context.bid).toBeCloseTo(centre - 4, 9);
      expect(context.ask).toBeCloseTo(centre + 4, 9);
    },
  );

  it.each([
    { name: "a venue's lasting difference", change: { basis: 100, bid: 20_096, ask: 20_104 } },
    { name: "a c that is large on one side", change: { costBid: 30, bid: 19_950, ask: 20_004 } },
  ])("take no part of $name for a skew", ({ change }) => {
    expect(apply("bounds", change, { skewMaxBps: 5 })).toMatchObject({ bid: change.bid, ask: change.ask });
  });

  it("leave the skew whole beside a c that is large on one side", () => {
    // Long by four bps: the centre goes down by both, and each side's distance pays for its own c.
    const long = { excessBase: 16, costBid: 60, costAsk: 0 };
    const flat = quoteOf({ ...long, excessBase: 0 }, { skewMaxBps: 5 });
    const skewed = quoteOf(long, { skewMaxBps: 5 });
    expect(flat.bid - skewed.bid).toBeCloseTo(8, 9);
    expect(flat.ask - skewed.ask).toBeCloseTo(8, 9);
    expect(flat.bid - quoteOf({ ...long, excessBase: 60 }, { skewMaxBps: 5 }).bid).toBeCloseTo(10, 9);
  });

  it("leave either side a gain of nothing at the floor, whatever c is on the other", () => {
    const { bid, ask, fair, basis } = quoteOf(
      { costBid: 9, costAsk: 1, makerFrac: 0.0001 },
      { pickOffZ: 0, spreadAddBps: -50 },
    );
    expect(fair + basis - bid - 2 - 9).toBeCloseTo(0, 9);
    expect(ask - fair - basis - 2 - 1).toBeCloseTo(0, 9);
  });

  it("do not quote a half-spread above the maximum, and do not clamp it down", () => {
    const context = apply("bounds", {}, { halfSpreadMaxBps: 1 });
    expect(context).toMatchObject({ off: "WIDER_THAN_MAX", bid: 19_996, ask: 20_004, atObligation: false });
  });

  it("quote the maximum under an obligation, around the same centre", () => {
    const wide = { bid: 19_986, ask: 20_004 };
    const context = apply("bounds", wide, { halfSpreadMaxBps: 1, obligation: true });
    expect(context).toMatchObject({ off: undefined, bid: 19_993, ask: 19_997, atObligation: true });
  });

  it("say nothing of a side that flow has already taken out", () => {
    expect(apply("bounds", { bidOff: "TOXIC_FLOW" })).toMatchObject({ off: undefined, bidOff: "TOXIC_FLOW" });
  });

  it("hold no obligation against a quote that is narrow enough", () => {
    expect(apply("bounds", {}, { obligation: true }).atObligation).toBe(false);
  });
});
