import { describe, expect, it } from "vitest";
import { createAgentMarket } from "../../../../server/lab/drivers/agents.ts";
import { AgentMarket } from "../../../../server/lab/drivers/agentsParams.ts";
import type { MarketRecord } from "../../../../server/lab/ports.ts";
import { CALM, CONFIG, market, START_US } from "./fixtures.ts";
import { correlation, mean, readAll, takesOf } from "./statistics.ts";

const TWO_BOOKS = [
  { account: "fast", informedRatePerS: 0.5, sniperProbability: 0.5, takerFeeBps: 1 },
  { account: "slow", informedRatePerS: 0.5, sniperProbability: 0.5, takerFeeBps: 1, lagS: 0.5 },
];

const stream = (seed: number, durationS = 30) =>
  readAll(createAgentMarket(market(durationS, TWO_BOOKS, { seed }), CONFIG));

describe("an agent market", () => {
  it("is the same stream for the same seed and another for another", () => {
    expect(stream(1)).toEqual(stream(1));
    expect(stream(1).slice(2, 50)).not.toEqual(stream(2).slice(2, 50));
  });

  it("is in order, in whole microseconds, from the start to the end it was given", () => {
    const times = stream(1).map((r) => r.exchangeAtUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times.every(Number.isInteger)).toBe(true);
    expect(times[0]).toBe(START_US);
    expect(times.at(-1)).toBeLessThan(START_US + 30e6);
    expect(times.at(-1)).toBeGreaterThan(START_US + 29.5e6);
  });

  it("shows each book whole before anything else happens in it", () => {
    const seen = new Set<number>();
    for (const record of stream(3)) {
      expect(record.kind === "snapshot").toBe(!seen.has(record.instrument));
      seen.add(record.instrument);
    }
    expect([...seen]).toEqual([0, 1]);
  });

  it("gives a book the same records when another book is added", () => {
    const alone = readAll(createAgentMarket(market(20, TWO_BOOKS.slice(0, 1)), CONFIG));
    const together = readAll(createAgentMarket(market(20, TWO_BOOKS), CONFIG));
    expect(together.filter((r) => r.instrument === 0)).toEqual(alone);
  });

  it("has a slow venue that follows a fast one by its lag", () => {
    const books = [
      { account: "fast", updatesPerS: 60 },
      { account: "slow", updatesPerS: 60, lagS: 0.5 },
    ];
    const mids = midsEvery100Ms(readAll(createAgentMarket(market(900, books), CONFIG)), 9_000);
    const fast = changesOf(mids[0] ?? []);
    const slow = changesOf(mids[1] ?? []);
    const correlations = Array.from({ length: 11 }, (_, lag) =>
      correlation(fast.slice(0, -11), slow.slice(lag)),
    );
    const best = correlations.indexOf(Math.max(...correlations));
    expect(best).toBe(5);
    expect(correlations[5]).toBeGreaterThan(0.5);
    expect(Math.abs(correlations[0] ?? 1)).toBeLessThan(0.1);
  });

  it.each([
    {
      name: "a book without an instrument",
      change: { books: [{ account: "nowhere", symbol: "BTC/USD", levelSizeBase: 1 }] },
      message: /nowhere BTC\/USD: add this instrument/,
    },
    {
      name: "an asset without a price",
      change: { assets: [{ asset: "ETH", startPrice: 1 }] },
      message: /no price of BTC/,
    },
  ])("refuses $name in a line that names it", ({ change, message }) => {
    const bad = AgentMarket.parse({ ...market(1, [{}]), ...change });
    expect(() => createAgentMarket(bad, CONFIG)).toThrow(message);
  });

  it("prices a book in another currency at that currency's own price", () => {
    const instruments = CONFIG.instruments.map((i) => ({ ...i, quote: "USDT", settle: "USDT" }));
    const base = market(1, [{ basisSdBps: 0 }]);
    const withTether = AgentMarket.parse({
      ...base,
      assets: [...base.assets, { asset: "USDT", startPrice: 0.5 }],
    });
    const first = createAgentMarket(withTether, { ...CONFIG, instruments }).next();
    const bestBid = first !== undefined && "bids" in first ? first.bids[0] : undefined;
    // 50,000 USD are 100,000 USDT at 0.5: 1,000,000 ticks of 0.1.
    expect(Math.abs((bestBid ?? 0) / 1e6 - 1)).toBeLessThan(2e-4);
    expect(() => createAgentMarket(base, { ...CONFIG, instruments })).toThrow(/no price of USDT/);
  });
});

describe("takers that know more", () => {
  const durationS = 1_800;
  const asset = { ...CALM, calmVolBps: 3 };
  const noNoise = { noise: { baseRatePerS: 0 }, noiseSdBps: 0, updatesPerS: 20 };

  function markoutsBps(book: object, afterUs: number): number[] {
    const records = readAll(
      createAgentMarket(market(durationS, [{ ...noNoise, ...book }], { asset }), CONFIG),
    );
    const mids = midsEvery100Ms(records, durationS * 10)[0] ?? [];
    return takesOf(records).flatMap((t) => {
      const later = mids[Math.floor((t.exchangeAtUs - START_US + afterUs) / 1e5)];
      if (later === undefined || t.limitTicks === undefined) return [];
      return [((later - t.limitTicks) / t.limitTicks) * 1e4 * (t.side === "buy" ? 1 : -1)];
    });
  }

  it("are informed when the price a second later is better than their limit by their fee", () => {
    const informed = { informedRatePerS: 1, takerFeeBps: 2 };
    // Their limit lies beyond the makers' price of the moment.
    expect(mean(markoutsBps(informed, 0))).toBeLessThan(-0.5);
    const markouts = markoutsBps(informed, 1_000_000);
    expect(markouts.length).toBeGreaterThan(200);
    expect(Math.abs(mean(markouts) - 2)).toBeLessThan(0.2);
  });

  it("are snipers when the price now is better than their limit by their fee", () => {
    const markouts = markoutsBps({ sniperProbability: 0.5, takerFeeBps: 2, lagS: 0 }, 50_000);
    expect(markouts.length).toBeGreaterThan(200);
    expect(Math.abs(mean(markouts) - 2)).toBeLessThan(0.2);
  });

  it("come more often where quotes are slower, and not at all where nothing can be stale", () => {
    const count = (book: object, calmVolBps = 1) =>
      takesOf(
        readAll(
          createAgentMarket(
            market(durationS, [{ ...noNoise, sniperProbability: 0.5, ...book }], {
              asset: { ...CALM, calmVolBps },
            }),
            CONFIG,
          ),
        ),
      ).length;
    expect(count({ lagS: 1, noiseSdBps: 1 })).toBeGreaterThan(count({ lagS: 0 }));
    expect(count({ sniperProbability: 0.9 }, 3)).toBeGreaterThan(1.4 * count({ sniperProbability: 0.5 }, 3));
    expect(count({ basisSdBps: 20, informedRatePerS: 1 }, 0)).toBe(0);
    // Tries at most every 100 ms: the volume of orders stays sane in any market.
    expect(count({ sniperProbability: 1 }, 50)).toBeLessThanOrEqual(durationS * 10);
  });
});

/** Mid of each instrument at the end of every 100 ms. */
function midsEvery100Ms(records: readonly MarketRecord[], count: number): number[][] {
  const books = new Map<number, { bids: Set<number>; asks: Set<number> }>();
  const mids: number[][] = [];
  let slot = 0;
  const close = () => {
    for (const [instrument, { bids, asks }] of books)
      (mids[instrument] ??= []).push((Math.max(...bids) + Math.min(...asks)) / 2);
    slot += 1;
  };
  for (const record of records) {
    while (record.exchangeAtUs >= START_US + (slot + 1) * 1e5 && slot < count) close();
    if (!("bids" in record)) continue;
    const book = books.get(record.instrument) ?? { bids: new Set(), asks: new Set() };
    books.set(record.instrument, book);
    for (const [side, flat] of [
      [book.bids, record.bids],
      [book.asks, record.asks],
    ] as const)
      for (let i = 0; i < flat.length; i += 2)
        if (flat[i + 1] === 0) side.delete(flat[i] ?? 0);
        else side.add(flat[i] ?? 0);
  }
  while (slot < count) close();
  return mids;
}

function changesOf(values: readonly number[]): number[] {
  return values.slice(1).map((x, i) => x - (values[i] ?? 0));
}
