/** Changes price and total size of a resting order. What is refused leaves everything as it was. */
import type { AmendEffect } from "../../contract/effects.ts";
import type { VenueRefusal } from "../../contract/reasons.ts";
import { remainingLots } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { checkRules, wouldTake } from "./admission.ts";
import { letIn, reserve } from "./arrival.ts";
import { cancelOrder, moneyOf } from "./execution.ts";
import type { Call } from "./execution.ts";
import { publishChanges } from "./feed.ts";
import { joinQueue, reduceOwn } from "./levels.ts";
import { restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import { nextOrderId } from "./requests.ts";
import type { Ids } from "./requests.ts";
import { holdNeeded } from "./settlement.ts";
import { planTake } from "./takePlan.ts";

interface NewTerms {
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** A smaller size at the same price keeps its place where the venue amends in place. */
export function amendOrder(market: InstrumentMarket, amend: AmendEffect, ids: Ids, call: Call): void {
  const { account } = market;
  const { clientId, priceTicks, sizeLots } = amend;
  const refuse = (reason: VenueRefusal): void =>
    call.output.private(account.index, { type: "amendRejected", clientId, reason, priceTicks, sizeLots });
  if (call.atUs > amend.requestExpiresAtUs) return refuse("EXPIRED_REQUEST");
  if (account.terms.amend === "none") return refuse("OTHER");
  const order = account.open.get(clientId);
  if (order === undefined || order.instrument !== market.instrument) return refuse("UNKNOWN_ORDER");
  if (sizeLots <= order.filledLots) {
    cancelOrder(market, order, call);
    publishChanges(market, call.output);
    return;
  }
  const broken = checkRules(market, { priceTicks, sizeLots });
  if (broken !== undefined) return refuse(broken);
  const takes = wouldTake(market, order.side, priceTicks);
  if (takes && order.timeInForce === "POST_ONLY") return refuse("POST_ONLY_WOULD_TAKE");
  const wanted: VenueOrder = { ...order, priceTicks, sizeLots, status: takes ? "ARRIVING" : "OPEN" };
  if (!reserve(market, order, holdNeeded(account, moneyOf(market), wanted)))
    return refuse("INSUFFICIENT_FUNDS");

  order.updatedAtUs = call.atUs;
  if (account.terms.amend === "cancel-new") renumber(market, order, ids);
  const { venueOrderId } = order;
  const amended = { type: "orderAmended", clientId, venueOrderId, priceTicks, sizeLots } as const;
  call.output.private(account.index, amended);
  if (takes) takeAgain(market, order, amend, call);
  else changeResting(market, order, amend);
  publishChanges(market, call.output);
}

function renumber({ account: { clientIds } }: InstrumentMarket, order: VenueOrder, ids: Ids): void {
  clientIds.delete(order.venueOrderId);
  order.venueOrderId = nextOrderId(ids);
  clientIds.set(order.venueOrderId, order.clientId);
}

function changeResting(market: InstrumentMarket, order: VenueOrder, to: NewTerms): void {
  const side = restingSide(market, order.side);
  const keepsPlace = to.priceTicks === order.priceTicks && to.sizeLots <= order.sizeLots;
  if (keepsPlace && market.account.terms.amend === "in-place") {
    reduceOwn(side, order, { lots: order.sizeLots - to.sizeLots, leaves: false });
    order.sizeLots = to.sizeLots;
    return;
  }
  leaveLevel(market, order, to);
  joinQueue(side, order);
}

/** To a price that crosses: the order arrives anew, and what it cannot take rests there. */
function takeAgain(market: InstrumentMarket, order: VenueOrder, to: NewTerms, call: Call): void {
  leaveLevel(market, order, to);
  order.status = "ARRIVING";
  const { side, selfTrade } = order;
  const plan = planTake(market, {
    side,
    selfTrade,
    sizeLots: remainingLots(order),
    limitTicks: order.priceTicks,
  });
  letIn(market, order, plan, call);
}

function leaveLevel(market: InstrumentMarket, order: VenueOrder, to: NewTerms): void {
  reduceOwn(restingSide(market, order.side), order, { lots: remainingLots(order), leaves: true });
  order.priceTicks = to.priceTicks;
  order.sizeLots = to.sizeLots;
}
