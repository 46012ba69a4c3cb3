/** Order entry on a socket: the same rules as over REST, under the names of the v2 protocol. */
import type { OrderRecord, WireKey } from "../ports.ts";
import { addOrder, addOrders, BATCH_ORDERS_MIN } from "./adding.ts";
import { amendInput, amendOrder, editOrder } from "./amend.ts";
import { clOrdIdOf } from "./clientIds.ts";
import { cancelAll, cancelAllAfter, cancelBatch, CANCEL_BATCH_MAX, cancelOrder } from "./entry.ts";
import { openByUserref, openNamed } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { orderTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import type { OrderInput } from "./orderTerms.ts";
import type { Pair } from "./pairs.ts";
import { flagOf, listOf, right, textOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import type { KrakenVenue } from "./venue.ts";

/** One answer, or one for each member; `about` names the member. */
export interface WsAnswer {
  readonly outcome: Checked<Json>;
  readonly about?: { readonly order_id?: string; readonly cl_ord_id?: string };
}

type WsMethod = (venue: KrakenVenue, key: WireKey, params: Params) => readonly WsAnswer[];

const one =
  (run: (venue: KrakenVenue, key: WireKey, params: Params) => Checked<Json>): WsMethod =>
  (venue, key, params) => [{ outcome: run(venue, key, params) }];

export const WS_ORDER_METHODS: Readonly<Record<string, WsMethod>> = {
  add_order: one(add),
  amend_order: one(amend),
  edit_order: one(edit),
  cancel_order: cancelOrders,
  cancel_all: one((venue, { account }) => right({ count: cancelAll(venue, account) })),
  cancel_all_orders_after: one((venue, { account }, params) => cancelAllAfter(venue, account, params)),
  batch_add: one(addBatch),
  batch_cancel: one(cancelSeveral),
};

/** These may be answered wrong by a fault although they were carried out. */
export const WS_ENTRY_METHODS: readonly string[] = ["add_order", "amend_order", "edit_order", "batch_add"];

function add(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const added = addOrder(venue, account, { pair: pairIn(venue, params), params, inputOf });
  return added.ok ? right(namesOf(venue, added.value.order)) : added;
}

function amend(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const [orderId] = listOf(params, "order_id");
  const [clOrdId] = listOf(params, "cl_ord_id");
  const [order] = openNamed(venue, account, { orderId, clOrdId });
  const amended = amendOrder(venue, account, order, amendInput(params));
  if (!amended.ok) return amended;
  return right({
    amend_id: amended.value.amendId,
    ...(clOrdId === undefined ? { order_id: orderId } : { cl_ord_id: clOrdId }),
  });
}

function edit(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const orderId = textOf(params, "order_id");
  const edited = editOrder(venue, account, openNamed(venue, account, { orderId })[0], {
    quantity: textOf(params, "order_qty"),
    price: textOf(params, "limit_price"),
    isPostOnly: flagOf(params, "post_only"),
    deadline: textOf(params, "deadline"),
    userref: textOf(params, "order_userref"),
  });
  if (!edited.ok) return edited;
  return right({ order_id: orderTxid(edited.value.venueOrderId), original_order_id: orderId });
}

/** An answer for each order; one that is not open is an error of its own. */
function cancelOrders(venue: KrakenVenue, { account }: WireKey, params: Params): WsAnswer[] {
  const answers: WsAnswer[] = [];
  const cancelNamed = (orders: readonly OrderRecord[], about: NonNullable<WsAnswer["about"]>): void => {
    if (orders.length > 0 && venue.faults.take("refusedCancel"))
      return void answers.push({ outcome: wrong(ERRORS.unavailable), about });
    const isDone = orders.filter((order) => cancelOrder(venue, account, order)).length > 0;
    answers.push({ outcome: isDone ? right(about) : wrong(ERRORS.unknownOrder), about });
  };
  for (const id of listOf(params, "order_id"))
    cancelNamed(openNamed(venue, account, { orderId: id }), { order_id: id });
  for (const id of listOf(params, "cl_ord_id"))
    cancelNamed(openNamed(venue, account, { clOrdId: id }), { cl_ord_id: id });
  for (const userref of listOf(params, "order_userref"))
    for (const order of openByUserref(venue, account, Number(userref)))
      cancelNamed([order], { order_id: orderTxid(order.venueOrderId) });
  return answers.length > 0 ? answers : [{ outcome: wrong(ERRORS.unknownOrder) }];
}

function addBatch(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const members = addOrders(venue, account, { pair: pairIn(venue, params), params, inputOf });
  if (!members.ok) return members;
  return right(
    members.value.map(({ order }) =>
      order === undefined || order.ok ? namesOf(venue, order?.value) : { error: order.error },
    ),
  );
}

function cancelSeveral(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const ids = listOf(params, "orders");
  const clOrdIds = listOf(params, "cl_ord_id");
  const count = ids.length + clOrdIds.length;
  if (count < BATCH_ORDERS_MIN || count > CANCEL_BATCH_MAX) return wrongArgument("orders");
  const orders = [
    ...ids.flatMap((orderId) => openNamed(venue, account, { orderId })),
    ...clOrdIds.flatMap((clOrdId) => openNamed(venue, account, { clOrdId })),
  ];
  return right({ orders_cancelled: cancelBatch(venue, account, orders) });
}

function pairIn(venue: KrakenVenue, params: Params): Pair | undefined {
  return venue.pairs.findSymbol(textOf(params, "symbol") ?? "");
}

function inputOf(params: Params): OrderInput {
  return {
    side: textOf(params, "side"),
    orderType: textOf(params, "order_type"),
    volume: textOf(params, "order_qty"),
    price: textOf(params, "limit_price"),
    isPostOnly: flagOf(params, "post_only"),
    feePreference: textOf(params, "fee_preference") === "base" ? "fcib" : "fciq",
    timeInForce: textOf(params, "time_in_force"),
    clOrdId: textOf(params, "cl_ord_id"),
    userref: textOf(params, "order_userref"),
    selfTrade: textOf(params, "stp_type"),
  };
}

/** Nothing of an order that was only to be checked. */
function namesOf(
  venue: KrakenVenue,
  order: OrderRecord | undefined,
): { readonly [key: string]: Json | undefined } {
  if (order === undefined) return {};
  const { userref } = venue.details.of(order);
  return {
    order_id: orderTxid(order.venueOrderId),
    order_userref: userref === 0 ? undefined : userref,
    cl_ord_id: clOrdIdOf(order.clientId),
  };
}
