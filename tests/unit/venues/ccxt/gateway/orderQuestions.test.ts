import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OrderStatusEvent } from "../../../../../server/contract/events.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { OrderQuestions } from "../../../../../server/venues/ccxt/gateway/orderQuestions.ts";
import { createPaidReads } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import type { Prices } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import { OrderReports } from "../../../../../server/venues/ccxt/gateway/reports.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CLIENT_ID = "qabc00010000001";
const LISTED = {
  index: 0,
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  marketInfo: {},
  grid: gridOf({ tick: "0.1", lot: "0.00001" }),
};
const PLACED_AT_US = 50_000_000;
const SKEW_MS = 700;

/** A venue that knows no order, and says so as this exchange would. */
function setUp(id: ExchangeId, isWhole = true) {
  const tracker = new OrderTracker("abc");
  const answers: OrderStatusEvent["answer"][] = [];
  const asked: string[] = [];
  const trades: { lots: number; readSinceMs: number[]; read: number } = { lots: 0, readSinceMs: [], read: 0 };
  const exchange = exchangeOf(id);
  const { endedOrders } = exchange.reads;
  const reports = new OrderReports({
    account: 0,
    exchange,
    tracker,
    listed: () => LISTED,
    emit: () => undefined,
    onLineageLost: () => undefined,
    nowMs: () => 0,
  });
  const venue = {
    ...exchange,
    reads: {
      ...exchange.reads,
      openOrders: () => Promise.resolve([]),
      order: () => Promise.resolve(undefined),
      ...(endedOrders && { endedOrders: () => Promise.resolve({ orders: [], isWhole }) }),
    },
  };
  const budget: Prices["budget"] = {
    takeAll: (kind, [charge]) => {
      asked.push(`${kind} ${charge?.weight}`);
      return Promise.resolve();
    },
    giveBack: () => undefined,
  };
  const instance = {} as CcxtInstance;
  const questions = new OrderQuestions({
    account: 0,
    exchange: venue,
    instance,
    paid: createPaidReads({ exchange: venue, instance, budget }),
    tracker,
    reports,
    listed: () => [LISTED],
    listedOf: () => LISTED,
    readTrades: () => Promise.resolve(void trades.read++),
    async tellTradesSince(sinceMs) {
      trades.readSinceMs.push(sinceMs);
      await new Promise((resolve) => setTimeout(resolve, 50));
      if (trades.lots > 0) tracker.book({ clientId: CLIENT_ID, revision: 0 }, trades.lots);
    },
    nowMs: () => 0,
    skewMs: () => SKEW_MS,
    emit: ({ answer }) => void answers.push(answer),
    log: (text) => void asked.push(text),
  });
  async function ask(): Promise<void> {
    questions.ask({ clientId: CLIENT_ID, placedAtUs: PLACED_AT_US }, 100_000_000);
    await vi.runAllTimersAsync();
  }
  return { ask, answers, asked, trades };
}

it.each(["binance", "okx", "kraken"] as const)(
  "an order of an earlier gateway is not there when neither %s's lists nor its trades since then know it",
  async (id) => {
    const { ask, answers, trades } = setUp(id);
    await ask();
    expect(answers).toEqual([{ found: false }]);
    // With a margin of two seconds, by the venue's clock.
    expect(trades).toMatchObject({ readSinceMs: [50_000 + SKEW_MS - 2_000], read: 0 });
  },
);

it.each(["binance", "okx", "kraken"] as const)(
  "an order of an earlier gateway that a trade of %s names is not said to be nowhere",
  async (id) => {
    const { ask, answers, trades } = setUp(id);
    trades.lots = 7;
    await ask();
    expect(answers).toEqual([]);
  },
);

it("lists are asked for as questions about all orders, and single orders after those", async () => {
  const { ask, asked } = setUp("kraken", false);
  await ask();
  expect(asked).toEqual(["query 1", "query 1", "lookup 2"]);
});
