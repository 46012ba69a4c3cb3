/** Requests of an account: place, amend, cancel. A request that is refused leaves everything as it was. */
import type { AmendEffect, CancelEffect, PlaceEffect } from "../../contract/effects.ts";
import type { VenueRefusal } from "../../contract/reasons.ts";
import { holdNeeded, remainingLots, tryHold } from "./account.ts";
import type { AccountState, VenueOrder } from "./account.ts";
import { checkRules, wouldTake } from "./admission.ts";
import { cancelOrder, moneyOf } from "./execution.ts";
import type { Call } from "./execution.ts";
import { publishChanges } from "./feed.ts";
import { joinQueue, reduceOwn } from "./levels.ts";
import { restingSide } from "./market.ts";
import type { InstrumentMarket } from "./market.ts";
import { take } from "./matching.ts";

/** Open orders of one instrument, as Binance limits them; it also bounds what a level's queue is searched for. */
const OPEN_ORDERS_MAX = 200;

export interface Ids {
  venueOrders: number;
}

export function placeOrder(market: InstrumentMarket, placed: PlaceEffect, ids: Ids, call: Call): void {
  const { account } = market;
  const order = newOrder(placed);
  const reason = refusePlace(market, placed, call.atUs) ?? reserve(market, order, order);
  if (reason !== undefined)
    return call.output.private(account.index, { type: "orderRejected", clientId: placed.clientId, reason });
  order.venueOrderId = nextOrderId(ids);
  account.open.set(order.clientId, order);
  const { clientId, venueOrderId } = order;
  call.output.private(account.index, { type: "orderAccepted", clientId, venueOrderId });
  if (placed.timeInForce === "POST_ONLY") joinQueue(restingSide(market, order.side), order);
  else takeAndCancelRest(market, order, placed, call);
  publishChanges(market, call.output);
}

/** Changes price and total size. A smaller size at the same price keeps its place where the venue amends in place. */
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
  const wanted = { ...order, priceTicks, sizeLots };
  const broken = checkRules(market, wanted);
  if (broken !== undefined) return refuse(broken);
  if (wouldTake(market, wanted)) return refuse("POST_ONLY_WOULD_TAKE");
  const short = reserve(market, order, wanted);
  if (short !== undefined) return refuse(short);

  const keepsPlace =
    account.terms.amend === "in-place" && priceTicks === order.priceTicks && sizeLots <= order.sizeLots;
  changeResting(market, order, { priceTicks, sizeLots, keepsPlace });
  if (account.terms.amend === "cancel-new") order.venueOrderId = nextOrderId(ids);
  const { venueOrderId } = order;
  call.output.private(account.index, { type: "orderAmended", clientId, venueOrderId, priceTicks, sizeLots });
  publishChanges(market, call.output);
}

export function cancelOne(market: InstrumentMarket, cancel: CancelEffect, call: Call): void {
  const { account } = market;
  const { clientId } = cancel;
  const order = account.open.get(clientId);
  if (order === undefined || order.instrument !== market.instrument)
    return call.output.private(account.index, { type: "cancelRejected", clientId, reason: "UNKNOWN_ORDER" });
  cancelOrder(market, order, call);
  publishChanges(market, call.output);
}

function refusePlace(market: InstrumentMarket, placed: PlaceEffect, atUs: number): VenueRefusal | undefined {
  const { account } = market;
  if (atUs > placed.requestExpiresAtUs) return "EXPIRED_REQUEST";
  if (account.open.has(placed.clientId) || account.ended.has(placed.clientId)) return "DUPLICATE_ID";
  const broken = checkRules(market, placed);
  if (broken !== undefined) return broken;
  if (countOpen(account, market.instrument) >= OPEN_ORDERS_MAX) return "OTHER";
  return placed.timeInForce === "POST_ONLY" && wouldTake(market, placed) ? "POST_ONLY_WOULD_TAKE" : undefined;
}

/** Sets aside what the order needs on the wanted terms. */
function reserve(market: InstrumentMarket, order: VenueOrder, wanted: VenueOrder): VenueRefusal | undefined {
  const money = moneyOf(market);
  const needed = holdNeeded(market.account, money, wanted);
  return tryHold(market.account, money, order, needed) ? undefined : "INSUFFICIENT_FUNDS";
}

function takeAndCancelRest(
  market: InstrumentMarket,
  order: VenueOrder,
  placed: PlaceEffect,
  call: Call,
): void {
  const { side, sizeLots, priceTicks, selfTrade } = placed;
  take(market, { side, sizeLots, limitTicks: priceTicks, own: { order, selfTrade } }, call);
  if (remainingLots(order) > 0) cancelOrder(market, order, call);
}

function changeResting(
  market: InstrumentMarket,
  order: VenueOrder,
  to: { readonly priceTicks: number; readonly sizeLots: number; readonly keepsPlace: boolean },
): void {
  const side = restingSide(market, order.side);
  if (to.keepsPlace) {
    reduceOwn(side, order, { lots: order.sizeLots - to.sizeLots, leaves: false });
    order.sizeLots = to.sizeLots;
    return;
  }
  reduceOwn(side, order, { lots: remainingLots(order), leaves: true });
  order.priceTicks = to.priceTicks;
  order.sizeLots = to.sizeLots;
  joinQueue(side, order);
}

export function newOrder(placed: PlaceEffect): VenueOrder {
  return {
    clientId: placed.clientId,
    instrument: placed.instrument,
    side: placed.side,
    timeInForce: placed.timeInForce,
    venueOrderId: "",
    priceTicks: placed.priceTicks,
    sizeLots: placed.sizeLots,
    filledLots: 0,
    status: "OPEN",
    frontLots: 0,
    holdAtoms: 0n,
    feeBasisAtoms: 0n,
    feeAtoms: 0n,
  };
}

function countOpen(account: AccountState, instrument: number): number {
  let count = 0;
  for (const order of account.open.values()) if (order.instrument === instrument) count++;
  return count;
}

function nextOrderId(ids: Ids): string {
  return String(++ids.venueOrders);
}
