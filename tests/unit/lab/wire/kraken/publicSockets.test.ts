import { describe, expect, it } from "vitest";
import { krakenClient } from "./client.ts";
import type { KrakenClient } from "./client.ts";

function connected(client: KrakenClient) {
  const socket = client.connect("/v2");
  if (socket === undefined) throw new Error("no socket");
  socket.take();
  return socket;
}

describe("a socket", () => {
  it("is served at /v2 alone, and greeted with the status", () => {
    const client = krakenClient();
    expect(client.connect("/ws")).toBeUndefined();
    expect(client.connect("/v2")?.take()).toMatchObject([
      {
        channel: "status",
        type: "update",
        data: [{ system: "online", api_version: "v2", version: "2.0.10" }],
      },
    ]);
  });

  it("answers a ping, and what it cannot read or does not know", () => {
    const socket = connected(krakenClient());
    socket.send({ method: "ping", req_id: 101 });
    const at = "2026-01-01T00:00:00.000000Z";
    expect(socket.take()).toEqual([{ method: "pong", req_id: 101, time_in: at, time_out: at }]);
    socket.send("{");
    socket.send({ method: "subscribe", params: { channel: "level9" }, req_id: 1 });
    socket.send({ method: "fly", req_id: 2 });
    expect(socket.take()).toMatchObject([
      { error: "Malformed request", success: false },
      { error: "Channel not supported", success: false, req_id: 1 },
      { error: "ESession:Invalid session", success: false, req_id: 2 },
    ]);
  });

  it("has a heartbeat a second once something is subscribed to and nothing else was sent", () => {
    const client = krakenClient();
    const socket = connected(client);
    client.advanceMs(3_000);
    expect(socket.take()).toEqual([]);
    socket.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    socket.take();
    client.advanceMs(2_500);
    expect(socket.take()).toEqual([{ channel: "heartbeat" }, { channel: "heartbeat" }]);
    client.snapshot([5_999_000, 1], []);
    socket.take();
    client.advanceMs(990);
    expect(socket.take()).toEqual([]);
  });
});

describe("subscriptions", () => {
  it("are acknowledged for each symbol, and refused for each", () => {
    const client = krakenClient();
    const socket = connected(client);
    const params = { channel: "book", symbol: ["BTC/USD", "XBT/USD"], depth: 25, snapshot: false };
    socket.send({ method: "subscribe", params, req_id: 5 });
    const at = "2026-01-01T00:00:00.000000Z";
    expect(socket.take()).toEqual([
      {
        method: "subscribe",
        req_id: 5,
        result: { channel: "book", depth: 25, snapshot: false, symbol: "BTC/USD" },
        success: true,
        time_in: at,
        time_out: at,
      },
      {
        error: "Currency pair not supported XBT/USD",
        method: "subscribe",
        req_id: 5,
        success: false,
        symbol: "XBT/USD",
        time_in: at,
        time_out: at,
      },
    ]);
    socket.send({ method: "subscribe", params: { ...params, symbol: ["BTC/USD"] } });
    socket.send({ method: "subscribe", params: { ...params, symbol: ["ETH/USD"], depth: 11 } });
    socket.send({ method: "subscribe", params: { channel: "book" } });
    expect(socket.take()).toMatchObject([
      { error: "Already subscribed", symbol: "BTC/USD" },
      { error: "Subscription depth not supported" },
      { error: "Symbol(s) not found" },
    ]);
  });

  it("end when they are given up, and when the socket closes", () => {
    const client = krakenClient();
    const [socket, other] = [connected(client), connected(client)];
    for (const each of [socket, other])
      each.send({ method: "subscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    other.close();
    socket.send({ method: "unsubscribe", params: { channel: "book", symbol: ["BTC/USD"] }, req_id: 3 });
    socket.take();
    client.snapshot([5_999_000, 1], []);
    expect(socket.take()).toEqual([]);
    socket.send({ method: "unsubscribe", params: { channel: "book", symbol: ["BTC/USD"] } });
    expect(socket.take()).toMatchObject([{ error: "Subscription Not Found", success: false }]);
  });
});

describe("trades, tickers and instruments", () => {
  it("tell every trade with its number, and the last ones on demand", () => {
    const client = krakenClient();
    const socket = connected(client);
    client.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 5 });
    socket.send({ method: "subscribe", params: { channel: "trade", symbol: ["BTC/USD"], snapshot: true } });
    client.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 7 });
    const row = { symbol: "BTC/USD", ord_type: "limit", timestamp: "2026-01-01T00:00:00.000000Z" };
    expect(socket.take().slice(1)).toEqual([
      {
        channel: "trade",
        type: "snapshot",
        data: [{ ...row, side: "sell", price: 59_990, qty: 0.00005, trade_id: 1 }],
      },
      {
        channel: "trade",
        type: "update",
        data: [{ ...row, side: "buy", price: 60_010, qty: 0.00007, trade_id: 2 }],
      },
    ]);
  });

  it("tell the ticker on trades, or on changes of the best prices alone", () => {
    const client = krakenClient();
    const [onTrades, onBest] = [connected(client), connected(client)];
    onTrades.send({ method: "subscribe", params: { channel: "ticker", symbol: ["BTC/USD"] } });
    onBest.send({
      method: "subscribe",
      params: { channel: "ticker", symbol: ["BTC/USD"], event_trigger: "bbo" },
    });
    expect(onTrades.take()[1]).toMatchObject({
      channel: "ticker",
      type: "snapshot",
      data: [{ bid: 59_990, last: 0 }],
    });
    onBest.take();
    client.market({ kind: "delta", instrument: 0, bids: [5_998_000, 5], asks: [] });
    client.market({ kind: "delta", instrument: 0, bids: [5_999_500, 5], asks: [] });
    client.market({ kind: "delta", instrument: 0, bids: [5_998_000, 6], asks: [] });
    expect(onTrades.take()).toEqual([]);
    const updates = onBest.take();
    expect(updates.at(-1)).toMatchObject({ type: "update", data: [{ bid: 59_995, bid_qty: 0.00005 }] });
    expect(updates.length).toBeLessThanOrEqual(2);
    client.market({ kind: "take", instrument: 0, side: "buy", sizeLots: 7 });
    expect(onTrades.take()).toMatchObject([{ data: [{ last: 60_010, volume: 0.00007, change_pct: 0 }] }]);
  });

  it("tell what is listed, and every change of it", () => {
    const client = krakenClient();
    const socket = connected(client);
    socket.send({ method: "subscribe", params: { channel: "instrument" } });
    const [, snapshot] = socket.take() as { data: { pairs: Record<string, unknown>[]; assets: unknown[] } }[];
    expect(snapshot?.data.assets).toHaveLength(3);
    expect(snapshot?.data.pairs[0]).toEqual({
      symbol: "BTC/USD",
      base: "BTC",
      quote: "USD",
      status: "online",
      qty_precision: 5,
      qty_increment: 0.00001,
      qty_min: 0.00001,
      price_precision: 2,
      price_increment: 0.01,
      tick_size: 0.01,
      cost_precision: 8,
      cost_min: 5,
      marginable: false,
      has_index: true,
    });
    client.core.relist(0, { status: "HALTED" });
    client.core.relist(0, { status: "TRADING", tick: "0.5" });
    client.core.relist(0, { status: "DELISTED" });
    expect(socket.take()).toMatchObject([
      { channel: "instrument", type: "update", data: { pairs: [{ status: "cancel_only" }] } },
      { data: { pairs: [{ status: "online", price_increment: 0.5, price_precision: 1 }] } },
      { data: { pairs: [{ status: "delisted" }] } },
    ]);
  });
});
