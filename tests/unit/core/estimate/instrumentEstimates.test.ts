import { describe, expect, it } from "vitest";
import { readTradeImbalance } from "../../../../server/core/estimate/flow/tradeImbalance.ts";
import {
  costHorizonOf,
  lossUse,
  toxicityEvidence,
} from "../../../../server/core/estimate/instrumentEstimates.ts";
import type { InstrumentState, MarketState } from "../../../../server/core/state.ts";
import {
  fillOf,
  holdInventory,
  quotingDesk,
  readyDesk,
  sendBook,
  FAIR_TICKS,
  type Desk,
} from "../../../support/desk.ts";

function partsOf(desk: Desk): { inst: InstrumentState; market: MarketState } {
  const [inst] = desk.state.instruments;
  const [market] = desk.state.markets;
  if (inst === undefined || market === undefined) throw new Error("a desk has both");
  return { inst, market };
}

/** A part of the quote on one side is filled. */
function fillQuote(desk: Desk, side: "buy" | "sell", lots = 1): void {
  const { inst } = partsOf(desk);
  const slot = inst.slots.find((candidate) => candidate.side === side);
  const order = desk.state.orders.get(slot?.clientId ?? "");
  if (order === undefined) throw new Error(`no ${side} quote rests`);
  desk.send(fillOf(order, lots));
}

const curveOf = (desk: Desk, side: "buy" | "sell" = "buy"): number[] =>
  partsOf(desk).inst.estimates.losses[side].curve.map((average) => average.n);

describe("what a fill of ours teaches", () => {
  it("falls due at each horizon: a tenth of a second, 1, 5, 30 and 60 s", () => {
    const desk = quotingDesk();
    fillQuote(desk, "buy");
    const seen = [250, 1_000, 4_000, 25_000, 30_000].map((ms) => {
      desk.wait(ms);
      return curveOf(desk).filter((n) => n > 0).length;
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    expect(curveOf(desk, "sell").every((n) => n === 0)).toBe(true);
  });

  it("starts with what the fill captured, beside fair value before it", () => {
    const desk = quotingDesk();
    fillQuote(desk, "sell");
    const { inst, market } = partsOf(desk);
    const evidence = toxicityEvidence(desk.engine, inst, market, "sell");
    const ask = (inst.slots[1]?.wantedTicks ?? NaN) * 0.01;
    expect(evidence?.edgeNet).toBeCloseTo(ask - 100, 2);
    expect(toxicityEvidence(desk.engine, inst, market, "buy")?.edgeNet).toBeUndefined();
  });

  it("is nothing where we took, and nothing where the order was not ours", () => {
    const desk = quotingDesk();
    holdInventory(desk, 10);
    const { inst } = partsOf(desk);
    const order = desk.state.orders.get(inst.slots[0]?.clientId ?? "");
    if (order === undefined) throw new Error("no quote rests");
    desk.send(fillOf(order, 1, { liquidity: "taker" }));
    desk.wait(2_000);
    expect(curveOf(desk).every((n) => n === 0)).toBe(true);
  });

  it("is the rate at the distance where quotes stood, for as long as they did", () => {
    const desk = quotingDesk();
    const { own } = partsOf(desk).inst.estimates.intensity;
    const exposure = (): number => own.seconds.reduce((sum, seconds) => sum + seconds, 0);
    const before = exposure();
    desk.wait(10_000);
    // Ten seconds on each side.
    expect(exposure() - before).toBeCloseTo(20, 0);
  });
});

describe("what the tape teaches", () => {
  const trade = (desk: Desk, aggressor: "buy" | "sell" | undefined) =>
    desk.send({
      type: "trade",
      instrument: 0,
      priceTicks: aggressor === "sell" ? FAIR_TICKS - 1 : FAIR_TICKS + 1,
      sizeLots: 200,
      aggressor,
    });
  const imbalanceOf = (desk: Desk): number | undefined =>
    readTradeImbalance(partsOf(desk).inst.estimates.flow.trades, desk.nowUs, 60).value;

  it("leans to the side that trades, and to none before there were enough", () => {
    const desk = quotingDesk();
    for (let i = 0; i < 10; i++) trade(desk, "buy");
    expect(imbalanceOf(desk)).toBeUndefined();
    for (let i = 0; i < 40; i++) trade(desk, "buy");
    expect(imbalanceOf(desk)).toBeGreaterThan(0.6);
  });

  it("says nothing of a side when the venue does not name the aggressor", () => {
    const desk = quotingDesk();
    for (let i = 0; i < 50; i++) trade(desk, undefined);
    expect(imbalanceOf(desk)).toBeUndefined();
  });

  it("does not compare across a gap in the feed", () => {
    const desk = quotingDesk();
    desk.send({ type: "feed", instrument: 0, status: "gap" });
    expect(partsOf(desk).inst.estimates.flow.microPrice.at).toBeUndefined();
    sendBook(desk, 0, FAIR_TICKS + 50);
    expect(partsOf(desk).inst.estimates.flow.microPrice.at).toBeDefined();
  });
});

describe("the use of expected losses", () => {
  it("needs a volatility to scale them by", () => {
    const cold = readyDesk();
    const { inst, market } = partsOf(cold);
    expect(lossUse(cold.engine, inst, market)).toBeUndefined();
    const warm = quotingDesk({ parameters: { adverseSelectionBps: 1 } });
    const use = lossUse(warm.engine, partsOf(warm).inst, partsOf(warm).market);
    expect(use).toMatchObject({ horizonS: 5 });
    expect(use?.prior).toBeCloseTo(0.01, 6);
  });

  it.each([
    ["0.1", 0],
    ["1", 1],
    ["5", 2],
    ["30", 3],
    ["60", 4],
  ] as const)("reads the horizon of %s s", (markoutSeconds, position) => {
    const parameters = { adverseSelectionSource: "markouts", markoutSeconds } as const;
    expect(costHorizonOf(partsOf(readyDesk({ parameters })).market)).toBe(position);
  });
});
