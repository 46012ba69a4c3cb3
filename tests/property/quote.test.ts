/** What holds of every quote, whatever the parameters, the inventory and the books. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { fixtureConfig } from "../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import { QUOTING_MODELS } from "../../server/contract/params/model.ts";
import type { QuoteExplanation } from "../../server/contract/views.ts";
import { explainQuote } from "../../server/core/quote/explain.ts";
import {
  convertedConfig,
  ParameterDesk,
  settable,
  START_TICKS,
  type Settings,
} from "../simulation/parameterDesk.ts";

const VENUES = 2;
const WARM_UP_S = 22;

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

const settings = fc.record({
  model: fc.constantFrom(...QUOTING_MODELS),
  quoteLevels: fc.integer({ min: 1, max: 3 }),
  levelStepOfDecay: number(0.01, 2),
  levelSizeRatio: number(0.5, 2),
  hedgedQuoting: fc.boolean(),
  fillDecayBps: number(0.1, 20),
  spreadMultiplier: number(0.01, 5),
  spreadAddBps: number(-50, 50),
  halfSpreadMaxBps: number(0.001, 100),
  obligation: fc.boolean(),
  adverseSelectionBps: number(0, 10),
  quoteLatencyMs: number(0, 5_000),
  pickOffZ: number(0, 6),
  skewMaxBps: number(0.1, 100),
  venueSkewBps: number(0, 50),
});

/** A book each: the best bid relative to the start, and how far above it the best ask is. */
const books = fc.array(
  fc.record({ bid: fc.integer({ min: -2_000, max: 2_000 }), width: fc.integer({ min: 1, max: 400 }) }),
  {
    minLength: VENUES,
    maxLength: VENUES,
  },
);

const given = fc.record({
  settings,
  books,
  makerFrac: number(-0.0005, 0.001),
  tick: fc.constantFrom<string>("0.0001", "0.01", "1"),
  rate: number(0.996, 1.004),
  /** As a share of the limit. */
  inventory: number(-1.5, 1.5),
});

/** Worlds with a flow: where nobody trades as far out as the fee, prices are astronomical and only rounding is left. */
const traded = fc
  .record({
    settings,
    books,
    makerFrac: number(-0.0002, 0.0003),
    tick: fc.constantFrom<string>("0.0001", "0.01", "1"),
    rate: number(0.996, 1.004),
    inventory: number(-1.5, 1.5),
    decayBps: number(1, 20),
  })
  .map(({ decayBps, ...world }) => ({ ...world, settings: { ...world.settings, fillDecayBps: decayBps } }));

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

function configOf({ makerFrac, tick, rate }: Pick<Given, "makerFrac" | "tick" | "rate">): EngineConfig {
  const base = convertedConfig(fixtureConfig({ venues: VENUES, symbols: 1 }), rate);
  return EngineConfig.parse({
    ...base,
    hedging: "simulated",
    accounts: base.accounts.map((account) => ({ ...account, fees: { ...account.fees, makerFrac } })),
    instruments: base.instruments.map((instrument) => ({ ...instrument, tick })),
  });
}

/** Warm, every venue showing the same. */
function evenDesk(values: Settings, world: Pick<Given, "makerFrac" | "tick" | "rate">): ParameterDesk {
  const desk = new ParameterDesk(settable(values), { config: configOf(world) });
  desk.run(WARM_UP_S);
  return desk;
}

function deskOf(world: Given): ParameterDesk {
  const { settings: values, books: tops } = world;
  const desk = evenDesk(values, world);
  for (const [venue, { bid, width }] of tops.entries())
    desk.book(venue, START_TICKS + bid, START_TICKS + bid + width);
  return desk;
}

/** Inventory at the first venue, as a share of the asset's limit of 10 % of capital. */
function holdShare(desk: ParameterDesk, share: number): void {
  desk.hold((share * 100_000) / (desk.engine.state.markets[0]?.fair ?? NaN));
}

interface Explained extends QuoteExplanation {
  readonly venue: number;
  readonly level: number;
}

/** Every level of every venue. */
function explanationsOf(desk: ParameterDesk): Explained[] {
  return desk.engine.state.instruments.flatMap(({ index: venue, params }) =>
    Array.from({ length: params.quoteLevels }, (_, level) => {
      const explanation = explainQuote(desk.engine, venue, level);
      if (explanation === undefined) throw new Error("a warm desk explains its quotes");
      return { ...explanation, venue, level };
    }),
  );
}

function movedBy({ stages }: QuoteExplanation, name: string): { bid: number; ask: number } {
  const stage = stages.find((candidate) => candidate.stage === name);
  if (stage === undefined) throw new Error(`there is no stage ${name}`);
  return stage;
}

it("has an explanation whose stages sum to it", () => {
  fc.assert(
    fc.property(given, (world) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      for (const { bid, ask, stages } of explanationsOf(desk)) {
        const sum = stages.reduce(
          (total, stage) => ({ bid: total.bid + stage.bid, ask: total.ask + stage.ask }),
          { bid: 0, ask: 0 },
        );
        expect(Math.abs(sum.bid - bid)).toBeLessThanOrEqual(1e-9 * bid);
        expect(Math.abs(sum.ask - ask)).toBeLessThanOrEqual(1e-9 * ask);
      }
    }),
    { numRuns: 60, seed: 1 },
  );
});

it("is in whole ticks, bid below ask, and rests on both sides", () => {
  fc.assert(
    fc.property(given, (world) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      for (const { venue, bidTicks, askTicks, bid, ask, stages } of explanationsOf(desk)) {
        const inst = desk.engine.state.instruments[venue];
        const top = world.books[venue];
        if (inst === undefined || top === undefined) throw new Error("every venue has a book");
        expect([bidTicks, askTicks].every(Number.isSafeInteger)).toBe(true);
        expect(bidTicks).toBeLessThan(askTicks);
        expect(bidTicks).toBeLessThanOrEqual(START_TICKS + top.bid + top.width - 1);
        expect(askTicks).toBeGreaterThanOrEqual(START_TICKS + top.bid + 1);
        // A price on the grid but for its float counts as on the grid.
        const rounding = stages.find(({ stage }) => stage === "tickRounding");
        expect(rounding?.bid).toBeLessThanOrEqual(1e-3 * inst.tickQuote);
        expect(rounding?.ask).toBeGreaterThanOrEqual(-1e-3 * inst.tickQuote);
        expect(bid).toBe(bidTicks * inst.tickQuote);
        expect(ask).toBe(askTicks * inst.tickQuote);
      }
    }),
    { numRuns: 100, seed: 2 },
  );
});

it("is what the slots want, where they want anything", () => {
  fc.assert(
    fc.property(given, (world) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      for (const { venue, level, bidTicks, askTicks, bidOff, askOff } of explanationsOf(desk)) {
        const [bid, ask] = desk.engine.state.instruments[venue]?.slots.slice(2 * level) ?? [];
        expect([bidOff, askOff]).toEqual([bid?.reason ?? bid?.refusedFor, ask?.reason ?? ask?.refusedFor]);
        if (bid?.wantedTicks !== undefined) expect(bid.wantedTicks).toBe(bidTicks);
        if (ask?.wantedTicks !== undefined) expect(ask.wantedTicks).toBe(askTicks);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

it("stands further out on every level, on both sides", () => {
  fc.assert(
    fc.property(given, (world) => {
      const desk = deskOf({ ...world, settings: { ...world.settings, quoteLevels: 3 } });
      const all = explanationsOf(desk);
      for (const { venue, level, bid, ask } of all.filter((explained) => explained.level > 0)) {
        const before = all.find((other) => other.venue === venue && other.level === level - 1);
        expect(bid).toBeLessThanOrEqual(before?.bid ?? NaN);
        expect(ask).toBeGreaterThanOrEqual(before?.ask ?? NaN);
      }
    }),
    { numRuns: 40, seed: 6 },
  );
});

/** A value and a larger one, of what widens quotes while the desk is flat. */
const WIDENERS = {
  fee: (value: number) => ({ settings: {}, makerFrac: value / 1e4 }),
  "the expected adverse move": (value: number) => ({ settings: { adverseSelectionBps: value } }),
  volatility: (value: number) => ({ settings: { volatilityPriorPct: 10 + 50 * value } }),
  "the time that a stale quote stands": (value: number) => ({ settings: { quoteLatencyMs: 500 * value } }),
} as const;

it.each(Object.keys(WIDENERS) as (keyof typeof WIDENERS)[])("is never narrower for a larger %s", (name) => {
  const choice = fc.record({
    source: fc.constantFrom("target-inventory-sd", "direct"),
    low: number(0, 4),
    more: number(0.1, 5),
  });
  fc.assert(
    fc.property(traded, choice, (world, { source, low, more }) => {
      const of = (value: number): Explained[] => {
        const { settings: widened, ...venue } = WIDENERS[name](value);
        const values = { ...world.settings, riskAversionSource: source, ...widened } as Settings;
        return explanationsOf(evenDesk(values, { ...world, ...venue }));
      };
      const before = of(low);
      for (const [at, after] of of(low + more).entries()) {
        // Fair value weighs its venues by volatility: the width is compared, and each side is rounded by itself.
        const width = (quote: Explained | undefined): number =>
          (quote?.askTicks ?? NaN) - (quote?.bidTicks ?? NaN);
        const cost = movedBy(after, "adverseSelection");
        expect(cost.bid).toBeLessThanOrEqual(0);
        expect(cost.ask).toBeGreaterThanOrEqual(0);
        expect(width(after)).toBeGreaterThanOrEqual(width(before[at]) - 1);
      }
    }),
    { numRuns: 40, seed: 7 },
  );
});

it("leans further against inventory the more the desk fears risk", () => {
  const fears = fc.record({ gamma: number(1e-7, 1e-3), times: number(1.1, 100) });
  fc.assert(
    fc.property(traded, fears, (world, { gamma, times }) => {
      const model = world.settings.model === "strategy-document" ? "glft" : world.settings.model;
      const skewOf = (riskAversionPerQuote: number): number[] => {
        const values = {
          ...world.settings,
          model,
          riskAversionSource: "direct",
          riskAversionPerQuote,
        } as const;
        const desk = evenDesk(values, world);
        holdShare(desk, world.inventory);
        return explanationsOf(desk).map((explained) => Math.abs(movedBy(explained, "inventorySkew").bid));
      };
      const before = skewOf(gamma);
      for (const [at, after] of skewOf(gamma * times).entries())
        expect(after).toBeGreaterThanOrEqual((before[at] ?? NaN) * (1 - 1e-9));
    }),
    { numRuns: 40, seed: 8 },
  );
});

it("is the same number of ticks when every price is a thousandfold", () => {
  const source = fc.constantFrom("target-inventory-sd", "direct");
  fc.assert(
    fc.property(traded, source, (world, riskAversionSource) => {
      const of = (times: number): Explained[] => {
        const direct = riskAversionSource === "direct" && { riskAversionPerQuote: 1e-4 / times };
        const values = { ...world.settings, riskAversionSource, ...direct, capital: 1e6 * times } as Settings;
        const tick = `${Number(world.tick) * times}`;
        const desk = deskOf({ ...world, settings: values as Given["settings"], tick });
        desk.hold(world.inventory);
        return explanationsOf(desk);
      };
      const one = of(1);
      for (const [at, { bidTicks, askTicks }] of of(1_000).entries()) {
        expect(Math.abs(bidTicks - (one[at]?.bidTicks ?? NaN))).toBeLessThanOrEqual(1);
        expect(Math.abs(askTicks - (one[at]?.askTicks ?? NaN))).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 40, seed: 9 },
  );
});

it("stands lower the longer the desk is, on both sides and at every venue", () => {
  fc.assert(
    fc.property(given, number(0.01, 1.5), (world, more) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      const before = explanationsOf(desk);
      holdShare(desk, world.inventory + more);
      for (const [at, after] of explanationsOf(desk).entries()) {
        expect(after.bidTicks).toBeLessThanOrEqual(before[at]?.bidTicks ?? NaN);
        expect(after.askTicks).toBeLessThanOrEqual(before[at]?.askTicks ?? NaN);
      }
    }),
    { numRuns: 60, seed: 4 },
  );
});

it("is skewed against the sign of inventory, by the same price on both sides", () => {
  fc.assert(
    fc.property(given, (world) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      for (const explanation of explanationsOf(desk)) {
        const { bid, ask } = movedBy(explanation, "inventorySkew");
        const against = (amount: number): number => Math.sign(amount) * Math.sign(world.inventory);
        expect(against(bid)).toBeLessThanOrEqual(0);
        expect(against(ask)).toBeLessThanOrEqual(0);
        // Beyond 0.7 of the limit the document brings one side nearer than it moves the other away.
        if (world.settings.model !== "strategy-document") expect(ask).toBe(bid);
        if (world.settings.model === "symmetric") expect(bid).toBe(0);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});
