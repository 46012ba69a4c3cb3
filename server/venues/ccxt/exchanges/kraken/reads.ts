/**
 * What REST says of open orders, ended ones, balances and trades. Its budget is small: lists come before single
 * questions.
 */
import { callEndpoint } from "../../gateway/ccxt.ts";
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import type { RawFill, RawOrder, ReadProtocol } from "../exchange.ts";
import { asRecord, numberIn, recordIn, recordOf, sideIn, textAt, textIn } from "../fields.ts";
import { marketOf } from "./names.ts";
import { statusOf } from "./orderStatus.ts";

const TRADES_PAGE = 50;
const ORDERS_PAGE = 50;

export const krakenReads: ReadProtocol = {
  tradesPerSymbol: false,
  async openOrders(instance) {
    const open = recordIn(await readResult(instance, "privatePostOpenOrders", {}), "open");
    return Object.entries(open).map(([txid, row]) => readOrder(txid, recordOf(row), instance));
  },
  async order(instance, { clientId, venueOrderId }) {
    if (clientId === undefined) return (await ordersByIds(instance, [venueOrderId ?? ""]))[0];
    const name = { cl_ord_id: clientId };
    const open = await readResult(instance, "privatePostOpenOrders", name);
    const found = orderNamed(clientId, recordIn(open, "open"), instance);
    if (found !== undefined) return found;
    const closed = await readResult(instance, "privatePostClosedOrders", name);
    return orderNamed(clientId, recordIn(closed, "closed"), instance);
  },
  async endedOrders(instance, sinceMs, next = "0") {
    const start = String(Math.max(0, Math.floor(sinceMs / 1_000) - 1));
    const closed = await readResult(instance, "privatePostClosedOrders", { start, ofs: next });
    const rows = Object.entries(recordIn(closed, "closed"));
    return {
      orders: rows.map(([txid, row]) => readOrder(txid, recordOf(row), instance)),
      next: rows.length < ORDERS_PAGE ? undefined : String(Number(next) + rows.length),
    };
  },
  ordersByIds,
  async balances(instance) {
    const rows = await readResult(instance, "privatePostBalanceEx", {});
    return new Map(
      Object.entries(rows).map(([id, row]) => [
        instance.safeCurrencyCode(id) ?? id,
        textIn(recordOf(row), "balance"),
      ]),
    );
  },
  async trades(instance, { sinceMs, next = "0" }) {
    const params = { start: String(Math.max(0, Math.floor(sinceMs / 1_000) - 1)), ofs: next };
    const history = await readResult(instance, "privatePostTradesHistory", params);
    const rows = Object.entries(recordIn(history, "trades"));
    return {
      fills: rows.flatMap(([txid, row]) => readListedTrade(txid, recordOf(row), instance)),
      next: rows.length < TRADES_PAGE ? undefined : String(Number(next) + rows.length),
    };
  },
};

async function ordersByIds(instance: CcxtInstance, ids: readonly string[]): Promise<readonly RawOrder[]> {
  const found = await readResult(instance, "privatePostQueryOrders", { txid: ids.join(",") });
  return Object.keys(found).map((txid) => readOrder(txid, recordIn(found, txid), instance));
}

async function readResult(
  instance: CcxtInstance,
  endpoint: string,
  params: object,
): Promise<Record<string, unknown>> {
  const answer = asRecord(await callEndpoint(instance, endpoint, params), `the answer to ${endpoint}`);
  return recordIn(answer, "result");
}

function orderNamed(
  clientId: string,
  rows: Record<string, unknown>,
  instance: CcxtInstance,
): RawOrder | undefined {
  const orders = Object.entries(rows).map(([txid, row]) => readOrder(txid, recordOf(row), instance));
  return orders.find((order) => order.clientId === clientId);
}

function readOrder(txid: string, row: Record<string, unknown>, instance: CcxtInstance): RawOrder {
  const terms = recordOf(row["descr"]);
  const pair = textIn(terms, "pair");
  const market = marketOf(instance, pair);
  return {
    symbol: market?.symbol ?? pair,
    marketId: market?.id ?? pair,
    clientId: textAt(row, "cl_ord_id") ?? "",
    venueOrderId: txid,
    side: sideIn(terms, "type"),
    status: statusOf(textIn(row, "status")),
    price: textIn(terms, "price"),
    size: textIn(row, "vol"),
    filled: textIn(row, "vol_exec"),
  };
}

function readListedTrade(txid: string, row: Record<string, unknown>, instance: CcxtInstance): RawFill[] {
  const market = marketOf(instance, textIn(row, "pair"));
  if (market === undefined) return [];
  const [, quote = ""] = market.symbol.split("/");
  return [
    {
      symbol: market.symbol,
      tradeId: txid,
      venueOrderId: textIn(row, "ordertxid"),
      clientId: textAt(row, "cl_ord_id"),
      side: sideIn(row, "type"),
      price: textIn(row, "price"),
      size: textIn(row, "vol"),
      liquidity: row["maker"] === true ? "maker" : "taker",
      venueAtMs: numberIn(row, "time") * 1_000,
      feeAsset: quote,
      fee: textIn(row, "fee"),
    },
  ];
}
