import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { RepeatableRequest } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { startDeadMan } from "../../../../../server/venues/ccxt/gateway/deadMan.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(
  id: "binance" | "okx" | "kraken",
  answer: () => Promise<unknown> = () => Promise.resolve(),
  speed = 1,
  socket = { isOpen: true },
) {
  const calls: RepeatableRequest[] = [];
  const logged: string[] = [];
  const switched = startDeadMan({
    exchange: exchangeOf(id),
    wire: {
      insist(request) {
        calls.push(request);
        return answer();
      },
    },
    budget: { takeAll: () => Promise.resolve() },
    socket,
    speed,
    log: (text) => void logged.push(text),
  });
  return { switched, calls, logged };
}

it.each([
  ["okx", undefined, { endpoint: "privatePostTradeCancelAllAfter", params: { timeOut: "30" } }],
  [
    "kraken",
    { method: "cancel_all_orders_after", params: { timeout: 30 } },
    { endpoint: "privatePostCancelAllOrdersAfter", params: { timeout: "30" } },
  ],
] as const)("the switch of %s is renewed three times as often as it goes off", async (id, socket, rest) => {
  const { switched, calls } = start(id);
  await vi.advanceTimersByTimeAsync(29_000);
  expect(calls).toEqual([1, 2, 3].map(() => ({ socket, rest })));
  switched?.stop();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toHaveLength(3);
});

it("a venue without one has none", () => {
  expect(start("binance").switched).toBeUndefined();
});

it("one that fails is tried again, and complained of once", async () => {
  const { switched, calls, logged } = start("okx", () => Promise.reject(new Error("away")));
  await vi.advanceTimersByTimeAsync(29_000);
  expect([calls.length, logged.length]).toEqual([3, 1]);
  switched?.stop();
});

it("one whose clock runs ten times as fast is renewed ten times as often", async () => {
  const { switched, calls } = start("okx", () => Promise.resolve(), 10);
  await vi.advanceTimersByTimeAsync(2_900);
  expect(calls).toHaveLength(3);
  switched?.stop();
});

it("one that a socket takes for nothing waits for the socket at a start; one over REST is set at once", async () => {
  const socket = { isOpen: false };
  const [kraken, okx] = (["kraken", "okx"] as const).map((id) => start(id, undefined, 1, socket));
  await vi.advanceTimersByTimeAsync(1_000);
  expect([kraken?.calls.length, okx?.calls.length]).toEqual([0, 1]);
  socket.isOpen = true;
  await vi.advanceTimersByTimeAsync(60);
  expect(kraken?.calls).toHaveLength(1);
  for (const each of [kraken, okx]) each?.switched?.stop();
});
