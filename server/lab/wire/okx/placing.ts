/** One order placed or canceled. */
import type { OrderRecord } from "../ports.ts";
import { refuse } from "./codes.ts";
import type { Fields } from "./fields.ts";
import type { ListedInstrument } from "./instruments.ts";
import { BY_OWNER, causing } from "./okxVenue.ts";
import type { OkxVenue } from "./okxVenue.ts";
import { parseOrder } from "./orderRequest.ts";
import type { OrderRequest } from "./orderRequest.ts";
import { clOrdIdOf } from "./orders.ts";
import { accepted, refOf, refused } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { placeRefusal } from "./refusals.ts";

export function place(venue: OkxVenue, account: number, listing: ListedInstrument, fields: Fields): Outcome {
  const parsed = parseOrder(venue, listing, fields);
  if ("code" in parsed) return refused(fields, parsed);
  const { core, orders } = venue;
  const { request, words } = parsed;
  const { clientId } = request;
  // The words of the order that has the id already must stay.
  if (core.order(account, { clientId }) !== undefined) return refused(fields, refuse("51016"));
  orders.expect(account, clientId, words);
  const outcome = causing(venue, BY_OWNER, () => core.place(account, request));
  if (outcome.ok) return accepted(fields, outcome.order.venueOrderId);
  if (outcome.reason === "POST_ONLY_WOULD_TAKE")
    return accepted(fields, cancelAtOnce(venue, account, parsed).venueOrderId);
  orders.forget(account, clientId);
  return refused(fields, placeRefusal(venue, listing, request, outcome.reason));
}

export function cancel(
  venue: OkxVenue,
  account: number,
  { instrument }: ListedInstrument,
  fields: Fields,
): Outcome {
  const ref = refOf(fields);
  if (ref === undefined) return refused(fields, refuse("51407"));
  const order = venue.core.order(account, ref);
  if (order?.status !== "OPEN" || order.instrument !== instrument) return refused(fields, refuse("51400"));
  if (venue.faults.take("cancelRace")) {
    venue.core.fillByOthers(account, ref);
    return refused(fields, refuse("51400"));
  }
  if (venue.faults.take("refusedCancel")) return refused(fields, refuse("51410"));
  const outcome = causing(venue, BY_OWNER, () => venue.core.cancel(account, ref));
  if (!outcome.ok) return refused(fields, refuse("51400"));
  return accepted({ clOrdId: clOrdIdOf(outcome.order) }, outcome.order.venueOrderId);
}

/** Accepted, and canceled by the venue before anyone could see it. */
function cancelAtOnce(venue: OkxVenue, account: number, { request, words }: OrderRequest): OrderRecord {
  const { core, orders } = venue;
  const nowUs = core.nowUs();
  const { clientId, instrument, side, timeInForce, selfTrade, priceTicks = 0, sizeLots } = request;
  const order: OrderRecord = {
    clientId,
    venueOrderId: orders.nextCanceledId(),
    instrument,
    side,
    timeInForce,
    selfTrade,
    priceTicks,
    sizeLots,
    filledLots: 0,
    filledTickLots: 0n,
    status: "CANCELED",
    createdAtUs: nowUs,
    updatedAtUs: nowUs,
  };
  orders.expect(account, clientId, words);
  const extras = orders.extras(account, order);
  extras.cancelSource = "31";
  orders.addCanceled(account, order);
  venue.tellOrder(account, order, extras, {});
  return order;
}
