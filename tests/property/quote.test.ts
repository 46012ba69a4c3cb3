/** What holds of every quote, whatever the parameters, the inventory and the books. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { fixtureConfig } from "../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../server/contract/config.ts";
import type { QuoteExplanation } from "../../server/contract/views.ts";
import { explainQuote } from "../../server/core/quote/explain.ts";
import { convertedConfig, ParameterDesk, START_TICKS } from "../simulation/parameterDesk.ts";

const VENUES = 2;
const WARM_UP_S = 22;

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

const settings = fc.record({
  model: fc.constantFrom("glft", "avellaneda-stoikov"),
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
  tick: fc.constantFrom("0.0001", "0.01", "1"),
  rate: number(0.996, 1.004),
  /** As a share of the limit. */
  inventory: number(-1.5, 1.5),
});

type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;

function deskOf({ settings: values, books: tops, makerFrac, tick, rate }: Given): ParameterDesk {
  const base = convertedConfig(fixtureConfig({ venues: VENUES, symbols: 1 }), rate);
  const config = EngineConfig.parse({
    ...base,
    accounts: base.accounts.map((account) => ({ ...account, fees: { ...account.fees, makerFrac } })),
    instruments: base.instruments.map((instrument) => ({ ...instrument, tick })),
  });
  const desk = new ParameterDesk(values, { config });
  desk.run(WARM_UP_S);
  for (const [venue, { bid, width }] of tops.entries())
    desk.book(venue, START_TICKS + bid, START_TICKS + bid + width);
  return desk;
}

/** Inventory at the first venue, as a share of the asset's limit of 10 % of capital. */
function holdShare(desk: ParameterDesk, share: number): void {
  desk.hold((share * 100_000) / (desk.engine.state.markets[0]?.fair ?? NaN));
}

function explanationsOf(desk: ParameterDesk): QuoteExplanation[] {
  return Array.from({ length: VENUES }, (_, venue) => {
    const explanation = explainQuote(desk.engine, venue);
    if (explanation === undefined) throw new Error("a warm desk explains its quotes");
    return explanation;
  });
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
      for (const [venue, { bidTicks, askTicks, bid, ask, stages }] of explanationsOf(desk).entries()) {
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
      for (const [venue, { bidTicks, askTicks, bidOff, askOff }] of explanationsOf(desk).entries()) {
        const [bid, ask] = desk.engine.state.instruments[venue]?.slots ?? [];
        expect([bidOff, askOff]).toEqual([bid?.reason ?? bid?.refusedFor, ask?.reason ?? ask?.refusedFor]);
        if (bid?.wantedTicks !== undefined) expect(bid.wantedTicks).toBe(bidTicks);
        if (ask?.wantedTicks !== undefined) expect(ask.wantedTicks).toBe(askTicks);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});

it("stands lower the longer the desk is, on both sides and at every venue", () => {
  fc.assert(
    fc.property(given, number(0.01, 1.5), (world, more) => {
      const desk = deskOf(world);
      holdShare(desk, world.inventory);
      const before = explanationsOf(desk);
      holdShare(desk, world.inventory + more);
      for (const [venue, after] of explanationsOf(desk).entries()) {
        expect(after.bidTicks).toBeLessThanOrEqual(before[venue]?.bidTicks ?? NaN);
        expect(after.askTicks).toBeLessThanOrEqual(before[venue]?.askTicks ?? NaN);
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
      for (const { stages } of explanationsOf(desk)) {
        const skew = stages.find(({ stage }) => stage === "inventorySkew");
        expect(Math.sign(skew?.bid ?? NaN) * Math.sign(world.inventory)).toBeLessThanOrEqual(0);
        expect(skew?.ask).toBe(skew?.bid);
      }
    }),
    { numRuns: 60, seed: 5 },
  );
});
