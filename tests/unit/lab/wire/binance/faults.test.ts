import { describe, expect, it } from "vitest";
import { ASKS, BIDS, binance } from "./venue.ts";
import type { Asked, Body } from "./venue.ts";

const CANCEL = { symbol: "BTCUSDT", origClientOrderId: "a" };

function listening(): { readonly venue: Asked; readonly next: (priceTicks?: number) => Body[] } {
  const venue = binance();
  const socket = venue.connect("/ws/btcusdt@depth@100ms");
  let size = 1;
  venue.advanceMs(100);
  socket?.take();
  return {
    venue,
    /** A change, and what is told of it. */
    next: (priceTicks = 5_999_100) => {
      venue.market({ kind: "delta", instrument: 0, bids: [priceTicks, size++], asks: [] });
      venue.advanceMs(100);
      return (socket?.take() ?? []) as Body[];
    },
  };
}

describe("faults of the protocol", () => {
  it("a gap leaves out one batch", () => {
    const { venue, next } = listening();
    const [first] = next();
    venue.front.fault({ kind: "gap", instrument: 1 });
    expect(next()).toMatchObject([{ U: first.u + 1 }]);
    venue.front.fault({ kind: "gap", instrument: 0 });
    expect(next()).toEqual([]);
    expect(next()).toMatchObject([{ U: first.u + 3 }]);
  });

  it("tells the book of what was delisted when the venue came up, once it is listed again", () => {
    const venue = binance({ instruments: { BTC: { status: "DELISTED" } } });
    venue.core.relist(0, { status: "TRADING" });
    venue.snapshot(BIDS, ASKS);
    expect(venue.get("/api/v3/depth", { symbol: "BTCUSDT" }).body.bids).toHaveLength(2);
  });

  it("a bad checksum is a chain that does not fit, once", () => {
    const { venue, next } = listening();
    const [first] = next();
    venue.front.fault({ kind: "badChecksum", instrument: 0 });
    expect(next()).toMatchObject([{ U: first.u + 2, u: first.u + 1 }]);
    expect(next()).toMatchObject([{ U: first.u + 2, u: first.u + 2 }]);
  });

  it("a crossed book is told once and then taken back", () => {
    const { venue, next } = listening();
    venue.front.fault({ kind: "crossedBook", instrument: 0 });
    const [crossed] = next();
    expect(crossed.b).toContainEqual(["60010.01000000", "1.00000000"]);
    const [mended] = next();
    expect(mended.U).toBe(crossed.u + 1);
    expect(mended.b).toContainEqual(["60010.01000000", "0.00000000"]);
    venue.advanceMs(2_000);
    expect(next()[0].b).toHaveLength(1);
  });

  it("a ghost is a level that is gone and not told, in an unbroken chain, at every speed", () => {
    const { venue, next } = listening();
    const slow = venue.connect("/ws/btcusdt@depth");
    const [first] = next(5_999_100);
    venue.advanceMs(1_000);
    slow?.take();
    venue.front.fault({ kind: "ghostLevel", instrument: 0 });
    // A level that came and went within a batch was never told: it makes no ghost.
    venue.market({ kind: "delta", instrument: 0, bids: [5_999_300, 5], asks: [] });
    venue.market({ kind: "delta", instrument: 0, bids: [5_999_300, 0], asks: [] });
    venue.market({ kind: "delta", instrument: 0, bids: [5_999_100, 0], asks: [] });
    const [told] = next(5_999_200);
    expect(told.U).toBe(first.u + 1);
    expect(told.b).toEqual([
      ["59993.00000000", "0.00000000"],
      ["59992.00000000", expect.any(String)],
    ]);
    venue.advanceMs(1_000);
    const prices = ((slow?.take() ?? []) as Body[]).flatMap(({ b }) =>
      (b as string[][]).map(([price]) => price),
    );
    expect(prices).toEqual(["59993.00000000", "59992.00000000"]);
    const { bids } = venue.get("/api/v3/depth", { symbol: "BTCUSDT" }).body;
    expect(bids).not.toContainEqual(["59991.00000000", expect.any(String)]);
    // Once.
    venue.market({ kind: "delta", instrument: 0, bids: [5_999_200, 0], asks: [] });
    expect(next(5_998_900)[0].b).toContainEqual(["59992.00000000", "0.00000000"]);
  });

  it("a refused login is one subscription that the venue cannot serve", () => {
    const venue = binance();
    const api = venue.api();
    venue.front.fault({ kind: "loginRefused" });
    expect(api.ask("userDataStream.subscribe.signature")).toMatchObject({
      status: 500,
      error: { code: -1001 },
    });
    venue.rest("a");
    expect(api.events()).toEqual([]);
    expect(api.ask("userDataStream.subscribe.signature").status).toBe(200);
  });

  it("an expired session ends every user data stream, with a word, and leaves its connection open", () => {
    const venue = binance();
    const apis = [venue.api(), venue.api()];
    for (const api of apis) api.ask("userDataStream.subscribe.signature");
    venue.front.fault({ kind: "sessionExpired" });
    venue.rest("a");
    for (const api of apis) {
      expect(api.events()).toMatchObject([{ e: "eventStreamTerminated" }]);
      expect(api.closed).toBeUndefined();
      expect(api.ask("userDataStream.subscribe.signature").status).toBe(200);
    }
    venue.rest("b");
    expect(apis[0]?.events().map(({ e }) => e)).toContain("executionReport");
  });

  it("a ban refuses everything for its time", () => {
    const venue = binance({ limits: "lifted" });
    venue.front.fault({ kind: "ban", forMs: 5_000 });
    expect(venue.get("/api/v3/time")).toMatchObject({ status: 418, headers: { "retry-after": "5" } });
    expect(venue.rest("a")).toMatchObject({ status: 418, body: { code: -1003 } });
    venue.advanceMs(5_000);
    expect(venue.rest("a").status).toBe(200);
  });

  it("a rate limit refuses everything for its time, says how long that is, and bans nobody", () => {
    const venue = binance({ limits: "lifted" });
    const api = venue.api();
    venue.front.fault({ kind: "rateLimited", forMs: 5_000 });
    const untilMs = Math.floor(venue.nowUs() / 1_000) + 5_000;
    for (let n = 0; n < 20; n++)
      expect(venue.get("/api/v3/time")).toMatchObject({
        status: 429,
        headers: { "retry-after": "5" },
        body: { code: -1003 },
      });
    expect(venue.rest("a")).toMatchObject({ status: 429, body: { code: -1003 } });
    expect(api.ask("ping")).toMatchObject({
      status: 429,
      error: { code: -1003, data: { retryAfter: untilMs } },
    });
    expect(venue.core.openOrders(0)).toEqual([]);
    venue.advanceMs(5_000);
    expect(venue.rest("a").status).toBe(200);
  });

  it("a rate limit that is ignored leads to a ban, as one that is reached does", () => {
    const venue = binance();
    venue.front.fault({ kind: "rateLimited", forMs: 5_000 });
    for (let n = 0; n < 10; n++) expect(venue.get("/api/v3/ping").status).toBe(429);
    expect(venue.get("/api/v3/ping")).toMatchObject({ status: 418, headers: { "retry-after": "120" } });
  });

  it("maintenance closes sockets and refuses all but the question for it", () => {
    const venue = binance();
    venue.rest("a");
    const socket = venue.connect("/ws");
    const api = venue.api();
    venue.front.fault({ kind: "maintenance", forMs: 5_000 });
    expect(socket?.closed).toMatchObject({ code: 1001 });
    expect(api.closed).toMatchObject({ code: 1001 });
    expect(venue.connect("/ws")).toBeUndefined();
    expect(venue.connect("/ws-api/v3")).toBeUndefined();
    expect(venue.get("/api/v3/time")).toMatchObject({
      status: 503,
      body: { code: 1, msg: "System is under maintenance." },
    });
    expect(venue.get("/sapi/v1/system/status").body).toEqual({ status: 1, msg: "system_maintenance" });
    venue.advanceMs(5_000);
    expect(venue.get("/sapi/v1/system/status").body).toEqual({ status: 0, msg: "normal" });
    expect(venue.signed("GET", "/api/v3/openOrders").body).toHaveLength(1);
    expect(venue.connect("/ws")).toBeDefined();
  });

  it("a partial batch cancels and does not place", () => {
    const venue = binance();
    venue.rest("a");
    venue.front.fault({ kind: "partialBatch" });
    const replace = { cancelReplaceMode: "STOP_ON_FAILURE", cancelOrigClientOrderId: "a" };
    const order = {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT_MAKER",
      quantity: "0.01",
      price: "59000.00",
    };
    expect(venue.signed("POST", "/api/v3/order/cancelReplace", { ...order, ...replace })).toMatchObject({
      status: 409,
      body: { code: -2021, data: { cancelResult: "SUCCESS", newOrderResult: "FAILURE" } },
    });
    expect(venue.core.openOrders(0)).toEqual([]);
  });

  it("a cancel race refuses a cancel of an order that others fill at that moment", () => {
    const venue = binance();
    venue.rest("a");
    venue.front.fault({ kind: "cancelRace" });
    expect(venue.signed("DELETE", "/api/v3/order", CANCEL).body.code).toBe(-2011);
    expect(venue.signed("GET", "/api/v3/order", CANCEL).body).toMatchObject({ status: "FILLED" });
  });

  it("an internal error is the answer to an order that was carried out", () => {
    const venue = binance();
    const api = venue.api();
    api.ask("userDataStream.subscribe.signature");
    venue.front.fault({ kind: "internalError" });
    expect(venue.get("/api/v3/time").status).toBe(200);
    expect(venue.rest("a")).toMatchObject({ status: 504, body: { code: -1007 } });
    expect(venue.core.openOrders(0)).toMatchObject([{ clientId: "a" }]);
    expect(api.events().map(({ e }) => e)).toEqual(["executionReport", "outboundAccountPosition"]);
    venue.front.fault({ kind: "internalError" });
    expect(api.ask("order.cancel", CANCEL)).toMatchObject({ status: 504, error: { code: -1007 } });
    expect(venue.core.openOrders(0)).toEqual([]);
  });

  it("a refused cancel leaves the order in the book", () => {
    const venue = binance();
    venue.rest("a");
    venue.front.fault({ kind: "refusedCancel" });
    expect(venue.signed("DELETE", "/api/v3/order", CANCEL)).toMatchObject({
      status: 400,
      body: { code: -2011, msg: "This action is disabled on this account." },
    });
    expect(venue.core.openOrders(0)).toMatchObject([{ clientId: "a" }]);
    expect(venue.signed("DELETE", "/api/v3/order", CANCEL).status).toBe(200);
  });

  it("an overload takes no order and no cancel, so many times, and still answers questions", () => {
    const venue = binance();
    const api = venue.api();
    venue.rest("a");
    venue.front.fault({ kind: "overload", requests: 2 });
    expect(venue.rest("b")).toMatchObject({ status: 503, body: { code: -1008 } });
    expect(venue.signed("GET", "/api/v3/openOrders").status).toBe(200);
    expect(api.ask("order.cancel", CANCEL)).toMatchObject({ status: 503, error: { code: -1008 } });
    expect(venue.core.openOrders(0)).toMatchObject([{ clientId: "a" }]);
    expect(venue.rest("b").status).toBe(200);
  });
});
