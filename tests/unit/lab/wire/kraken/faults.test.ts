import { describe, expect, it } from "vitest";
import { krakenClient, ORDER } from "./client.ts";

const ADD = { order_type: "limit", side: "buy", order_qty: 0.01, limit_price: 59_000, symbol: "BTC/USD" };

describe("faults of the protocol", () => {
  it("maintenance answers nothing but time and status, for its time", () => {
    const client = krakenClient();
    const socket = client.socket();
    client.front.fault({ kind: "maintenance", forMs: 1_000 });
    client.advanceMs(10);
    expect(socket.received.at(-1)).toMatchObject({ channel: "status", data: [{ system: "maintenance" }] });
    expect(client.get("SystemStatus").result).toMatchObject({ status: "maintenance" });
    expect(client.get("Time").error).toEqual([]);
    expect(client.get("Depth", "pair=XBTUSD").error).toEqual(["EService:Unavailable"]);
    expect(client.refused("AddOrder", ORDER)).toBe("EService:Unavailable");
    socket.send({ method: "add_order", params: { ...ADD, token: socket.token } });
    expect(socket.received.at(-1)).toMatchObject({ error: "EService:Unavailable" });
    client.advanceMs(1_000);
    expect(socket.received.at(-1)).toMatchObject({ channel: "status", data: [{ system: "online" }] });
    client.add();
  });

  it("a refused login is one private subscription under a good token", () => {
    const client = krakenClient();
    const socket = client.socket();
    const ask = (): unknown => {
      socket.send({ method: "subscribe", params: { channel: "executions", token: socket.token } });
      return socket.take().find((message) => (message as { method?: string }).method === "subscribe");
    };
    client.front.fault({ kind: "loginRefused" });
    expect(ask()).toMatchObject({ error: "ESession:Invalid session", success: false });
    expect(ask()).toMatchObject({ success: true });
  });

  it("an expired session closes the sockets that have used a token, and no token is good any more", () => {
    const client = krakenClient();
    const socket = client.socket();
    const subscription = { method: "subscribe", params: { channel: "executions", token: socket.token } };
    socket.send(subscription);
    const open = client.connect("/v2");
    client.front.fault({ kind: "sessionExpired" });
    expect(socket.closed).toMatchObject({ code: 1000 });
    expect(open?.closed).toBeUndefined();
    open?.send(subscription);
    expect(open?.received.at(-1)).toMatchObject({ error: "ESession:Invalid session" });
    const { token } = client.socket();
    open?.send({ method: "subscribe", params: { channel: "executions", token } });
    expect(open?.received.at(-1)).toMatchObject({ channel: "executions", type: "snapshot" });
  });

  it.each([
    { kind: "ban", does: "locks the account out", error: "EGeneral:Temporary lockout" },
    { kind: "rateLimited", does: "refuses its calls", error: "EAPI:Rate limit exceeded" },
  ] as const)("a $kind $does, for its time", ({ kind, error }) => {
    const client = krakenClient();
    const socket = client.socket();
    client.front.fault({ kind, forMs: 1_000 });
    expect(client.refused("Balance")).toBe(error);
    socket.send({ method: "add_order", params: { ...ADD, token: socket.token } });
    expect(socket.received.at(-1)).toMatchObject({ error: "EOrder:Rate limit exceeded" });
    client.advanceMs(1_000);
    client.call("Balance");
  });

  it("a clock that is set wrong makes no countdown run out, and silences no socket", () => {
    const client = krakenClient();
    const socket = client.socket();
    client.add();
    socket.send({ method: "subscribe", params: { channel: "ticker", symbol: ["BTC/USD"] } });
    expect(client.call("CancelAllOrdersAfter", { timeout: 60 })).toMatchObject({
      triggerTime: "2026-01-01T00:01:00Z",
    });
    client.skew(60_000_000);
    client.advanceMs(1_000);
    client.skew(0);
    socket.take();
    client.advanceMs(1_000);
    expect(socket.take()).toContainEqual({ channel: "heartbeat" });
    client.advanceMs(57_990);
    expect(client.core.openOrders(0)).toHaveLength(1);
    client.advanceMs(10);
    expect(client.core.openOrders(0)).toEqual([]);
  });

  it("an internal error is told of an order that was placed, once", () => {
    const client = krakenClient();
    const socket = client.socket();
    client.front.fault({ kind: "internalError" });
    expect(client.refused("AddOrder", { ...ORDER, cl_ord_id: "m1" })).toBe("EGeneral:Internal error");
    client.front.fault({ kind: "internalError" });
    socket.send({ method: "add_order", params: { ...ADD, token: socket.token, cl_ord_id: "m2" } });
    expect(socket.received.at(-1)).toMatchObject({ error: "EGeneral:Internal error" });
    client.add({ cl_ord_id: "m3" });
    expect(client.core.openOrders(0).map(({ clientId }) => clientId)).toEqual(["m1", "m2", "m3"]);
  });

  it("every second member of a batch fails, once", () => {
    const client = krakenClient();
    const orders = Array.from({ length: 4 }, (_, i) => ({ ...ORDER, cl_ord_id: `m${i}` }));
    client.front.fault({ kind: "partialBatch" });
    const { orders: told } = client.call("AddOrderBatch", { pair: "XBTUSD", orders }, { isJson: true });
    expect((told as { error?: string }[]).map(({ error }) => error)).toEqual([
      undefined,
      "EOrder:Insufficient funds",
      undefined,
      "EOrder:Insufficient funds",
    ]);
    expect(client.core.openOrders(0).map(({ clientId }) => clientId)).toEqual(["m0", "m2"]);
    client.front.fault({ kind: "partialBatch" });
    expect(client.call("CancelOrderBatch", { cl_ord_ids: ["m0", "m2"] }, { isJson: true })).toEqual({
      count: 1,
    });
  });

  it("a cancel comes too late for an order that others have just filled", () => {
    const client = krakenClient();
    const txid = client.add({ price: "60000", cl_ord_id: "m1" });
    client.front.fault({ kind: "cancelRace" });
    expect(client.refused("CancelOrder", { txid })).toBe("EOrder:Unknown order");
    expect(client.call("QueryOrders", { txid })).toMatchObject({
      [txid]: { status: "closed", vol_exec: "0.01000" },
    });
  });

  it("a refused cancel leaves the order open, over REST and on a socket", () => {
    const client = krakenClient();
    const socket = client.socket();
    const txid = client.add({ cl_ord_id: "m1" });
    client.front.fault({ kind: "refusedCancel" });
    expect(client.refused("CancelOrder", { txid })).toBe("EService:Unavailable");
    client.front.fault({ kind: "refusedCancel" });
    socket.send({ method: "cancel_order", params: { cl_ord_id: ["m1"], token: socket.token } });
    expect(socket.received.at(-1)).toMatchObject({ error: "EService:Unavailable", cl_ord_id: "m1" });
    expect(client.core.openOrders(0)).toHaveLength(1);
    expect(client.call("CancelOrder", { txid })).toEqual({ count: 1 });
  });

  it("an overload takes no order and no cancel, so many times, and still answers questions", () => {
    const client = krakenClient();
    const socket = client.socket();
    const txid = client.add();
    client.front.fault({ kind: "overload", requests: 2 });
    expect(client.refused("CancelOrder", { txid })).toBe("EService:Busy");
    expect(client.call("OpenOrders", {})).toMatchObject({ open: { [txid]: { status: "open" } } });
    socket.send({ method: "add_order", params: { ...ADD, token: socket.token } });
    expect(socket.received.at(-1)).toMatchObject({ error: "EService:Busy" });
    expect(client.core.openOrders(0)).toHaveLength(1);
    client.add();
  });
});
