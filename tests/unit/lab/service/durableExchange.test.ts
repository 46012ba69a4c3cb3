import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { PlaceEffect } from "../../../../server/contract/effects.ts";
import { createExchange } from "../../../../server/lab/exchange/exchange.ts";
import type { ExchangeOutput, PrivateReport } from "../../../../server/lab/ports.ts";
import { createDurableExchange } from "../../../../server/lab/service/durableExchange.ts";
import type { DurableExchange } from "../../../../server/lab/service/durableExchange.ts";
import { FIRST_FILL, openLabStore } from "../../../../server/lab/service/store.ts";
import type { LabStore } from "../../../../server/lab/service/store.ts";
import { demoDesk } from "./desk.ts";

const { config } = demoDesk();
const NAME = "binance";
const START = new Map([
  ["USDT", 10n ** 18n],
  ["BTC", 10n ** 9n],
]);

let directory: string;
let store: LabStore;
let exchange: DurableExchange;
let reports: PrivateReport[];
const output: ExchangeOutput = { public: () => undefined, private: (_, report) => void reports.push(report) };

/** What a kill leaves: the store as it was committed. */
async function dieAndRestart(): Promise<void> {
  await store?.close();
  reports = [];
  store = openLabStore(directory, [NAME], 1_000);
  const inner = createExchange({ config, accounts: [0] });
  exchange = createDurableExchange({ inner, account: 0, name: NAME, store, deposits: START });
  exchange.applyMarket(
    { kind: "snapshot", instrument: 0, exchangeAtUs: 1, bids: [999, 1_000], asks: [1_001, 1_000] },
    1,
    output,
  );
}

function commit(): void {
  exchange.stage();
  store.commit();
}

function place(clientId: string, more: Partial<PlaceEffect> = {}): void {
  const order: PlaceEffect = {
    type: "place",
    account: 0,
    instrument: 0,
    clientId,
    side: "buy",
    priceTicks: 1_001,
    sizeLots: 500_000,
    timeInForce: "IOC",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: 10_000,
    ...more,
  };
  exchange.place(0, order, 2_000, output);
}

const balances = (): Map<string, bigint> =>
  new Map(exchange.balances(0).map(({ asset, totalAtoms }) => [asset, totalAtoms]));

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "crossdesk-durable-"));
  await dieAndRestart();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

it("starts a new account with its deposits, and an old one with what it had", async () => {
  expect(balances().get("USDT")).toBe(10n ** 18n);
  place("c1");
  commit();
  const traded = balances();
  expect(traded.get("BTC")).toBeGreaterThan(10n ** 9n);
  await dieAndRestart();
  expect(balances()).toEqual(traded);
});

it("commits a fill together with the balances that it moved, or neither", async () => {
  commit();
  place("c1");
  await dieAndRestart();
  expect(balances().get("BTC")).toBe(10n ** 9n);
  expect(store.fills(NAME, FIRST_FILL).fills).toEqual([]);
  expect(exchange.orderStatus(0, "c1")).toEqual({ found: false });
});

it("stores each fill as it was reported", () => {
  place("c1");
  commit();
  const told = reports.filter((report) => report.type === "fill");
  expect(told.length).toBeGreaterThan(0);
  expect(store.fills(NAME, FIRST_FILL).fills).toEqual(told);
});

it("never uses an id of an earlier life again", async () => {
  place("c1");
  commit();
  const before = reports.filter((report) => report.type === "fill");
  await dieAndRestart();
  place("c2");
  const after = reports.filter((report) => report.type === "fill");
  expect(after).toHaveLength(before.length);
  for (const id of ["tradeId", "venueOrderId"] as const)
    expect(new Set([...before, ...after].map((report) => report[id])).size).toBe(
      new Set(before.map((r) => r[id])).size + new Set(after.map((r) => r[id])).size,
    );
});

it("names an order the same in its report, the list of open orders and the answer about it", () => {
  place("c1", { timeInForce: "POST_ONLY", priceTicks: 990 });
  const [accepted] = reports;
  expect(accepted).toMatchObject({ type: "orderAccepted" });
  const venueOrderId = accepted?.type === "orderAccepted" ? accepted.venueOrderId : "";
  expect(exchange.openOrders(0)).toMatchObject([{ clientId: "c1", venueOrderId }]);
  expect(exchange.orderStatus(0, "c1")).toMatchObject({ status: "OPEN", venueOrderId });
});

it("answers for orders of an earlier life: those that rested are canceled and hold nothing", async () => {
  place("c1", { timeInForce: "POST_ONLY", priceTicks: 990 });
  place("c2");
  commit();
  await dieAndRestart();
  expect(exchange.openOrders(0)).toEqual([]);
  expect(exchange.orderStatus(0, "c1")).toMatchObject({ found: true, status: "CANCELED", filledLots: 0 });
  expect(exchange.orderStatus(0, "c2")).toMatchObject({ found: true });
  expect(exchange.balances(0).every(({ heldAtoms }) => heldAtoms === 0n)).toBe(true);
});

it("refuses a client id that an earlier life has seen", async () => {
  place("c1", { timeInForce: "POST_ONLY", priceTicks: 990 });
  commit();
  await dieAndRestart();
  place("c1", { timeInForce: "POST_ONLY", priceTicks: 990 });
  expect(reports).toEqual([{ type: "orderRejected", clientId: "c1", reason: "DUPLICATE_ID" }]);
  expect(exchange.openOrders(0)).toEqual([]);
});

it("refuses the id of an order that only the store still knows, and answers for it", () => {
  const inner = createExchange({ config, accounts: [0], endedMax: 2 });
  exchange = createDurableExchange({ inner, account: 0, name: NAME, store, deposits: START });
  for (const clientId of ["c1", "c2", "c3"]) {
    place(clientId);
    commit();
  }
  expect(inner.orderStatus(0, "c1").found).toBe(false);
  expect(exchange.orderStatus(0, "c1").found).toBe(true);
  reports = [];
  place("c1");
  expect(reports).toEqual([{ type: "orderRejected", clientId: "c1", reason: "DUPLICATE_ID" }]);
});
