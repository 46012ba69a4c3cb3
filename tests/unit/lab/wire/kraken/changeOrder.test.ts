import { describe, expect, it } from "vitest";
import { krakenClient, ORDER } from "./client.ts";
import type { KrakenClient } from "./client.ts";

const order = (client: KrakenClient, txid: string): Record<string, unknown> =>
  (client.call("QueryOrders", { txid, trades: true }) as Record<string, Record<string, unknown>>)[txid] ?? {};

const opens = (client: KrakenClient): string[] => Object.keys(client.call("OpenOrders")["open"] as object);

describe("AmendOrder", () => {
  it("changes price and total size under the same id", () => {
    const client = krakenClient();
    const txid = client.add({ cl_ord_id: "m1" });
    const { amend_id } = client.call("AmendOrder", { txid, order_qty: "0.02", limit_price: "59001" });
    expect(amend_id).toMatch(/^A/);
    expect(order(client, txid)).toMatchObject({
      status: "open",
      vol: "0.02000",
      descr: { price: "59001.00" },
    });
    client.call("AmendOrder", { cl_ord_id: "m1", limit_price: "59002" });
    expect(order(client, txid)).toMatchObject({ vol: "0.02000", descr: { price: "59002.00" } });
  });

  it("counts what is filled as part of the size, and ends the order at or below it", () => {
    const client = krakenClient();
    const txid = client.add({ volume: "1", price: "60000" });
    client.market({ kind: "take", instrument: 0, side: "sell", sizeLots: 40_000 });
    client.call("AmendOrder", { txid, order_qty: "0.5" });
    expect(order(client, txid)).toMatchObject({ status: "open", vol: "0.50000", vol_exec: "0.40000" });
    client.call("AmendOrder", { txid, order_qty: "0.3" });
    expect(order(client, txid)).toMatchObject({ status: "canceled", vol_exec: "0.40000" });
  });

  it.each([
    { name: "nothing to change", params: {}, error: "EGeneral:Invalid arguments:order_qty" },
    {
      name: "a price off the grid",
      params: { limit_price: "1.001" },
      error: "EOrder:Invalid price:XBTUSD price can only be specified up to 2 decimals.",
    },
    {
      name: "a price that would take",
      params: { limit_price: "60010", post_only: "true" },
      error: "EOrder:Post only order",
    },
    { name: "more than there is", params: { order_qty: "1000" }, error: "EOrder:Insufficient funds" },
    {
      name: "a passed deadline",
      params: { order_qty: "1", deadline: "2020-01-01T00:00:00Z" },
      error: "EService:Deadline elapsed",
    },
  ])("refuses $name and leaves the order", ({ params, error }) => {
    const client = krakenClient();
    const txid = client.add();
    expect(client.refused("AmendOrder", { txid, ...params })).toBe(error);
    expect(order(client, txid)).toMatchObject({
      status: "open",
      vol: "0.01000",
      descr: { price: "59000.00" },
    });
  });

  it("does not know an order that has ended, or was never there", () => {
    const client = krakenClient();
    const txid = client.add();
    client.call("CancelAll");
    expect(client.refused("AmendOrder", { txid, order_qty: "1" })).toBe("EOrder:Unknown order");
    expect(client.refused("AmendOrder", { txid: "x", order_qty: "1" })).toBe("EOrder:Unknown order");
  });
});

describe("EditOrder", () => {
  it("cancels the order and places a new one", () => {
    const client = krakenClient();
    const txid = client.add({ userref: 5 });
    const edited = client.call("EditOrder", { txid, pair: "XBTUSD", volume: "0.03", price: "59010" });
    expect(edited).toMatchObject({
      status: "ok",
      originaltxid: txid,
      orders_cancelled: 1,
      volume: "0.03000",
    });
    expect(opens(client)).toEqual([edited["txid"]]);
    expect(order(client, txid)).toMatchObject({ status: "canceled" });
  });

  it("leaves the order when the new one fails the checks", () => {
    const client = krakenClient();
    const txid = client.add();
    expect(client.refused("EditOrder", { txid, pair: "XBTUSD", price: "1.001" })).toContain(
      "EOrder:Invalid price",
    );
    expect(opens(client)).toEqual([txid]);
  });
});

describe("cancels", () => {
  it("work by id, by client id and by reference, once", () => {
    const client = krakenClient();
    const [a] = [client.add({ cl_ord_id: "a" }), client.add({ cl_ord_id: "b" })];
    client.add({ userref: 9 });
    client.add({ userref: 9 });
    expect(client.call("CancelOrder", { txid: a })).toEqual({ count: 1 });
    expect(client.call("CancelOrder", { cl_ord_id: "b" })).toEqual({ count: 1 });
    expect(client.call("CancelOrder", { txid: 9 })).toEqual({ count: 2 });
    for (const params of [{ txid: a }, { cl_ord_id: "b" }, { txid: 9 }, {}])
      expect(client.refused("CancelOrder", params)).toBe("EOrder:Unknown order");
  });

  it("work for many, and for all of the account", () => {
    const client = krakenClient({ twoAccounts: true });
    const ids = [
      client.add(),
      client.add({ cl_ord_id: "b" }),
      client.add(),
      client.add({ pair: "ETHUSD", price: "10", volume: "1" }),
    ];
    expect(client.call("CancelOrderBatch", { orders: [ids[0], "b", "x"] }, { isJson: true })).toEqual({
      count: 1,
    });
    expect(client.call("CancelOrderBatch", { cl_ord_ids: ["b"] }, { isJson: true })).toEqual({ count: 1 });
    expect(client.refused("CancelOrderBatch", { orders: [] }, { isJson: true })).toContain("orders");
    expect(client.call("CancelAll", {}, { key: client.key(1) })).toEqual({ count: 0 });
    expect(client.call("CancelAll")).toEqual({ count: 2 });
    expect(opens(client)).toEqual([]);
  });
});

describe("CancelAllOrdersAfter", () => {
  it("cancels everything when it is not refreshed in time, once", () => {
    const client = krakenClient();
    client.add();
    expect(client.call("CancelAllOrdersAfter", { timeout: 10 })).toEqual({
      currentTime: "2026-01-01T00:00:00Z",
      triggerTime: "2026-01-01T00:00:10Z",
    });
    client.advanceMs(9_990);
    client.call("CancelAllOrdersAfter", { timeout: 10 });
    client.advanceMs(9_990);
    expect(opens(client)).toHaveLength(1);
    client.advanceMs(10);
    expect(opens(client)).toEqual([]);
    const txid = client.add();
    client.advanceMs(60_000);
    expect(opens(client)).toEqual([txid]);
  });

  it("is off with a timeout of 0, and refuses what is no timeout", () => {
    const client = krakenClient();
    client.add();
    client.call("CancelAllOrdersAfter", { timeout: 1 });
    expect(client.call("CancelAllOrdersAfter", { timeout: 0 })).toMatchObject({ triggerTime: "0" });
    client.advanceMs(5_000);
    expect(opens(client)).toHaveLength(1);
    for (const timeout of [-1, 86_400, "x"])
      expect(client.refused("CancelAllOrdersAfter", { timeout })).toBe("EGeneral:Invalid arguments:timeout");
  });
});

describe("a halt", () => {
  it("takes no order and no change, and lets orders be cancelled", () => {
    const client = krakenClient();
    const txid = client.add();
    client.core.relist(0, { status: "HALTED" });
    expect(client.refused("AddOrder", ORDER)).toBe("EService:Market in cancel_only mode");
    expect(client.refused("AmendOrder", { txid, order_qty: "1" })).toBe(
      "EService:Market in cancel_only mode",
    );
    expect(client.refused("EditOrder", { txid, pair: "XBTUSD", volume: "1" })).toBe(
      "EService:Market in cancel_only mode",
    );
    expect(client.call("CancelOrder", { txid })).toEqual({ count: 1 });
  });
});
