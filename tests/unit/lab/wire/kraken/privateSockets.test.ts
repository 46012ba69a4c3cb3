import { describe, expect, it } from "vitest";
import { rfc3339 } from "../../../../../server/lab/wire/kraken/time.ts";
import type { TestSocket } from "../../../../support/wireVenue.ts";
import { krakenClient } from "./client.ts";
import type { KrakenClient } from "./client.ts";

type Row = Record<string, unknown>;

/** What the channel has told since the last call. */
function told(socket: TestSocket, channel: string): Row[] {
  return (socket.take() as { channel?: string; data: Row[] }[])
    .filter((message) => message.channel === channel)
    .flatMap(({ data }) => data);
}

function following(client: KrakenClient, channel: string, params: Row = {}) {
  const socket = client.socket();
  socket.send({ method: "subscribe", params: { channel, token: socket.token, ...params }, req_id: 1 });
  return socket;
}

const take = (client: KrakenClient, sizeLots: number): void =>
  client.market({ kind: "take", instrument: 0, side: "sell", sizeLots });

describe("tokens", () => {
  it("are good for fifteen minutes, and for as long as the socket that used one is open", () => {
    const client = krakenClient();
    const socket = following(client, "executions");
    client.advanceMs(900_010);
    socket.send({ method: "subscribe", params: { channel: "balances", token: socket.token } });
    const late = client.connect("/v2");
    late?.send({ method: "subscribe", params: { channel: "balances", token: socket.token } });
    expect(socket.received.at(-1)).toMatchObject({ channel: "balances", type: "snapshot" });
    expect(late?.received.at(-1)).toMatchObject({ error: "ESession:Invalid session", success: false });
  });

  it("are needed for private channels, which are told only to their account", () => {
    const client = krakenClient({ twoAccounts: true });
    const bare = client.connect("/v2");
    bare?.send({ method: "subscribe", params: { channel: "executions" }, req_id: 2 });
    expect(bare?.received.at(-1)).toMatchObject({ error: "ESession:Invalid session", req_id: 2 });
    const other = client.socket({ key: client.key(1) });
    other.send({ method: "subscribe", params: { channel: "executions", token: other.token } });
    other.take();
    client.add();
    expect(other.take()).toEqual([]);
  });
});

describe("executions", () => {
  it("tell an order from its acceptance to its end, in the keys of the venue", () => {
    const client = krakenClient({ fees: { makerFrac: 0.001 } });
    const socket = following(client, "executions");
    expect(socket.take().slice(1)).toMatchObject([
      {
        method: "subscribe",
        success: true,
        result: { channel: "executions", snap_orders: true, snap_trades: false },
      },
      { channel: "executions", type: "snapshot", data: [], sequence: 1 },
    ]);
    const order_id = client.add({ price: "60000", volume: "0.5", cl_ord_id: "m1", oflags: "post" });
    client.advanceMs(100);
    take(client, 20_000);
    client.call("AmendOrder", { txid: order_id, order_qty: "0.4" });
    take(client, 20_000);
    const [first, second] = [rfc3339(client.nowUs() - 100_000), rfc3339(client.nowUs())];
    const names = { order_id, cl_ord_id: "m1" };
    const fill = {
      ...names,
      exec_id: expect.stringMatching(/^T/) as string,
      exec_type: "trade",
      symbol: "BTC/USD",
      side: "buy",
      last_qty: 0.2,
      last_price: 60_000,
      liquidity_ind: "m",
      cost: 12_000,
      order_status: "partially_filled",
      order_type: "limit",
      timestamp: second,
      avg_price: 60_000,
      fee_usd_equiv: 12,
      fees: [{ asset: "USD", qty: 12 }],
    };
    const messages = socket.take() as { data: Row[]; sequence: number; type: string }[];
    expect(messages.map(({ sequence }) => sequence)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(messages.map(({ data }) => data)).toEqual([
      [
        {
          ...names,
          symbol: "BTC/USD",
          order_qty: 0.5,
          cum_cost: 0,
          time_in_force: "GTC",
          exec_type: "pending_new",
          side: "buy",
          order_type: "limit",
          limit_price_type: "static",
          limit_price: 60_000,
          stop_price: 0,
          post_only: true,
          order_status: "pending_new",
          fee_usd_equiv: 0,
          fee_ccy_pref: "fciq",
          timestamp: first,
        },
      ],
      [{ ...names, timestamp: first, order_status: "new", exec_type: "new" }],
      [{ ...fill, trade_id: 1, cum_qty: 0.2, cum_cost: 12_000 }],
      [
        {
          ...names,
          timestamp: second,
          exec_type: "amended",
          order_status: "partially_filled",
          cum_qty: 0.2,
          reason: "User requested",
          amended: true,
          order_qty: 0.4,
          limit_price: 60_000,
          limit_price_type: "static",
        },
      ],
      [{ ...fill, trade_id: 2, cum_qty: 0.4, cum_cost: 24_000 }],
      [
        {
          ...names,
          timestamp: second,
          order_status: "filled",
          exec_type: "filled",
          cum_qty: 0.4,
          cum_cost: 24_000,
          avg_price: 60_000,
          fee_usd_equiv: 24,
        },
      ],
    ]);
  });

  it("tell cancels and expiries with their reason, and orders without a client id by their reference", () => {
    const client = krakenClient();
    const socket = following(client, "executions");
    const ended = () => told(socket, "executions").at(-1);
    const txid = client.add({ userref: 3 });
    client.call("CancelOrder", { txid });
    expect(ended()).toEqual({
      order_id: txid,
      order_userref: 3,
      timestamp: rfc3339(client.nowUs()),
      order_status: "canceled",
      exec_type: "canceled",
      cum_qty: 0,
      cum_cost: 0,
      avg_price: 0,
      fee_usd_equiv: 0,
      cancel_reason: "User requested",
      reason: "User requested",
    });
    client.add({ timeinforce: "IOC" });
    expect(ended()).toMatchObject({ exec_type: "expired", order_status: "expired" });
    client.add({ price: "60000" });
    client.call("CancelAllOrdersAfter", { timeout: 1 });
    client.advanceMs(1_000);
    expect(ended()).toMatchObject({ exec_type: "canceled", reason: "Cancel all orders after timeout" });
    client.add({ price: "60000" });
    client.add({ type: "sell", price: "60000" });
    expect(ended()).toMatchObject({ exec_type: "canceled", reason: "Self trade prevention" });
  });

  it("begin with the open orders and, on demand, the last fifty fills", () => {
    const client = krakenClient();
    const txid = client.add({ price: "60000", volume: "1", cl_ord_id: "m1" });
    for (let i = 0; i < 60; i++) take(client, 100);
    const rows = told(following(client, "executions", { snap_trades: true }), "executions");
    expect(rows).toHaveLength(51);
    expect(rows[0]).toMatchObject({
      exec_type: "trade",
      trade_id: 60,
      order_status: "filled",
      cl_ord_id: "m1",
    });
    expect(rows.at(-1)).toMatchObject({
      order_id: txid,
      exec_type: "new",
      order_status: "partially_filled",
      cum_qty: 0.06,
      order_qty: 1,
      avg_price: 60_000,
    });
    expect(told(following(client, "executions", { snap_orders: false }), "executions")).toEqual([]);
  });

  it("tell openings and ends alone where that is asked for", () => {
    const client = krakenClient();
    const socket = following(client, "executions", { order_status: false });
    socket.take();
    const txid = client.add({ cl_ord_id: "m1" });
    client.call("AmendOrder", { txid, order_qty: "0.02" });
    client.call("CancelAll");
    expect(told(socket, "executions")).toMatchObject([
      { exec_type: "new", symbol: "BTC/USD", limit_price: 59_000 },
      { exec_type: "canceled" },
    ]);
  });
});

describe("balances", () => {
  it("begin with what is held, and then tell every entry of the ledger with its fee", () => {
    const client = krakenClient();
    const socket = following(client, "balances");
    expect(told(socket, "balances")).toContainEqual({
      asset: "BTC",
      asset_class: "currency",
      balance: 100,
      wallets: [{ type: "spot", id: "main", balance: 100 }],
    });
    client.add({ volume: "0.5", price: "60010" });
    const messages = socket.take() as { data: Row[]; sequence: number }[];
    expect(messages.map(({ sequence }) => sequence)).toEqual([2, 3]);
    const [id] = Object.keys(client.call("TradesHistory")["trades"] as Row);
    const row = {
      ledger_id: expect.stringMatching(/^L/) as string,
      ref_id: id,
      timestamp: "2026-01-01T00:00:00.000000Z",
      type: "trade",
      asset_class: "currency",
      category: "trade",
      wallet_type: "spot",
      wallet_id: "main",
    };
    expect(messages.map(({ data }) => data)).toEqual([
      [{ ...row, asset: "BTC", amount: 0.5, fee: 0, balance: 100.5 }],
      [{ ...row, asset: "USD", amount: -30_005, fee: 60.01, balance: 969_934.99 }],
    ]);
    client.core.deposit(0, "BTC", 100_000_000n);
    expect(told(socket, "balances")).toMatchObject([
      { asset: "BTC", type: "deposit", amount: 1, balance: 101.5 },
    ]);
  });
});
