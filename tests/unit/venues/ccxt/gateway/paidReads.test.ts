import { expect, it } from "vitest";
import type { RawOrder } from "../../../../../server/venues/ccxt/exchanges/exchange.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import { BudgetError, createBudget } from "../../../../../server/venues/ccxt/gateway/budget.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { createPaidReads } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import type { PaidReads } from "../../../../../server/venues/ccxt/gateway/paidReads.ts";
import { NotSentError } from "../../../../../server/venues/ccxt/gateway/taxonomy.ts";

const KRAKEN = exchangeOf("kraken");

/** Kraken's counter of reads, full or not, and how often its list of open orders was asked for. */
function readsOf({ isFull }: { readonly isFull: boolean }) {
  const budget = createBudget({ scopes: KRAKEN.limits.scopes, nowUs: () => 0, speed: 1 });
  if (isFull) void budget.takeAll("query", [{ scope: "rest", weight: 13 }], 0);
  const lists: string[] = [];
  const paid = createPaidReads({
    exchange: {
      limits: KRAKEN.limits,
      reads: {
        ...KRAKEN.reads,
        openOrders: async () => [{ clientId: `of list ${lists.push("")}` } as RawOrder],
      },
    },
    instance: {} as CcxtInstance,
    budget,
  });
  return { budget, paid, lists };
}

const used = (budget: { use(): { usedFrac: number } }): number => budget.use().usedFrac;
const token = (paid: PaidReads, error: Error) => paid.read("token", () => Promise.reject(error));

it("gives back what was taken for a request that never left", async () => {
  const { budget, paid } = readsOf({ isFull: false });
  await paid.read("balances", () => Promise.resolve(new Map()));
  const before = used(budget);
  await expect(token(paid, new NotSentError("no socket"))).rejects.toThrow("no socket");
  await expect(token(paid, new Error("connect ECONNREFUSED 127.0.0.1:1"))).rejects.toThrow("ECONNREFUSED");
  expect(used(budget)).toBe(before);
  await expect(token(paid, new Error("socket hang up"))).rejects.toThrow("hang up");
  expect(used(budget)).toBeGreaterThan(before);
});

it("reads one list of open orders for all who want it while it waits for room, and tells them when it leaves", async () => {
  const { budget, paid, lists } = readsOf({ isFull: true });
  const left: string[] = [];
  const both = [paid.openOrders(() => left.push("a")), paid.openOrders(() => left.push("b"))];
  await Promise.resolve();
  expect([lists.length, left]).toEqual([0, []]);
  budget.giveBack(KRAKEN.limits.read("openOrders"));
  expect(await Promise.all(both)).toEqual([[{ clientId: "of list 1" }], [{ clientId: "of list 1" }]]);
  expect(left).toEqual(["a", "b"]);
  budget.giveBack(KRAKEN.limits.read("openOrders"));
  expect(await paid.openOrders()).toEqual([{ clientId: "of list 2" }]);
  budget.stop();
});

it("a list that has left is there for whoever had asked before, unless it failed", async () => {
  const { budget, paid } = readsOf({ isFull: false });
  const before = paid.listsLeft();
  const list = paid.openOrders();
  expect(paid.openOrdersAfter(before)).toBeUndefined();
  expect(await list).toEqual([{ clientId: "of list 1" }]);
  expect(await paid.openOrdersAfter(before)).toEqual([{ clientId: "of list 1" }]);
  expect(paid.openOrdersAfter(paid.listsLeft())).toBeUndefined();
  budget.stop();
});

it("a list that finds no room is nobody's any more", async () => {
  const { budget, paid } = readsOf({ isFull: true });
  const first = paid.openOrders();
  budget.stop();
  await expect(first).rejects.toBeInstanceOf(BudgetError);
  budget.giveBack(KRAKEN.limits.read("openOrders"));
  expect(await paid.openOrders()).toEqual([{ clientId: "of list 1" }]);
});
