/** What REST says of open orders, ended ones, single ones, balances and trades. */
import { callEndpoint, symbolsOf } from "../../gateway/ccxt.ts";
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import { pause } from "../../gateway/deadline.ts";
import type { RawOrder, ReadProtocol } from "../exchange.ts";
import { AnswerError, asRecord, listIn, recordOf, textAt, textIn } from "../fields.ts";
import { LISTED, readFill, readOrder } from "./rows.ts";

const PAGE = 100;
/** Open orders in one account; a bound for the walk through its pages. */
const PAGES_MAX = 50;

/** The list of new trades ends after three days; the one behind it takes 10 questions in 2 s, whoever asks. */
const RECENT_MS = 2.5 * 86_400_000;
const OLD_APART_MS = 250;

export const okxReads: ReadProtocol = {
  tradesPerSymbol: false,
  async openOrders(instance) {
    const orders: RawOrder[] = [];
    for (let page = 0, after: string | undefined; page < PAGES_MAX; page++) {
      const params = { instType: "SPOT", limit: String(PAGE), ...(after === undefined ? {} : { after }) };
      const rows = await readRows(instance, "privateGetTradeOrdersPending", params);
      for (const row of rows) orders.push(readOrder(row, symbolsOf(instance)));
      after = orders.at(-1)?.venueOrderId;
      if (rows.length < PAGE) return orders;
    }
    throw new AnswerError(`okx lists more than ${PAGE * PAGES_MAX} open orders`);
  },
  async endedOrders(instance, sinceMs, next) {
    const rows = await readRows(instance, "privateGetTradeOrdersHistory", {
      instType: "SPOT",
      begin: String(Math.max(0, Math.floor(sinceMs))),
      limit: String(PAGE),
      ...(next === undefined ? {} : { after: next }),
    });
    const orders = rows.map((row) => readOrder(row, symbolsOf(instance)));
    return { orders, next: rows.length < PAGE ? undefined : orders.at(-1)?.venueOrderId };
  },
  async order(instance, { marketId, clientId, venueOrderId }) {
    const name = clientId === undefined ? { ordId: venueOrderId } : { clOrdId: clientId };
    const rows = await readRows(instance, "privateGetTradeOrder", { instId: marketId, ...name });
    // An order that it does not know it says with an error, and not with nothing.
    return readOrder(asRecord(rows[0], "the order"), symbolsOf(instance));
  },
  async balances(instance) {
    const [account] = await readRows(instance, "privateGetAccountBalance", {});
    const rows = listIn(asRecord(account, "the account"), "details").map(recordOf);
    return new Map(rows.map((row) => [textIn(row, "ccy"), textAt(row, "cashBal") ?? textIn(row, "eq")]));
  },
  async trades(instance, { sinceMs, next }) {
    const isRecent = sinceMs > instance.milliseconds() - RECENT_MS;
    if (!isRecent) await pause(OLD_APART_MS);
    const endpoint = isRecent ? "privateGetTradeFills" : "privateGetTradeFillsHistory";
    const rows = await readRows(instance, endpoint, {
      instType: "SPOT",
      begin: String(Math.max(0, Math.floor(sinceMs))),
      limit: String(PAGE),
      // Newest first: the next page is of what is older.
      ...(next === undefined ? {} : { after: next }),
    });
    const symbolOf = symbolsOf(instance);
    const last = rows.at(-1);
    return {
      fills: rows.flatMap((row) => readFill(row, symbolOf, LISTED)),
      next: rows.length < PAGE || last === undefined ? undefined : textIn(last, "billId"),
    };
  },
};

async function readRows(
  instance: CcxtInstance,
  endpoint: string,
  params: object,
): Promise<readonly Record<string, unknown>[]> {
  const answer = asRecord(await callEndpoint(instance, endpoint, params), `the answer to ${endpoint}`);
  return listIn(answer, "data").map(recordOf);
}
