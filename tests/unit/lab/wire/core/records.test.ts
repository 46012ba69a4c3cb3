import { expect, it } from "vitest";
import {
  CLOCK_SKEW_MAX_US,
  createAccountRecords,
  CLIENT_IDS_KEPT_MAX,
  FILLS_KEPT_MAX,
} from "../../../../../server/lab/wire/core/records.ts";
import type { FillRecord, OrderRecord } from "../../../../../server/lab/wire/ports.ts";

const fill = (tradeId: number, venueAtUs: number, instrument = 0) =>
  ({ instrument, tradeId: String(tradeId), venueAtUs }) as FillRecord;

it("finds what a clock that went back has put out of order", () => {
  const records = createAccountRecords({ orders: [], fills: [] });
  records.addFill(fill(1, 100_000_000));
  records.addFill(fill(2, 100_000_000 - CLOCK_SKEW_MAX_US));
  records.addFill(fill(3, 100_000_001));
  const found = records.fills({ order: "oldest", limit: 10, sinceUs: 100_000_000 });
  expect(found.map(({ tradeId }) => tradeId)).toEqual(["1", "3"]);
});

it("compares trade ids as numbers", () => {
  const records = createAccountRecords({ orders: [], fills: [fill(9, 1), fill(10, 1)] });
  expect(records.fills({ order: "oldest", limit: 10, fromTradeId: "10" })).toHaveLength(1);
});

it("looks for trade ids of one instrument behind lower ones of another", () => {
  const earlier = [fill(8, 1), fill(9, 2), fill(1, 3, 1), fill(10, 4), fill(2, 5, 1)];
  const records = createAccountRecords({ orders: [], fills: earlier });
  const found = records.fills({ instrument: 0, order: "oldest", limit: 10, fromTradeId: "9" });
  expect(found.map(({ tradeId }) => tradeId)).toEqual(["9", "10"]);
});

it("keeps the newest fills and orders", () => {
  const records = createAccountRecords({ orders: [], fills: [] });
  for (let n = 1; n <= FILLS_KEPT_MAX + 1; n++) records.addFill(fill(n, n));
  expect(records.fills({ order: "oldest", limit: 1 })[0]?.tradeId).toBe("2");
  expect(records.fills({ order: "newest", limit: 1 })[0]?.tradeId).toBe(String(FILLS_KEPT_MAX + 1));
  for (let n = 1; n <= CLIENT_IDS_KEPT_MAX + 1; n++) records.addOrder(`c${n}`);
  const ids = [...records.clientIds()];
  expect([ids.length, ids[0], ids.at(-1)]).toEqual([
    CLIENT_IDS_KEPT_MAX,
    `c${CLIENT_IDS_KEPT_MAX + 1}`,
    "c2",
  ]);
});

it("knows the orders of earlier lives by either id", () => {
  const order = { clientId: "a", venueOrderId: "7" } as OrderRecord;
  const records = createAccountRecords({ orders: [order], fills: [] });
  expect(records.earlierOrder({ clientId: "a" })).toBe(order);
  expect(records.earlierOrder({ venueOrderId: "7" })).toBe(order);
  expect(records.earlierOrder({ venueOrderId: "a" })).toBeUndefined();
});
