import { describe, expect, it } from "vitest";
import { krakenClient, ORDER } from "./client.ts";
import type { KrakenClient } from "./client.ts";

const LIMITED = "EOrder:Rate limit exceeded";

/** How many orders pass before the first is refused. */
function addsLeft(client: KrakenClient, pair = "XBTUSD"): number {
  for (let count = 0; ; count++) {
    const { error } = client.post("AddOrder", { ...ORDER, pair, validate: true });
    if (error.length > 0) {
      expect(error).toEqual([LIMITED]);
      return count;
    }
  }
}

describe("the REST call counter", () => {
  it("lets a key call 15 times at once, and again after a while", () => {
    const client = krakenClient({ limits: "entry" });
    for (let i = 0; i < 15; i++) client.call("Balance");
    expect(client.refused("Balance")).toBe("EAPI:Rate limit exceeded");
    client.call("Balance", {}, { key: client.key(0, "guard") });
    client.advanceMs(3_030);
    expect(client.refused("Balance")).toBe("EAPI:Rate limit exceeded");
    client.advanceMs(10);
    client.call("Balance");
    expect(client.refused("Balance")).toBe("EAPI:Rate limit exceeded");
  });

  it("counts histories twice and order entry not at all", () => {
    const client = krakenClient({ limits: "entry" });
    for (let i = 0; i < 7; i++) client.call("TradesHistory");
    expect(client.refused("Ledgers")).toBe("EAPI:Rate limit exceeded");
    client.call("OpenOrders");
    const txid = client.add();
    client.call("CancelOrder", { txid });
    expect(client.refused("CancelAll")).toBe("EAPI:Rate limit exceeded");
  });

  it("is off where limits are lifted", () => {
    const client = krakenClient();
    for (let i = 0; i < 100; i++) expect(client.call("TradesHistory")).toMatchObject({ count: 0 });
  });
});

describe("public calls", () => {
  const TOO_MANY = ["EGeneral:Too many requests"];

  it("of one address pass 15 at once and one a second, whatever they ask for", () => {
    const client = krakenClient({ limits: "entry" });
    for (let i = 0; i < 15; i++) expect(client.get(i % 2 === 0 ? "Time" : "AssetPairs").error).toEqual([]);
    expect(client.get("Depth", "pair=XBTUSD").error).toEqual(TOO_MANY);
    client.call("Balance");
    client.advanceMs(1_000);
    expect(client.get("Time").error).toEqual([]);
    expect(client.get("Time").error).toEqual(TOO_MANY);
  });

  it("for the trades of a pair are counted for themselves, under whichever name", () => {
    const client = krakenClient({ limits: "entry" });
    for (let i = 0; i < 15; i++) client.get("Trades", i % 2 === 0 ? "pair=XBTUSD" : "pair=XXBTZUSD");
    expect(client.get("Trades", "pair=XBTUSD").error).toEqual(TOO_MANY);
    expect(client.get("Trades", "pair=ETHUSD").error).toEqual([]);
    expect(client.get("Time").error).toEqual([]);
  });

  it("are not counted where limits are lifted", () => {
    const client = krakenClient();
    for (let i = 0; i < 100; i++) expect(client.get("Time").error).toEqual([]);
  });
});

describe("the trade counter", () => {
  it("lets 60 orders pass at once, each pair for itself, and one more a second", () => {
    const client = krakenClient({ limits: "entry" });
    expect(addsLeft(client)).toBe(60);
    expect(addsLeft(client, "ETHUSD")).toBe(60);
    client.advanceMs(10_000);
    // What was refused has counted as well.
    expect(addsLeft(client)).toBe(9);
  });

  it.each([
    { restedS: 0, cost: 8 },
    { restedS: 5, cost: 6 },
    { restedS: 10, cost: 5 },
    { restedS: 15, cost: 4 },
    { restedS: 45, cost: 2 },
    { restedS: 90, cost: 1 },
    { restedS: 300, cost: 0 },
  ])("charges $cost for a cancel after $restedS s", ({ restedS, cost }) => {
    const client = krakenClient({ limits: "entry" });
    const txid = client.add();
    client.advanceMs(restedS * 1_000);
    client.call("CancelOrder", { txid });
    expect(addsLeft(client)).toBe(60 - cost - (restedS === 0 ? 1 : 0));
  });

  it.each([
    { restedS: 0, cost: 4 },
    { restedS: 5, cost: 3 },
    { restedS: 10, cost: 2 },
    { restedS: 15, cost: 1 },
  ])("charges $cost for an amendment after $restedS s, counted from the last one", ({ restedS, cost }) => {
    const client = krakenClient({ limits: "entry" });
    const txid = client.add();
    client.advanceMs(60_000);
    client.call("AmendOrder", { txid, limit_price: "59001" });
    client.advanceMs(restedS * 1_000);
    client.call("AmendOrder", { txid, limit_price: "59002" });
    expect(addsLeft(client)).toBe(60 - cost - (restedS === 0 ? 1 : 0));
  });

  it("charges an edit 7 at once, and refuses amendments and edits over the limit", () => {
    const client = krakenClient({ limits: "entry" });
    const txid = client.add();
    const edited = client.call("EditOrder", { txid, pair: "XBTUSD", price: "59001" });
    expect(addsLeft(client)).toBe(60 - 1 - 7);
    expect(client.refused("AmendOrder", { txid: edited["txid"], order_qty: "1" })).toBe(LIMITED);
    expect(client.refused("EditOrder", { txid: edited["txid"], pair: "XBTUSD", volume: "1" })).toBe(LIMITED);
  });

  it("charges a batch half of its members", () => {
    const client = krakenClient({ limits: "entry" });
    const orders = Array.from({ length: 10 }, () => ORDER);
    client.call("AddOrderBatch", { pair: "XBTUSD", orders, validate: true }, { isJson: true });
    expect(addsLeft(client)).toBe(55);
  });

  it("never refuses a cancel", () => {
    const client = krakenClient({ limits: "entry" });
    const txids = [client.add(), client.add()];
    addsLeft(client);
    for (const txid of txids) expect(client.call("CancelOrder", { txid })).toEqual({ count: 1 });
    expect(client.call("CancelAll")).toEqual({ count: 0 });
  });

  it("is shared by REST and sockets", () => {
    const client = krakenClient({ limits: "entry" });
    const socket = client.socket();
    addsLeft(client);
    socket.take();
    const params = { order_type: "limit", side: "buy", order_qty: 1, limit_price: 1, symbol: "BTC/USD" };
    socket.send({ method: "add_order", params: { ...params, token: socket.token }, req_id: 1 });
    expect(socket.take()).toMatchObject([{ error: LIMITED, success: false, req_id: 1 }]);
  });
});

describe("open orders", () => {
  it("are at most 60 in a pair", () => {
    const client = krakenClient({ limits: "entry" });
    for (let i = 0; i < 60; i++) {
      client.add({ volume: "0.001" });
      client.advanceMs(1_000);
    }
    expect(client.refused("AddOrder", ORDER)).toBe("EOrder:Orders limit exceeded");
    client.add({ pair: "ETHUSD", price: "10", volume: "1" });
  });
});
