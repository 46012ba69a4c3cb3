import { describe, expect, it } from "vitest";
import { binance } from "./venue.ts";
import type { Body } from "./venue.ts";

const BUY = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT_MAKER",
  quantity: "0.01",
  price: "59000.00",
  newOrderRespType: "FULL",
};
const CANCEL = { symbol: "BTCUSDT", origClientOrderId: "a" };

function subscribed(options: Parameters<typeof binance>[0] = {}) {
  const venue = binance(options);
  const api = venue.api();
  expect(api.ask("userDataStream.subscribe.signature").result).toEqual({ subscriptionId: 0 });
  return { venue, api };
}

const kinds = (events: Body[]): string[] =>
  events.map(({ e, x, X }) => (e === "executionReport" ? `${x} ${X}` : e) as string);

describe("requests", () => {
  it("answer with their own id, as text, number or null", () => {
    const api = binance().api();
    for (const id of ["a", 7, null]) {
      api.send({ id, method: "ping" });
      expect(api.take()).toMatchObject([{ id, status: 200, result: {} }]);
    }
    api.send({ id: 1, method: "v3/time" });
    expect(api.take()).toMatchObject([{ id: 1, result: { serverTime: expect.any(Number) } }]);
  });

  it.each([
    { name: "no JSON", text: "{", code: -1135 },
    { name: "no request", text: "[]", code: -1135 },
    { name: "parameters of a wrong kind", text: '{"id":1,"method":"ping","params":{"a":{}}}', code: -1135 },
    { name: "an unknown method", text: '{"id":1,"method":"order.guess"}', code: -1020 },
  ])("that are $name get an error", ({ text, code }) => {
    const api = binance().api();
    api.send(text);
    expect(api.take()).toMatchObject([{ status: 400, error: { code } }]);
  });

  it("cover market and account like REST, and pass over parameters that nobody reads", () => {
    const { venue, api } = subscribed();
    expect(api.ask("depth", { symbol: "BTCUSDT", limit: 5 }).result).toEqual(
      venue.get("/api/v3/depth", { symbol: "BTCUSDT", limit: 5 }).body,
    );
    const placed = api.ask("order.place", {
      ...BUY,
      newClientOrderId: "a",
      clientOrderId: "a",
      postOnly: true,
    });
    expect(placed).toMatchObject({ status: 200, result: { clientOrderId: "a", fills: [] } });
    expect(placed.rateLimits).toMatchObject([
      { rateLimitType: "ORDERS", intervalNum: 10, count: 1 },
      { rateLimitType: "ORDERS", interval: "DAY", count: 1 },
      { rateLimitType: "REQUEST_WEIGHT" },
    ]);
    expect(api.ask("order.status", CANCEL).result).toEqual(venue.signed("GET", "/api/v3/order", CANCEL).body);
    expect(api.ask("openOrders.status", { symbol: "BTCUSDT" }).result).toHaveLength(1);
    expect(api.ask("myTrades", { symbol: "BTCUSDT" }).result).toEqual([]);
    expect(api.ask("openOrders.cancelAll", { symbol: "BTCUSDT" }).result).toHaveLength(1);
    expect(api.ask("order.cancel", CANCEL)).toMatchObject({ status: 400, error: { code: -2011 } });
  });

  it("are signed one by one", () => {
    const venue = binance();
    const api = venue.api();
    const key = venue.key();
    expect(api.ask("account.status", {}, { ...key, secret: "guessed" })).toMatchObject({
      status: 400,
      error: { code: -1022 },
    });
    expect(api.ask("account.status", {}, { ...key, apiKey: "nobody" })).toMatchObject({
      status: 401,
      error: { code: -2015 },
    });
    expect(api.ask("account.status", { timestamp: 1 })).toMatchObject({
      status: 400,
      error: { code: -1021 },
    });
    api.send({ id: 1, method: "account.status" });
    expect(api.take()).toMatchObject([{ status: 401, error: { code: -2014 } }]);
  });
});

describe("the user data stream", () => {
  it("tells the life of an order before its answers, and the balances after", () => {
    const { venue, api } = subscribed();
    const { result } = api.ask("order.place", { ...BUY, newClientOrderId: "a" });
    const [placed, locked, ...rest] = api.events();
    expect(rest).toEqual([]);
    expect(placed).toEqual({
      e: "executionReport",
      E: result.transactTime,
      s: "BTCUSDT",
      c: "a",
      S: "BUY",
      o: "LIMIT_MAKER",
      f: "GTC",
      q: "0.01000000",
      p: "59000.00000000",
      P: "0.00000000",
      F: "0.00000000",
      g: -1,
      C: "",
      x: "NEW",
      X: "NEW",
      r: "NONE",
      i: result.orderId,
      l: "0.00000000",
      z: "0.00000000",
      L: "0.00000000",
      n: "0",
      N: null,
      T: result.transactTime,
      t: -1,
      I: result.transactTime,
      w: true,
      m: false,
      M: false,
      O: result.transactTime,
      Z: "0.00000000",
      Y: "0.00000000",
      Q: "0.00000000",
      W: result.transactTime,
      V: "EXPIRE_MAKER",
    });
    expect(locked).toMatchObject({
      e: "outboundAccountPosition",
      B: expect.arrayContaining([{ a: "USDT", f: "999409.41000000", l: "590.59000000" }]),
    });
    const messages = api.received as Body[];
    const answerAt = messages.findIndex(({ result: told }) => told?.clientOrderId === "a");
    expect(messages.findIndex(({ event }) => event?.x === "NEW")).toBeLessThan(answerAt);
    expect(api.kinds[answerAt]).toBe("answer");

    venue.market({ kind: "snapshot", instrument: 0, bids: [5_900_000, 100], asks: [6_001_000, 100] });
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 500 });
    venue.advanceMs(10);
    const [trade, moved] = api.events();
    expect(trade).toMatchObject({ x: "TRADE", X: "PARTIALLY_FILLED", c: "a", m: true, w: true, M: true });
    expect(trade).toMatchObject({ L: "59000.00000000", N: "USDT", t: expect.any(Number) });
    expect(trade.l).toBe(trade.z);
    expect(trade.Y).toBe(trade.Z);
    expect(moved.B.map(({ a }: Body) => a)).toEqual(expect.arrayContaining(["BTC", "USDT"]));

    api.ask("order.cancel", { ...CANCEL, newClientOrderId: "cancel-1" });
    expect(api.events()[0]).toMatchObject({ x: "CANCELED", X: "CANCELED", c: "cancel-1", C: "a", w: false });
  });

  it("is heard by every connection of the account, by REST requests too, and by no other account", () => {
    const { venue, api } = subscribed({ twoAccounts: true });
    const other = venue.api();
    other.ask("userDataStream.subscribe.signature", {}, venue.key(1));
    const guard = venue.api();
    guard.ask("userDataStream.subscribe.signature", {}, venue.key(0, "guard"));
    venue.rest("a");
    venue.signed("DELETE", "/api/v3/order", CANCEL, venue.key(0, "guard"));
    const expected = ["NEW NEW", "outboundAccountPosition", "CANCELED CANCELED", "outboundAccountPosition"];
    expect(kinds(api.events())).toEqual(expected);
    expect(kinds(guard.events())).toEqual(expected);
    expect(other.events()).toEqual([]);
  });

  it("tells how an immediate order fills and what expires of it", () => {
    const { api } = subscribed();
    const ioc = { ...BUY, type: "LIMIT", timeInForce: "IOC", price: "60020.00", quantity: "4" };
    api.ask("order.place", ioc);
    const events = api.events();
    expect(kinds(events)).toEqual([
      "NEW NEW",
      "TRADE PARTIALLY_FILLED",
      "TRADE PARTIALLY_FILLED",
      "EXPIRED EXPIRED",
      "outboundAccountPosition",
    ]);
    expect(events.slice(1, 3)).toMatchObject([
      { l: "1.00000000", z: "1.00000000", Z: "60010.00000000", n: "120.02000000", m: false },
      { l: "2.00000000", z: "3.00000000", Z: "180050.00000000", L: "60020.00000000" },
    ]);
    api.ask("order.place", { symbol: "BTCUSDT", side: "SELL", type: "MARKET", quantity: "0.1" });
    expect(api.events()[0]).toMatchObject({ o: "MARKET", p: "0.00000000", x: "NEW" });
  });

  it("tells a prevented self-trade, with the order that it would have been with", () => {
    const { api } = subscribed();
    api.ask("order.place", { ...BUY, price: "60000.00", newClientOrderId: "maker" });
    api.events();
    const sell = { ...BUY, side: "SELL", type: "LIMIT", timeInForce: "GTC", price: "60000.00" };
    const { result } = api.ask("order.place", { ...sell, selfTradePreventionMode: "EXPIRE_MAKER" });
    const events = api.events();
    expect(kinds(events)).toEqual([
      "NEW NEW",
      "TRADE_PREVENTION EXPIRED_IN_MATCH",
      "outboundAccountPosition",
    ]);
    expect(events[1]).toMatchObject({
      c: "maker",
      A: "0.01000000",
      B: "0.01000000",
      v: expect.any(Number),
      u: -1,
      U: result.orderId,
      Cs: "BTCUSDT",
      pL: "60000.00000000",
    });
  });

  it("tells what a decrement takes off both orders", () => {
    const { api } = subscribed();
    api.ask("order.place", { ...BUY, price: "60000.00", quantity: "0.03", newClientOrderId: "maker" });
    api.events();
    const sell = {
      ...BUY,
      side: "SELL",
      type: "LIMIT",
      timeInForce: "GTC",
      price: "60000.00",
      quantity: "0.01",
    };
    api.ask("order.place", { ...sell, selfTradePreventionMode: "DECREMENT", newClientOrderId: "taker" });
    const prevented = api.events().filter(({ x }) => x === "TRADE_PREVENTION");
    expect(prevented).toMatchObject([
      { c: "maker", X: "NEW", B: "0.01000000", U: expect.any(Number) },
      { c: "taker", X: "EXPIRED_IN_MATCH", B: "0.01000000" },
    ]);
  });

  it("tells a cancel-replace as a cancel and a new order, or a refused one", () => {
    const { api } = subscribed();
    api.ask("order.place", { ...BUY, newClientOrderId: "a" });
    api.events();
    const replace = { ...BUY, cancelReplaceMode: "STOP_ON_FAILURE", newClientOrderId: "b" };
    api.ask("order.cancelReplace", { ...replace, cancelOrigClientOrderId: "a" });
    expect(kinds(api.events())).toEqual(["CANCELED CANCELED", "NEW NEW", "outboundAccountPosition"]);
    const crossing = { ...replace, price: "60010.00", newClientOrderId: "c", cancelOrigClientOrderId: "b" };
    expect(api.ask("order.cancelReplace", crossing)).toMatchObject({ status: 409, error: { code: -2021 } });
    const events = api.events();
    expect(kinds(events)).toEqual(["CANCELED CANCELED", "REJECTED REJECTED", "outboundAccountPosition"]);
    expect(events[1]).toMatchObject({ c: "c", r: "-2010", i: -1, p: "60010.00000000" });
    const names = (event: Body) =>
      Object.keys(event as object)
        .filter((name) => name !== "W")
        .sort();
    expect(names(events[1])).toEqual(names(events[0]));
  });

  it("tells money that moves by itself", () => {
    const { venue, api } = subscribed();
    venue.core.deposit(0, "BTC", 150_000_000n);
    expect(api.events()).toEqual([
      { e: "balanceUpdate", E: expect.any(Number), a: "BTC", d: "1.50000000", T: expect.any(Number) },
      expect.objectContaining({ B: [{ a: "BTC", f: "101.50000000", l: "0.00000000" }] }),
    ]);
    venue.core.deposit(0, "BTC", -50_000_000n);
    expect(api.events()[0]).toMatchObject({ e: "balanceUpdate", d: "-0.50000000" });
  });

  it("ends when it is unsubscribed, and says so", () => {
    const { venue, api } = subscribed();
    expect(api.ask("userDataStream.subscribe.signature").result).toEqual({ subscriptionId: 1 });
    expect(api.ask("userDataStream.unsubscribe", { subscriptionId: 0 }).result).toEqual({});
    expect(api.received).toContainEqual({
      subscriptionId: 0,
      event: { e: "eventStreamTerminated", E: expect.any(Number) },
    });
    api.events();
    venue.rest("a");
    const told = api.received.filter((message) => (message as Body).event?.x === "NEW");
    expect(told).toMatchObject([{ subscriptionId: 1 }]);
    api.ask("userDataStream.unsubscribe");
    api.events();
    venue.rest("b");
    expect(api.events()).toEqual([]);
  });

  it("ends with its connection", () => {
    const { venue, api } = subscribed();
    api.close();
    expect(() => venue.rest("a")).not.toThrow();
    venue.advanceMs(10);
  });
});
