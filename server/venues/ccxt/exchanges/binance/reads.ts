/** What REST says of open orders, single ones, balances and trades; trades are asked for by symbol. */
import { callEndpoint, symbolsOf } from "../../gateway/ccxt.ts";
import { addDecimals } from "../decimals.ts";
import type { RawFill, ReadProtocol } from "../exchange.ts";
import { listOf, numberIn, recordOf, textAt, textIn } from "../fields.ts";
import { readOrder } from "./orderRows.ts";

const TRADES_PAGE = 1_000;
const ORDERS_PAGE = 1_000;

export const binanceReads: ReadProtocol = {
  tradesPerSymbol: true,
  async openOrders(instance) {
    return listOf(await callEndpoint(instance, "privateGetOpenOrders")).map((order) =>
      readOrder(recordOf(order), symbolsOf(instance)),
    );
  },
  async order(instance, { marketId, clientId, venueOrderId }) {
    const name = clientId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientId };
    const answer = await callEndpoint(instance, "privateGetOrder", { symbol: marketId, ...name });
    return readOrder(recordOf(answer), symbolsOf(instance));
  },
  async recentOrders(instance, marketId) {
    const params = { symbol: marketId, limit: ORDERS_PAGE };
    return listOf(await callEndpoint(instance, "privateGetAllOrders", params)).map((order) =>
      readOrder(recordOf(order), symbolsOf(instance)),
    );
  },
  async balances(instance) {
    const account = recordOf(await callEndpoint(instance, "privateGetAccount"));
    const totals = new Map<string, string>();
    for (const row of listOf(account["balances"]).map(recordOf))
      totals.set(textIn(row, "asset"), addDecimals(textIn(row, "free"), textIn(row, "locked")));
    return totals;
  },
  async trades(instance, { marketId, symbol, sinceMs, next }) {
    if (marketId === undefined || symbol === undefined)
      throw new Error("invariant: binance lists trades by symbol");
    const from = next === undefined ? { startTime: Math.max(0, Math.floor(sinceMs)) } : { fromId: next };
    const params = { symbol: marketId, limit: TRADES_PAGE, ...from };
    const rows = listOf(await callEndpoint(instance, "privateGetMyTrades", params)).map(recordOf);
    const fills = rows.map((row) => readListedTrade(row, symbol));
    const last = rows.at(-1);
    return {
      fills,
      next: rows.length < TRADES_PAGE || last === undefined ? undefined : nextId(textIn(last, "id")),
    };
  },
};

function readListedTrade(row: Record<string, unknown>, symbol: string): RawFill {
  return {
    symbol,
    tradeId: textIn(row, "id"),
    venueOrderId: textIn(row, "orderId"),
    clientId: undefined,
    side: row["isBuyer"] === true ? "buy" : "sell",
    price: textIn(row, "price"),
    size: textIn(row, "qty"),
    liquidity: row["isMaker"] === true ? "maker" : "taker",
    venueAtMs: numberIn(row, "time"),
    feeAsset: textAt(row, "commissionAsset") ?? "",
    fee: textAt(row, "commission") ?? "0",
  };
}

function nextId(id: string): string {
  return String(BigInt(id) + 1n);
}
