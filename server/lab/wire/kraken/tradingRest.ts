/** Private REST: orders placed, changed and cancelled. */
import { priceText, sizeText } from "../decimals.ts";
import type { OrderRecord } from "../ports.ts";
import { amendOrder, editOrder } from "./amend.ts";
import type { ChangeInput } from "./amend.ts";
import { cancelAll, cancelOrder, openByClOrdId, openByUserref, placeOrder } from "./entry.ts";
import { addBatch } from "./batch.ts";
import { TIMEOUT_MAX_SECONDS } from "./deadMan.ts";
import { ERRORS } from "./errors.ts";
import { orderText } from "./figures.ts";
import { orderIdOf, orderTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import { checkDeadline, checkOrder } from "./orderTerms.ts";
import type { OrderInput, OrderTerms } from "./orderTerms.ts";
import { flagOf, isObject, listOf, right, textOf, wholeOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import type { PrivateCall, PrivateMethod } from "./privateMethod.ts";
import { rfc3339Seconds } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

const trading = (run: PrivateMethod["run"]): PrivateMethod => ({ cost: 0, needs: "trade", run });
const entry = (run: PrivateMethod["run"]): PrivateMethod => ({ ...trading(run), isEntry: true });

export const TRADING_METHODS: Readonly<Record<string, PrivateMethod>> = {
  AddOrder: entry(addOrder),
  AddOrderBatch: entry(addOrderBatch),
  AmendOrder: entry(amend),
  EditOrder: entry(edit),
  CancelOrder: trading(cancel),
  CancelOrderBatch: trading(cancelBatch),
  CancelAll: {
    ...trading((venue, { account }) => right({ count: cancelAll(venue, account) })),
    cost: 1,
  },
  CancelAllOrdersAfter: { ...trading(cancelAllAfter), cost: 1 },
};

/** A batch cancels as many at once. */
export const CANCEL_BATCH_MAX = 50;

function addOrder(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const { core } = venue;
  const pair = venue.pairs.find(textOf(params, "pair") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  if (!venue.tradeCounter.add(account, pair.instrument)) return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(textOf(params, "deadline"), core.nowUs());
  if (late !== undefined) return wrong(late);
  const terms = checkOrder(pair, inputOf(params));
  if (!terms.ok) return terms;
  if (flagOf(params, "validate")) return right({ descr: { order: describe(terms.value) } });
  const placed = placeOrder(venue, account, terms.value);
  if (!placed.ok) return placed;
  const { venueOrderId } = placed.value;
  return right({
    descr: { order: describe(terms.value) },
    txid: [orderTxid(venueOrderId)],
    cl_ord_id: terms.value.clOrdId,
  });
}

function addOrderBatch(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const pair = venue.pairs.find(textOf(params, "pair") ?? "");
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  const orders = params["orders"];
  if (!Array.isArray(orders) || !orders.every(isObject)) return wrongArgument("orders");
  const deadline = textOf(params, "deadline");
  const request = { pair, deadline, isValidation: flagOf(params, "validate"), inputs: orders.map(inputOf) };
  const members = addBatch(venue, account, request);
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
  const input: ChangeInput = {
    quantity: textOf(params, "order_qty"),
    price: textOf(params, "limit_price"),
    isPostOnly: flagOf(params, "post_only"),
    deadline: textOf(params, "deadline"),
  };
  const amended = amendOrder(venue, account, namedOrder(venue, account, params), input);
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
  const count = orders.filter((order) => cancelOrder(venue, account, order)).length;
  return count === 0 ? wrong(ERRORS.unknownOrder) : right({ count });
}

function cancelBatch(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const txids = listOf(params, "orders");
  const clOrdIds = listOf(params, "cl_ord_ids");
  const named = txids.length + clOrdIds.length;
  if (named === 0 || named > CANCEL_BATCH_MAX) return wrongArgument("orders");
  const isPartial = venue.faults.take("partialBatch");
  const orders = [
    ...txids.flatMap((txid) => namedOpen(venue, account, txid, undefined)),
    ...clOrdIds.flatMap((clOrdId) => namedOpen(venue, account, undefined, clOrdId)),
  ].filter((_, at) => !isPartial || at % 2 === 0);
  return right({ count: orders.filter((order) => cancelOrder(venue, account, order)).length });
}

function cancelAllAfter(venue: KrakenVenue, { account, params }: PrivateCall): Checked<Json> {
  const timeout = wholeOf(params, "timeout");
  if (timeout === undefined || timeout < 0 || timeout >= TIMEOUT_MAX_SECONDS) return wrongArgument("timeout");
  const firesAtUs = venue.deadMan.set(account, timeout);
  return right({
    currentTime: rfc3339Seconds(venue.core.nowUs()),
    triggerTime: firesAtUs === undefined ? "0" : rfc3339Seconds(firesAtUs),
  });
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
  if (clOrdId !== undefined) return openByClOrdId(venue, account, clOrdId);
  if (txid === undefined) return [];
  if (/^-?\d+$/.test(txid)) return openByUserref(venue, account, Number(txid));
  const venueOrderId = orderIdOf(txid);
  const order = venueOrderId === undefined ? undefined : venue.core.order(account, { venueOrderId });
  return order?.status === "OPEN" ? [order] : [];
}
