/** What REST says of open orders, single ones, balances and trades; trades are asked for by symbol. */
import { callEndpoint, symbolsOf } from "../../gateway/ccxt.ts";
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import { addDecimals } from "../decimals.ts";
import type { RawFill, ReadProtocol } from "../exchange.ts";
import { asList, asRecord, listIn, numberIn, recordOf, textIn } from "../fields.ts";
import { readOrder } from "./orderRows.ts";

const TRADES_PAGE = 1_000;
const ORDERS_PAGE = 1_000;

export const binanceReads: ReadProtocol = {
  tradesPerSymbol: true,
  async openOrders(instance) {
    const rows = await readRows(instance, "privateGetOpenOrders", {});
    return rows.map((row) => readOrder(row, symbolsOf(instance)));
  },
  async order(instance, { marketId, clientId, venueOrderId }) {
    const name = clientId === undefined ? { orderId: venueOrderId } : { origClientOrderId: clientId };
    const answer = await callEndpoint(instance, "privateGetOrder", { symbol: marketId, ...name });
    return readOrder(asRecord(answer, "the order"), symbolsOf(instance));
  },
  async recentOrders(instance, marketId) {
    const params = { symbol: marketId, limit: ORDERS_PAGE };
    const rows = await readRows(instance, "privateGetAllOrders", params);
    return rows.map((row) => readOrder(row, symbolsOf(instance)));
  },
  async balances(instance) {
    const account = asRecord(await callEndpoint(instance, "privateGetAccount"), "the account");
    const totals = new Map<string, string>();
    for (const row of listIn(account, "balances").map(recordOf))
      totals.set(textIn(row, "asset"), addDecimals(textIn(row, "free"), textIn(row, "locked")));
    return totals;
  },
  async trades(instance, { marketId, symbol, sinceMs, next }) {
    if (marketId === undefined || symbol === undefined)
      throw new Error("invariant: binance lists trades by symbol");
    const from = next === undefined ? { startTime: Math.max(0, Math.floor(sinceMs)) } : { fromId: next };
    const params = { symbol: marketId, limit: TRADES_PAGE, ...from };
    const rows = await readRows(instance, "privateGetMyTrades", params);
    const fills = rows.map((row) => readListedTrade(row, symbol));
    const last = rows.at(-1);
    return {
      fills,
      next: rows.length < TRADES_PAGE || last === undefined ? undefined : nextId(textIn(last, "id")),
    };
  },
};

async function readRows(
  instance: CcxtInstance,
  endpoint: string,
  params: object,
): Promise<readonly Record<string, unknown>[]> {
  return asList(await callEndpoint(instance, endpoint, params), `the list of ${endpoint}`).map(recordOf);
}

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
    feeAsset: textIn(row, "commissionAsset"),
    fee: textIn(row, "commission"),
  };
}

function nextId(id: string): string {
  return String(BigInt(id) + 1n);
}
