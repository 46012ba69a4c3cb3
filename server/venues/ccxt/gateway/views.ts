/**
 * A venue's orders as the engine sees them: all revisions of one are one order, in ticks and lots of steps that hold it
 * exactly.
 */
import type { OpenOrderElsewhere, OpenOrderView, OrderStatusEvent } from "../../../contract/events.ts";
import type { RawOrder } from "../exchanges/exchange.ts";
import { exactGrid } from "./grid.ts";
import type { Listed, OrderTracker } from "./tracker.ts";

type Found = Extract<OrderStatusEvent["answer"], { found: true }>;

export function openOrderView(order: RawOrder, listed: Listed, tracker: OrderTracker): OpenOrderView {
  const name = tracker.nameOf(order.clientId, order.venueOrderId);
  return {
    clientId: name?.clientId ?? nameOf(order),
    venueOrderId: order.venueOrderId,
    instrument: listed.index,
    side: order.side,
    ...termsOf(order, listed, tracker),
  };
}

/** Of a symbol outside the configuration. */
export function elsewhereView(order: RawOrder): OpenOrderElsewhere {
  const { symbol, venueOrderId, side, price, size } = order;
  return { symbol, clientId: nameOf(order), venueOrderId, side, price, size };
}

export function statusAnswer(order: RawOrder, listed: Listed, tracker: OrderTracker): Found {
  return {
    found: true,
    venueOrderId: order.venueOrderId,
    status: order.status,
    ...termsOf(order, listed, tracker),
  };
}

/** Of other hands and without an id of their own: the venue's is as good a name. */
function nameOf({ clientId, venueOrderId }: RawOrder): string {
  return clientId === "" ? venueOrderId : clientId;
}

/** In the steps that it was placed in, as long as those hold it. */
function termsOf(
  { clientId, venueOrderId, price, size, filled }: RawOrder,
  listed: Listed,
  tracker: OrderTracker,
) {
  const name = tracker.nameOf(clientId, venueOrderId);
  const order = name === undefined ? undefined : tracker.get(name.clientId);
  const own = order?.listed.grid ?? listed.grid;
  // Filled under earlier names of the order, which a row of one of those does not come after.
  const isEarlier = name !== undefined && order !== undefined && name.revision < order.revision;
  const replaced = own.sizeText(isEarlier ? 0 : (order?.replacedLots ?? 0));
  const grid = exactGrid([own, listed.grid], price, [size, filled, replaced]);
  const replacedLots = grid.lots(replaced) ?? 0;
  return {
    priceTicks: grid.ticks(price) ?? grid.nearestTicks(price),
    sizeLots: replacedLots + (grid.lots(size) ?? 0),
    filledLots: replacedLots + (grid.lots(filled) ?? 0),
    steps: grid.steps,
  };
}
