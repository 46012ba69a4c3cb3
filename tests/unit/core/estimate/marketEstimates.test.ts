import { beforeAll, describe, expect, it } from "vitest";
import { fixtureConfig } from "../../../../server/bench/deskFixture.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { venueWeighting } from "../../../../server/core/estimate/marketEstimates.ts";
import type { Engine, EngineState, InstrumentState, MarketState } from "../../../../server/core/state.ts";
import { step } from "../../../../server/core/step.ts";
import { decodeState, encodeState, stateHash } from "../../../../server/engine/hash/canonical.ts";
import { ParameterDesk, START_TICKS, type Settings } from "../../../simulation/parameterDesk.ts";

/** The same numbers in every run, 0 … 1. */
function createDice(): () => number {
  let seed = 42;
  return () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
}

const ESTIMATED: Settings = {
  intensitySource: "estimated",
  adverseSelectionSource: "markouts",
  venueWeights: "estimated",
  venuePrice: "micro-price",
  inventoryTarget: "mean-reversion",
  quoteLevels: 2,
  hedging: "band",
  hedgeBandOrders: 5,
};

/** Five minutes of a market in which everything happens: books, trades, gaps, fills, and every estimator fed. */
function livelyDesk(settings: Settings = {}): ParameterDesk {
  const dice = createDice();
  const config = { ...fixtureConfig({ venues: 3, symbols: 1 }), hedging: "simulated" } as const;
  const desk = new ParameterDesk({ ...ESTIMATED, ...settings }, { config });
  let bps = 0;
  for (let second = 0; second < 300; second++) {
    bps = 0.97 * bps + (dice() - 0.5) * 3;
    for (let i = 0; i < 4; i++) {
      const venue = Math.floor(3 * dice());
      const side = dice() < 0.5 ? "buy" : "sell";
      const mid = START_TICKS + Math.round(bps * 200 + (dice() - 0.5) * 60);
      const lots = [1 + Math.floor(dice() * 1e6), 1 + Math.floor(dice() * 1e6)];
      desk.book(venue, mid - 100, mid + 100, lots);
      const reach = 100 + Math.round(-Math.log(dice() + 1e-9) * 300);
      desk.trade(venue, side, mid + (side === "buy" ? reach : -reach), 1 + Math.floor(dice() * 20_000));
      if (dice() < 0.2) desk.fillQuote(venue, side, 1 + Math.floor(dice() * 500));
    }
    if (dice() < 0.01) desk.send({ type: "feed", atUs: desk.nowUs, instrument: 1, status: "gap" });
    const strayBps = (dice() - 0.5) * 4;
    desk.run(1, (venue) => (venue === 2 ? bps + strayBps : bps));
  }
  return desk;
}

function marketOf({ engine }: Pick<ParameterDesk, "engine">): MarketState {
  const [market] = engine.state.markets;
  if (market === undefined) throw new Error("there is a market");
  return market;
}

function instrumentOf({ engine }: Pick<ParameterDesk, "engine">, index: number): InstrumentState {
  const inst = engine.state.instruments[index];
  if (inst === undefined) throw new Error("there is an instrument");
  return inst;
}

describe("estimates after minutes of everything", () => {
  let desk: ParameterDesk;
  let engine: Engine;

  beforeAll(() => {
    desk = livelyDesk();
    ({ engine } = desk);
  });

  it("have all learned something", () => {
    const { estimates, volatility } = marketOf(desk);
    expect(volatility.valuePerSqrtS).toBeGreaterThan(0);
    expect(estimates.noise.omegaBps.every(({ value }) => value !== undefined)).toBe(true);
    expect(estimates.reversion.fit).toBeDefined();
    expect(estimates.markouts.next[4]).toBeGreaterThan(0);
    for (const { estimates: own, pricing } of engine.state.instruments) {
      expect(own.intensity.decay.value).toBeGreaterThan(0);
      expect(own.flow.microPrice.solvedAtUs).toBeDefined();
      expect(pricing).toBeDefined();
    }
    expect(engine.state.counts.fills).toBeGreaterThan(50);
  });

  it("are a state that can be written down: no NaN, no −0, nothing but plain data", () => {
    expect(() => encodeState(engine.state)).not.toThrow();
  });

  it("come back from a snapshot as they were, and go on to the same state and the same requests", () => {
    const restored: Engine = {
      config: engine.config,
      state: decodeState(encodeState(engine.state)) as EngineState,
    };
    expect(stateHash(restored.state)).toBe(stateHash(engine.state));
    const dice = createDice();
    for (let i = 1; i <= 400; i++) {
      const atUs = desk.nowUs + i * 125_000;
      const bidTicks = START_TICKS - 100 + Math.round((dice() - 0.5) * 400);
      const instrument = i % 3;
      const events: EngineEvent[] = [
        {
          type: "book",
          atUs,
          instrument,
          kind: "snapshot",
          bids: [bidTicks, 1 + Math.floor(dice() * 1e6)],
          asks: [bidTicks + 200, 1 + Math.floor(dice() * 1e6)],
        },
        { type: "trade", atUs, instrument, priceTicks: bidTicks, sizeLots: 10_000, aggressor: "sell" },
        { type: "timer", atUs },
      ];
      for (const event of events) expect(step(restored, event)).toEqual(step(engine, event));
    }
    expect(stateHash(restored.state)).toBe(stateHash(engine.state));
  });
});

describe("the weight of a venue", () => {
  it("follows what it strays, estimated, and the setting while nothing is known or asked for", () => {
    const fresh = new ParameterDesk({ venueWeights: "estimated", venueNoiseBps: 0.5, venueLagMs: 100 });
    const bps = 20_000 / 1e4;
    const prior = { noiseVar: (0.5 * bps) ** 2, lagS: 0.1 };
    expect(venueWeighting(instrumentOf(fresh, 0), marketOf(fresh), 20_000)).toEqual(prior);

    const desk = livelyDesk({ venueNoiseBps: 0.5, venueLagMs: 100 });
    const of = (index: number) => venueWeighting(instrumentOf(desk, index), marketOf(desk), 20_000).noiseVar;
    expect(of(2)).toBeGreaterThan(1.5 * of(0));

    const set = livelyDesk({ venueWeights: "set", venueNoiseBps: 0.5, venueLagMs: 100 });
    expect(venueWeighting(instrumentOf(set, 2), marketOf(set), 20_000)).toEqual(prior);
  });
});

describe("the slow loop of a market", () => {
  it("comes round to every instrument: each has a micro-price that was solved within its interval", () => {
    const desk = new ParameterDesk({});
    desk.run(30);
    const solved = desk.engine.state.instruments.map(
      ({ estimates }) => estimates.flow.microPrice.solvedAtUs ?? 0,
    );
    expect(Math.min(...solved)).toBeGreaterThan(desk.nowUs - 15_000_000);
    expect(marketOf(desk).estimates.turn).toBe(0);
  });

  it("estimates nothing from a market without a fair value", () => {
    const desk = new ParameterDesk({});
    desk.run(10, () => "silent");
    expect(marketOf(desk).estimates.reversion.weight).toBe(0);
    expect(marketOf(desk).estimates.noise.omegaBps.every(({ value }) => value === undefined)).toBe(true);
  });
});
