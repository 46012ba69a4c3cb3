/**
 * New orders as both protocols ask for them: one, or several of one pair. Several are all checked before the first is
 * placed, and then each is on its own.
 */
import type { OrderRecord } from "../ports.ts";
import { placeOrder } from "./entry.ts";
import { ERRORS } from "./errors.ts";
import { checkDeadline, checkOrder } from "./orderTerms.ts";
import type { OrderInput, OrderTerms } from "./orderTerms.ts";
import type { Pair } from "./pairs.ts";
import { flagOf, isObject, right, textOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import type { KrakenVenue } from "./venue.ts";

export const BATCH_ORDERS_MIN = 2;
const BATCH_ORDERS_MAX = 15;

export interface AddRequest {
  readonly pair: Pair | undefined;
  readonly params: Params;
  /** An order by the names of the request's own protocol. */
  readonly inputOf: (params: Params) => OrderInput;
}

/** Without an order when it was only to be checked. */
export interface Added<Order> {
  readonly terms: OrderTerms;
  readonly order: Order | undefined;
}

export function addOrder(
  venue: KrakenVenue,
  account: number,
  { pair, params, inputOf }: AddRequest,
): Checked<Added<OrderRecord>> {
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  if (!venue.tradeCounter.add(account, pair.instrument)) return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(textOf(params, "deadline"), venue.core.nowUs());
  if (late !== undefined) return wrong(late);
  const terms = checkOrder(pair, inputOf(params));
  if (!terms.ok) return terms;
  if (flagOf(params, "validate")) return right({ terms: terms.value, order: undefined });
  const placed = placeOrder(venue, account, terms.value);
  return placed.ok ? right({ terms: terms.value, order: placed.value }) : placed;
}

export function addOrders(
  venue: KrakenVenue,
  account: number,
  { pair, params, inputOf }: AddRequest,
): Checked<readonly Added<Checked<OrderRecord>>[]> {
  if (pair === undefined) return wrong(ERRORS.unknownPair);
  const orders = params["orders"];
  if (!Array.isArray(orders) || !orders.every(isObject)) return wrongArgument("orders");
  if (orders.length < BATCH_ORDERS_MIN || orders.length > BATCH_ORDERS_MAX) return wrongArgument("orders");
  if (!venue.tradeCounter.addBatch(account, pair.instrument, orders.length))
    return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(textOf(params, "deadline"), venue.core.nowUs());
  if (late !== undefined) return wrong(late);
  const checked: OrderTerms[] = [];
  for (const order of orders) {
    const terms = checkOrder(pair, inputOf(order));
    if (!terms.ok) return terms;
    checked.push(terms.value);
  }
  if (flagOf(params, "validate")) return right(checked.map((terms) => ({ terms, order: undefined })));
  const isPartial = venue.faults.take("partialBatch");
  return right(
    checked.map((terms, at) => ({
      terms,
      // What the engine refuses of a batch that has passed its checks is for want of funds.
      order: isPartial && at % 2 === 1 ? wrong(ERRORS.insufficientFunds) : placeOrder(venue, account, terms),
    })),
  );
}
