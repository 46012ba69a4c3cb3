import { describe, expect, it } from "vitest";
import { readIntensity } from "../../../../server/core/estimate/intensity/intensity.ts";
import { modelInputs } from "../../../../server/core/quote/calibrate.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import type { InstrumentState, Pricing } from "../../../../server/core/state.ts";
import {
  ParameterDesk,
  START_TICKS,
  TICKS_PER_BP,
  type Settings,
} from "../../../simulation/parameterDesk.ts";

const STILL = () => 0;

function warmDesk(settings: Settings): ParameterDesk {
  const desk = new ParameterDesk({ jumpSigmas: 50, ...settings });
  desk.run(24, STILL);
  return desk;
}

function instrumentOf(desk: ParameterDesk, index = 0): InstrumentState {
  const inst = desk.engine.state.instruments[index];
  if (inst === undefined) throw new Error("there is an instrument");
  return inst;
}

function pricingOf(desk: ParameterDesk, index = 0): Pricing {
  const { pricing } = instrumentOf(desk, index);
  if (pricing === undefined) throw new Error("flow is known");
  return pricing;
}

/** Each second a sweep a side, most of them shallow: every second one stops at the touch. */
function tradeFor(desk: ParameterDesk, seconds: number): void {
  for (let second = 0; second < seconds; second++) {
    const depthTicks = second % 2 === 0 ? 100 : 100 + (second % 10) * 40;
    desk.trade(0, "buy", START_TICKS + depthTicks, 20_000);
    desk.trade(0, "sell", START_TICKS - depthTicks, 20_000);
    desk.run(1, STILL);
  }
}

describe("the flow that quotes are priced with", () => {
  it("is what was set, in seconds and prices", () => {
    const { A, k } = pricingOf(warmDesk({ fillRatePerMinute: 30, fillDecayBps: 2 }));
    expect(A).toBeCloseTo(0.5, 12);
    // 2 bps of 20,000.
    expect(1 / k).toBeCloseTo(4, 6);
  });

  it("is not known before trades were seen: NO_INTENSITY, and quotes once there were enough", () => {
    const desk = warmDesk({ intensitySource: "estimated" });
    expect(instrumentOf(desk).pricing).toBeUndefined();
    tradeFor(desk, 2);
    desk.run(5, STILL);
    expect(instrumentOf(desk).slots.map(({ reason }) => reason)).toEqual(["NO_INTENSITY", "NO_INTENSITY"]);
    tradeFor(desk, 40);
    expect(instrumentOf(desk).slots.map(({ reason }) => reason)).toEqual([undefined, undefined]);
    // A venue without a trade has its own answer.
    expect(instrumentOf(desk, 1).slots[0]?.reason).toBe("NO_INTENSITY");
  });

  it("follows the tape and not the setting, the more was seen of it", () => {
    const desk = warmDesk({ intensitySource: "estimated", fillDecayBps: 20 });
    tradeFor(desk, 60);
    const early = 1 / pricingOf(desk).k;
    tradeFor(desk, 240);
    // Mean depth beyond the touch is 0.4 bps of 20,000; the prior says 20.
    expect(1 / pricingOf(desk).k).toBeLessThan(early);
    expect(1 / pricingOf(desk).k).toBeLessThan(20);
  });

  it("takes the slope of a power law where a quote stands, and leaves A and k those of the exponential", () => {
    const desk = warmDesk({ intensitySource: "estimated" });
    tradeFor(desk, 60);
    const { law } = instrumentOf(desk).estimates.intensity;
    law.result = { likelihoodRatio: 9, alpha: 3, d0Ticks: 4_000, touchTicks: 100 };
    law.windowsInARow = 2;
    // Shorter than the window that would judge again.
    tradeFor(desk, 30);
    const { k, localK } = pricingOf(desk);
    const reading = readIntensity(instrumentOf(desk).estimates.intensity, desk.engine.state.nowUs, 20_000);
    expect(k).toBeCloseTo(reading.k.value ?? NaN, 9);
    expect(localK).toBeCloseTo(reading.localK ?? NaN, 9);
    expect(localK).toBeLessThan(0.95 * k);
    const [market] = desk.engine.state.markets;
    expect(market && modelInputs(desk.engine, market)?.venues[0]).toMatchObject({ k, localK });
    expect(explainQuote(desk.engine, 0)?.stages.find(({ stage }) => stage === "halfSpread")?.inputs.k).toBe(
      localK,
    );
  });

  it("is forgotten when nothing trades for ten minutes", () => {
    const desk = warmDesk({ intensitySource: "estimated" });
    tradeFor(desk, 60);
    desk.run(590, STILL);
    expect(instrumentOf(desk).pricing).toBeDefined();
    desk.run(20, STILL);
    expect(instrumentOf(desk).slots[0]?.reason).toBe("NO_INTENSITY");
  });
});

describe("the cost of being hit", () => {
  const PRIOR = 0.3 * 2;

  it("is what was set on both sides, before a fill also where it is measured", () => {
    for (const adverseSelectionSource of ["set", "markouts", "strategy-document"] as const) {
      const { costBid, costAsk } = pricingOf(warmDesk({ adverseSelectionSource }));
      expect([costBid, costAsk]).toEqual([expect.closeTo(PRIOR, 9), expect.closeTo(PRIOR, 9)]);
    }
  });

  it("grows on the side whose fills lose, at their venue, and leaves the other as it was", () => {
    const desk = warmDesk({ adverseSelectionSource: "markouts", halfSpreadMaxBps: 50 });
    for (let i = 0; i < 40; i++) desk.fillQuote(0, "buy", 10);
    desk.run(10, () => -3);
    const { costBid, costAsk } = pricingOf(desk);
    expect(costBid).toBeGreaterThan(3 * PRIOR);
    expect(costAsk).toBeCloseTo(PRIOR, 3);
    expect(pricingOf(desk, 1).costBid).toBeCloseTo(PRIOR, 3);
    const stage = explainQuote(desk.engine, 0)?.stages.find(({ stage: name }) => name === "adverseSelection");
    expect(stage?.bid).toBeCloseTo(-costBid, 9);
    expect(stage?.ask).toBeCloseTo(costAsk, 9);
  });

  it("shrinks below the setting on a side whose fills gain, and never below nothing", () => {
    const desk = warmDesk({ adverseSelectionSource: "markouts" });
    for (let i = 0; i < 40; i++) desk.fillQuote(0, "buy", 10);
    desk.run(10, () => 3);
    expect(pricingOf(desk).costBid).toBe(0);
  });

  it("is the document's ten bps and half size on the side that runs into one-sided trades", () => {
    const desk = warmDesk({ adverseSelectionSource: "strategy-document" });
    const wanted = () =>
      instrumentOf(desk).slots.map(({ wantedTicks = 0, wantedLots }) => [wantedTicks, wantedLots]);
    const [bid, ask] = wanted();
    for (let i = 0; i < 60; i++) desk.trade(0, "buy", START_TICKS + 100, 1_000);
    desk.run(1, STILL);
    const [pressedBid, pressedAsk] = wanted();
    expect(pressedBid).toEqual(bid);
    expect((pressedAsk?.[0] ?? 0) - (ask?.[0] ?? 0)).toBeCloseTo(10 * TICKS_PER_BP, -1);
    expect((pressedAsk?.[1] ?? 0) / (ask?.[1] ?? NaN)).toBeCloseTo(0.5, 3);
  });
});
