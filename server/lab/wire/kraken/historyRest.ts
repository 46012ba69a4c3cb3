/** Private REST: open and ended orders, own trades and the ledger, by id and by time. */
import type { FillRecord, OrderRecord } from "../ports.ts";
import { clOrdIdOf } from "./clientIds.ts";
import { ERRORS } from "./errors.ts";
import { ledgerEntryOf, ledgerId, orderIdOf, orderTxid, tradeOf, tradeTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import { findAsset } from "./assets.ts";
import { ledgerType, ledgerView, readLedger } from "./ledgerView.ts";
import { orderView, tradeView } from "./orderView.ts";
import { instantIn, selectPage } from "./paging.ts";
import { flagOf, listOf, right, textOf, wholeOf, wrong, wrongArgument } from "./params.ts";
import type { Checked } from "./params.ts";
import type { PrivateCall, PrivateMethod } from "./privateMethod.ts";
import type { KrakenVenue } from "./venue.ts";

export const HISTORY_METHODS: Readonly<Record<string, PrivateMethod>> = {
  OpenOrders: { cost: 1, needs: "query", run: openOrders },
  ClosedOrders: { cost: 1, needs: "query", run: closedOrders },
  QueryOrders: { cost: 1, needs: "query", run: queryOrders },
  TradesHistory: { cost: 2, needs: "query", run: tradesHistory },
  QueryTrades: { cost: 2, needs: "query", run: queryTrades },
  Ledgers: { cost: 2, needs: "query", run: ledgers },
  QueryLedgers: { cost: 2, needs: "query", run: queryLedgers },
};

/** More than the venue keeps. */
const ALL = 1_000_000;
const QUERY_ORDERS_MAX = 50;
const QUERY_TRADES_MAX = 20;

function openOrders(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const matches = orderFilter(venue, call);
  if (!matches.ok) return matches;
  const open = venue.core.openOrders(call.account).filter(matches.value);
  return right({ open: viewOrders(venue, call, open) });
}

function closedOrders(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const matches = orderFilter(venue, call);
  if (!matches.ok) return matches;
  const byOpening = textOf(call.params, "closetime") === "open";
  const ended = venue.core
    .orders(call.account, { limit: ALL })
    .filter((order) => order.status !== "OPEN" && matches.value(order))
    .toSorted((a, b) => b.updatedAtUs - a.updatedAtUs);
  const page = selectPage(ended, call.params, {
    atUs: (order) => (byOpening ? order.createdAtUs : order.updatedAtUs),
    isId: (order, id) => orderTxid(order.venueOrderId) === id,
  });
  if (!page.ok) return page;
  return right({ closed: viewOrders(venue, call, page.value.rows), count: page.value.count });
}

/** What is not an order of the account is not in the answer. */
function queryOrders(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const txids = listOf(call.params, "txid");
  if (txids.length === 0 || txids.length > QUERY_ORDERS_MAX) return wrongArgument("txid");
  const ids = txids.map(orderIdOf);
  if (ids.includes(undefined)) return wrong(ERRORS.invalidOrder);
  const matches = orderFilter(venue, call);
  if (!matches.ok) return matches;
  const found = ids.flatMap((venueOrderId = "") => venue.core.order(call.account, { venueOrderId }) ?? []);
  return right(viewOrders(venue, call, found.filter(matches.value)));
}

function tradesHistory(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const [sinceUs, untilUs] = (["start", "end"] as const).map((name) => instantIn(call.params, name));
  const fills = venue.core.fills(call.account, { sinceUs, untilUs, order: "newest", limit: ALL });
  const page = selectPage(fills, call.params, {
    atUs: (fill) => fill.venueAtUs,
    isId: (fill, id) => tradeTxid(fill) === id,
  });
  if (!page.ok) return page;
  const rows = page.value.rows.map(
    (fill) => [tradeTxid(fill), tradeView(venue, call.account, fill)] as const,
  );
  return right({ trades: Object.fromEntries(rows), count: page.value.count });
}

function queryTrades(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const txids = listOf(call.params, "txid");
  if (txids.length === 0 || txids.length > QUERY_TRADES_MAX) return wrongArgument("txid");
  const fills = txids.map((txid) => findTrade(venue, call.account, txid));
  const found = fills.flatMap((fill) => fill ?? []);
  if (found.length < txids.length) return wrong("EQuery:Invalid transaction id");
  return right(
    Object.fromEntries(found.map((fill) => [tradeTxid(fill), tradeView(venue, call.account, fill)])),
  );
}

function ledgers(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const { core } = venue;
  const names = listOf(call.params, "asset").filter((name) => name !== "all");
  const assets = names.flatMap((name) => findAsset(core.assets, name)?.asset ?? []);
  if (assets.length < names.length) return wrong(ERRORS.unknownAsset);
  const type = textOf(call.params, "type") ?? "all";
  const lines = readLedger(core, call.account)
    .filter((line) => assets.length === 0 || assets.includes(line.asset))
    .filter((line) => type === "all" || ledgerType(line) === type)
    .toReversed();
  const page = selectPage(lines, call.params, {
    atUs: (line) => line.atUs,
    isId: (line, id) => ledgerId(call.account, line) === id,
  });
  if (!page.ok) return page;
  const rows = page.value.rows.map(
    (line) => [ledgerId(call.account, line), ledgerView(venue, line)] as const,
  );
  return right({ ledger: Object.fromEntries(rows), count: page.value.count });
}

function queryLedgers(venue: KrakenVenue, call: PrivateCall): Checked<Json> {
  const ids = listOf(call.params, "id");
  const wanted = ids.map((id) => ledgerEntryOf(call.account, id));
  if (ids.length === 0 || wanted.includes(undefined)) return wrongArgument("id");
  const found = readLedger(venue.core, call.account).filter(({ id }) => wanted.includes(id));
  return right(
    Object.fromEntries(found.map((line) => [ledgerId(call.account, line), ledgerView(venue, line)])),
  );
}

/** `userref` and `cl_ord_id`, where they are given. */
function orderFilter(venue: KrakenVenue, { params }: PrivateCall): Checked<(order: OrderRecord) => boolean> {
  const clOrdId = textOf(params, "cl_ord_id");
  const userref = wholeOf(params, "userref");
  if (params["userref"] !== undefined && userref === undefined) return wrongArgument("userref");
  return right(
    (order) =>
      (clOrdId === undefined || clOrdIdOf(order.clientId) === clOrdId) &&
      (userref === undefined || venue.details.of(order).userref === userref),
  );
}

function viewOrders(
  venue: KrakenVenue,
  { account, params }: PrivateCall,
  orders: readonly OrderRecord[],
): Json {
  const withTrades = flagOf(params, "trades");
  return Object.fromEntries(
    orders.map((order) => [orderTxid(order.venueOrderId), orderView(venue, account, order, withTrades)]),
  );
}

function findTrade(venue: KrakenVenue, account: number, txid: string): FillRecord | undefined {
  const name = tradeOf(txid);
  if (name === undefined) return undefined;
  const { instrument, tradeId, side } = name;
  return venue.core
    .fills(account, { instrument, fromTradeId: tradeId, order: "oldest", limit: 2 })
    .find((fill) => fill.tradeId === tradeId && fill.side === side);
}
