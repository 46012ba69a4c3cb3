/**
 * Order events as the `executions` channel tells them. The first event of an order carries all of it; those after it
 * only what changed and the ids, so that a client has to keep what it was told, as at the venue.
 */
import type { FillRecord, OrderRecord } from "../ports.ts";
import { atomsText, decimalsOf, priceText, sizeText, valueText } from "../decimals.ts";
import { clOrdIdOf } from "./clientIds.ts";
import { averagePriceText, worthOf } from "./figures.ts";
import { orderTxid, tradeTxid } from "./ids.ts";
import { exact } from "./json.ts";
import type { Json } from "./json.ts";
import { statusOf } from "./orderView.ts";
import { rfc3339 } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

export type ExecutionRow = { readonly [key: string]: Json | undefined };

export interface Told {
  readonly venue: KrakenVenue;
  readonly order: OrderRecord;
}

/** Everything about the order. */
export function wholeOrder(told: Told, execType: string, orderStatus: string): ExecutionRow {
  const { venue, order } = told;
  const definition = venue.core.definitionOf(order);
  const detail = venue.details.of(order);
  const isLimit = detail.orderType === "limit";
  return {
    ...idsOf(told),
    symbol: definition.symbol,
    order_qty: exact(sizeText(definition, order.sizeLots)),
    cum_cost: exact(valueText(definition, order.filledTickLots)),
    time_in_force: order.timeInForce === "POST_ONLY" ? "GTC" : order.timeInForce,
    exec_type: execType,
    side: order.side,
    order_type: detail.orderType,
    limit_price_type: isLimit ? "static" : undefined,
    limit_price: isLimit ? exact(priceText(definition, order.priceTicks)) : undefined,
    stop_price: exact(priceText(definition, 0)),
    post_only: order.timeInForce === "POST_ONLY" ? true : undefined,
    order_status: orderStatus,
    fee_usd_equiv: venue.details.of(order).feeUsd,
    fee_ccy_pref: detail.feePreference,
    timestamp: rfc3339(order.createdAtUs),
  };
}

/** An open order of the snapshot. */
export function openOrder(told: Told): ExecutionRow {
  const { venue, order } = told;
  const status = order.filledLots > 0 ? "partially_filled" : "new";
  const definition = venue.core.definitionOf(order);
  return {
    ...wholeOrder(told, "new", status),
    cum_qty: exact(sizeText(definition, order.filledLots)),
    avg_price: exact(averagePriceText(definition, order.filledTickLots, order.filledLots)),
  };
}

export function opened(told: Told): ExecutionRow {
  return {
    timestamp: rfc3339(told.order.createdAtUs),
    order_status: "new",
    exec_type: "new",
    ...idsOf(told),
  };
}

/** The fill that completes an order is told as one that does not; that it is complete is an event of its own. */
export function traded(
  told: Told,
  fill: FillRecord,
  orderStatus: "partially_filled" | "filled",
): ExecutionRow {
  const { venue, order } = told;
  const definition = venue.core.definitionOf(fill);
  const { feeAsset, feeAtoms } = fill;
  const isSnapshot = orderStatus === "filled";
  return {
    ...idsOf(told),
    exec_id: tradeTxid(fill),
    exec_type: "trade",
    trade_id: Number(fill.tradeId),
    symbol: definition.symbol,
    side: fill.side,
    last_qty: exact(sizeText(definition, fill.sizeLots)),
    last_price: exact(priceText(definition, fill.priceTicks)),
    liquidity_ind: fill.liquidity === "maker" ? "m" : "t",
    cost: exact(valueText(definition, BigInt(fill.priceTicks) * BigInt(fill.sizeLots))),
    order_status: orderStatus,
    order_type: venue.details.of(order).orderType,
    timestamp: rfc3339(fill.venueAtUs),
    ...(isSnapshot ? {} : sumsOf(told)),
    fee_usd_equiv: usdOf(venue, feeAsset, feeAtoms),
    fees: [{ asset: feeAsset, qty: exact(atomsText(feeAtoms, decimalsOf(venue.core, feeAsset))) }],
  };
}

/** Filled, cancelled or expired. */
export function ended(told: Told): ExecutionRow {
  const { venue, order } = told;
  const status = statusOf(order);
  const type = status === "closed" ? "filled" : status;
  const reason = venue.details.of(order).endReason;
  return {
    timestamp: rfc3339(order.updatedAtUs),
    order_status: type,
    exec_type: type,
    ...sumsOf(told),
    fee_usd_equiv: venue.details.of(order).feeUsd,
    ...(type === "filled" ? {} : { cancel_reason: reason, reason }),
    ...idsOf(told),
  };
}

/** By the client, or restated: by the venue. */
export function changed(
  told: Told,
  execType: "amended" | "restated",
  reason: string | undefined,
): ExecutionRow {
  const { venue, order } = told;
  const definition = venue.core.definitionOf(order);
  return {
    timestamp: rfc3339(order.updatedAtUs),
    exec_type: execType,
    order_status: order.filledLots > 0 ? "partially_filled" : "new",
    cum_qty: exact(sizeText(definition, order.filledLots)),
    reason,
    amended: true,
    order_qty: exact(sizeText(definition, order.sizeLots)),
    limit_price: exact(priceText(definition, order.priceTicks)),
    limit_price_type: "static",
    ...idsOf(told),
  };
}

/** A `userref` of 0 stands in for an id of the client where there is none. */
function idsOf({ venue, order }: Told): ExecutionRow {
  const clOrdId = clOrdIdOf(order.clientId);
  const { userref } = venue.details.of(order);
  return {
    order_id: orderTxid(order.venueOrderId),
    cl_ord_id: clOrdId,
    order_userref: clOrdId !== undefined && userref === 0 ? undefined : userref,
  };
}

function sumsOf({ venue, order }: Told): ExecutionRow {
  const definition = venue.core.definitionOf(order);
  return {
    cum_qty: exact(sizeText(definition, order.filledLots)),
    cum_cost: exact(valueText(definition, order.filledTickLots)),
    avg_price: exact(averagePriceText(definition, order.filledTickLots, order.filledLots)),
  };
}

/** About: by the middle of the market, 0 where there is none. */
export function usdOf(venue: KrakenVenue, asset: string, atoms: bigint): number {
  return Number((worthOf(venue, asset, atoms, "USD") ?? 0).toFixed(6));
}
