import { describe, expect, it } from "vitest";
import { fixtureConfig } from "../../../../server/bench/deskFixture.ts";
import { EngineConfig } from "../../../../server/contract/config.ts";
import type { Instrument } from "../../../../server/contract/instrument.ts";
import type { QuoteSlot } from "../../../../server/core/state.ts";
import {
  convertedConfig,
  ParameterDesk,
  TICKS_PER_BP,
  type Settings,
} from "../../../simulation/parameterDesk.ts";

const WARM_UP_S = 24;

interface Given {
  readonly settings?: Settings;
  readonly instrument?: Partial<Instrument>;
  /** Reporting currency per quote currency. */
  readonly rate?: number;
  readonly seconds?: number;
}

function deskOf({ settings = {}, instrument = {}, rate, seconds = WARM_UP_S }: Given = {}): ParameterDesk {
  const fixture = fixtureConfig({ venues: 2, symbols: 1 });
  const base = rate === undefined ? fixture : convertedConfig(fixture, rate);
  const instruments = base.instruments.map((definition, at) =>
    at === 0 ? { ...definition, ...instrument } : definition,
  );
  const desk = new ParameterDesk(settings, { config: EngineConfig.parse({ ...base, instruments }) });
  desk.run(seconds);
  return desk;
}

/** The bid's and the ask's slot of the first instrument. */
function slotsOf(desk: ParameterDesk): readonly [QuoteSlot, QuoteSlot] {
  const [bid, ask] = desk.engine.state.instruments[0]?.slots ?? [];
  if (bid === undefined || ask === undefined) throw new Error("an instrument has two slots");
  return [bid, ask];
}

const reasonsOf = (desk: ParameterDesk) => slotsOf(desk).map((slot) => slot.reason);
const lotsOf = (desk: ParameterDesk) => slotsOf(desk).map((slot) => slot.wantedLots);

const both = <T>(value: T): [T, T] => [value, value];

describe("a quote that is not made says why", () => {
  it.each<Given & { name: string; reason: string; when?: (desk: ParameterDesk) => void }>([
    { name: "before its first book", seconds: 0, reason: "NO_BOOK" },
    { name: "while volatility is cold", seconds: 5, reason: "NO_VOLATILITY" },
    {
      name: "when no risk aversion meets the target",
      settings: { targetInventorySdPct: 1e-200 },
      reason: "NO_MODEL",
    },
    { name: "when it would be too wide", settings: { halfSpreadMaxBps: 1 }, reason: "WIDER_THAN_MAX" },
    { name: "on a reference", instrument: { quoted: false }, reason: "NOT_QUOTED" },
    { name: "on a halted instrument", instrument: { status: "HALTED" }, reason: "INSTRUMENT_HALTED" },
    {
      name: "when its order is below a minimum of lots",
      instrument: { sizeMinLots: 5_001 },
      reason: "BELOW_MIN",
    },
    {
      name: "when its order is below a minimum of notional",
      instrument: { notionalMinQuote: "1001" },
      reason: "BELOW_MIN",
    },
    { name: "when its quote currency is off its peg", rate: 0.989, reason: "CONVERSION_OFF_PAR" },
    { name: "when flat and off par enough to only reduce", rate: 0.994, reason: "REDUCE_ONLY" },
    {
      name: "when its account lost the private stream",
      when: (desk) => void desk.send({ type: "account", atUs: desk.nowUs, account: 0, status: "down" }),
      reason: "VENUE_NOT_READY",
    },
    {
      name: "while inventory is flattened",
      when(desk) {
        desk.hold(1);
        desk.command({ type: "flatten", market: "C00", slippageMaxBps: 10 });
      },
      reason: "FLATTENING",
    },
    {
      name: "after a jump of fair value",
      settings: { quietBookZ: 20 },
      when: (desk) => desk.run(1, () => 12),
      reason: "JUMP",
    },
    {
      name: "after a gap in the feed",
      when: (desk) => void desk.send({ type: "feed", atUs: desk.nowUs, instrument: 0, status: "gap" }),
      reason: "FEED_GAP",
    },
    {
      name: "on a crossed book",
      when: (desk) => desk.book(0, 2_000_100, 2_000_000),
      reason: "CROSSED_BOOK",
    },
  ])("$name: $reason", ({ reason, when, ...given }) => {
    const desk = deskOf(given);
    when?.(desk);
    expect(reasonsOf(desk)).toEqual(both(reason));
    expect(slotsOf(desk).map((slot) => slot.wantedTicks)).toEqual(both(undefined));
  });

  it.each(["PAUSED", "DISARMED", "KILLED"] as const)(
    "in the trading state %s, on its side alone",
    (state) => {
      const desk = deskOf();
      const scope = { level: "side", account: "venue0", symbol: "C00/USDT", side: "sell" } as const;
      desk.command({ type: "setTradingState", scope, state });
      expect(reasonsOf(desk)).toEqual([undefined, state]);
    },
  );

  it("counts a reason once for each time that it begins, and keeps the instant at which it began", () => {
    const desk = deskOf({ settings: { halfSpreadMaxBps: 1 } });
    const since = slotsOf(desk)[0].sinceUs;
    desk.run(5);
    expect(slotsOf(desk)[0].sinceUs).toBe(since);
    expect(desk.trace().refusals.WIDER_THAN_MAX).toBe(4);
  });

  it("forgets the reason when it quotes again", () => {
    const desk = deskOf();
    desk.run(1, () => 30);
    desk.run(5, () => 30);
    expect(reasonsOf(desk)).toEqual(both(undefined));
  });
});

describe("levels", () => {
  const setLevels = (desk: ParameterDesk, quoteLevels: number): void => {
    const { version } = desk.engine.state.layers;
    const change = { scope: { level: "desk" }, name: "quoteLevels", value: quoteLevels } as const;
    desk.command({ type: "setParameters", expectedVersion: version, changes: [change] });
  };
  const allSlots = (desk: ParameterDesk): readonly QuoteSlot[] =>
    desk.engine.state.instruments[0]?.slots ?? [];
  const restingOf = (desk: ParameterDesk): number =>
    desk.trace().resting.filter(({ instrument }) => instrument === 0).length;

  it("stand a step behind each other, each with its size, and the first where one alone would", () => {
    const one = deskOf();
    const three = deskOf({ settings: { quoteLevels: 3, levelStepOfDecay: 0.5, levelSizeRatio: 2 } });
    const ticks = allSlots(three).map(({ wantedTicks = 0 }) => wantedTicks);
    expect(ticks.slice(0, 2)).toEqual(slotsOf(one).map(({ wantedTicks }) => wantedTicks));
    // Half of 2 bps each.
    for (const at of [2, 4]) {
      expect(Math.abs((ticks[at - 2] ?? 0) - (ticks[at] ?? 0) - TICKS_PER_BP)).toBeLessThanOrEqual(1);
      expect(Math.abs((ticks[at + 1] ?? 0) - (ticks[at - 1] ?? 0) - TICKS_PER_BP)).toBeLessThanOrEqual(1);
    }
    const lots = allSlots(three).map(({ wantedLots }) => wantedLots);
    const first = lots[0] ?? 0;
    expect(lots).toEqual([first, first, 2 * first, 2 * first, 4 * first, 4 * first]);
  });

  it("grow with the setting, and stay as empty places when there are fewer", () => {
    const desk = deskOf();
    setLevels(desk, 3);
    desk.run(2);
    expect(allSlots(desk)).toHaveLength(6);
    expect(restingOf(desk)).toBe(6);
    setLevels(desk, 1);
    desk.run(2);
    expect(allSlots(desk).map(({ reason }) => reason)).toEqual([
      ...both(undefined),
      ...both("NOT_QUOTED"),
      ...both("NOT_QUOTED"),
    ]);
    expect(restingOf(desk)).toBe(2);
    expect(
      allSlots(desk)
        .slice(2)
        .every(({ clientId }) => clientId === undefined),
    ).toBe(true);
  });
});

describe("flow against one side", () => {
  const MARKOUTS = { adverseSelectionSource: "markouts", jumpSigmas: 50 } as const;

  /** Bids hit at the first venue, and the price goes through them. */
  function pickOff(desk: ParameterDesk, fills: number, fallBps: number): void {
    for (let i = 0; i < fills; i++) expect(desk.fillQuote(0, "buy", 10)).toBe(true);
    desk.run(7, () => -fallBps);
  }

  it("withdraws that side at that venue alone, and for 30 s: TOXIC_FLOW", () => {
    const desk = deskOf({ settings: MARKOUTS });
    pickOff(desk, 100, 12);
    expect(reasonsOf(desk)).toEqual(["TOXIC_FLOW", undefined]);
    expect(desk.engine.state.instruments[1]?.slots.map(({ reason }) => reason)).toEqual(both(undefined));
    desk.run(30, () => -12);
    expect(reasonsOf(desk)).toEqual(both(undefined));
  });

  it("leaves that side where it works inventory off", () => {
    const desk = deskOf({ settings: MARKOUTS });
    pickOff(desk, 100, 12);
    expect(reasonsOf(desk)).toEqual(["TOXIC_FLOW", undefined]);
    const market = desk.engine.state.markets[0];
    if (market === undefined) throw new Error("there is a market");
    desk.hold(-market.inventoryBase - 0.01);
    desk.run(1, () => -12);
    expect(market.inventoryBase).toBeLessThan(0);
    expect(reasonsOf(desk)).toEqual(both(undefined));
  });

  it("is not called toxic after few fills, or where the operator sets the cost", () => {
    const few = deskOf({ settings: MARKOUTS });
    pickOff(few, 40, 12);
    expect(reasonsOf(few)).toEqual(both(undefined));
    const set = deskOf({ settings: { jumpSigmas: 50 } });
    pickOff(set, 100, 12);
    expect(reasonsOf(set)).toEqual(both(undefined));
  });
});

describe("sizes by the strategy document", () => {
  const DOCUMENT = { model: "strategy-document", documentSpreadBps: 20 } as const;

  it.each([
    { market: "tight", bps: 0.5, factor: 0.7 },
    { market: "ordinary", bps: 10, factor: 1 },
    { market: "wide", bps: 20, factor: 1.5 },
  ])("are $factor of an order in a $market market", ({ bps, factor }) => {
    const desk = deskOf({ settings: DOCUMENT });
    const half = bps * TICKS_PER_BP;
    for (const venue of [0, 1]) desk.book(venue, 2_000_000 - half, 2_000_000 + half);
    desk.run(1, () => "quiet");
    const order = desk.engine.state.instruments[0]?.orderLots ?? NaN;
    for (const lots of lotsOf(desk)) expect(lots / order).toBeCloseTo(factor, 3);
  });
});

describe("an obligation", () => {
  it("holds the smallest size that the venue accepts at the maximum half-spread", () => {
    const desk = deskOf({
      settings: { halfSpreadMaxBps: 1.5, obligation: true },
      instrument: { notionalMinQuote: "10" },
    });
    const [bid, ask] = slotsOf(desk);
    const widthTicks = (ask.wantedTicks ?? 0) - (bid.wantedTicks ?? 0);
    expect(Math.abs(widthTicks - 3 * TICKS_PER_BP)).toBeLessThanOrEqual(2);
    for (const { wantedLots, wantedTicks = 0 } of [bid, ask]) {
      const notional = (lots: number) => lots * 1e-5 * wantedTicks * 0.01;
      expect(notional(wantedLots)).toBeGreaterThanOrEqual(10);
      expect(notional(wantedLots - 1)).toBeLessThan(10);
    }
  });
});

describe("sizes", () => {
  it("are the order notional on both sides when flat", () => {
    const [bidLots, askLots] = lotsOf(deskOf());
    // 0.1 % of 1,000,000 at about 20,000 is 0.05, in lots of 0.00001.
    expect(bidLots).toBeGreaterThan(4_990);
    expect(bidLots).toBeLessThan(5_010);
    expect(askLots).toBe(bidLots);
  });

  it.each([
    { position: "long", base: 2.5, shrinks: 0 },
    { position: "short", base: -2.5, shrinks: 1 },
  ] as const)("shrink only on the side that adds when $position", ({ base, shrinks }) => {
    const desk = deskOf();
    const full = lotsOf(desk)[0] ?? 0;
    desk.hold(base);
    const lots = lotsOf(desk);
    expect(lots[shrinks]).toBeGreaterThan(0.49 * full);
    expect(lots[shrinks]).toBeLessThan(0.51 * full);
    expect(lots[1 - shrinks]).toBe(full);
  });

  const reduceOnly = { type: "setTradingState", scope: { level: "desk" }, state: "REDUCE_ONLY" } as const;

  it.each([
    { name: "less than an order", base: 0.02, lots: [0, 2_000], reasons: ["REDUCE_ONLY", undefined] },
    { name: "short", base: -0.02, lots: [2_000, 0], reasons: [undefined, "REDUCE_ONLY"] },
    { name: "nothing", base: 0, lots: [0, 0], reasons: both("REDUCE_ONLY") },
  ])("never exceed what there is to reduce when reducing only: $name", ({ base, lots, reasons }) => {
    const desk = deskOf();
    desk.hold(base);
    desk.command(reduceOnly);
    expect(lotsOf(desk)).toEqual(lots);
    expect(reasonsOf(desk)).toEqual(reasons);
  });

  it("leave dust in the inventory that the venue would not trade: BELOW_MIN", () => {
    const desk = deskOf({ instrument: { sizeMinLots: 100 } });
    desk.hold(0.0005);
    desk.command(reduceOnly);
    desk.run(2);
    expect(reasonsOf(desk)).toEqual(["REDUCE_ONLY", "BELOW_MIN"]);
    expect(desk.engine.state.markets[0]?.inventoryBase).toBe(0.0005);
  });

  it.each([
    { asset: "C00", leaves: 1_000_000n, side: 1, lots: 1_000, reason: undefined },
    { asset: "C00", leaves: 0n, side: 1, lots: 0, reason: "INSUFFICIENT_BALANCE" },
    { asset: "USDT", leaves: 200n * 10n ** 10n, side: 0, lots: 999, reason: undefined },
    { asset: "USDT", leaves: 0n, side: 0, lots: 0, reason: "INSUFFICIENT_BALANCE" },
  ] as const)("are what $leaves atoms of $asset can pay for", ({ asset, leaves, side, lots, reason }) => {
    const desk = deskOf();
    const balance = desk.engine.state.accounts[0]?.holdings.get(asset)?.balanceAtoms ?? 0n;
    const amountAtoms = leaves - balance;
    desk.send({ type: "transfer", atUs: desk.nowUs, account: 0, transferId: "t", asset, amountAtoms });
    desk.run(1);
    const slot = slotsOf(desk)[side];
    expect(slot.reason).toBe(reason);
    expect(Math.abs(slot.wantedLots - lots)).toBeLessThanOrEqual(1);
  });
});
