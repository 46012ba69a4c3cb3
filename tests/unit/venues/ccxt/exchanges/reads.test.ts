import { describe, expect, it } from "vitest";
import { AnswerError } from "../../../../../server/venues/ccxt/exchanges/fields.ts";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";

/** Every endpoint of it answers so. */
function answering(answer: unknown): CcxtInstance {
  const own = { milliseconds: () => 0, safeCurrencyCode: (id: string) => id };
  const get = (target: object, name: string): unknown =>
    /^(private|sapi)/.test(name) ? () => Promise.resolve(answer) : Reflect.get(target, name);
  return new Proxy(own, { get }) as unknown as CcxtInstance;
}

const REF = { symbol: "BTC/USDT", marketId: "BTCUSDT", clientId: "qabc00010000001" };
const TRADES = { symbol: "BTC/USDT", marketId: "BTCUSDT", sinceMs: 1_000, next: undefined };

const READS = {
  openOrders: (id: ExchangeId, answer: unknown) => exchangeOf(id).reads.openOrders(answering(answer)),
  order: (id: ExchangeId, answer: unknown) => exchangeOf(id).reads.order(answering(answer), REF),
  endedOrders: (id: ExchangeId, answer: unknown) =>
    exchangeOf(id).reads.endedOrders?.(answering(answer), 1_000),
  recentOrders: (id: ExchangeId, answer: unknown) =>
    exchangeOf(id).reads.recentOrders?.(answering(answer), "BTCUSDT"),
  balances: (id: ExchangeId, answer: unknown) => exchangeOf(id).reads.balances(answering(answer)),
  trades: (id: ExchangeId, answer: unknown) => exchangeOf(id).reads.trades(answering(answer), TRADES),
};
type Read = keyof typeof READS;

/** What ccxt hands on of a page in HTML, and of answers in which what was asked for is not, or is something else. */
const NO_ANSWERS = [undefined, "<html>", {}, { result: {} }, { data: {} }, { error: [], result: null }];
const OF: { readonly [E in ExchangeId]: readonly Read[] } = {
  binance: ["openOrders", "order", "recentOrders", "balances", "trades"],
  okx: ["openOrders", "order", "endedOrders", "balances", "trades"],
  kraken: ["openOrders", "order", "endedOrders", "trades"],
};

describe.each(Object.entries(OF) as [ExchangeId, Read[]][])("what %s answers", (id, reads) => {
  const cases = reads.flatMap((read) => NO_ANSWERS.map((answer) => [read, answer] as const));
  it.each(cases)("to a question for %s is none when it is %j", async (read, answer) => {
    await expect(READS[read](id, answer)).rejects.toThrow(AnswerError);
  });
});

it.each([
  ["binance", "balances", { balances: [{ asset: "BTC", free: "1" }] }],
  ["binance", "balances", { balances: ["BTC"] }],
  ["okx", "balances", { data: [] }],
  ["okx", "balances", { data: [{ totalEq: "1" }] }],
  ["okx", "order", { data: [] }],
  ["kraken", "balances", { error: [] }],
  ["kraken", "balances", { result: { XXBT: { total: "1" } } }],
  ["kraken", "order", { result: { open: { OABC: {} }, closed: {} } }],
] as const)("%s says nothing of %s in %j", async (id, read, answer) => {
  await expect(READS[read](id, answer)).rejects.toThrow(AnswerError);
});

it.each([
  ["binance", "openOrders", [], []],
  ["binance", "trades", [], { fills: [], next: undefined }],
  ["binance", "balances", { balances: [] }, new Map()],
  ["okx", "openOrders", { data: [] }, []],
  ["okx", "endedOrders", { data: [] }, { orders: [], next: undefined }],
  ["okx", "balances", { data: [{ details: [] }] }, new Map()],
  ["kraken", "openOrders", { result: { open: {} } }, []],
  ["kraken", "order", { result: { open: {}, closed: {} } }, undefined],
  ["kraken", "endedOrders", { result: { closed: {}, count: 0 } }, { orders: [], next: undefined }],
  ["kraken", "trades", { result: { trades: {}, count: 0 } }, { fills: [], next: undefined }],
  ["kraken", "balances", { result: {} }, new Map()],
] as const)("%s says that there are no %s in %j", async (id, read, answer, none) => {
  expect(await READS[read](id, answer)).toEqual(none);
});

it.each([
  ["okx", { arg: { channel: "orders" }, data: { ordId: "1" } }],
  ["kraken", { channel: "executions", data: {} }],
] as const)("a frame of %s's private stream without its list is no frame without news", (id, frame) => {
  expect(() => exchangeOf(id).readPrivate(frame, (name) => name)).toThrow(AnswerError);
});
