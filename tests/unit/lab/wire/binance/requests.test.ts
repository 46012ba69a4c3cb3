/** What the venue refuses, in its words: status, code and text of each. */
import { describe, expect, it } from "vitest";
import { createBinance } from "../../../../../server/lab/wire/binance/binance.ts";
import type { FrontEnd, VenueCore, WireKey } from "../../../../../server/lab/wire/ports.ts";
import { binance } from "./venue.ts";
import type { Fields } from "./venue.ts";

const ORDER = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.01",
  price: "59000.00",
};
const MAKER = { symbol: "BTCUSDT", side: "BUY", type: "LIMIT_MAKER", quantity: "0.01", price: "59000.00" };

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
}

describe("an order that is refused", () => {
  const cases: readonly {
    readonly name: string;
    readonly fields: Fields;
    readonly code: number;
    readonly msg: string;
  }[] = [
    {
      name: "an unknown symbol",
      fields: { ...ORDER, symbol: "LTCBTC" },
      code: -1121,
      msg: "Invalid symbol.",
    },
    {
      name: "no symbol",
      fields: without(ORDER, "symbol"),
      code: -1102,
      msg: "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    },
    { name: "an unknown side", fields: { ...ORDER, side: "HOLD" }, code: -1117, msg: "Invalid side." },
    {
      name: "an unknown type",
      fields: { ...ORDER, type: "ICEBERG" },
      code: -1116,
      msg: "Invalid orderType.",
    },
    {
      name: "an unknown time in force",
      fields: { ...ORDER, timeInForce: "GTX" },
      code: -1115,
      msg: "Invalid timeInForce.",
    },
    {
      name: "a limit order without time in force",
      fields: without(ORDER, "timeInForce"),
      code: -1102,
      msg: "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.",
    },
    {
      name: "a maker order with time in force",
      fields: { ...MAKER, timeInForce: "GTC" },
      code: -1106,
      msg: "Parameter 'timeInForce' sent when not required.",
    },
    {
      name: "a market order with a price",
      fields: { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.01", price: "1.00" },
      code: -1106,
      msg: "Parameter 'price' sent when not required.",
    },
    {
      name: "an empty client id",
      fields: { ...ORDER, newClientOrderId: "" },
      code: -1105,
      msg: "Parameter 'newClientOrderId' was empty.",
    },
    {
      name: "a client id of 37 characters",
      fields: { ...ORDER, newClientOrderId: "x".repeat(37) },
      code: -1100,
      msg: "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[.A-Z\\\\:/a-z0-9_-]{1,36}$'.",
    },
    {
      name: "a parameter that nobody reads",
      fields: { ...ORDER, postOnly: true },
      code: -1104,
      msg: "Not all sent parameters were read; read '8' parameter(s) but was sent '9'.",
    },
    {
      name: "a price with nine decimals",
      fields: { ...ORDER, price: "59000.000000001" },
      code: -1111,
      msg: "Parameter 'price' has too much precision.",
    },
    {
      name: "a price that is no number",
      fields: { ...ORDER, price: "1e5" },
      code: -1100,
      msg: "Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\\\.[0-9]{1,20})?$'.",
    },
    {
      name: "a price off the tick",
      fields: { ...ORDER, price: "59000.005" },
      code: -1013,
      msg: "Filter failure: PRICE_FILTER",
    },
    {
      name: "a price over the largest",
      fields: { ...ORDER, price: "1000000.01" },
      code: -1013,
      msg: "Filter failure: PRICE_FILTER",
    },
    {
      name: "a size off the lot",
      fields: { ...ORDER, quantity: "0.010001" },
      code: -1013,
      msg: "Filter failure: LOT_SIZE",
    },
    {
      name: "a value that is too small",
      fields: { ...ORDER, quantity: "0.00008" },
      code: -1013,
      msg: "Filter failure: NOTIONAL",
    },
    {
      name: "a market order of too small a value",
      fields: { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quantity: "0.00001" },
      code: -1013,
      msg: "Filter failure: NOTIONAL",
    },
    { name: "nothing", fields: { ...ORDER, quantity: "0" }, code: -1013, msg: "Invalid quantity." },
    { name: "a price of nothing", fields: { ...ORDER, price: "0.00" }, code: -1013, msg: "Invalid price." },
    {
      name: "a price outside the band",
      fields: { ...ORDER, price: "20000.00" },
      code: -1013,
      msg: "Filter failure: PERCENT_PRICE_BY_SIDE",
    },
    {
      name: "more than the account has",
      fields: { ...ORDER, quantity: "1000" },
      code: -2010,
      msg: "Account has insufficient balance for requested action.",
    },
    {
      name: "a maker order that would take",
      fields: { ...MAKER, price: "60010.00" },
      code: -2010,
      msg: "Order would immediately match and take.",
    },
    {
      name: "an unknown self-trade mode",
      fields: { ...ORDER, selfTradePreventionMode: "SOMETIMES" },
      code: -1130,
      msg: "Data sent for parameter 'selfTradePreventionMode' is not valid.",
    },
  ];
  it.each(cases)("$name: $code", ({ fields, code, msg }) => {
    const venue = binance({ instruments: { BTC: { priceBandFrac: 0.5 } } });
    const { status, body } = venue.signed("POST", "/api/v3/order", fields);
    expect(body).toEqual({ code, msg });
    expect(status).toBe(400);
    expect(venue.core.openOrders(0)).toEqual([]);
    expect(venue.core.balances(0).every(({ heldAtoms }) => heldAtoms === 0n)).toBe(true);
  });

  it("by its client id, which another has", () => {
    const venue = binance();
    expect(venue.rest("twice").status).toBe(200);
    expect(venue.rest("twice")).toMatchObject({
      status: 400,
      body: { code: -2010, msg: "Duplicate order sent." },
    });
  });

  it("as the 201st of a symbol", () => {
    const venue = binance({ limits: "lifted" });
    for (let n = 0; n < 200; n++) venue.rest(`n${n}`);
    expect(venue.rest("n200").body).toEqual({ code: -1013, msg: "Filter failure: MAX_NUM_ORDERS" });
  });

  it("while the market is halted, and as unknown once it is delisted", () => {
    const venue = binance();
    venue.rest("before");
    venue.core.relist(0, { status: "HALTED" });
    expect(venue.rest("after")).toMatchObject({
      status: 400,
      body: { code: -1013, msg: "Market is closed." },
    });
    expect(symbols(venue)).toMatchObject([{ symbol: "BTCUSDT", status: "BREAK" }, { status: "TRADING" }]);
    expect(venue.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" }).body).toHaveLength(1);
    venue.core.relist(0, { status: "DELISTED" });
    expect(venue.rest("after").body).toEqual({ code: -1121, msg: "Invalid symbol." });
    expect(venue.get("/api/v3/depth", { symbol: "BTCUSDT" }).body.code).toBe(-1121);
    expect(symbols(venue)).toMatchObject([{ symbol: "ETHUSDT" }]);
    const before = { symbol: "BTCUSDT", origClientOrderId: "before" };
    expect(venue.signed("GET", "/api/v3/order", before).body).toMatchObject({ status: "EXPIRED" });
  });

  it("on the old tick, once exchangeInfo shows a new one", () => {
    const venue = binance();
    venue.core.relist(0, { tick: "0.1", lot: "0.0001" });
    const filters = symbols(venue)[0].filters as { filterType: string }[];
    expect(filters).toContainEqual(
      expect.objectContaining({ filterType: "PRICE_FILTER", tickSize: "0.10000000" }),
    );
    expect(filters).toContainEqual(
      expect.objectContaining({ filterType: "LOT_SIZE", stepSize: "0.00010000" }),
    );
    expect(venue.rest("old", { price: "59000.01" }).body.msg).toBe("Filter failure: PRICE_FILTER");
    expect(venue.rest("new", { price: "59000.10" })).toMatchObject({ body: { price: "59000.10000000" } });
  });
});

describe("other requests that are refused", () => {
  const venue = binance();
  const cases: readonly {
    readonly call: readonly ["GET" | "POST" | "DELETE", string, Fields];
    readonly code: number;
    readonly msg: string;
  }[] = [
    { call: ["GET", "order", { orderId: 99 }], code: -2013, msg: "Order does not exist." },
    {
      call: ["GET", "order", {}],
      code: -1102,
      msg: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    },
    { call: ["DELETE", "order", { orderId: 99 }], code: -2011, msg: "Unknown order sent." },
    { call: ["DELETE", "order", { origClientOrderId: "nothing" }], code: -2011, msg: "Unknown order sent." },
    { call: ["DELETE", "openOrders", {}], code: -2011, msg: "Unknown order sent." },
    {
      call: ["GET", "myTrades", { fromId: 1, startTime: 1 }],
      code: -1128,
      msg: "Combination of optional parameters invalid.",
    },
    {
      call: ["GET", "myTrades", { startTime: 1, endTime: 86_400_002 }],
      code: -1127,
      msg: "Lookup interval is too big. More than 24 hours between startTime and endTime.",
    },
    {
      call: ["GET", "order", { orderId: "1x" }],
      code: -1100,
      msg: "Illegal characters found in parameter 'orderId'; legal range is '^[0-9]{1,20}$'.",
    },
  ];
  it.each(cases)("$call: $code", ({ call: [verb, path, fields], code, msg }) => {
    const { status, body } = venue.signed(verb, `/api/v3/${path}`, { symbol: "BTCUSDT", ...fields });
    expect({ status, body }).toEqual({ status: 400, body: { code, msg } });
  });

  it("twice the same parameter", () => {
    const answer = venue.http({ path: "/api/v3/depth", query: "symbol=BTCUSDT&symbol=ETHUSDT" });
    expect(JSON.parse(answer.body)).toEqual({
      code: -1101,
      msg: "Duplicate values for a parameter detected.",
    });
  });

  it("a key that may not trade cannot place", () => {
    const key = { ...venue.key(), mayTrade: false };
    const core = { ...venue.core, key: () => key };
    const other = binance({ front: (own) => createOver(own, core.key) });
    expect(other.rest("x")).toMatchObject({ status: 401, body: { code: -2015 } });
    expect(other.signed("GET", "/api/v3/openOrders").status).toBe(200);
  });

  it("a path that is none", () => {
    expect(venue.get("/api/v3/nothing")).toMatchObject({ status: 404, body: { error: "Not Found" } });
  });
});

/** The front-end over a core that knows other keys. */
function createOver(core: VenueCore, key: (apiKey: string) => WireKey): FrontEnd {
  return createBinance(Object.create(core, { key: { value: key } }) as VenueCore);
}

function symbols(venue: ReturnType<typeof binance>) {
  return venue.get("/api/v3/exchangeInfo").body.symbols;
}
