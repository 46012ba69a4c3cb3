import { describe, expect, it } from "vitest";
import { krakenClient, ORDER } from "./client.ts";
import type { KrakenClient } from "./client.ts";

type Rows = Record<string, Record<string, unknown>>;

const take = (client: KrakenClient, sizeLots: number, side: "buy" | "sell" = "sell"): void =>
  client.market({ kind: "take", instrument: 0, side, sizeLots });

it.each([
  { method: "QueryOrders", isQuestion: true },
  { method: "TradesHistory", isQuestion: true },
  { method: "AddOrder", isQuestion: false },
  { method: "CancelAll", isQuestion: false },
  { method: "Nothing", isQuestion: false },
])("$method may be answered from the past: $isQuestion", ({ method, isQuestion }) => {
  const request = { method: "POST", query: "", headers: {}, body: "" } as const;
  const { front } = krakenClient();
  expect(front.isQuestion?.({ ...request, path: `/0/private/${method}` })).toBe(isQuestion);
});

describe("public REST", () => {
  it("tells time and status", () => {
    const client = krakenClient();
    expect(client.get("Time")).toEqual({
      error: [],
      result: { unixtime: 1_767_225_600, rfc1123: "Thu, 01 Jan 2026 00:00:00 GMT" },
    });
    expect(client.get("SystemStatus").result).toEqual({
      status: "online",
      timestamp: "2026-01-01T00:00:00Z",
    });
  });

  it("lists assets and pairs with the keys of the venue's own answer", () => {
    const client = krakenClient();
    expect(client.get("Assets").result).toMatchObject({
      XXBT: { aclass: "currency", altname: "XBT", decimals: 8, status: "enabled" },
      ZUSD: { altname: "USD" },
    });
    const pairs = client.get("AssetPairs").result as Rows;
    expect(Object.keys(pairs)).toEqual(["XXBTZUSD", "XETHZUSD"]);
    expect(pairs["XXBTZUSD"]).toMatchObject({ ...RECORDED_PAIR, ...RECORDED_KINDS });
    expect(pairs["XXBTZUSD"]).toMatchObject({
      pair_decimals: 2,
      lot_decimals: 5,
      ordermin: "0.00001",
      costmin: "5",
      tick_size: "0.01",
      status: "online",
      fees: [[0, 0.2]],
      fees_maker: [[0, 0.1]],
    });
    expect(Object.keys(client.get("AssetPairs", "pair=XBTUSD").result as Rows)).toEqual(["XXBTZUSD"]);
    expect(client.get("AssetPairs", "pair=FOO").error).toEqual(["EQuery:Unknown asset pair"]);
    expect(client.get("Assets", "asset=FOO").error).toEqual(["EQuery:Unknown asset"]);
  });

  it("shows a halt, a new tick and a delisting", () => {
    const client = krakenClient();
    client.core.relist(0, { status: "HALTED" });
    expect(client.get("AssetPairs").result).toMatchObject({ XXBTZUSD: { status: "cancel_only" } });
    client.core.relist(0, { status: "TRADING", tick: "0.1" });
    expect(client.get("AssetPairs").result).toMatchObject({
      XXBTZUSD: { status: "online", pair_decimals: 1, tick_size: "0.1" },
    });
    client.core.relist(0, { status: "DELISTED" });
    expect(Object.keys(client.get("AssetPairs").result as Rows)).toEqual(["XETHZUSD"]);
    expect(client.refused("AddOrder", ORDER)).toBe("EQuery:Unknown asset pair");
  });

  it("tells book, trades and ticker", () => {
    const client = krakenClient();
    take(client, 50_000);
    client.advanceMs(1_000);
    take(client, 1_000, "buy");
    expect(client.get("Depth", "pair=XBTUSD&count=1").result).toEqual({
      XXBTZUSD: {
        asks: [["60010.00", "0.99000", 1_767_225_601]],
        bids: [["59990.00", "0.50000", 1_767_225_601]],
      },
    });
    expect(client.get("Trades", "pair=XBTUSD").result).toEqual({
      XXBTZUSD: [
        ["59990.00", "0.50000", 1_767_225_600, "s", "l", "", 1],
        ["60010.00", "0.01000", 1_767_225_601, "b", "l", "", 2],
      ],
      last: "1767225601000000000",
    });
    const later = client.get("Trades", "pair=XBTUSD&since=1767225600000000000").result as Rows;
    expect(later["XXBTZUSD"]).toHaveLength(1);
    expect(client.get("Ticker", "pair=XBTUSD").result).toEqual({
      XXBTZUSD: {
        a: ["60010.00", "0", "0.99000"],
        b: ["59990.00", "0", "0.50000"],
        c: ["60010.00", "0.01000"],
        v: ["0.51000", "0.51000"],
        p: ["59990.3921568", "59990.3921568"],
        t: [2, 2],
        l: ["59990.00", "59990.00"],
        h: ["60010.00", "60010.00"],
        o: "59990.00",
      },
    });
    expect(client.get("Depth", "pair=XBTUSD&count=0").error).toEqual(["EGeneral:Invalid arguments:count"]);
    expect(client.get("Depth").error).toEqual(["EQuery:Unknown asset pair"]);
  });
});

describe("balances and fees", () => {
  it("tell what is held for orders, in the venue's names", () => {
    const client = krakenClient({ fees: { makerFrac: 0, takerFrac: 0 } });
    client.add();
    expect(client.call("BalanceEx")).toMatchObject({
      ZUSD: { balance: "1000000.00000000", hold_trade: "590.00000000" },
      XXBT: { balance: "100.00000000", hold_trade: "0.00000000" },
    });
    expect(client.call("Balance")).toMatchObject({ ZUSD: "1000000.00000000" });
    expect(client.call("TradeBalance")).toMatchObject({ eb: "7000000.0000", m: "0.0000" });
    expect(client.refused("TradeBalance", { asset: "FOO" })).toBe("EQuery:Unknown asset");
  });

  it("tell the rates of the account in percent", () => {
    const client = krakenClient();
    expect(client.call("TradeVolume", { pair: "XXBTZUSD" })).toMatchObject({
      fees: { XXBTZUSD: { fee: "0.2000" } },
      fees_maker: { XXBTZUSD: { fee: "0.1000" } },
    });
    expect(client.refused("TradeVolume", { pair: "FOO" })).toBe("EQuery:Unknown asset pair");
  });
});

describe("histories", () => {
  it("come newest first, fifty at a time, between a start and an end", () => {
    const client = krakenClient();
    client.add({ volume: "1", price: "60000" });
    for (let i = 0; i < 60; i++) {
      client.advanceMs(1_000);
      take(client, 100);
    }
    const first = client.call("TradesHistory");
    const ids = Object.keys(first["trades"] as Rows);
    expect([ids.length, first["count"]]).toEqual([50, 60]);
    const rest = client.call("TradesHistory", { ofs: 50, without_count: true });
    expect(Object.values(rest["trades"] as Rows).map((trade) => trade["trade_id"])).toEqual([
      10, 9, 8, 7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(rest).not.toHaveProperty("count");
    const atS = 1_767_225_600;
    const between = client.call("TradesHistory", { start: atS + 10, end: atS + 13 })["trades"] as Rows;
    expect(Object.values(between).map((trade) => trade["trade_id"])).toEqual([13, 12, 11]);
    expect(Object.keys(client.call("TradesHistory", { start: ids[2] })["trades"] as Rows)).toEqual(
      ids.slice(0, 2),
    );
    expect(Object.keys(client.call("TradesHistory", { end: ids[49] })["trades"] as Rows)[0]).toBe(ids[49]);
    expect(client.refused("TradesHistory", { start: "x" })).toBe("EGeneral:Invalid arguments:start");
    expect(client.refused("TradesHistory", { ofs: "x" })).toBe("EGeneral:Invalid arguments:ofs");
  });

  it("find single trades and orders by id", () => {
    const client = krakenClient();
    const txid = client.add({ volume: "1", price: "60000" });
    take(client, 100);
    const [id = ""] = Object.keys(client.call("TradesHistory")["trades"] as Rows);
    expect(client.call("QueryTrades", { txid: id })).toMatchObject({
      [id]: { ordertxid: txid, maker: true },
    });
    expect(client.refused("QueryTrades", { txid })).toBe("EQuery:Invalid transaction id");
    expect(client.call("QueryOrders", { txid, userref: 3 })).toEqual({});
    expect(client.refused("QueryOrders", {})).toBe("EGeneral:Invalid arguments:txid");
    expect(client.refused("QueryOrders", { txid: "x" })).toBe("EOrder:Invalid order");
  });

  it("tell ended orders, and filter by the client's own names", () => {
    const client = krakenClient();
    client.add({ cl_ord_id: "a", userref: 1 });
    client.add({ cl_ord_id: "b", userref: 2 });
    client.advanceMs(1_000);
    client.call("CancelAll");
    const closed = client.call("ClosedOrders", { cl_ord_id: "a" });
    expect(closed["count"]).toBe(1);
    expect(Object.values(closed["closed"] as Rows)).toMatchObject([
      { status: "canceled", cl_ord_id: "a", reason: "User requested", closetm: 1_767_225_601 },
    ]);
    expect(client.call("ClosedOrders", { userref: 2 })["count"]).toBe(1);
    expect(client.call("ClosedOrders", { end: 1_767_225_600, closetime: "open" })["count"]).toBe(2);
    expect(client.call("ClosedOrders", { end: 1_767_225_600 })["count"]).toBe(0);
    expect(client.refused("ClosedOrders", { userref: "x" })).toBe("EGeneral:Invalid arguments:userref");
  });
});

describe("the ledger", () => {
  it("has the fee in the entry that it was paid with, and balances that follow", () => {
    const client = krakenClient();
    client.add({ volume: "0.5", price: "60010" });
    const [tradeId = ""] = Object.keys(client.call("TradesHistory")["trades"] as Rows);
    const ledger = client.call("Ledgers", { type: "trade" });
    expect(ledger["count"]).toBe(2);
    expect(Object.values(ledger["ledger"] as Rows)).toEqual([
      {
        refid: tradeId,
        time: 1_767_225_600,
        type: "trade",
        subtype: "",
        aclass: "currency",
        asset: "ZUSD",
        amount: "-30005.00000000",
        fee: "60.01000000",
        balance: "969934.99000000",
      },
      expect.objectContaining({ asset: "XXBT", amount: "0.50000000", fee: "0.00000000", refid: tradeId }),
    ]);
    const [id = ""] = Object.keys(ledger["ledger"] as Rows);
    expect(Object.keys(client.call("QueryLedgers", { id }))).toEqual([id]);
    expect(client.call("Ledgers", { asset: "XBT" })["count"]).toBe(2);
    expect(client.refused("QueryLedgers", { id: "x" })).toBe("EGeneral:Invalid arguments:id");
    expect(client.refused("Ledgers", { asset: "FOO" })).toBe("EQuery:Unknown asset");
  });
});

describe("money in and out", () => {
  const client = krakenClient({ twoAccounts: true }, () => ({ mayWithdraw: true }));

  it("tells deposits", () => {
    expect(client.call("DepositStatus", { asset: "XBT" })).toMatchObject([
      { asset: "XXBT", amount: "100.00000000", status: "Success", time: 1_767_225_600 },
    ]);
  });

  it("keeps a withdrawal pending until it is ended", () => {
    const { refid } = client.call("Withdraw", { asset: "XBT", key: "vault", amount: "1.5" });
    expect(client.call("WithdrawStatus", { asset: "XBT" })).toMatchObject([
      { refid, status: "Pending", amount: "1.50000000" },
    ]);
    const [withdrawal] = client.core.withdrawals(0);
    client.core.endWithdrawal(0, withdrawal?.withdrawalId ?? "", "DONE");
    expect(client.call("WithdrawStatus")).toMatchObject([{ refid, status: "Success" }]);
    expect(client.call("Balance")["XXBT"]).toBe("98.50000000");
  });

  it("moves between the accounts that it has", () => {
    const { iban: to } = client.call("GetApiKeyInfo", {}, { key: client.key(1) });
    const terms = { asset: "XBT", from: "Spot Wallet", to, amount: "1" };
    expect(client.call("WalletTransfer", terms)).toMatchObject({ refid: expect.any(String) as string });
    expect(client.call("Balance", {}, { key: client.key(1) })["XXBT"]).toBe("101.00000000");
    expect(client.refused("WalletTransfer", { ...terms, to: "Futures Wallet" })).toBe(
      "EGeneral:Invalid arguments:to",
    );
    expect(client.refused("WalletTransfer", { ...terms, from: "x" })).toBe("EGeneral:Invalid arguments:from");
  });

  it.each([
    { params: { asset: "XBT", amount: "1" }, error: "EFunding:Unknown withdraw key" },
    { params: { asset: "FOO", key: "k", amount: "1" }, error: "EFunding:Unknown asset" },
    { params: { asset: "XBT", key: "k", amount: "0" }, error: "EFunding:Invalid amount" },
    { params: { asset: "XBT", key: "k", amount: "1000" }, error: "EFunding:Invalid amount" },
  ])("refuses with $error", ({ params, error }) => {
    expect(client.refused("Withdraw", params)).toBe(error);
  });
});

/** What the venue said of this pair in April 2021, where the lab says the same. */
const RECORDED_PAIR = {
  altname: "XBTUSD",
  wsname: "XBT/USD",
  aclass_base: "currency",
  base: "XXBT",
  aclass_quote: "currency",
  quote: "ZUSD",
  lot: "unit",
  lot_multiplier: 1,
  fee_volume_currency: "ZUSD",
  margin_call: 80,
  margin_stop: 40,
};

/** The rest of it, of which the lab has other values: here are the kinds. */
const RECORDED_KINDS = {
  pair_decimals: expect.any(Number) as number,
  lot_decimals: expect.any(Number) as number,
  leverage_buy: expect.any(Array) as unknown[],
  leverage_sell: expect.any(Array) as unknown[],
  fees: [[0, expect.any(Number) as number]],
  fees_maker: [[0, expect.any(Number) as number]],
  ordermin: expect.any(String) as string,
};
