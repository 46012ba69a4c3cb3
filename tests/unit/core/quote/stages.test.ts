import { describe, expect, it } from "vitest";
import { ParamValues } from "../../../../server/contract/params.ts";
import type { QuoteContext } from "../../../../server/core/quote/context.ts";
import { runStages, STAGES } from "../../../../server/core/quote/stages.ts";

/** Everything that a stage reads, so that no default decides a test. */
const PARAMS = ParamValues.parse({
  capital: 1e6,
  model: "glft",
  spreadMultiplier: 1,
  spreadAddBps: 0,
  halfSpreadMaxBps: 50,
  obligation: false,
  adverseSelectionBps: 0.3,
  quoteLatencyMs: 100,
  pickOffZ: 1,
  sniperFeeBps: 1,
  skewMaxBps: 20,
  venueSkewBps: 0.5,
});

/** Fair value 20,000, so that a basis point is 2; before the stages nothing is priced. */
function contextOf(change: Partial<QuoteContext> = {}, params: Partial<ParamValues> = {}): QuoteContext {
  return {
    params: { ...PARAMS, ...params },
    model: { sigmaPerSqrtS: 2, gamma: 1e-5, slope: 0.5, limitBase: 5, inventorySdBase: 1, halfLifeS: 60 },
    mid: 20_003,
    fair: 20_000,
    basis: 1,
    rate: 1,
    k: 0.25,
    orderBase: 0.1,
    coreHalfSpread: 4,
    makerFrac: 0.0001,
    nowUs: 2_600_000_000,
    excessBase: 0,
    venueShare: 0,
    tickQuote: 0.01,
    externalBidTicks: 1_990_000,
    externalAskTicks: 2_010_000,
    bid: 0,
    ask: 0,
    bidTicks: 0,
    askTicks: 0,
    off: undefined,
    atObligation: false,
    ...change,
  };
}

/** One stage on a quote of 19,996/20,004, which stands around 20,000. */
function apply(
  name: string,
  change: Partial<QuoteContext> = {},
  params: Partial<ParamValues> = {},
): QuoteContext {
  const stage = STAGES.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  const context = contextOf({ basis: 0, bid: 19_996, ask: 20_004, ...change }, params);
  stage.apply(context);
  return context;
}

describe("the stages of a quote", () => {
  it("run in the order of the model", () => {
    expect(STAGES.map((stage) => stage.name)).toEqual([
      "mid",
      "fairValue",
      "inventorySkew",
      "halfSpread",
      "fee",
      "adverseSelection",
      "spreadControl",
      "venueBalance",
      "bounds",
      "conversion",
      "tickRounding",
      "postOnly",
    ]);
  });

  it("give the quote that the formula gives by hand", () => {
    const context = contextOf({ excessBase: 2, venueShare: 0.5 }, { spreadMultiplier: 2, spreadAddBps: 1 });
    runStages(context);
    // Centre 20,001 − 0.5·2 − 1·0.5; half-spread 2·(4 + 0.5·0.1/2 + 2 + 0.6) + 2.
    const half = 2 * (4.025 + 2 + 0.6) + 2;
    expect(context.bid).toBeCloseTo(Math.floor((19_999.5 - half) * 100) / 100, 9);
    expect(context.ask).toBeCloseTo(Math.ceil((19_999.5 + half) * 100) / 100, 9);
    expect(context.off).toBeUndefined();
  });

  it.each<{
    name: string;
    stage: string;
    change?: Partial<QuoteContext>;
    params?: Partial<ParamValues>;
    bid: number;
    ask: number;
  }>([
    { name: "start from the venue's mid", stage: "mid", bid: 20_003, ask: 20_003 },
    {
      name: "move to fair value as the venue sees it",
      stage: "fairValue",
      change: { basis: 1 },
      bid: 19_994,
      ask: 20_002,
    },
    {
      name: "move both sides down when long",
      stage: "inventorySkew",
      change: { excessBase: 3 },
      bid: 19_994.5,
      ask: 20_002.5,
    },
    {
      name: "move both sides up when short",
      stage: "inventorySkew",
      change: { excessBase: -3 },
      bid: 19_997.5,
      ask: 20_005.5,
    },
    {
      name: "skew a session by γσ²τ",
      stage: "inventorySkew",
      change: { excessBase: 50 },
      params: { model: "avellaneda-stoikov" },
      bid: 19_994,
      ask: 20_002,
    },
    { name: "widen by c₁ + s·Δ/2", stage: "halfSpread", bid: 19_991.975, ask: 20_008.025 },
    {
      name: "widen a session by c₁ + γσ²τΔ/2",
      stage: "halfSpread",
      params: { model: "avellaneda-stoikov" },
      bid: 19_991.998,
      ask: 20_008.002,
    },
    { name: "widen by a maker fee", stage: "fee", bid: 19_994, ask: 20_006 },
    { name: "narrow by a rebate", stage: "fee", change: { makerFrac: -0.0001 }, bid: 19_998, ask: 20_002 },
    {
      name: "widen by the expected adverse move, in full on both sides",
      stage: "adverseSelection",
      params: { adverseSelectionBps: 1 },
      bid: 19_994,
      ask: 20_006,
    },
    {
      name: "scale the half-spread and add to it",
      stage: "spreadControl",
      params: { spreadMultiplier: 3, spreadAddBps: -1 },
      bid: 19_990,
      ask: 20_010,
    },
    {
      name: "move both sides down at the venue that is long",
      stage: "venueBalance",
      change: { venueShare: 0.5 },
      params: { venueSkewBps: 4 },
      bid: 19_992,
      ask: 20_000,
    },
    {
      name: "turn reporting into quote currency",
      stage: "conversion",
      change: { rate: 0.8 },
      bid: 24_995,
      ask: 25_005,
    },
  ])("$name", ({ stage, change, params, bid, ask }) => {
    const context = apply(stage, change, params);
    expect(context.bid).toBeCloseTo(bid, 9);
    expect(context.ask).toBeCloseTo(ask, 9);
  });
});

describe("the bounds", () => {
  const FREE = { adverseSelectionBps: 0, pickOffZ: 0 };

  it("leave a quote alone that is within them", () => {
    expect(apply("bounds")).toMatchObject({ bid: 19_996, ask: 20_004, off: undefined, atObligation: false });
  });

  it.each([
    { name: "the fee and the adverse move", params: { ...FREE, adverseSelectionBps: 3 }, half: 2 + 6 },
    // 3·2·√4 s − 1 bp of 20,000.
    {
      name: "the fee and the pick-off floor, where that is more",
      params: { pickOffZ: 3, quoteLatencyMs: 4_000, sniperFeeBps: 1, adverseSelectionBps: 3 },
      half: 2 + 10,
    },
  ])("widen to $name and keep the skew", ({ params, half }) => {
    const { bid, ask } = apply("bounds", { bid: 19_993, ask: 19_997 }, params);
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
    const { bid, ask } = apply("bounds", { ...change, rate: 2 }, params);
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

  it("hold no obligation against a quote that is narrow enough", () => {
    expect(apply("bounds", {}, { obligation: true }).atObligation).toBe(false);
  });
});

describe("the last stages", () => {
  it.each([
    {
      name: "outward to the tick",
      bid: 19_996.004,
      ask: 20_004.006,
      bidTicks: 1_999_600,
      askTicks: 2_000_401,
    },
    {
      name: "not at all on the tick",
      bid: 19_996.01,
      ask: 20_004.01,
      bidTicks: 1_999_601,
      askTicks: 2_000_401,
    },
  ])("round $name", ({ bid, ask, bidTicks, askTicks }) => {
    const context = apply("tickRounding", { bid, ask });
    expect(context).toMatchObject({ bidTicks, askTicks });
    expect(context.bid).toBeCloseTo(bidTicks / 100, 9);
    expect(context.ask).toBeCloseTo(askTicks / 100, 9);
  });

  const priced = { bidTicks: 1_999_600, askTicks: 2_000_400 };

  it.each([
    { name: "leave what rests", best: [1_999_999, 2_000_001], bidTicks: 1_999_600, askTicks: 2_000_400 },
    {
      name: "keep a bid below the best ask",
      best: [1_999_000, 1_999_600],
      bidTicks: 1_999_599,
      askTicks: 2_000_400,
    },
    {
      name: "keep an ask above the best bid",
      best: [2_000_400, 2_001_000],
      bidTicks: 1_999_600,
      askTicks: 2_000_401,
    },
    {
      name: "take no side for one that is empty",
      best: [undefined, undefined],
      bidTicks: 1_999_600,
      askTicks: 2_000_400,
    },
  ])("$name", ({ best: [externalBidTicks, externalAskTicks], bidTicks, askTicks }) => {
    const context = apply("postOnly", { ...priced, externalBidTicks, externalAskTicks });
    expect(context).toMatchObject({ bidTicks, askTicks });
  });
});
