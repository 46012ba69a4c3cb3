/** An accepted order, or an amendment that crosses, from its hold to where it ends up: filled, resting or expired. */
import { remainingLots, tryHold } from "./account.ts";
import type { VenueOrder } from "./account.ts";
import { expireOrder, moneyOf } from "./execution.ts";
import type { Call } from "./execution.ts";
import { joinQueue } from "./levels.ts";
import { carryOut } from "./matching.ts";
import { restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import { holdNeeded } from "./settlement.ts";
import type { TakePlan } from "./takePlan.ts";

/** Sets aside for the order; false, and nothing changed, when too little is free. */
export function reserve(market: InstrumentMarket, order: VenueOrder, holdAtoms: bigint): boolean {
  return tryHold(market.account, moneyOf(market), order, holdAtoms);
}

/** The plan is of this instant; undefined for an order that takes nothing. */
export function letIn(
  market: InstrumentMarket,
  order: VenueOrder,
  plan: TakePlan | undefined,
  call: Call,
): void {
  const isKilled = order.timeInForce === "FOK" && plan?.tradedLots !== order.sizeLots;
  if (plan !== undefined && !isKilled) carryOut(market, plan, { side: order.side, own: order }, call);
  if (order.status !== "ARRIVING") return;
  const mayRest = order.timeInForce === "POST_ONLY" || order.timeInForce === "GTC";
  if (mayRest && plan?.takerExpires !== true) rest(market, order);
  else expireOrder(market, order, call);
}

function rest(market: InstrumentMarket, order: VenueOrder): void {
  if (remainingLots(order) <= 0) throw new Error(`invariant: ${order.clientId} rests with nothing left`);
  order.status = "OPEN";
  joinQueue(restingSide(market, order.side), order);
  if (order.timeInForce === "POST_ONLY") return;
  // What may have been needed to take at worse prices and dearer rates is free again.
  if (!reserve(market, order, holdNeeded(market.account, moneyOf(market), order)))
    throw new Error(`invariant: the hold of ${order.clientId} did not cover its rest`);
}
