/** A venue's orders as the engine sees them: all revisions of one are one order, in ticks and lots. */
import type { OpenOrderView, OrderStatusEvent } from "../../../contract/events.ts";
import type { RawOrder } from "../exchanges/exchange.ts";
import type { Grid } from "./grid.ts";
import type { Listed, OrderTracker } from "./tracker.ts";

type Found = Extract<OrderStatusEvent["answer"], { found: true }>;

/** Undefined for an instrument outside the configuration. */
export function openOrderView(
  order: RawOrder,
  listed: Listed | undefined,
  tracker: OrderTracker,
): OpenOrderView | undefined {
  if (listed === undefined) return undefined;
  const name = tracker.nameOf(order.clientId, order.venueOrderId);
  return {
    // Of other hands and without an id of their own: the venue's is as good a name.
    clientId: name?.clientId ?? (order.clientId === "" ? order.venueOrderId : order.clientId),
    venueOrderId: order.venueOrderId,
    instrument: listed.index,
    side: order.side,
    ...termsOf(order, listed.grid, replacedLots(order, tracker)),
  };
}

export function statusAnswer(order: RawOrder, listed: Listed, tracker: OrderTracker): Found {
  return {
    found: true,
    venueOrderId: order.venueOrderId,
    status: order.status,
    ...termsOf(order, listed.grid, replacedLots(order, tracker)),
  };
}

/** Filled under earlier names of the order. */
function replacedLots({ clientId, venueOrderId }: RawOrder, tracker: OrderTracker): number {
  const name = tracker.nameOf(clientId, venueOrderId);
  return name === undefined ? 0 : (tracker.get(name.clientId)?.replacedLots ?? 0);
}

function termsOf({ price, size, filled }: RawOrder, grid: Grid, replaced: number) {
  return {
    // An order from before a change of the tick still has to be named.
    priceTicks: grid.ticks(price) ?? grid.nearestTicks(price),
    sizeLots: replaced + (grid.lots(size) ?? 0),
    filledLots: replaced + (grid.lots(filled) ?? 0),
  };
}
