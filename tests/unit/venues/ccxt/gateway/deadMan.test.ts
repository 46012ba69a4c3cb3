import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RestCall } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { startDeadMan } from "../../../../../server/venues/ccxt/gateway/deadMan.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(id: "binance" | "okx" | "kraken", answer: () => Promise<unknown> = () => Promise.resolve()) {
  const calls: RestCall[] = [];
  const logged: string[] = [];
  const switched = startDeadMan({
    exchange: exchangeOf(id),
    wire: {
      call(call) {
        calls.push(call);
        return answer();
      },
    },
    budget: { takeAll: () => Promise.resolve() },
    log: (text) => void logged.push(text),
  });
  return { switched, calls, logged };
}

it.each([
  ["okx", "privatePostTradeCancelAllAfter", { timeOut: "30" }],
  ["kraken", "privatePostCancelAllOrdersAfter", { timeout: "30" }],
] as const)(
  "the switch of %s is renewed three times as often as it goes off",
  async (id, endpoint, params) => {
    const { switched, calls } = start(id);
    await vi.advanceTimersByTimeAsync(29_000);
    expect(calls).toEqual([1, 2, 3].map(() => ({ endpoint, params })));
    switched?.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toHaveLength(3);
  },
);

it("a venue without one has none", () => {
  expect(start("binance").switched).toBeUndefined();
});

it("one that fails is tried again, and complained of once", async () => {
  const { switched, calls, logged } = start("okx", () => Promise.reject(new Error("away")));
  await vi.advanceTimersByTimeAsync(29_000);
  expect([calls.length, logged.length]).toEqual([3, 1]);
  switched?.stop();
});
