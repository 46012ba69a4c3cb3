/** Orders placed and cancelled at the core under the venue's own limits, for both protocols alike. */
import type { OrderRecord } from "../ports.ts";
import { findByClOrdId, newClientId } from "./clientIds.ts";
import { TIMEOUT_MAX_SECONDS } from "./deadMan.ts";
import { plainDetail } from "./details.ts";
import { ERRORS, invalidArgument, refusalText } from "./errors.ts";
import type { OrderTerms } from "./orderTerms.ts";
import { orderIdOf } from "./ids.ts";
import type { Json } from "./json.ts";
import { right, wholeOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { rfc3339Seconds } from "./time.ts";
import { OPEN_ORDERS_MAX } from "./tradeCounter.ts";
import { during } from "./venue.ts";
import type { KrakenVenue } from "./venue.ts";

/** Checked orders only; what the trade counter says of it is settled before. */
export function placeOrder(venue: KrakenVenue, account: number, terms: OrderTerms): Checked<OrderRecord> {
  const { core } = venue;
  const { pair, clOrdId, side, sizeLots, selfTrade } = terms;
  if (pair.definition.status === "HALTED") return wrong(ERRORS.cancelOnly);
  if (core.limits === "entry" && openOrdersOf(venue, account, pair.instrument) >= OPEN_ORDERS_MAX)
    return wrong(ERRORS.ordersLimit);
  const clientId = clOrdId === undefined ? venue.namelessId() : newClientId(core, account, clOrdId);
  if (clientId === undefined) return wrong(invalidArgument("cl_ord_id not unique"));
  const { userref, orderType, feePreference } = terms;
  const placing = { ...plainDetail({ createdAtUs: core.nowUs() }), userref, orderType, feePreference };
  const base = { clientId, instrument: pair.instrument, side, sizeLots, selfTrade };
  const request = { ...base, requestExpiresAtUs: Number.MAX_SAFE_INTEGER };
  const outcome = during(venue, { placing }, () => core.place(account, { ...request, ...priced(terms) }));
  if (outcome.ok) return right(outcome.order);
  // Size and price have been checked: what a market order still fails is the minimum cost.
  const isCost = outcome.reason === "FILTER" && terms.orderType === "market";
  return wrong(isCost ? ERRORS.costMinimum : refusalText(outcome.reason));
}

/** False when it is not open any more. */
export function cancelOrder(venue: KrakenVenue, account: number, order: OrderRecord): boolean {
  const { core, tradeCounter, faults } = venue;
  if (order.status !== "OPEN") return false;
  const { venueOrderId, instrument } = order;
  if (faults.take("cancelRace")) {
    core.fillByOthers(account, { venueOrderId });
    return false;
  }
  tradeCounter.cancel(account, instrument, core.nowUs() - venue.details.of(order).restsSinceUs);
  return endOrder(venue, account, order);
}

/** As part of something that is charged for by itself. */
export function endOrder(venue: KrakenVenue, account: number, { venueOrderId }: OrderRecord): boolean {
  return during(venue, { reason: USER }, () => venue.core.cancel(account, { venueOrderId })).ok;
}

/** Every open order of the account. How many there were. */
export function cancelAll(venue: KrakenVenue, account: number, reason = USER): number {
  const { core, tradeCounter, details } = venue;
  const ended = during(venue, { reason }, () => core.cancelAll(account));
  for (const order of ended)
    tradeCounter.cancel(account, order.instrument, core.nowUs() - details.of(order).restsSinceUs);
  return ended.length;
}

/** A batch cancels as many at once. */
export const CANCEL_BATCH_MAX = 50;

/** How many it ended. */
export function cancelBatch(venue: KrakenVenue, account: number, orders: readonly OrderRecord[]): number {
  const isPartial = venue.faults.take("partialBatch");
  return orders
    .filter((_, at) => !isPartial || at % 2 === 0)
    .filter((order) => cancelOrder(venue, account, order)).length;
}

/** The dead-man's switch: its instants in the words of the answer. */
export function cancelAllAfter(venue: KrakenVenue, account: number, params: Params): Checked<Json> {
  const timeout = wholeOf(params, "timeout");
  if (timeout === undefined || timeout < 0 || timeout >= TIMEOUT_MAX_SECONDS) return wrongArgument("timeout");
  const firesAtUs = venue.deadMan.set(account, timeout);
  return right({
    currentTime: rfc3339Seconds(venue.core.nowUs()),
    triggerTime: firesAtUs === undefined ? "0" : rfc3339Seconds(firesAtUs),
  });
}

/** The order of an id of the venue, or of one of the client where that is given: while it is open. */
export function openNamed(
  venue: KrakenVenue,
  account: number,
  { orderId, clOrdId }: { readonly orderId?: string | undefined; readonly clOrdId?: string | undefined },
): OrderRecord[] {
  if (clOrdId !== undefined) return openByClOrdId(venue, account, clOrdId);
  const venueOrderId = orderId === undefined ? undefined : orderIdOf(orderId);
  const order = venueOrderId === undefined ? undefined : venue.core.order(account, { venueOrderId });
  return order?.status === "OPEN" ? [order] : [];
}

/** Open orders that carry the reference. */
export function openByUserref(venue: KrakenVenue, account: number, userref: number): OrderRecord[] {
  return venue.core.openOrders(account).filter((order) => venue.details.of(order).userref === userref);
}

/** At most one order with an id is open. */
function openByClOrdId(venue: KrakenVenue, account: number, clOrdId: string): OrderRecord[] {
  const order = findByClOrdId(venue.core, account, clOrdId);
  return order?.status === "OPEN" ? [order] : [];
}

const USER = "User requested";

type Priced =
  | { readonly timeInForce: "POST_ONLY" | "GTC"; readonly priceTicks: number }
  | { readonly timeInForce: "IOC" | "FOK"; readonly priceTicks?: number | undefined };

function priced({ timeInForce, priceTicks }: OrderTerms): Priced {
  if (timeInForce === "IOC" || timeInForce === "FOK") return { timeInForce, priceTicks };
  if (priceTicks === undefined) throw new Error("invariant: an order that rests has a price");
  return { timeInForce, priceTicks };
}

function openOrdersOf(venue: KrakenVenue, account: number, instrument: number): number {
  let count = 0;
  for (const order of venue.core.openOrders(account)) if (order.instrument === instrument) count++;
  return count;
}
