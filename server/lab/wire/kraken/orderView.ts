/** Orders and own trades as REST tells them. */
import type { FillRecord, OrderRecord } from "../ports.ts";
import { atomsText, decimalsOf, priceText, sizeText, valueText } from "../decimals.ts";
import { clOrdIdOf } from "./clientIds.ts";
import { averagePriceText, orderText } from "./figures.ts";
import { orderTxid, tradeTxid } from "./ids.ts";
import type { Json } from "./json.ts";
import { pairOf } from "./pairs.ts";
import { epochSeconds } from "./time.ts";
import type { KrakenVenue } from "./venue.ts";

export type OrderStatus = "open" | "closed" | "canceled" | "expired";

export function orderView(
  venue: KrakenVenue,
  account: number,
  order: OrderRecord,
  withTrades: boolean,
): { readonly [key: string]: Json | undefined } {
  const { core, details } = venue;
  const definition = core.definitionOf(order);
  const detail = details.of(order);
  const { venueOrderId, createdAtUs: sinceUs } = order;
  const fills =
    order.filledLots > 0
      ? core.fills(account, { venueOrderId, sinceUs, order: "oldest", limit: FILLS_MAX })
      : [];
  const volume = sizeText(definition, order.sizeLots);
  const price = detail.orderType === "limit" ? priceText(definition, order.priceTicks) : undefined;
  const status = statusOf(order);
  return {
    refid: null,
    userref: detail.userref,
    cl_ord_id: clOrdIdOf(order.clientId),
    status,
    opentm: epochSeconds(order.createdAtUs),
    starttm: 0,
    expiretm: 0,
    descr: {
      pair: pairOf(order.instrument, definition).altname,
      type: order.side,
      ordertype: detail.orderType,
      price: price ?? "0",
      price2: "0",
      leverage: "none",
      order: orderText({ side: order.side, volume, definition, price }),
      close: "",
    },
    vol: volume,
    vol_exec: sizeText(definition, order.filledLots),
    cost: valueText(definition, order.filledTickLots),
    fee: feeText(venue, fills, definition.quote),
    price: averagePriceText(definition, order.filledTickLots, order.filledLots),
    stopprice: "0.00000",
    limitprice: "0.00000",
    misc: "",
    oflags: order.timeInForce === "POST_ONLY" ? `${detail.feePreference},post` : detail.feePreference,
    trades: withTrades && fills.length > 0 ? fills.map(tradeTxid) : undefined,
    ...(status === "open"
      ? {}
      : { reason: detail.endReason ?? null, closetm: epochSeconds(order.updatedAtUs) }),
  };
}

/** What the venue ends by its own rules has expired where the order could not wait, and is cancelled where it rested. */
export function statusOf({ status, timeInForce }: OrderRecord): OrderStatus {
  switch (status) {
    case "OPEN":
      return "open";
    case "FILLED":
      return "closed";
    case "CANCELED":
      return "canceled";
    case "EXPIRED":
      return timeInForce === "IOC" || timeInForce === "FOK" ? "expired" : "canceled";
  }
}

export function tradeView(venue: KrakenVenue, account: number, fill: FillRecord): Json {
  const { core, details } = venue;
  const definition = core.definitionOf(fill);
  const order = core.order(account, { venueOrderId: fill.venueOrderId });
  const cost = BigInt(fill.priceTicks) * BigInt(fill.sizeLots);
  return {
    ordertxid: orderTxid(fill.venueOrderId),
    postxid: tradeTxid(fill),
    pair: pairOf(fill.instrument, definition).id,
    time: epochSeconds(fill.venueAtUs),
    type: fill.side,
    ordertype: order === undefined ? "limit" : details.of(order).orderType,
    price: priceText(definition, fill.priceTicks),
    cost: valueText(definition, cost),
    fee: atomsText(fill.feeAtoms, decimalsOf(venue.core, fill.feeAsset)),
    vol: sizeText(definition, fill.sizeLots),
    margin: "0.00000",
    leverage: "0",
    misc: "",
    trade_id: Number(fill.tradeId),
    maker: fill.liquidity === "maker",
    cl_ord_id: clOrdIdOf(fill.clientId),
  };
}

/** No order has more: each takes a lot at least, and the venue counts them one by one. */
const FILLS_MAX = 100_000;

/** REST tells one fee per order, in the quote asset: what was paid in another is not in it. */
function feeText(venue: KrakenVenue, fills: readonly FillRecord[], quote: string): string {
  const paid = fills.filter(({ feeAsset }) => feeAsset === quote);
  return atomsText(
    paid.reduce((sum, { feeAtoms }) => sum + feeAtoms, 0n),
    decimalsOf(venue.core, quote),
  );
}
