import { describe, expect, it } from "vitest";
import {
  goesOn,
  nearestQuote,
  SECONDS_MAX,
  secondOfView,
  secondsOfHistory,
  spreadBps,
  withHistory,
  withSecond,
  type MarketSecond,
} from "../../../../components/market/seconds.ts";
import type { InstrumentView, MarketView, SideView } from "../../../../server/contract/views.ts";

const second = (atS: number, fair: number | undefined = 100): MarketSecond => ({
  atS,
  fair,
  inventoryBase: 0,
  instruments: [],
});
/** The engine's memory does not say why. */
const NO_QUOTES = { share: 1, why: "no quotes" };
const times = (seconds: readonly MarketSecond[]) => seconds.map(({ atS }) => atS);

describe("seconds of a market", () => {
  it("reads the engine's columns, nulls as absent", () => {
    const seconds = secondsOfHistory({
      market: "BTC",
      instruments: [
        { account: "a", symbol: "BTC/USD" },
        { account: "b", symbol: "BTC/USDT" },
      ],
      atS: [10, 11],
      fair: [null, 100],
      inventoryBase: [1, 2],
      pnl: [null, null],
      mid: [
        [99, 101],
        [null, 102],
      ],
      bid: [
        [98, null],
        [null, null],
      ],
      ask: [
        [103, null],
        [null, null],
      ],
    });
    expect(seconds).toEqual([
      {
        atS: 10,
        fair: undefined,
        inventoryBase: 1,
        instruments: [
          { mid: 99, bid: 98, ask: 103 },
          { mid: undefined, bid: undefined, ask: undefined, pulled: NO_QUOTES },
        ],
      },
      {
        atS: 11,
        fair: 100,
        inventoryBase: 2,
        instruments: [
          { mid: 101, bid: undefined, ask: undefined, pulled: NO_QUOTES },
          { mid: 102, bid: undefined, ask: undefined, pulled: NO_QUOTES },
        ],
      },
    ]);
  });

  it("shows the stream's view in reporting currency, and nothing where there is no rate", () => {
    const sides: readonly SideView[] = [side("buy", 99), { ...side("sell", 0), order: undefined }];
    const market = {
      fair: 50,
      inventoryBase: 0.5,
      instruments: [instrument("a", sides), instrument("b", sides)],
    } as Partial<MarketView> as MarketView;
    const shown = secondOfView(market, 12_900_000, (account) => (account === "a" ? 0.5 : undefined));
    expect(shown).toEqual({
      atS: 12,
      fair: 50,
      inventoryBase: 0.5,
      instruments: [
        { mid: 50, bid: 49.5, ask: undefined },
        { mid: undefined, bid: undefined, ask: undefined },
      ],
    });
  });

  const reason = (code: "STALE_BOOK" | "NET_LIMIT") => ({ code, text: "", releases: "", sinceUs: 0 });
  const out = { order: undefined };
  it.each([
    {
      name: "both sides that are out for one reason",
      sides: [
        { ...side("buy", 9), ...out, reason: reason("STALE_BOOK") },
        { ...side("sell", 9), ...out, reason: reason("STALE_BOOK") },
      ],
      expected: { share: 1, why: "STALE_BOOK" },
    },
    {
      name: "one side that is out",
      sides: [side("buy", 9), { ...side("sell", 9), ...out, reason: reason("NET_LIMIT") }],
      expected: { share: 0.5, why: "ask NET_LIMIT" },
    },
    {
      name: "no side that is quoted, whatever holds it back, or about to be",
      sides: [
        { ...side("buy", 9), reason: reason("NET_LIMIT") },
        { ...side("sell", 9), ...out },
      ],
      expected: undefined,
    },
  ])("say that quotes were pulled of $name", ({ sides, expected }) => {
    const market = { instruments: [instrument("a", sides)] } as Partial<MarketView> as MarketView;
    expect(secondOfView(market, 0, () => 1).instruments[0]?.pulled).toEqual(expected);
  });

  it("keep what the stream said of a second when the engine's memory comes, which knows less", () => {
    const pulled = { share: 1, why: "JUMP" };
    const seen = { ...second(5), instruments: [{ mid: 1, bid: undefined, ask: undefined, pulled }] };
    const remembered = [4, 5, 6].map((atS) => second(atS, 7));
    expect(withHistory([seen], remembered)).toEqual([remembered[0], seen, remembered[2]]);
  });

  it("takes one word a second and keeps the list while nothing is new", () => {
    const first = withSecond([], second(10));
    const same = withSecond(first, second(10, 105));
    expect(same).toBe(first);
    expect(times(withSecond(same, second(11)))).toEqual([10, 11]);
  });

  it("gives seconds that nobody saw a place without values", () => {
    const seconds = withSecond([second(10)], second(13));
    expect(times(seconds)).toEqual([10, 11, 12, 13]);
    expect(seconds[1]).toEqual({ atS: 11, fair: undefined, inventoryBase: undefined, instruments: [] });
  });

  it("begins anew when time goes back, as another recording's does", () => {
    expect(times(withSecond([second(100), second(101)], second(20)))).toEqual([20]);
  });

  it("fills a gap of the stream with what the engine remembers, and keeps both ends", () => {
    const streamed = withSecond([second(5), second(6)], second(12));
    const merged = withHistory(streamed, [
      second(7, 1),
      second(8, 2),
      second(9, 3),
      second(10, 4),
      second(11, 5),
    ]);
    expect(merged.map(({ atS, fair }) => [atS, fair])).toEqual([
      [5, 100],
      [6, 100],
      [7, 1],
      [8, 2],
      [9, 3],
      [10, 4],
      [11, 5],
      [12, 100],
    ]);
  });

  it("goes on when seconds came after it, and not when a gap in it was filled", () => {
    const gapped = withSecond([second(10)], second(12));
    expect(goesOn(gapped, withSecond(gapped, second(13)))).toBe(true);
    expect(goesOn(gapped, withHistory(gapped, [second(11)]))).toBe(false);
    expect(goesOn(gapped, [])).toBe(false);
  });

  it("keeps an hour, also after a night without the page", () => {
    let seconds = withSecond([], second(0));
    seconds = withSecond(seconds, second(30_000));
    expect(seconds.length).toBeLessThanOrEqual(SECONDS_MAX + 300);
    expect(seconds.at(-1)?.atS).toBe(30_000);
    for (let atS = 30_001; atS < 30_500; atS++) seconds = withSecond(seconds, second(atS));
    expect(seconds.length).toBeLessThanOrEqual(SECONDS_MAX + 300);
    expect(times(seconds)).toEqual(Array.from(seconds, (_, at) => 30_499 - seconds.length + 1 + at));
  });

  it("has a spread only with both sides and a fair value", () => {
    expect(spreadBps({ mid: 1, bid: 99, ask: 101 }, 100)).toBeCloseTo(200);
    expect(spreadBps({ mid: 1, bid: undefined, ask: 101 }, 100)).toBeUndefined();
    expect(spreadBps({ mid: 1, bid: 99, ask: 101 }, undefined)).toBeUndefined();
  });
});

it("picks the venue whose quote was clicked, if it is shown", () => {
  const clicked: MarketSecond = {
    ...second(10),
    instruments: [
      { mid: 100, bid: 98, ask: 102 },
      { mid: 100, bid: 99, ask: undefined },
    ],
  };
  const shown = [{ isShown: true }, { isShown: true }];
  expect(nearestQuote(clicked, 98.9, shown)).toBe(1);
  expect(nearestQuote(clicked, 101, shown)).toBe(0);
  expect(nearestQuote(clicked, 98.9, [{ isShown: true }, { isShown: false }])).toBe(0);
  expect(nearestQuote(second(10), 100, shown)).toBeUndefined();
});

function side(name: "buy" | "sell", price: number): SideView {
  return {
    side: name,
    state: "ACTIVE",
    order: { clientId: "q", status: "OPEN", waitsFor: undefined, price, remainingBase: 1 },
    reason: undefined,
  };
}

function instrument(account: string, sides: readonly SideView[]): InstrumentView {
  return { account, symbol: "X", bid: 99, ask: 101, sides } as Partial<InstrumentView> as InstrumentView;
}
