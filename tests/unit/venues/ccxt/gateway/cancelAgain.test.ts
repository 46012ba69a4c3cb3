import { expect, it } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { Orders } from "../../../../../server/venues/ccxt/gateway/orders.ts";
import { OrderReports } from "../../../../../server/venues/ccxt/gateway/reports.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import { cancel, place } from "./served.ts";

const LISTED = {
  index: 0,
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  marketInfo: {},
  grid: gridOf({ tick: "0.1", lot: "0.00001" }),
};

/** A venue that answers no cancel before it is told to. */
function setUp(id: ExchangeId, hasSocket: boolean) {
  const exchange = exchangeOf(id);
  const tracker = new OrderTracker("abc");
  const answers: (() => void)[] = [];
  const orders = new Orders({
    exchange,
    tracker,
    reports: new OrderReports({
      account: 0,
      exchange,
      tracker,
      listed: () => LISTED,
      emit: () => undefined,
      onLineageLost: () => undefined,
      nowMs: () => 0,
    }),
    wire: {
      hasSocket,
      send: () => Promise.reject(new Error("not asked")),
      insist: () => new Promise((resolve) => answers.push(() => resolve({ result: {} }))),
      call: () => Promise.reject(new Error("not asked")),
    },
    budget: { takeAll: () => Promise.resolve(), exhausted: () => undefined },
    listed: () => LISTED,
    nowMs: () => 0,
    skewMs: () => 0,
    speed: 1,
    lookUp: () => Promise.resolve(undefined),
    isHalted: () => false,
    halt: () => undefined,
    clockDoubted: () => undefined,
  });
  return { orders, answers };
}

it.each([
  ["over REST is not sent once more while calls go one after the other", "kraken", false, 1],
  ["goes out again over a socket that is open by then", "kraken", true, 2],
  ["goes out again over REST where calls do not wait for each other", "binance", false, 2],
] as const)("a cancel %s", async (_, id, hasSocket, sent) => {
  const { orders, answers } = setUp(id, hasSocket);
  const effect = cancel(place().clientId);
  const both = [orders.cancel(effect), orders.cancel(effect)];
  await expect.poll(() => answers.length).toBe(sent);
  for (const answer of answers.splice(0)) answer();
  await Promise.all(both);
  const again = orders.cancel(effect);
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.();
  await again;
});
