import { expect } from "vitest";
import type { RawRequest } from "./rawClient.ts";
import { get, number, post, some, text, unsigned } from "./rows.ts";
import type { Row } from "./rows.ts";

const call = (name: string, params: RawRequest["params"] = {}) => post(`/0/private/${name}`, params);
const ask = (name: string, params: RawRequest["params"] = {}) => unsigned(get(`/0/public/${name}`, params));
const KBID = {
  pair: "XBTUSD",
  type: "buy",
  ordertype: "limit",
  volume: "0.01",
  price: "50000",
  oflags: "post",
};
const right = (result: unknown) => ({ error: [], result });
const wrong = (error: string) => ({ error: [error] });

export const KRAKEN: readonly Row[] = [
  ["time", ask("Time"), 200, right({ unixtime: number })],
  ["status", ask("SystemStatus"), 200, right({ status: "online" })],
  ["assets", ask("Assets"), 200, right({ XXBT: { altname: "XBT" }, ZUSD: { altname: "USD" } })],
  ["pairs", ask("AssetPairs"), 200, right({ XXBTZUSD: { altname: "XBTUSD", wsname: "XBT/USD" } })],
  ["book", ask("Depth", { pair: "XBTUSD" }), 200, right({ XXBTZUSD: { bids: some, asks: some } })],
  ["balance", call("BalanceEx"), 200, right({ XXBT: { balance: text, hold_trade: text } })],
  [
    "fees",
    call("TradeVolume", { pair: "XBTUSD", "fee-info": "true" }),
    200,
    right({ fees: { XXBTZUSD: { fee: text } } }),
  ],
  [
    "a post-only order",
    call("AddOrder", { ...KBID, cl_ord_id: "mm1x0001" }),
    200,
    right({ txid: [text], descr: { order: text } }),
  ],
  [
    "the same id",
    call("AddOrder", { ...KBID, cl_ord_id: "mm1x0001" }),
    200,
    wrong("EGeneral:Invalid arguments:cl_ord_id not unique"),
  ],
  [
    "two at once",
    {
      ...call("AddOrderBatch", {
        orders: [
          { ...KBID, cl_ord_id: "mm1x0002" },
          { ...KBID, cl_ord_id: "mm1x0003" },
        ],
        pair: "XBTUSD",
      }),
      isJson: true,
    },
    200,
    right({ orders: [{ txid: text }, { txid: text }] }),
  ],
  ["open orders", call("OpenOrders"), 200, right({ open: expect.any(Object) })],
  [
    "an order by its id",
    call("QueryOrders", { trades: "true", txid: "ID" }),
    200,
    (id) => right({ [id]: { status: "open", cl_ord_id: "mm1x0001" } }),
  ],
  [
    "a change",
    call("AmendOrder", { txid: "ID", post_only: "true", order_qty: "0.01", limit_price: "50001" }),
    200,
    right({ amend_id: text }),
  ],
  ["a cancel", call("CancelOrder", { txid: "ID" }), 200, right({ count: 1 })],
  ["a cancel by our id", call("CancelOrder", { cl_ord_id: "mm1x0002" }), 200, right({ count: 1 })],
  [
    "the cancel of what is gone",
    call("CancelOrder", { cl_ord_id: "mm1x0001" }),
    200,
    wrong("EOrder:Unknown order"),
  ],
  ["a cancel of all", call("CancelAll"), 200, right({ count: 1 })],
  [
    "a trade",
    call("AddOrder", { pair: "XBTUSD", type: "buy", ordertype: "market", volume: "0.01" }),
    200,
    right({ txid: [text] }),
  ],
  ["own trades", call("TradesHistory"), 200, right({ trades: expect.any(Object), count: number })],
  ["a countdown", call("CancelAllOrdersAfter", { timeout: "10" }), 200, right({ triggerTime: text })],
  ["a token", call("GetWebSocketsToken"), 200, right({ token: text, expires: 900 })],
  [
    "a nonce that is too low",
    { ...call("BalanceEx"), offByMs: -60_000_000 },
    200,
    wrong("EAPI:Invalid nonce"),
  ],
  ["what the venue does not know", call("Nothing"), 200, wrong("EGeneral:Unknown method")],
];
