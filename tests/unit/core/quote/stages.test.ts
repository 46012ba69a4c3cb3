import { describe, expect, it } from "vitest";
import type { ParamValues } from "../../../../server/contract/params.ts";
import type { QuoteContext } from "../../../../server/core/quote/context.ts";
import { runLevelStages, runModelStages, STAGES } from "../../../../server/core/quote/stages.ts";
import { apply, contextOf, DOCUMENT, MODEL, SESSION } from "./stageFixture.ts";

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
      "hedgeBound",
      "level",
      "conversion",
      "tickRounding",
      "postOnly",
    ]);
  });

  it("give the quote that the formula gives by hand", () => {
    const context = contextOf({ excessBase: 2, venueShare: 0.5 }, { spreadMultiplier: 2, spreadAddBps: 1 });
    runModelStages(context);
    runLevelStages(context);
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
      change: { excessBase: 50, model: SESSION },
      bid: 19_994,
      ask: 20_002,
    },
    { name: "widen by c₁ + s·Δ/2", stage: "halfSpread", bid: 19_991.975, ask: 20_008.025 },
    {
      name: "widen a session by c₁ + γσ²τΔ/2",
      stage: "halfSpread",
      change: { model: SESSION },
      bid: 19_991.998,
      ask: 20_008.002,
    },
    { name: "widen by a maker fee", stage: "fee", bid: 19_994, ask: 20_006 },
    { name: "narrow by a rebate", stage: "fee", change: { makerFrac: -0.0001 }, bid: 19_998, ask: 20_002 },
    {
      name: "widen each side by its own expected adverse move, in full",
      stage: "adverseSelection",
      change: { costBid: 2, costAsk: 5 },
      bid: 19_994,
      ask: 20_009,
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
      name: "do not skew a symmetric model, however long",
      stage: "inventorySkew",
      change: { excessBase: 50, model: { ...MODEL, name: "symmetric", slope: 0 } },
      bid: 19_996,
      ask: 20_004,
    },
    {
      name: "lean by the spectral form in place of the slope, where that is given",
      stage: "inventorySkew",
      change: { excessBase: 3, spectral: { shift: -2, halfBeyondCore: 1 } },
      bid: 19_994,
      ask: 20_002,
    },
    {
      name: "widen by the spectral form beyond c₁, where that is given",
      stage: "halfSpread",
      change: { spectral: { shift: -2, halfBeyondCore: 1 } },
      bid: 19_991,
      ask: 20_009,
    },
    // 0.3 of the 9 from the local mid to fair value with its basis.
    {
      name: "go a third of the way to the other venues under the document",
      stage: "fairValue",
      change: { model: DOCUMENT, mid: 19_992, basis: 1 },
      bid: 19_998.7,
      ask: 20_006.7,
    },
    // Half of the limit: half of 10 bps.
    {
      name: "move both sides down by the penalty under the document when long",
      stage: "inventorySkew",
      change: { model: DOCUMENT, excessBase: 2.5 },
      bid: 19_986,
      ask: 19_994,
    },
    // 16 of penalty, and 5 bps nearer on the side that reduces, 2 bps away on the one that adds.
    {
      name: "lean out above 0.7 of the limit under the document when short",
      stage: "inventorySkew",
      change: { model: DOCUMENT, excessBase: -4 },
      bid: 20_022,
      ask: 20_024,
    },
    {
      name: "widen by the document's half-spread alone",
      stage: "halfSpread",
      change: { model: DOCUMENT },
      bid: 19_992,
      ask: 20_008,
    },
    {
      name: "keep each side to what its hedge pays for",
      stage: "hedgeBound",
      change: { hedgeBid: 19_990, hedgeAsk: 20_010 },
      bid: 19_990,
      ask: 20_010,
    },
    {
      name: "are not drawn nearer by a hedge that would pay for more",
      stage: "hedgeBound",
      change: { hedgeBid: 19_998, hedgeAsk: 20_001 },
      bid: 19_996,
      ask: 20_004,
    },
    { name: "leave the first level where the model wants it", stage: "level", bid: 19_996, ask: 20_004 },
    // 0.5/k = 2 each.
    {
      name: "put each level a step behind the one before",
      stage: "level",
      change: { level: 2 },
      bid: 19_992,
      ask: 20_008,
    },
    {
      name: "put a level at least a tick behind, in reporting currency",
      stage: "level",
      change: { level: 1, tickQuote: 3, rate: 2 },
      bid: 19_990,
      ask: 20_010,
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
