import { describe, expect, it } from "vitest";
import { binance } from "./venue.ts";
import type { Asked } from "./venue.ts";

const DEPTH = { symbol: "BTCUSDT", limit: 5_000 };

function weightOf(venue: Asked, call: () => unknown): number {
  const before = Number(venue.get("/api/v3/ping").headers["x-mbx-used-weight-1m"]);
  call();
  return Number(venue.get("/api/v3/ping").headers["x-mbx-used-weight-1m"]) - before - 1;
}

describe("request weight", () => {
  it.each([
    { path: "/api/v3/time", fields: {}, weight: 1 },
    { path: "/api/v3/exchangeInfo", fields: {}, weight: 20 },
    { path: "/api/v3/depth", fields: { symbol: "BTCUSDT" }, weight: 5 },
    { path: "/api/v3/depth", fields: { symbol: "BTCUSDT", limit: 500 }, weight: 25 },
    { path: "/api/v3/depth", fields: { symbol: "BTCUSDT", limit: 1_000 }, weight: 50 },
    { path: "/api/v3/depth", fields: DEPTH, weight: 250 },
    { path: "/api/v3/trades", fields: { symbol: "BTCUSDT" }, weight: 25 },
    { path: "/api/v3/ticker/24hr", fields: { symbol: "BTCUSDT" }, weight: 2 },
    { path: "/api/v3/ticker/24hr", fields: {}, weight: 80 },
    { path: "/api/v3/openOrders", fields: {}, weight: 80 },
    { path: "/api/v3/openOrders", fields: { symbol: "BTCUSDT" }, weight: 6 },
    { path: "/api/v3/order", fields: { symbol: "BTCUSDT", orderId: 1 }, weight: 4 },
    { path: "/api/v3/account", fields: {}, weight: 20 },
    { path: "/api/v3/myTrades", fields: { symbol: "BTCUSDT" }, weight: 20 },
    { path: "/api/v3/myTrades", fields: { symbol: "BTCUSDT", orderId: 1 }, weight: 5 },
    { path: "/sapi/v1/capital/config/getall", fields: {}, weight: 0 },
  ])("of $path $fields is $weight", ({ path, fields, weight }) => {
    const venue = binance();
    const isPublic = /ping|time|exchangeInfo|depth|trades|ticker/.test(path);
    const call = () => (isPublic ? venue.get(path, fields) : venue.signed("GET", path, fields));
    expect(weightOf(venue, call)).toBe(weight);
  });

  it("is counted for the WebSocket API too, which tells it", () => {
    const venue = binance();
    const api = venue.api();
    const { rateLimits } = api.ask("account.status");
    expect(rateLimits).toEqual([
      { rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: 6_000, count: 22 },
    ]);
    expect(api.ask("time", { returnRateLimits: false }).rateLimits).toBeUndefined();
  });

  it("used up is refused until the next minute, with the seconds to wait", () => {
    const venue = binance();
    venue.setNow(venue.nowUs() + 12_345_000);
    for (let n = 0; n < 24; n++) expect(venue.get("/api/v3/depth", DEPTH).status).toBe(200);
    expect(venue.get("/api/v3/ping")).toMatchObject({
      status: 429,
      headers: { "retry-after": "48", "x-mbx-used-weight-1m": "6000" },
      body: {
        code: -1003,
        msg: "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.",
      },
    });
    expect(venue.get("/api/v3/ping").body.data).toBeUndefined();
    venue.setNow(venue.nowUs() + 48_000_000);
    expect(venue.get("/api/v3/ping")).toMatchObject({
      status: 200,
      headers: { "x-mbx-used-weight-1m": "1" },
    });
  });

  it("ignored leads to a ban, longer each time, over REST and sockets", () => {
    const venue = binance();
    const api = venue.api();
    const exhaust = (): number => {
      let refused = 0;
      for (let n = 0; n < 100; n++) {
        const { status } = venue.get("/api/v3/depth", DEPTH);
        if (status === 429) refused++;
        if (status === 418) return refused;
      }
      throw new Error("never banned");
    };
    expect(exhaust()).toBe(10);
    const untilMs = Math.floor(venue.nowUs() / 1_000) + 120_000;
    expect(venue.get("/api/v3/ping")).toMatchObject({
      status: 418,
      headers: { "retry-after": "120" },
      body: { code: -1003, msg: expect.stringContaining(`IP banned until ${untilMs}`) },
    });
    expect(api.ask("ping")).toMatchObject({
      status: 418,
      error: { code: -1003, data: { retryAfter: untilMs } },
    });
    expect(venue.connect("/ws-api/v3")).toBeUndefined();
    venue.setNow(venue.nowUs() + 120_000_000);
    expect(venue.get("/api/v3/ping").status).toBe(200);
    exhaust();
    expect(venue.get("/api/v3/ping").headers["retry-after"]).toBe("240");
  });

  it("are judged under a ban too: whoever keeps quiet is back in time, whoever goes on is banned for longer", () => {
    const venue = binance();
    const banned = (asks: number): void => {
      venue.front.fault({ kind: "ban", forMs: 3_000 });
      for (let n = 0; n < asks; n++) expect(venue.get("/api/v3/ping").status).toBe(418);
      venue.setNow(venue.nowUs() + 3_000_000);
    };
    banned(10);
    expect(venue.get("/api/v3/ping").status).toBe(200);
    venue.setNow(venue.nowUs() + 60_000_000);
    banned(11);
    expect(venue.get("/api/v3/ping")).toMatchObject({ status: 418, headers: { "retry-after": "117" } });
  });

  it("has a budget of its own at each wallet endpoint, of the address or of the account", () => {
    const venue = binance({ twoAccounts: true });
    const history = (account: number) =>
      venue.signed("GET", "/sapi/v1/capital/withdraw/history", {}, venue.key(account));
    for (let n = 0; n < 10; n++) expect(history(0).status).toBe(200);
    expect(history(0)).toMatchObject({
      status: 429,
      headers: { "x-sapi-used-uid-weight-1m": "180000", "retry-after": "60" },
      body: { code: -1003, msg: expect.stringContaining("current limit is 180000") },
    });
    expect(history(1)).toMatchObject({ status: 200, headers: { "x-sapi-used-uid-weight-1m": "18000" } });
    const coins = venue.signed("GET", "/sapi/v1/capital/config/getall");
    expect(coins).toMatchObject({ status: 200, headers: { "x-sapi-used-ip-weight-1m": "10" } });
  });

  it("is not limited for a throughput bench", () => {
    const venue = binance({ limits: "lifted" });
    for (let n = 0; n < 50; n++) expect(venue.get("/api/v3/depth", DEPTH).status).toBe(200);
  });
});

describe("the count of unfilled orders", () => {
  const counts = (venue: Asked): number[] => {
    const { body } = venue.signed("GET", "/api/v3/rateLimit/order");
    return (body as { count: number }[]).map(({ count }) => count);
  };

  it("comes with the answers to orders, and with no other", () => {
    const venue = binance();
    expect(venue.rest("a").headers).toMatchObject({
      "x-mbx-order-count-10s": "1",
      "x-mbx-order-count-1d": "1",
    });
    const { headers } = venue.signed("GET", "/api/v3/openOrders", { symbol: "BTCUSDT" });
    expect(Object.keys(headers).filter((name) => name.includes("order-count"))).toEqual([]);
  });

  it("stops the 101st order within ten seconds of the clock", () => {
    const venue = binance();
    venue.setNow(venue.nowUs() + 9_000_000);
    for (let n = 0; n < 100; n++) expect(venue.rest(`n${n}`).status).toBe(200);
    expect(counts(venue)).toEqual([100, 100]);
    const refused = venue.rest("n100");
    expect(refused).toMatchObject({
      status: 429,
      body: { code: -1015, msg: "Too many new orders; current limit is 100 orders per 10 SECOND." },
    });
    expect(refused.headers["retry-after"]).toBeUndefined();
    const cancel = { symbol: "BTCUSDT", origClientOrderId: "n0" };
    expect(venue.signed("DELETE", "/api/v3/order", cancel).status).toBe(200);
    expect(venue.rest("n100").status).toBe(429);
    venue.setNow(venue.nowUs() + 1_000_000);
    expect(venue.rest("n100").status).toBe(200);
    expect(counts(venue)).toEqual([1, 101]);
  });

  it("is of the account, for both of its keys", () => {
    const venue = binance();
    venue.rest("a");
    const { body } = venue.signed("GET", "/api/v3/rateLimit/order", {}, venue.key(0, "guard"));
    expect(body).toMatchObject([
      { interval: "SECOND", count: 1 },
      { interval: "DAY", limit: 200_000 },
    ]);
  });

  it("falls with the first fill of an order: by one for a taker, by five for a maker", () => {
    const venue = binance();
    for (let n = 0; n < 8; n++) venue.rest(`n${n}`, { price: "60000.00" });
    const taker = { type: "LIMIT", timeInForce: "IOC", price: "60010.00", newClientOrderId: "t" };
    expect(venue.rest("t", taker).body.status).toBe("FILLED");
    expect(counts(venue)).toEqual([8, 8]);
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 500 });
    expect(counts(venue)).toEqual([3, 3]);
    venue.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 500 });
    expect(counts(venue)).toEqual([3, 3]);
  });
});
