/** Private REST: orders placed, changed and cancelled. */
import { priceText, sizeText } from "../decimals.ts";
import type { OrderRecord } from "../ports.ts";
import { addOrder, addOrders } from "./adding.ts";
import { amendInput, amendOrder, editOrder } from "./amend.ts";
import { cancelAll, cancelAllAfter, cancelBatch, CANCEL_BATCH_MAX, cancelOrder } from "./entry.ts";
import { openByUserref, openNamed } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { orderText } from "./figures.ts";
import { orderTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import type { OrderInput, OrderTerms } from "./orderTerms.ts";
import type { Pair } from "./pairs.ts";
import { listOf, right, textOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import type { PrivateCall, PrivateMethod } from "./privateMethod.ts";
import type { KrakenVenue } from "./venue.ts";

const trading = (run: PrivateMethod["run"]): PrivateMethod => ({ cost: 0, needs: "trade", run });
const entry = (run: PrivateMethod["run"]): PrivateMethod => ({ ...trading(run), isEntry: true });

export const TRADING_METHODS: Readonly<Record<string, PrivateMethod>> = {
  AddOrder: entry(add),
  AddOrderBatch: entry(addBatch),
  AmendOrder: entry(amend),
  EditOrder: entry(edit),
  CancelOrder: trading(cancel),
  CancelOrderBatch: trading(cancelSeveral),
  CancelAll: {
    ...trading((venue, { account }) => right({ count: cancelAll(venue, account) })),
    cost: 1,
  },
  CancelAllOrdersAfter: {
    ...trading((venue, { account, params }) => cancelAllAfter(venue, account, params)),
    cost: 1,
  },
};

function add(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const added = addOrder(venue, account, { pair: pairIn(venue, params), params, inputOf });
  if (!added.ok) return added;
  const { terms, order } = added.value;
  const descr = { order: describe(terms) };
  if (order === undefined) return right({ descr });
  return right({ descr, txid: [orderTxid(order.venueOrderId)], cl_ord_id: terms.clOrdId });
}

function addBatch(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const members = addOrders(venue, account, { pair: pairIn(venue, params), params, inputOf });
  if (!members.ok) return members;
  return right({
    orders: members.value.map(({ terms, order }) => {
      const descr = { order: describe(terms) };
      if (order === undefined) return { descr };
      return order.ok ? { txid: orderTxid(order.value.venueOrderId), descr } : { error: order.error };
    }),
  });
}

function amend(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const amended = amendOrder(venue, account, namedOrder(venue, account, params), amendInput(params));
  return amended.ok ? right({ amend_id: amended.value.amendId }) : amended;
}

function edit(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const original = namedOrder(venue, account, params);
  const input = {
    quantity: textOf(params, "volume"),
    price: textOf(params, "price"),
    isPostOnly: hasFlag(params, "post"),
    deadline: textOf(params, "deadline"),
    userref: textOf(params, "userref"),
  };
  const edited = editOrder(venue, account, original, input);
  if (!edited.ok || original === undefined) return edited.ok ? wrong(ERRORS.unknownOrder) : edited;
  const { venueOrderId, instrument, side } = edited.value;
  const { definition } = venue.pairs.of(instrument);
  const volume = sizeText(definition, edited.value.sizeLots);
  const price = priceText(definition, edited.value.priceTicks);
  return right({
    status: "ok",
    txid: orderTxid(venueOrderId),
    originaltxid: orderTxid(original.venueOrderId),
    volume,
    price,
    orders_cancelled: 1,
    descr: { order: orderText({ side, volume, definition, price }) },
  });
}

/** By id, by the client's id, or every order with a reference. */
function cancel(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const orders = namedOpen(venue, account, textOf(params, "txid"), textOf(params, "cl_ord_id"));
  if (orders.length > 0 && venue.faults.take("refusedCancel")) return wrong(ERRORS.unavailable);
  const count = orders.filter((order) => cancelOrder(venue, account, order)).length;
  return count === 0 ? wrong(ERRORS.unknownOrder) : right({ count });
}

function cancelSeveral(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const txids = listOf(params, "orders");
  const clOrdIds = listOf(params, "cl_ord_ids");
  const named = txids.length + clOrdIds.length;
  if (named === 0 || named > CANCEL_BATCH_MAX) return wrongArgument("orders");
  const orders = [
    ...txids.flatMap((txid) => namedOpen(venue, account, txid, undefined)),
    ...clOrdIds.flatMap((clOrdId) => namedOpen(venue, account, undefined, clOrdId)),
  ];
  return right({ count: cancelBatch(venue, account, orders) });
}

function pairIn(venue: KrakenVenue, params: Params): Pair | undefined {
  return venue.pairs.find(textOf(params, "pair") ?? "");
}

function inputOf(params: Params): OrderInput {
  return {
    side: textOf(params, "type"),
    orderType: textOf(params, "ordertype"),
    volume: textOf(params, "volume"),
    price: textOf(params, "price"),
    isPostOnly: hasFlag(params, "post"),
    feePreference: hasFlag(params, "fcib") ? "fcib" : "fciq",
    timeInForce: textOf(params, "timeinforce"),
    clOrdId: textOf(params, "cl_ord_id"),
    userref: textOf(params, "userref"),
    selfTrade: textOf(params, "stp_type"),
  };
}

function hasFlag(params: Params, flag: string): boolean {
  return listOf(params, "oflags").includes(flag);
}

function describe({ pair, side, sizeLots, priceTicks }: OrderTerms): string {
  const { definition } = pair;
  const price = priceTicks === undefined ? undefined : priceText(definition, priceTicks);
  return orderText({ side, volume: sizeText(definition, sizeLots), definition, price });
}

/** The one open order that `txid` or `cl_ord_id` names. */
function namedOrder(venue: KrakenVenue, account: number, params: Params): OrderRecord | undefined {
  return namedOpen(venue, account, textOf(params, "txid"), textOf(params, "cl_ord_id"))[0];
}

/** A whole number in place of an id is a `userref`. */
function namedOpen(
  venue: KrakenVenue,
  account: number,
  txid: string | undefined,
  clOrdId: string | undefined,
): OrderRecord[] {
  if (clOrdId === undefined && txid !== undefined && /^-?\d+$/.test(txid))
    return openByUserref(venue, account, Number(txid));
  return openNamed(venue, account, { orderId: txid, clOrdId });
}
