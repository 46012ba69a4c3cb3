/** Order entry on a socket: the same rules as over REST, under the names of the v2 protocol. */
import type { OrderRecord, WireKey } from "../ports.ts";
import { amendOrder, editOrder } from "./amend.ts";
import { addBatch, BATCH_ORDERS_MIN } from "./batch.ts";
import { clOrdIdOf } from "./clientIds.ts";
import { TIMEOUT_MAX_SECONDS } from "./deadMan.ts";
import { cancelAll, cancelOrder, openByClOrdId, openByUserref, placeOrder } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { orderIdOf, orderTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import { checkDeadline, checkOrder } from "./orderTerms.ts";
import type { OrderInput } from "./orderTerms.ts";
import { flagOf, isObject, listOf, right, textOf, wholeOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { rfc3339Seconds } from "./time.ts";
import { CANCEL_BATCH_MAX } from "./tradingRest.ts";
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
  add_order: one(addOrder),
  amend_order: one(amend),
  edit_order: one(edit),
  cancel_order: cancelOrders,
  cancel_all: one((venue, { account }) => right({ count: cancelAll(venue, account) })),
  cancel_all_orders_after: one(cancelAllAfter),
  batch_add: one(batchAdd),
  batch_cancel: one(batchCancel),
};

/** These may be answered wrong by a fault although they were carried out. */
export const WS_ENTRY_METHODS: readonly string[] = ["add_order", "amend_order", "edit_order", "batch_add"];

function addOrder(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const pair = venue.pairs.findSymbol(textOf(params, "symbol") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  if (!venue.tradeCounter.add(account, pair.instrument)) return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(textOf(params, "deadline"), venue.core.nowUs());
  if (late !== undefined) return wrong(late);
  const terms = checkOrder(pair, inputOf(params));
  if (!terms.ok) return terms;
  if (flagOf(params, "validate")) return right({});
  const placed = placeOrder(venue, account, terms.value);
  return placed.ok ? right(namesOf(venue, placed.value)) : placed;
}

function amend(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const [orderId] = listOf(params, "order_id");
  const [clOrdId] = listOf(params, "cl_ord_id");
  const order = named(venue, account, orderId, clOrdId)[0];
  const amended = amendOrder(venue, account, order, {
    quantity: textOf(params, "order_qty"),
    price: textOf(params, "limit_price"),
    isPostOnly: flagOf(params, "post_only"),
    deadline: textOf(params, "deadline"),
  });
  if (!amended.ok) return amended;
  return right({
    amend_id: amended.value.amendId,
    ...(clOrdId === undefined ? { order_id: orderId } : { cl_ord_id: clOrdId }),
  });
}

function edit(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const orderId = textOf(params, "order_id");
  const edited = editOrder(venue, account, named(venue, account, orderId, undefined)[0], {
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
    const isDone = orders.filter((order) => cancelOrder(venue, account, order)).length > 0;
    answers.push({ outcome: isDone ? right(about) : wrong(ERRORS.unknownOrder), about });
  };
  for (const id of listOf(params, "order_id"))
    cancelNamed(named(venue, account, id, undefined), { order_id: id });
  for (const id of listOf(params, "cl_ord_id"))
    cancelNamed(named(venue, account, undefined, id), { cl_ord_id: id });
  for (const userref of listOf(params, "order_userref"))
    for (const order of openByUserref(venue, account, Number(userref)))
      cancelNamed([order], { order_id: orderTxid(order.venueOrderId) });
  return answers.length > 0 ? answers : [{ outcome: wrong(ERRORS.unknownOrder) }];
}

function cancelAllAfter(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const timeout = wholeOf(params, "timeout");
  if (timeout === undefined || timeout < 0 || timeout >= TIMEOUT_MAX_SECONDS) return wrongArgument("timeout");
  const firesAtUs = venue.deadMan.set(account, timeout);
  return right({
    currentTime: rfc3339Seconds(venue.core.nowUs()),
    triggerTime: firesAtUs === undefined ? "0" : rfc3339Seconds(firesAtUs),
  });
}

function batchAdd(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const pair = venue.pairs.findSymbol(textOf(params, "symbol") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  const orders = params["orders"];
  if (!Array.isArray(orders) || !orders.every(isObject)) return wrongArgument("orders");
  const deadline = textOf(params, "deadline");
  const request = { pair, deadline, isValidation: flagOf(params, "validate"), inputs: orders.map(inputOf) };
  const members = addBatch(venue, account, request);
  if (!members.ok) return members;
  return right(
    members.value.map(({ order }) => {
      if (order === undefined) return {};
      return order.ok ? namesOf(venue, order.value) : { error: order.error };
    }),
  );
}

function batchCancel(venue: KrakenVenue, { account }: WireKey, params: Params): Checked<Json> {
  const ids = listOf(params, "orders");
  const clOrdIds = listOf(params, "cl_ord_id");
  const count = ids.length + clOrdIds.length;
  if (count < BATCH_ORDERS_MIN || count > CANCEL_BATCH_MAX) return wrongArgument("orders");
  const isPartial = venue.faults.take("partialBatch");
  const orders = [
    ...ids.flatMap((id) => named(venue, account, id, undefined)),
    ...clOrdIds.flatMap((id) => named(venue, account, undefined, id)),
  ].filter((_, at) => !isPartial || at % 2 === 0);
  return right({ orders_cancelled: orders.filter((order) => cancelOrder(venue, account, order)).length });
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

function namesOf(venue: KrakenVenue, order: OrderRecord): { readonly [key: string]: Json | undefined } {
  const { userref } = venue.details.of(order);
  return {
    order_id: orderTxid(order.venueOrderId),
    order_userref: userref === 0 ? undefined : userref,
    cl_ord_id: clOrdIdOf(order.clientId),
  };
}

function named(
  venue: KrakenVenue,
  account: number,
  orderId: string | undefined,
  clOrdId: string | undefined,
): OrderRecord[] {
  if (clOrdId !== undefined) return openByClOrdId(venue, account, clOrdId);
  const venueOrderId = orderId === undefined ? undefined : orderIdOf(orderId);
  const order = venueOrderId === undefined ? undefined : venue.core.order(account, { venueOrderId });
  return order?.status === "OPEN" ? [order] : [];
}
