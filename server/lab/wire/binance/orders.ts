/** Requests that change orders: place, test, cancel, cancel all of a symbol. */
import type { OrderRecord, OrderRef } from "../ports.ts";
import type { SignedMethod } from "./methods.ts";
import { canceledView, placedView } from "./orderViews.ts";
import { parseTerms, ORDER_PARAMS } from "./orderTerms.ts";
import type { OrderTerms } from "./orderTerms.ts";
import { clientIdText, idText, needText, oneOf } from "./params.ts";
import type { Params } from "./params.ts";
import { cancelRejected, eitherParam, Refusal, refusalOf, unknownOrder } from "./refusal.ts";
import type { Market } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const placeOrder: SignedMethod = {
  security: "TRADE",
  params: ORDER_PARAMS,
  weight: 1,
  isOrder: true,
  run: (venue, params, signer) => {
    const terms = parseTerms(venue, params, signer.expiresAtUs);
    venue.limits.checkOrder(signer.key.account);
    return place(venue, signer.key.account, terms);
  },
};

export const testOrder: SignedMethod = {
  security: "TRADE",
  params: ORDER_PARAMS,
  weight: 1,
  run: (venue, params, signer) => {
    parseTerms(venue, params, signer.expiresAtUs);
    return {};
  },
};

export const cancelOrder: SignedMethod = {
  security: "TRADE",
  params: ["symbol", "orderId", "origClientOrderId", "newClientOrderId", "cancelRestrictions"],
  weight: 1,
  isOrder: true,
  run: (venue, params, { key }) => {
    const market = venue.symbols.ofAccount(needText(params, "symbol"));
    const cancelId = clientIdText(params, "newClientOrderId") ?? venue.nextClientId();
    return cancel(venue, key.account, market, { ...CANCEL_NAMES, params, cancelId });
  },
};

export const cancelOpenOrders: SignedMethod = {
  security: "TRADE",
  params: ["symbol"],
  weight: 1,
  isOrder: true,
  run: (venue, params, { key: { account } }) => {
    const { instrument } = venue.symbols.ofAccount(needText(params, "symbol"));
    const cancelId = venue.nextClientId();
    const canceled = venue.users.canceling(cancelId, () => venue.core.cancelAll(account, instrument));
    if (canceled.length === 0) throw unknownOrder();
    return canceled.map((order) => canceledView(venue, account, order, cancelId));
  },
};

/** Throws a Refusal. */
export function place(venue: Venue, account: number, { request, responseType }: OrderTerms): object {
  const { core, limits, notes, users } = venue;
  const isMarket = request.priceTicks === undefined;
  const isNew = core.order(account, { clientId: request.clientId }) === undefined;
  if (isMarket && isNew) notes.market(account, request.clientId);
  const outcome = users.placing(account, request, () => core.place(account, request));
  if (!outcome.ok) {
    // Price and size were checked by name: of a limit order the band is left, of a market order its value.
    throw refusalOf(outcome.reason, isMarket ? "NOTIONAL" : "PERCENT_PRICE_BY_SIDE");
  }
  limits.countOrder(account);
  return placedView(venue, account, outcome, responseType);
}

/** Which parameters name the order that is to go. */
const CANCEL_NAMES = { orderId: "orderId", clientId: "origClientOrderId" };

interface CancelRequest {
  readonly orderId: string;
  readonly clientId: string;
  readonly params: Params;
  /** The cancel's own id. */
  readonly cancelId: string;
}

/** Throws a Refusal. */
export function cancel(venue: Venue, account: number, market: Market, request: CancelRequest): object {
  const { core, faults, users } = venue;
  const { params, cancelId } = request;
  const ref = refOf(params, request);
  const order = core.order(account, ref.first);
  if (order?.instrument !== market.instrument || !ref.matches(order) || order.status !== "OPEN")
    throw unknownOrder();
  checkRestrictions(params, order);
  if (faults.take("cancelRace")) {
    core.fillByOthers(account, { clientId: order.clientId });
    throw unknownOrder();
  }
  if (faults.take("refusedCancel")) throw cancelRejected();
  const outcome = users.canceling(cancelId, () => core.cancel(account, { clientId: order.clientId }));
  if (!outcome.ok) throw refusalOf(outcome.reason, "LOT_SIZE");
  return canceledView(venue, account, outcome.order, cancelId);
}

/** One of two names must be given; given both, they must be of one order. */
export function refOf(
  params: Params,
  names: Pick<CancelRequest, "orderId" | "clientId"> = CANCEL_NAMES,
): { readonly first: OrderRef; matches(order: OrderRecord): boolean } {
  const venueOrderId = idText(params, names.orderId);
  const clientId = clientIdText(params, names.clientId);
  const matches = (order: OrderRecord): boolean => clientId === undefined || order.clientId === clientId;
  if (venueOrderId !== undefined) return { first: { venueOrderId }, matches };
  if (clientId !== undefined) return { first: { clientId }, matches };
  throw eitherParam(names.clientId, names.orderId);
}

const RESTRICTIONS = ["ONLY_NEW", "ONLY_PARTIALLY_FILLED"] as const;

const wrongRestriction = (): Refusal =>
  new Refusal(400, -1145, "'cancelRestrictions' has to be either 'ONLY_NEW' or 'ONLY_PARTIALLY_FILLED'.");

function checkRestrictions(params: Params, order: OrderRecord): void {
  const only = oneOf(params, "cancelRestrictions", RESTRICTIONS, wrongRestriction);
  if (only === undefined || (only === "ONLY_NEW") === (order.filledLots === 0)) return;
  throw new Refusal(400, -2011, "Order was not canceled due to cancel restrictions.");
}
