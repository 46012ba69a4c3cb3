import { describe, expect, it } from "vitest";
import { binance } from "./venue.ts";
import type { Asked, Body, Fields } from "./venue.ts";

const PLACE = "/api/v3/order";

function limit(venue: Asked, clientId: string, fields: Fields = {}) {
  return venue.signed("POST", PLACE, {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT",
    timeInForce: "GTC",
    quantity: "0.01",
    price: "59000.00",
    newClientOrderId: clientId,
    ...fields,
  });
}

function query(venue: Asked, clientId: string): Body {
  return venue.signed("GET", PLACE, { symbol: "BTCUSDT", origClientOrderId: clientId }).body;
}

describe("a new order", () => {
  it("is acknowledged, told with its result or with its fills, as asked", () => {
    const venue = binance();
    const ack = venue.rest("a", { newOrderRespType: "ACK" }).body;
    expect(Object.keys(ack as object)).toEqual([
      "symbol",
      "orderId",
      "orderListId",
      "clientOrderId",
      "transactTime",
    ]);
    const result = venue.rest("b", { newOrderRespType: "RESULT" }).body;
    expect(result).toMatchObject({ type: "LIMIT_MAKER", timeInForce: "GTC", status: "NEW", side: "BUY" });
    expect(result.fills).toBeUndefined();
    expect(limit(venue, "c", { side: "SELL", price: "61000.00" }).body).toMatchObject({
      fills: [],
      selfTradePreventionMode: "EXPIRE_MAKER",
      price: "61000.00000000",
    });
    expect(venue.rest("d", { newOrderRespType: "" }).body.code).toBe(-1105);
  });

  it("that takes tells each fill, exactly", () => {
    const venue = binance();
    const { body } = limit(venue, "t", { quantity: "1.5", price: "60020.00", timeInForce: "IOC" });
    expect(body).toMatchObject({
      status: "FILLED",
      executedQty: "1.50000000",
      cummulativeQuoteQty: "90020.00000000",
      fills: [
        { price: "60010.00000000", qty: "1.00000000", commission: "120.02000000", commissionAsset: "USDT" },
        { price: "60020.00000000", qty: "0.50000000", commission: "60.02000000", commissionAsset: "USDT" },
      ],
    });
    expect(query(venue, "t")).toMatchObject({ status: "FILLED", cummulativeQuoteQty: "90020.00000000" });
    const trades = venue.signed("GET", "/api/v3/myTrades", { symbol: "BTCUSDT" }).body as Body[];
    expect(trades).toMatchObject([
      { id: body.fills[0].tradeId, orderId: body.orderId, isBuyer: true, isMaker: false, qty: "1.00000000" },
      { id: body.fills[1].tradeId, quoteQty: "30010.00000000", commission: "60.02000000" },
    ]);
    const from = { symbol: "BTCUSDT", fromId: trades[1].id as number };
    expect(venue.signed("GET", "/api/v3/myTrades", from).body).toEqual([trades[1]]);
    const since = { symbol: "BTCUSDT", startTime: trades[1].time as number, limit: 1 };
    expect(venue.signed("GET", "/api/v3/myTrades", since).body).toEqual([trades[0]]);
    const last = { symbol: "BTCUSDT", limit: 1 };
    expect(venue.signed("GET", "/api/v3/myTrades", last).body).toEqual([trades[1]]);
    const until = { symbol: "BTCUSDT", endTime: (trades[1].time as number) - 1 };
    expect(venue.signed("GET", "/api/v3/myTrades", until).body).toEqual([]);
  });

  it.each([
    { name: "IOC", fields: { timeInForce: "IOC", quantity: "2" }, status: "EXPIRED", executed: "1.00000000" },
    { name: "FOK", fields: { timeInForce: "FOK", quantity: "2" }, status: "EXPIRED", executed: "0.00000000" },
    { name: "GTC", fields: { quantity: "2" }, status: "PARTIALLY_FILLED", executed: "1.00000000" },
  ])("that finds half of its size ends as $name says", ({ fields, status, executed }) => {
    const venue = binance();
    const { body } = limit(venue, "x", { price: "60010.00", ...fields });
    expect(body).toMatchObject({ status, executedQty: executed });
  });

  it("of the market has no price of its own", () => {
    const venue = binance();
    const fields = { symbol: "BTCUSDT", side: "SELL", type: "MARKET", quantity: "0.5" };
    const { body } = venue.signed("POST", PLACE, fields);
    expect(body).toMatchObject({ type: "MARKET", timeInForce: "GTC", price: "0.00000000", status: "FILLED" });
    expect(query(venue, body.clientOrderId as string)).toMatchObject({ type: "MARKET", price: "0.00000000" });
  });

  it("that is only tested changes nothing", () => {
    const venue = binance();
    const fields = { symbol: "BTCUSDT", side: "SELL", type: "MARKET", quantity: "0.5" };
    expect(venue.signed("POST", "/api/v3/order/test", fields)).toMatchObject({ status: 200, body: {} });
    expect(venue.signed("POST", "/api/v3/order/test", { ...fields, quantity: "0" }).status).toBe(400);
    expect(venue.core.orders(0, { limit: 10 })).toEqual([]);
  });

  it.each([
    { mode: "EXPIRE_MAKER", maker: "EXPIRED_IN_MATCH", taker: "NEW" },
    { mode: "EXPIRE_TAKER", maker: "NEW", taker: "EXPIRED_IN_MATCH" },
    { mode: "EXPIRE_BOTH", maker: "EXPIRED_IN_MATCH", taker: "EXPIRED_IN_MATCH" },
    { mode: "NONE", maker: "FILLED", taker: "FILLED" },
  ])("that meets an own one under $mode", ({ mode, maker, taker }) => {
    const venue = binance();
    limit(venue, "maker", { price: "60000.00" });
    limit(venue, "taker", { side: "SELL", price: "60000.00", selfTradePreventionMode: mode });
    expect(query(venue, "maker")).toMatchObject({ status: maker });
    expect(query(venue, "taker")).toMatchObject({ status: taker, selfTradePreventionMode: mode });
    const { preventedQuantity } = query(venue, "maker");
    expect(preventedQuantity).toBe(maker === "EXPIRED_IN_MATCH" ? "0.01000000" : undefined);
  });
});

describe("a cancel", () => {
  it("has an id of its own and names the order's as the original", () => {
    const venue = binance();
    const { orderId } = venue.rest("first").body;
    const fields = { symbol: "BTCUSDT", orderId, newClientOrderId: "cancel-1" };
    expect(venue.signed("DELETE", PLACE, fields)).toMatchObject({
      status: 200,
      body: { orderId, origClientOrderId: "first", clientOrderId: "cancel-1", status: "CANCELED" },
    });
    expect(venue.signed("DELETE", PLACE, fields).body.code).toBe(-2011);
    expect(query(venue, "first")).toMatchObject({ clientOrderId: "first", status: "CANCELED" });
  });

  it("of two names needs both to be of one order, and its symbol", () => {
    const venue = binance();
    const { orderId } = venue.rest("first").body;
    venue.rest("second");
    const both = { symbol: "BTCUSDT", orderId, origClientOrderId: "second" };
    expect(venue.signed("DELETE", PLACE, both).body.code).toBe(-2011);
    expect(venue.signed("DELETE", PLACE, { symbol: "ETHUSDT", orderId }).body.code).toBe(-2011);
    expect(venue.core.openOrders(0)).toHaveLength(2);
  });

  it("can be restricted to orders that have not traded, or have", () => {
    const venue = binance();
    const { orderId } = venue.rest("first").body;
    const fields = { symbol: "BTCUSDT", orderId };
    expect(
      venue.signed("DELETE", PLACE, { ...fields, cancelRestrictions: "ONLY_PARTIALLY_FILLED" }).body.msg,
    ).toBe("Order was not canceled due to cancel restrictions.");
    expect(venue.signed("DELETE", PLACE, { ...fields, cancelRestrictions: "ONLY_NEW" }).status).toBe(200);
  });

  it("of all orders of a symbol leaves the others", () => {
    const venue = binance();
    venue.snapshot([200_000, 100_000], [210_000, 100_000], 1);
    for (const id of ["a", "b"]) venue.rest(id);
    venue.rest("eth", { symbol: "ETHUSDT", price: "1900.00", quantity: "1" });
    const { body } = venue.signed("DELETE", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(body.map((order: Body) => order.origClientOrderId)).toEqual(["a", "b"]);
    expect(venue.signed("GET", "/api/v3/openOrders").body).toMatchObject([{ clientOrderId: "eth" }]);
    const all = venue.signed("GET", "/api/v3/allOrders", { symbol: "BTCUSDT" }).body as Body[];
    expect(all.map(({ clientOrderId, status }) => [clientOrderId, status])).toEqual([
      ["a", "CANCELED"],
      ["b", "CANCELED"],
    ]);
    const from = { symbol: "BTCUSDT", orderId: all[1].orderId as number };
    expect(venue.signed("GET", "/api/v3/allOrders", from).body).toEqual([all[1]]);
  });
});

describe("cancel-replace", () => {
  const REPLACE = {
    symbol: "BTCUSDT",
    side: "BUY",
    type: "LIMIT_MAKER",
    quantity: "0.02",
    price: "59001.00",
    newClientOrderId: "new",
    newOrderRespType: "RESULT",
    cancelReplaceMode: "STOP_ON_FAILURE",
    cancelOrigClientOrderId: "old",
  };
  const replace = (venue: Asked, fields: Fields = {}) =>
    venue.signed("POST", "/api/v3/order/cancelReplace", { ...REPLACE, ...fields });
  const openIds = (venue: Asked) => venue.core.openOrders(0).map(({ clientId }) => clientId);

  it("cancels one and places the other", () => {
    const venue = binance();
    venue.rest("old");
    expect(replace(venue)).toMatchObject({
      status: 200,
      body: {
        cancelResult: "SUCCESS",
        newOrderResult: "SUCCESS",
        cancelResponse: { origClientOrderId: "old", status: "CANCELED" },
        newOrderResponse: { clientOrderId: "new", origQty: "0.02000000", status: "NEW" },
      },
    });
    expect(openIds(venue)).toEqual(["new"]);
  });

  it("stops when there is nothing to cancel", () => {
    const venue = binance();
    expect(replace(venue)).toEqual({
      status: 400,
      headers: expect.anything(),
      body: {
        code: -2022,
        msg: "Order cancel-replace failed.",
        data: {
          cancelResult: "FAILURE",
          newOrderResult: "NOT_ATTEMPTED",
          cancelResponse: { code: -2011, msg: "Unknown order sent." },
          newOrderResponse: null,
        },
      },
    });
    expect(openIds(venue)).toEqual([]);
  });

  it("places all the same when failures are allowed", () => {
    const venue = binance();
    expect(replace(venue, { cancelReplaceMode: "ALLOW_FAILURE" })).toMatchObject({
      status: 409,
      body: {
        code: -2021,
        msg: "Order cancel-replace partially failed.",
        data: { cancelResult: "FAILURE", newOrderResult: "SUCCESS", newOrderResponse: { status: "NEW" } },
      },
    });
    expect(openIds(venue)).toEqual(["new"]);
  });

  it("leaves nothing when the new order is refused", () => {
    const venue = binance();
    venue.rest("old");
    expect(replace(venue, { price: "60010.00" })).toMatchObject({
      status: 409,
      body: {
        code: -2021,
        data: {
          cancelResult: "SUCCESS",
          newOrderResult: "FAILURE",
          cancelResponse: { status: "CANCELED" },
          newOrderResponse: { code: -2010, msg: "Order would immediately match and take." },
        },
      },
    });
    expect(openIds(venue)).toEqual([]);
  });

  it("fails whole when both halves fail", () => {
    const venue = binance();
    expect(replace(venue, { cancelReplaceMode: "ALLOW_FAILURE", price: "60010.00" })).toMatchObject({
      status: 400,
      body: { code: -2022, data: { cancelResult: "FAILURE", newOrderResult: "FAILURE" } },
    });
  });

  it("cancels nothing for an order that breaks a filter", () => {
    const venue = binance();
    venue.rest("old");
    expect(replace(venue, { price: "59001.005" }).body).toEqual({
      code: -1013,
      msg: "Filter failure: PRICE_FILTER",
    });
    expect(openIds(venue)).toEqual(["old"]);
  });
});

describe("an account", () => {
  it("tells balances, what is locked, and its rates", () => {
    const venue = binance({ fees: { makerFrac: 0.0008, takerFrac: 0.001 } });
    venue.rest("a", { price: "50000.00", quantity: "0.1" });
    const { body } = venue.signed("GET", "/api/v3/account");
    expect(body).toMatchObject({
      accountType: "SPOT",
      canTrade: true,
      canWithdraw: false,
      makerCommission: 8,
      takerCommission: 10,
      commissionRates: { maker: "0.00080000", taker: "0.00100000" },
    });
    expect(body.balances).toContainEqual({ asset: "USDT", free: "994996.00000000", locked: "5004.00000000" });
    const rates = venue.signed("GET", "/api/v3/account/commission", { symbol: "BTCUSDT" }).body;
    expect(rates.standardCommission).toMatchObject({ maker: "0.00080000", taker: "0.00100000" });
  });
});
