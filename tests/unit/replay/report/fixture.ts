/** A finished backtest of two markets, small enough to read: its result, and what the observer saw of it. */
import { Instrument } from "../../../../server/contract/instrument.ts";
import type { BacktestResult } from "../../../../server/replay/backtest.ts";
import type { PnlView } from "../../../../server/contract/lines.ts";
import type { Sample } from "../../../../server/replay/observer.ts";
import type { PictureSource } from "../../../../server/replay/report/picture.ts";

export const START_US = Date.UTC(2024, 0, 1) * 1e3;

const NOTHING: PnlView = {
  spreadCapture: 0,
  makerFees: 0,
  takerFees: 0,
  hedging: 0,
  reducing: 0,
  inventory: 0,
  currency: 0,
  total: 0,
};

export function result(changes: Partial<BacktestResult> = {}): BacktestResult {
  return {
    recording: "a recording",
    source: "abc 1 2",
    from: "2024-01-01T00:00:00.000Z",
    to: "2024-01-01T01:30:00.000Z",
    events: 1_234_567,
    eventsPerSecond: 210_000,
    orders: 5_000,
    fills: 1_500,
    volume: { BTC: 12.34567, USD: 740_000.4 },
    pnl: { ...NOTHING, reportingAsset: "USD", spreadCapture: 1_250.5, inventory: -300.25, total: 950.25 },
    positions: {
      BTC: {
        openedAtUs: undefined,
        quantityBase: -0.02,
        averageCost: 60_000.126,
        realised: 951,
        unrealised: -0.75,
      },
      ETH: {
        openedAtUs: undefined,
        quantityBase: 0,
        averageCost: undefined,
        realised: -12.5,
        unrealised: undefined,
      },
    },
    inventory: {
      final: -1_200,
      rms: 800.5,
      max: 4_000,
      byAsset: { BTC: { final: -0.02, rms: 0.0134, max: 0.0667 } },
    },
    maxDrawdown: 75.125,
    quoteUptime: 0.9512,
    quoteUptimeBy: { "x BTC/USD": 0.96, "y BTC/USD": 0.9424 },
    refusals: { JUMP: 3, NET_LIMIT: 1_200 },
    anomalies: 0,
    assumptions: ["x: fees of nobody", "1 USDT is assumed to be 1 USD"],
    stateHash: "f00d".repeat(16),
    ...changes,
  };
}

function instrument(account: string, base: string, tick: string): Instrument {
  return Instrument.parse({
    account,
    symbol: `${base}/USD`,
    kind: "spot",
    base,
    quote: "USD",
    settle: "USD",
    tick,
    lot: "0.001",
  });
}

/** One sample a second; at the second one x has no book and we quote nothing there. */
export function samples(count: number): Sample[] {
  return Array.from({ length: count }, (_, at) => ({
    atUs: START_US + at * 1e6,
    markets: [
      {
        fair: 100 + at,
        inventoryBase: at / 10,
        limitBase: at === 0 ? undefined : 5,
        instruments: [at === 1 ? {} : { mid: 100 + at, bid: 99 + at, ask: 101 + at }, { mid: 100.5 + at }],
      },
      { fair: 10, inventoryBase: 0, limitBase: 50, instruments: [{ mid: 10, bid: 9.9 }] },
    ],
    pnl: { ...NOTHING, spreadCapture: at, inventory: -at / 2, total: at / 2 },
  }));
}

export function source(changes: Partial<PictureSource> = {}): PictureSource {
  return {
    config: {
      reportingAsset: "USD",
      instruments: [
        instrument("x", "BTC", "0.01"),
        instrument("y", "BTC", "0.5"),
        instrument("x", "ETH", "0.1"),
      ],
    },
    markets: [
      { market: "BTC", base: "BTC", instruments: [0, 1] },
      { market: "ETH", base: "ETH", instruments: [2] },
    ],
    samples: samples(4),
    fills: [
      { atUs: START_US + 500_000, instrument: 0, side: "buy", priceReporting: 99.5, sizeBase: 1 },
      { atUs: START_US + 2_250_000, instrument: 1, side: "sell", priceReporting: 102, sizeBase: 1 },
      { atUs: START_US + 2_500_000, instrument: 2, side: "sell", priceReporting: 10.1, sizeBase: 1 },
    ],
    fillCount: 3,
    ...changes,
  };
}
