import { beforeAll, describe, expect, it } from "vitest";
import type { EquityLine } from "../../../../server/contract/lines.ts";
import type { Store } from "../../../../server/store/client.ts";
import { openStore } from "../../../../server/store/client.ts";
import { readEquitySeries, readMarketSeries } from "../../../../server/store/read/pnl.ts";
import { readUptime } from "../../../../server/store/read/uptime.ts";
import { freshDatabase } from "../../../support/postgres.ts";
import {
  equityLine,
  ORIGIN_US,
  placed,
  pnlOf,
  recordLines,
  uptimeLine,
} from "../../../support/recordedLines.ts";

/** Sixty samples, one every ten seconds, that gain 1 each; the last twenty in another run. */
const SAMPLES: readonly EquityLine[] = Array.from({ length: 60 }, (_, at) => ({
  ...equityLine(placed(at < 40 ? 1 : 2, at + 1), { pnl: pnlOf(at) }),
  atUs: ORIGIN_US + at * 10_000_000,
  markets: [
    { market: "BTC", fair: 65_000 + at, inventoryBase: at / 10, pnl: at === 3 ? undefined : pnlOf(at / 2) },
    { market: "ETH", fair: undefined, inventoryBase: 0, pnl: undefined },
  ],
}));

const UPTIME = [
  uptimeLine(placed(1, 101), { fromUs: 1_000, toUs: 2_000, twoSided: true }),
  uptimeLine(placed(1, 102), { fromUs: 2_000, toUs: 2_500, twoSided: false }),
  uptimeLine(placed(1, 103), { fromUs: 2_500, toUs: 4_000, twoSided: true }),
  uptimeLine(placed(1, 104), { fromUs: 1_000, toUs: 4_000, twoSided: false, symbol: "ETH/USDT" }),
];

const END_US = ORIGIN_US + 600_000_000;
const atOf = (sample: number) => ORIGIN_US + sample * 10_000_000;

let store: Store;

beforeAll(async () => {
  const url = await freshDatabase();
  await recordLines(url, [...SAMPLES, ...UPTIME]);
  store = openStore(url);
  return async () => await store.$disconnect();
});

describe("the equity series", () => {
  it("has every sample when there is room for it", async () => {
    const series = await readEquitySeries(store, { fromUs: ORIGIN_US, toUs: END_US, points: 2_000 });
    expect(series).toEqual(
      SAMPLES.map(({ atUs, reportingAsset, netExposure, grossExposure, pnl }) => ({
        atUs,
        reportingAsset,
        netExposure,
        grossExposure,
        pnl,
      })),
    );
  });

  it("has the last sample of each interval when there is not", async () => {
    const series = await readEquitySeries(store, { fromUs: ORIGIN_US, toUs: END_US, points: 6 });
    expect(series.map(({ pnl }) => pnl.total)).toEqual([9, 19, 29, 39, 49, 59]);
  });

  it("leaves out intervals without a sample", async () => {
    const series = await readEquitySeries(store, {
      fromUs: ORIGIN_US,
      toUs: END_US + 600_000_000,
      points: 12,
    });
    expect(series).toHaveLength(6);
  });

  it("ends before the instant that it was asked to end at", async () => {
    const series = await readEquitySeries(store, { fromUs: atOf(2), toUs: atOf(5), points: 100 });
    expect(series.map(({ atUs }) => atUs)).toEqual([2, 3, 4].map(atOf));
  });
});

describe("the series of a market", () => {
  it("tells an absent figure from zero", async () => {
    const range = { fromUs: ORIGIN_US, toUs: atOf(4), points: 100 };
    const point = (at: number) => ({ atUs: atOf(at), fair: 65_000 + at, inventoryBase: at / 10 });
    expect(await readMarketSeries(store, "BTC", range)).toEqual([
      { ...point(0), pnl: pnlOf(0) },
      { ...point(1), pnl: pnlOf(0.5) },
      { ...point(2), pnl: pnlOf(1) },
      { ...point(3), pnl: undefined },
    ]);
    expect((await readMarketSeries(store, "ETH", range))[0]).toEqual({
      atUs: ORIGIN_US,
      fair: undefined,
      inventoryBase: 0,
      pnl: undefined,
    });
    expect(await readMarketSeries(store, "XRP", range)).toEqual([]);
  });
});

describe("quote uptime", () => {
  it("counts of each interval what lies in the range", async () => {
    expect(await readUptime(store, { fromUs: 1_500, toUs: 3_500 })).toEqual([
      { account: "binance-1", symbol: "BTC/USDT", twoSidedUs: 1_500, watchedUs: 2_000 },
      { account: "binance-1", symbol: "ETH/USDT", twoSidedUs: 0, watchedUs: 2_000 },
    ]);
    expect(await readUptime(store, { fromUs: 5_000, toUs: 6_000 })).toEqual([]);
  });
});
