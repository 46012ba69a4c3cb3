import { describe, expect, it } from "vitest";
import { fixtureConfig } from "../../../../server/bench/deskFixture.ts";
import { QUOTING_MODELS } from "../../../../server/contract/params/model.ts";
import type { QuoteExplanation } from "../../../../server/contract/views.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import { STAGES } from "../../../../server/core/quote/stages.ts";
import { ParameterDesk, type Settings } from "../../../simulation/parameterDesk.ts";

const WARM_UP_S = 24;

function warmDesk(settings: Settings = {}): ParameterDesk {
  const config = { ...fixtureConfig({ venues: 3, symbols: 1 }), hedging: "simulated" } as const;
  const desk = new ParameterDesk(settings, { config });
  desk.alive = true;
  desk.run(WARM_UP_S);
  return desk;
}

function explain(desk: ParameterDesk, instrument = 0): QuoteExplanation {
  const explanation = explainQuote(desk.engine, instrument);
  if (explanation === undefined) throw new Error("there is nothing to explain");
  return explanation;
}

function bidBpsOf(explanation: QuoteExplanation, stage: string): number | undefined {
  return explanation.stages.find((candidate) => candidate.stage === stage)?.bidBps;
}

describe("the explanation of a quote", () => {
  it("lists every stage and ends at the prices that the slots want", () => {
    const desk = warmDesk();
    const explanation = explain(desk);
    expect(explanation.stages.map(({ stage }) => stage)).toEqual(STAGES.map(({ name }) => name));
    const wanted = desk.engine.state.instruments[0]?.slots.map((slot) => slot.wantedTicks);
    expect(wanted).toEqual([explanation.bidTicks, explanation.askTicks]);
  });

  it.each(QUOTING_MODELS)(
    "ends at the quote of each level under %s, hedged or not, and its stages sum to it",
    (model) => {
      for (const hedgedQuoting of [false, true]) {
        const desk = warmDesk({ model, hedgedQuoting, quoteLevels: 3 });
        desk.hold(1.5);
        for (const level of [0, 1, 2]) {
          const explanation = explainQuote(desk.engine, 0, level);
          if (explanation === undefined) throw new Error("there is nothing to explain");
          const [bid, ask] = desk.engine.state.instruments[0]?.slots.slice(2 * level) ?? [];
          expect([bid?.wantedTicks, ask?.wantedTicks]).toEqual([explanation.bidTicks, explanation.askTicks]);
          const sum = explanation.stages.reduce((total, stage) => total + stage.bid, 0);
          expect(Math.round(sum / 0.01)).toBe(explanation.bidTicks);
        }
      }
    },
  );

  it("says of each stage what it moved in bps of fair value", () => {
    const explanation = explain(warmDesk({ adverseSelectionBps: 0.7, spreadMultiplier: 2, fillDecayBps: 3 }));
    // The fixture's venues charge makers a basis point.
    expect(bidBpsOf(explanation, "fee")).toBeCloseTo(-1, 6);
    expect(bidBpsOf(explanation, "adverseSelection")).toBeCloseTo(-0.7, 6);
    expect(bidBpsOf(explanation, "halfSpread")).toBeCloseTo(-3, 1);
    expect(bidBpsOf(explanation, "spreadControl")).toBeCloseTo(-4.7, 1);
  });

  it("shows what each stage went by", () => {
    const desk = warmDesk({ venueSkewBps: 4 });
    desk.hold(2.5);
    const { stages } = explain(desk);
    expect(stages.find(({ stage }) => stage === "inventorySkew")?.inputs).toMatchObject({ excessBase: 2.5 });
    expect(stages.find(({ stage }) => stage === "venueBalance")?.inputs.venueShare).toBeCloseTo(0.5, 3);
  });

  it("changes nothing, so that it can be asked at any time", () => {
    const desk = warmDesk();
    const before = explain(desk);
    const requests = desk.trace().requests.length;
    expect(explain(desk)).toEqual(before);
    expect(desk.trace().requests).toHaveLength(requests);
  });

  it("says why a quote that it can price is not made", () => {
    const wide = explain(warmDesk({ halfSpreadMaxBps: 1 }));
    expect([wide.bidOff, wide.askOff]).toEqual(["WIDER_THAN_MAX", "WIDER_THAN_MAX"]);
    const quoted = explain(warmDesk());
    expect([quoted.bidOff, quoted.askOff]).toEqual([undefined, undefined]);
  });

  it("says of each side what stands in its way, a trading state included", () => {
    const desk = warmDesk();
    desk.command({
      type: "setTradingState",
      scope: { level: "side", account: "venue0", symbol: "C00/USDT", side: "buy" },
      state: "PAUSED",
    });
    const { bidOff, askOff } = explain(desk);
    expect([bidOff, askOff]).toEqual(["PAUSED", undefined]);
  });

  it.each([
    { name: "before there is a volatility", seconds: 5, instrument: 0 },
    { name: "for an instrument that is not there", seconds: WARM_UP_S, instrument: 9 },
  ])("is undefined $name", ({ seconds, instrument }) => {
    const desk = new ParameterDesk({});
    desk.run(seconds);
    expect(explainQuote(desk.engine, instrument)).toBeUndefined();
  });
});
