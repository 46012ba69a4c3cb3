/** What a venue says about one of our orders, as events. */
import type { Effect } from "../../server/contract/effects.ts";
import type { OrderStatusEvent } from "../../server/contract/events.ts";
import type { Order } from "../../server/core/orders/order.ts";
import type { Desk } from "./desk.ts";

type Found = Extract<OrderStatusEvent["answer"], { found: true }>;

export function sayUnknown(
  desk: Desk,
  order: Order,
  request: "place" | "amend" | "cancel" = "place",
): readonly Effect[] {
  const { account, clientId } = order;
  return desk.send({ type: "orderUnknown", account, clientId, request });
}

/** The venue's answer to a question asked now. */
export function sayStatus(
  desk: Desk,
  order: Order,
  found: Partial<Found> | "absent",
  askedAtUs = desk.nowUs,
): readonly Effect[] {
  const { account, clientId, priceTicks, sizeLots, filledLots } = order;
  const known = {
    found: true,
    venueOrderId: "v1",
    status: "OPEN",
    priceTicks,
    sizeLots,
    filledLots,
  } as const;
  const told = found === "absent" ? ({ found: false } as const) : { ...known, ...found };
  return desk.send({ type: "orderStatus", account, clientId, askedAtUs, answer: told });
}

export function sayEnded(
  desk: Desk,
  order: Order,
  type: "orderCanceled" | "orderExpired",
  filledLots: number,
): readonly Effect[] {
  return desk.send({ type, account: order.account, clientId: order.clientId, filledLots });
}

export function sayAmended(
  desk: Desk,
  order: Order,
  priceTicks: number,
  sizeLots: number,
): readonly Effect[] {
  const { account, clientId } = order;
  return desk.send({ type: "orderAmended", account, clientId, venueOrderId: "v2", priceTicks, sizeLots });
}

export function sayRefused(
  desk: Desk,
  order: Order,
  type: "amendRejected" | "cancelRejected",
  reason: "OTHER" | "UNKNOWN_ORDER" = "OTHER",
) {
  return desk.send({ type, account: order.account, clientId: order.clientId, reason });
}
