import { describe, expect, it } from "vitest";
import type { InstrumentState, MarketState } from "../../../../server/core/state.ts";
import {
  coldDesk,
  quotingDesk,
  readyDesk,
  reconcile,
  sendBook,
  type Adjust,
  type Desk,
  type DeskShape,
} from "../../../support/desk.ts";

const WARM_UP_MS = 25_000;

function marketOf(desk: Desk): MarketState {
  const [market] = desk.state.markets;
  if (market === undefined) throw new Error("no market");
  return market;
}

function instOf(desk: Desk, index: number): InstrumentState {
  const inst = desk.state.instruments[index];
  if (inst === undefined) throw new Error(`no instrument ${index}`);
  return inst;
}

function reasons(desk: Desk): (string | undefined)[] {
  return desk.state.instruments.map(({ reason }) => reason);
}

/** Volatility is known from the first venue alone; the others have not shown a book yet. */
function deskOfOne(shape: DeskShape = {}): Desk {
  const desk = coldDesk({ venues: 2, ...shape });
  sendBook(desk, 0);
  for (const { index } of desk.state.accounts) reconcile(desk, index);
  desk.wait(WARM_UP_MS);
  expect(marketOf(desk).volatility.valuePerSqrtS).toBeGreaterThan(0);
  return desk;
}

describe("a venue that joins", () => {
  it("beside a venue that is there brings its lasting difference with it and moves fair value by nothing", () => {
    const desk = deskOfOne();
    sendBook(desk, 1, 10_010);
    expect(instOf(desk, 1).basis.valuePrice).toBeCloseTo(0.1, 9);
    expect(marketOf(desk).fair).toBeCloseTo(100, 9);
  });

  it.each([
    { outageMs: 500, basis: 1 },
    { outageMs: 1_000, basis: 1 },
    { outageMs: 1_250, basis: 0 },
    { outageMs: 30_000, basis: 0 },
  ])(
    "after an outage of all others of $outageMs ms takes the market's move for a basis of $basis",
    ({ outageMs, basis }) => {
      const desk = deskOfOne();
      desk.send({ type: "feed", instrument: 0, status: "down" });
      const lastFair = marketOf(desk).fairAtUs;
      desk.wait(outageMs);
      expect(marketOf(desk).fairAtUs).toBe(lastFair);
      sendBook(desk, 1, 10_100);
      expect(instOf(desk, 1).basis.meanPrice).toBeCloseTo(basis, 9);
    },
  );

  it("after an outage is where fair value lies, and the others come back to it without a quarrel", () => {
    const desk = deskOfOne();
    desk.send({ type: "feed", instrument: 0, status: "down" });
    desk.wait(3_000);
    sendBook(desk, 1, 10_100);
    expect(marketOf(desk).fair).toBeCloseTo(101, 9);
    sendBook(desk, 0, 10_100);
    expect(reasons(desk)).toEqual([undefined, undefined]);
    expect(marketOf(desk).fair).toBeCloseTo(101, 9);
  });
});

describe("a venue whose lasting difference is beyond the cap", () => {
  function capped(): Desk {
    const desk = deskOfOne({ parameters: { basisHalfLifeMinutes: 0.05 } });
    sendBook(desk, 1, 10_050);
    return desk;
  }

  it("is not quoted and informs nothing while another can", () => {
    const desk = capped();
    expect(reasons(desk)).toEqual([undefined, "BASIS_CAPPED"]);
    expect([...marketOf(desk).fused.weights]).toEqual([1, 0]);
    sendBook(desk, 1, 10_080);
    expect(marketOf(desk).fair).toBeCloseTo(100, 9);
  });

  it("stands for fair value as it is once it is the only one, and recovers by it", () => {
    const desk = capped();
    desk.send({ type: "feed", instrument: 0, status: "down" });
    expect(marketOf(desk).fair).toBeCloseTo(100.5, 9);
    expect(reasons(desk)[1]).toBe("BASIS_CAPPED");
    for (let second = 1; second <= 30; second++) {
      desk.wait(1_000);
      sendBook(desk, 1, 10_050 + (second % 2));
    }
    expect(reasons(desk)[1]).toBeUndefined();
    expect(Math.abs((marketOf(desk).fair ?? 0) - 100.5)).toBeLessThan(0.2);
  });
});

/** The last venue in a currency of a thousandth of a dollar, in whole steps of which it quotes. */
const IN_WON: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "KRW", decimals: 8 }],
  instruments: config.instruments.map((inst, v) =>
    v < 2 ? inst : { ...inst, symbol: "BTC/KRW", quote: "KRW", settle: "KRW", tick: "10" },
  ),
  conversions: [{ asset: "KRW", to: "USD", pegged: false, source: { kind: "assumed", rate: 0.001 } }],
});

describe("a book that does not change on a live channel", () => {
  /** Two venues move and the third does not; gives the smallest move at which it is called stale. */
  function ticksUntilStale(shape: DeskShape): number | undefined {
    for (let ticks = 2; ticks <= 200; ticks += 2) {
      const desk = readyDesk({ venues: 3, ...shape });
      desk.wait(WARM_UP_MS);
      for (const venue of [0, 1, 2]) sendBook(desk, venue, 10_001);
      desk.wait(2_000);
      for (const venue of [0, 1]) sendBook(desk, venue, 10_001 + ticks);
      if (reasons(desk)[2] === "STALE_BOOK") return ticks;
    }
    return undefined;
  }

  it("is STALE_BOOK after the same move in a currency with a coarse tick as in the reporting currency", () => {
    const inDollars = ticksUntilStale({});
    expect(inDollars).toBeGreaterThan(2);
    expect(ticksUntilStale({ adjust: IN_WON })).toBe(inDollars);
  });

  it.each([
    { venueWeights: "estimated", stale: undefined },
    { venueWeights: "set", stale: "STALE_BOOK" },
  ] as const)("is judged by the noise that its venue weighs by: $venueWeights", ({ venueWeights, stale }) => {
    const desk = readyDesk({ venues: 3, parameters: { venueWeights } });
    desk.wait(WARM_UP_MS);
    const { omegaBps } = marketOf(desk).estimates.noise;
    // Half a per cent of the price, where half a basis point was set.
    const noisy = omegaBps[2];
    if (noisy === undefined) throw new Error("there is a third venue");
    noisy.value = 50;
    for (const venue of [0, 1]) sendBook(desk, venue, 10_100);
    expect(reasons(desk)[2]).toBe(stale);
  });

  it("says no more once it is stale, and is back with its next change", () => {
    const desk = readyDesk({ venues: 3 });
    desk.wait(WARM_UP_MS);
    for (const venue of [0, 1]) sendBook(desk, venue, 10_200);
    expect(reasons(desk)).toEqual([undefined, undefined, "STALE_BOOK"]);
    expect(marketOf(desk).fair).toBeCloseTo(102, 9);
    sendBook(desk, 2, 10_200);
    expect(reasons(desk)).toEqual([undefined, undefined, undefined]);
  });

  it("is no stale one where the others have come to: it led them", () => {
    const desk = readyDesk({ venues: 3 });
    desk.wait(WARM_UP_MS);
    for (const venue of [0, 1, 2]) sendBook(desk, venue, 10_001);
    sendBook(desk, 0, 10_100);
    const fairAtChange = instOf(desk, 0).feed.fairAtChange ?? 0;
    desk.wait(1_000);
    for (const venue of [1, 2]) sendBook(desk, venue, 10_100);
    expect((marketOf(desk).fair ?? 0) - fairAtChange).toBeGreaterThan(0.4);
    expect(reasons(desk)[0]).toBeUndefined();
    expect(marketOf(desk).fused.weights[0]).toBeGreaterThan(0.1);
  });
});

describe("a venue that is HALTED", () => {
  it("informs nothing, whatever its book shows, until it trades again", () => {
    const desk = readyDesk({ venues: 2 });
    const { definition } = instOf(desk, 1);
    const halted = { ...definition, version: 2, status: "HALTED" } as const;
    desk.send({ type: "instrument", instrument: 1, definition: halted });
    sendBook(desk, 1, 10_040);
    expect(reasons(desk)).toEqual([undefined, "INSTRUMENT_HALTED"]);
    expect([...marketOf(desk).fused.weights]).toEqual([1, 0]);
    expect(marketOf(desk).fair).toBe(100);
    // Nor does it learn a basis from a book that nobody trades on.
    expect(instOf(desk, 1).basis.valuePrice).toBe(0);
    desk.send({
      type: "instrument",
      instrument: 1,
      definition: { ...halted, version: 3, status: "TRADING" },
    });
    expect(marketOf(desk).fused.weights[1]).toBeGreaterThan(0);
  });

  it("leaves a market without fair value when it was the only one", () => {
    const desk = readyDesk();
    const definition = { ...instOf(desk, 0).definition, version: 2, status: "HALTED" } as const;
    desk.send({ type: "instrument", instrument: 0, definition });
    expect(marketOf(desk).fused.fair).toBeUndefined();
    const { fairAtUs } = marketOf(desk);
    desk.wait(1_000);
    expect(marketOf(desk).fairAtUs).toBe(fairAtUs);
  });
});

describe("a feed that has nothing to tell but our own orders", () => {
  /** Deltas without a heartbeat until just after silence would show; gives the reason at the end. */
  function listen(desk: Desk, bids: (round: number) => number[]): string | undefined {
    for (let round = 0; round < 13; round++) {
      desk.nowUs += 250_000;
      desk.send({ type: "book", instrument: 0, kind: "delta", bids: bids(round), asks: [] });
      desk.send({ type: "timer" });
    }
    return reasons(desk)[0];
  }

  function ownBid(desk: Desk): number {
    const order = [...desk.state.orders.values()].find(({ side }) => side === "buy");
    if (order === undefined) throw new Error("no bid");
    return order.priceTicks;
  }

  it("goes stale: their echo is no sign of life", () => {
    const desk = quotingDesk();
    const at = ownBid(desk);
    const { channelAtUs, changedAtUs } = instOf(desk, 0).feed;
    expect(listen(desk, (round) => [at, 200 + (round % 2)])).toBe("STALE_CHANNEL");
    expect(instOf(desk, 0).feed).toMatchObject({ channelAtUs, changedAtUs });
  });

  it("does not go stale when others move beside them", () => {
    const desk = quotingDesk();
    const at = ownBid(desk);
    expect(listen(desk, (round) => [at, 200, 9_950, 100 + round])).toBeUndefined();
  });
});
