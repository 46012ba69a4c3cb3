/** Requests of an account: place and cancel (amend.ts has the third). What is refused leaves everything as it was. */
import type { CancelEffect } from "../../contract/effects.ts";
import type { VenueRefusal } from "../../contract/reasons.ts";
import type { PlaceRequest } from "../ports.ts";
import { findOrder } from "./account.ts";
import type { AccountState, VenueOrder } from "./account.ts";
import { checkRules, wouldTake } from "./admission.ts";
import { letIn, reserve } from "./arrival.ts";
import { cancelOrder, moneyOf } from "./execution.ts";
import type { Call } from "./execution.ts";
import { publishChanges } from "./feed.ts";
import type { InstrumentMarket } from "./market.ts";
import { buyHold, holdNeeded } from "./settlement.ts";
import { planTake, valueOf } from "./takePlan.ts";
import type { TakePlan } from "./takePlan.ts";

/** Open orders of one instrument, as Binance limits them; it also bounds what a level's queue is searched for. */
const OPEN_ORDERS_MAX = 200;

/** Counters of what the venue numbers over all its accounts. */
export interface Ids {
  venueOrders: number;
  treasury: number;
}

export function placeOrder(market: InstrumentMarket, placed: PlaceRequest, ids: Ids, call: Call): void {
  const { account } = market;
  const { clientId } = placed;
  const reject = (reason: VenueRefusal): void =>
    call.output.private(account.index, { type: "orderRejected", clientId, reason });
  const plan =
    placed.timeInForce === "POST_ONLY"
      ? undefined
      : planTake(market, { ...placed, limitTicks: placed.priceTicks });
  // From here on a market order is one with the worst price that it walks to for its limit.
  const priceTicks = placed.priceTicks ?? plan?.levels.at(-1)?.priceTicks;
  const reason = refusePlace(market, placed, priceTicks, call.atUs);
  if (reason !== undefined) return reject(reason);
  if (priceTicks === undefined) return reject("NO_LIQUIDITY");
  const order = newOrder(placed, priceTicks, call.atUs);
  if (!reserve(market, order, holdFor(market, placed, order, plan))) return reject("INSUFFICIENT_FUNDS");

  order.venueOrderId = nextOrderId(ids);
  account.open.set(clientId, order);
  account.clientIds.set(order.venueOrderId, clientId);
  const { venueOrderId } = order;
  call.output.private(account.index, { type: "orderAccepted", clientId, venueOrderId });
  letIn(market, order, plan, call);
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

export function newOrder(placed: PlaceRequest, priceTicks: number, atUs: number): VenueOrder {
  const { clientId, instrument, side, timeInForce, selfTrade, sizeLots } = placed;
  return {
    clientId,
    instrument,
    side,
    timeInForce,
    selfTrade,
    venueOrderId: "",
    priceTicks,
    sizeLots,
    filledLots: 0,
    filledTickLots: 0n,
    createdAtUs: atUs,
    updatedAtUs: atUs,
    status: "ARRIVING",
    frontLots: 0,
    holdAtoms: 0n,
    feeParts: 0n,
    feeAtoms: 0n,
  };
}

export function nextOrderId(ids: Ids): string {
  return String(++ids.venueOrders);
}

function refusePlace(
  market: InstrumentMarket,
  placed: PlaceRequest,
  priceTicks: number | undefined,
  atUs: number,
): VenueRefusal | undefined {
  const { account } = market;
  const { clientId, side, sizeLots, timeInForce } = placed;
  if (atUs > placed.requestExpiresAtUs) return "EXPIRED_REQUEST";
  if (findOrder(account, clientId) !== undefined) return "DUPLICATE_ID";
  const broken = checkRules(market, { priceTicks, sizeLots });
  if (broken !== undefined) return broken;
  if (countOpen(account, market.instrument) >= OPEN_ORDERS_MAX) return "OTHER";
  if (timeInForce !== "POST_ONLY") return undefined;
  return wouldTake(market, side, placed.priceTicks) ? "POST_ONLY_WOULD_TAKE" : undefined;
}

/** A market buy has no price to reckon with: it sets aside what the orders that it meets will cost. */
function holdFor(
  market: InstrumentMarket,
  placed: PlaceRequest,
  order: VenueOrder,
  plan: TakePlan | undefined,
): bigint {
  const money = moneyOf(market);
  if (placed.priceTicks === undefined && plan !== undefined && placed.side === "buy")
    return buyHold(market.account, order, valueOf(plan, money));
  return holdNeeded(market.account, money, order);
}

function countOpen(account: AccountState, instrument: number): number {
  let count = 0;
  for (const order of account.open.values()) if (order.instrument === instrument) count++;
  return count;
}
