/** Changes of an open order: in place under its own id, or, with an edit, as a cancel and a new order. */
import type { OrderRecord } from "../ports.ts";
import { amendId } from "./ids.ts";
import { endOrder, placeOrder } from "./entry.ts";
import { ERRORS, refusalText } from "./errors.ts";
import { checkDeadline, checkOrder, checkPrice, checkSize, isBelowCostMinimum } from "./orderTerms.ts";
import { parseSize, priceText, sizeText } from "../decimals.ts";
import { flagOf, right, textOf, wrong, wrongArgument } from "./params.ts";
import type { Checked, Params } from "./params.ts";
import { during } from "./venue.ts";
import type { KrakenVenue } from "./venue.ts";

export interface ChangeInput {
  /** The total, what has been filled included. */
  readonly quantity: string | undefined;
  readonly price: string | undefined;
  readonly isPostOnly: boolean;
  readonly deadline: string | undefined;
}

/** Both protocols ask for an amendment in the same words. */
export function amendInput(params: Params): ChangeInput {
  return {
    quantity: textOf(params, "order_qty"),
    price: textOf(params, "limit_price"),
    isPostOnly: flagOf(params, "post_only"),
    deadline: textOf(params, "deadline"),
  };
}

export interface Amended {
  readonly order: OrderRecord;
  readonly amendId: string;
}

export function amendOrder(
  venue: KrakenVenue,
  account: number,
  order: OrderRecord | undefined,
  input: ChangeInput,
): Checked<Amended> {
  const { core, details } = venue;
  if (order?.status !== "OPEN") return wrong(ERRORS.unknownOrder);
  const { instrument, venueOrderId } = order;
  const detail = details.of(order);
  const nowUs = core.nowUs();
  if (!venue.tradeCounter.amend(account, instrument, nowUs - detail.restsSinceUs))
    return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(input.deadline, nowUs);
  if (late !== undefined) return wrong(late);
  const terms = changedTerms(venue, order, input);
  if (!terms.ok) return terms;
  if (venue.pairs.of(instrument).definition.status === "HALTED") return wrong(ERRORS.cancelOnly);
  if (input.isPostOnly && wouldTake(venue, order, terms.value.priceTicks)) return wrong(ERRORS.postOnly);
  // Set before the call: what it causes is already told with it.
  details.set(venueOrderId, { ...detail, restsSinceUs: nowUs, amends: detail.amends + 1 });
  const reason = "User requested";
  const outcome = during(venue, { reason }, () => core.amend(account, { venueOrderId }, terms.value));
  if (outcome.ok) return right({ order: outcome.order, amendId: amendId(venueOrderId, detail.amends + 1) });
  details.set(venueOrderId, detail);
  return wrong(refusalText(outcome.reason));
}

/** The new order has an id of its own, and no `cl_ord_id`. Of one that the checks refuse the old stays as it is. */
export function editOrder(
  venue: KrakenVenue,
  account: number,
  order: OrderRecord | undefined,
  input: ChangeInput & { readonly userref: string | undefined },
): Checked<OrderRecord> {
  if (order?.status !== "OPEN") return wrong(ERRORS.unknownOrder);
  const nowUs = venue.core.nowUs();
  const { restsSinceUs, feePreference, userref } = venue.details.of(order);
  if (!venue.tradeCounter.edit(account, order.instrument, nowUs - restsSinceUs))
    return wrong(ERRORS.orderRateLimit);
  const late = checkDeadline(input.deadline, nowUs);
  if (late !== undefined) return wrong(late);
  const pair = venue.pairs.of(order.instrument);
  const { definition } = pair;
  const terms = checkOrder(pair, {
    side: order.side,
    orderType: "limit",
    volume: input.quantity ?? sizeText(definition, order.sizeLots - order.filledLots),
    price: input.price ?? priceText(definition, order.priceTicks),
    isPostOnly: input.isPostOnly,
    feePreference,
    timeInForce: "GTC",
    clOrdId: undefined,
    userref: input.userref ?? String(userref),
    selfTrade: undefined,
  });
  if (!terms.ok) return terms;
  if (definition.status === "HALTED") return wrong(ERRORS.cancelOnly);
  if (!endOrder(venue, account, order)) return wrong(ERRORS.unknownOrder);
  return placeOrder(venue, account, terms.value);
}

/** A quantity that is filled already ends what is left: no minimum holds for it. */
function changedTerms(
  venue: KrakenVenue,
  order: OrderRecord,
  { quantity, price }: ChangeInput,
): Checked<{ readonly priceTicks: number; readonly sizeLots: number }> {
  const pair = venue.pairs.of(order.instrument);
  if (quantity === undefined && price === undefined) return wrongArgument("order_qty");
  const priceTicks = price === undefined ? right(order.priceTicks) : checkPrice(pair, price);
  if (!priceTicks.ok) return priceTicks;
  const total = quantity === undefined ? order.sizeLots : parseSize(pair.definition, quantity);
  if (total !== undefined && total > 0 && total <= order.filledLots)
    return right({ priceTicks: priceTicks.value, sizeLots: total });
  const sizeLots = quantity === undefined ? right(order.sizeLots) : checkSize(pair, quantity);
  if (!sizeLots.ok) return sizeLots;
  if (isBelowCostMinimum(pair, priceTicks.value, sizeLots.value)) return wrong(ERRORS.costMinimum);
  return right({ priceTicks: priceTicks.value, sizeLots: sizeLots.value });
}

function wouldTake(venue: KrakenVenue, { instrument, side }: OrderRecord, priceTicks: number): boolean {
  const { bids, asks } = venue.core.book(instrument);
  const [best] = side === "buy" ? asks : bids;
  return best !== undefined && (side === "buy" ? priceTicks >= best : priceTicks <= best);
}
