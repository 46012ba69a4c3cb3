import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { Questions } from "../../../../../server/venues/ccxt/gateway/questions.ts";
import { comparedEveryMs, scheduledEveryMs } from "../../../../../server/venues/ccxt/gateway/schedule.ts";
import type { QuestionsOptions } from "../../../../../server/venues/ccxt/gateway/questions.ts";
import { EXCHANGE_IDS } from "../../../../../server/venues/ccxt/ports.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const KINDS = ["trades", "openOrders", "balances"] as const;

it.each(EXCHANGE_IDS)(
  "what is read of %s on a schedule takes at most a fifth of each of its counters",
  (id) => {
    const { limits } = exchangeOf(id);
    const perSecond = new Map<string, number>();
    for (const kind of KINDS)
      for (const { scope, weight } of limits.read(kind))
        perSecond.set(scope, (perSecond.get(scope) ?? 0) + (weight * 1_000) / scheduledEveryMs(limits, kind));
    for (const [name, used] of perSecond) {
      const scope = limits.scopes.find((candidate) => candidate.name === name);
      const gives = scope?.kind === "window" ? (scope.limit * 1_000) / scope.windowMs : scope?.perSecond;
      expect(used).toBeLessThanOrEqual((gives ?? 0) * 0.2 + 1e-9);
    }
  },
);

it.each([
  { books: 1, everyMs: 60_000 },
  { books: 3, everyMs: 20_000 },
  { books: 6, everyMs: 10_000 },
  { books: 40, everyMs: 10_000 },
])(
  "each of $books books of binance is compared once a minute, or as often as there is room",
  ({ books, everyMs }) => {
    expect(comparedEveryMs(exchangeOf("binance").limits, books)).toBeCloseTo(everyMs, 6);
  },
);

it("snapshots that books are compared with find their room beside what is read on a schedule", () => {
  const { limits } = exchangeOf("binance");
  // Balances are read with the open orders, no more often.
  const everyMs = {
    trades: scheduledEveryMs(limits, "trades"),
    openOrders: scheduledEveryMs(limits, "openOrders"),
    balances: scheduledEveryMs(limits, "openOrders"),
    book: comparedEveryMs(limits, 100),
  };
  const kinds = ["trades", "openOrders", "balances", "book"] as const;
  const weights = kinds.map((kind) => (limits.read(kind)[0]?.weight ?? 0) * (60_000 / everyMs[kind]));
  expect(weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(6_000 * 0.2, 6);
});

it("a reconciliation is answered at once, and an engine that goes on asking at the pace of the whole budget", async () => {
  const askedAtMs: number[] = [];
  const kraken = exchangeOf("kraken");
  const questions = new Questions({
    account: 0,
    exchange: {
      ...kraken,
      reads: { ...kraken.reads, balances: () => (askedAtMs.push(Date.now()), Promise.resolve(new Map())) },
    },
    paid: { read: (_: string, ask: () => Promise<unknown>) => ask() },
    decimals: new Map(),
    nowMs: () => Date.now(),
    emit: () => undefined,
    log: () => undefined,
  } as unknown as QuestionsOptions);
  const startMs = Date.now();
  for (let at = 0; at < 300_000; at += 500) {
    questions.ask("balances", at);
    await vi.advanceTimersByTimeAsync(500);
  }
  expect(askedAtMs.filter((at) => at - startMs < 3_000)).toHaveLength(6);
  const everyMs = scheduledEveryMs(kraken.limits, "balances") / 5;
  expect(askedAtMs.length).toBeLessThanOrEqual(7 + 300_000 / everyMs);
  expect(askedAtMs.length).toBeGreaterThanOrEqual(5 + 300_000 / everyMs);
});
