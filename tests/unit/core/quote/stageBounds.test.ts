import { describe, expect, it } from "vitest";
import { apply } from "./stageFixture.ts";

describe("the bounds", () => {
  const FREE = { pickOffZ: 0 };
  const NO_LOSS = { costBid: 0, costAsk: 0 };

  it("leave a quote alone that is within them", () => {
    expect(apply("bounds")).toMatchObject({ bid: 19_996, ask: 20_004, off: undefined, atObligation: false });
  });

  it.each([
    {
      name: "the fee and the smaller adverse move",
      change: { costBid: 6, costAsk: 9 },
      params: FREE,
      half: 2 + 6,
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
    { side: "long", bid: 19_900, ask: 19_908, centre: 19_990 },
    { side: "short", bid: 20_092, ask: 20_100, centre: 20_010 },
  ])("cap how far the centre moves when $side, and keep the half-spread", ({ bid, ask, centre }) => {
    const context = apply("bounds", { bid, ask }, { skewMaxBps: 5 });
    expect(context.bid).toBeCloseTo(centre - 4, 9);
    expect(context.ask).toBeCloseTo(centre + 4, 9);
  });

  it("count the skew from fair value as the venue sees it", () => {
    const context = apply("bounds", { basis: 100, bid: 20_096, ask: 20_104 }, { skewMaxBps: 5 });
    expect(context).toMatchObject({ bid: 20_096, ask: 20_104 });
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
