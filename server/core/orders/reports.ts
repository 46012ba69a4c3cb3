/** What a venue says about our orders, into their states. Quantities are always kept; odd statuses are raised. */
import type { Effect } from "../../contract/effects.ts";
import type { VenueRefusal } from "../../contract/reasons.ts";
import type { OrderAmendedEvent, OrderReportEvent, OrderStatusEvent } from "../../contract/events.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { observeStandingEnd } from "../estimate/instrumentEstimates.ts";
import { mayForget, type Retention } from "../retention.ts";
import type { Engine } from "../state.ts";
import { recountTerms, stepsOf } from "../steps.ts";
import { addGhost } from "./ownLevels.ts";
import { anomaly, notice } from "../notices.ts";
import { compareSoon } from "../accounts/questions.ts";
import { noteSecondWriter } from "../accounts/secondWriter.ts";
import { ABSENCE_MARGIN_US, noteAbsence } from "./absence.ts";
import { amendIsSecondOrder, refreshExposure } from "./exposure.ts";
import { fillableLots, isFinal, isQuiet, nextStatus, type Order, type OrderTrigger } from "./order.ts";
import { cancelOrder, queryOrder } from "./requests.ts";

/** An accepted order that a venue denies for this long, by every question there is, has ended there. */
const FORGOTTEN_US = 5_000_000;

/** Until books and answers that were under way at a refusal have arrived; a storm of refusals is a ban. */
const RETRY_AFTER_REFUSAL_US = 100_000;

/** A venue's counters take seconds to fall: who asks sooner keeps them full. */
const RETRY_AFTER_RATE_LIMIT_US = 1_000_000;

/** Ended orders that are kept for late fills and repeated reports: most of a snapshot. */
const ENDED: Retention = { least: 500, withinUs: 300 * MICROS_PER_SECOND, most: 1_000 };

export function applyOrderReport(engine: Engine, event: OrderReportEvent, out: Effect[]): Order | undefined {
  const order = engine.state.orders.get(event.clientId);
  if (order === undefined) {
    noteSecondWriter(engine, event.account, event.clientId, out);
    return undefined;
  }
  if (order.account !== event.account) return undefined;
  switch (event.type) {
    case "orderAccepted":
      applyAccepted(engine, order, event.venueOrderId, out);
      break;
    case "orderRejected":
      move(engine, order, "rejected", out);
      holdBack(engine, order, event.reason);
      break;
    case "orderCanceled":
    case "orderExpired":
      noteFilled(order, event.filledLots);
      move(engine, order, event.type === "orderCanceled" ? "canceled" : "expired", out);
      break;
    case "orderAmended":
      applyAmended(engine, order, event, out);
      break;
    case "amendRejected":
      // The late refusal of an amendment that was settled by asking.
      if (
        event.priceTicks !== undefined &&
        !isPending(order, { priceTicks: event.priceTicks, sizeLots: event.sizeLots ?? 0 })
      )
        break;
      forgetPending(order);
      move(engine, order, "amendRejected", out);
      holdBack(engine, order, event.reason);
      completeIfFilled(engine, order, out);
      if (event.reason === "UNKNOWN_ORDER") doubt(engine, order, "amend", out);
      break;
    case "cancelRejected":
      // Filled, ended or never arrived: why there was nothing to cancel is for the venue to say.
      if (order.status === "PENDING_CANCEL") doubt(engine, order, "cancel", out);
      else move(engine, order, "cancelRejected", out);
      break;
    case "orderUnknown":
      doubt(engine, order, event.request, out);
      break;
    case "orderStatus":
      applyStatus(engine, order, event, out);
      break;
  }
  return order;
}

/** A request came to doubt by itself: not the order alone is asked for, the account is compared as well. */
export function doubt(
  engine: Engine,
  order: Order,
  request: "place" | "amend" | "cancel",
  out: Effect[],
): void {
  const account = engine.state.accounts[order.account];
  if (account !== undefined && order.status !== "UNKNOWN" && !isFinal(order.status))
    compareSoon(engine, account);
  markUnknown(engine, order, request, out);
}

/** Nobody knows what became of the latest request: exposure stays, and the venue is asked. */
export function markUnknown(
  engine: Engine,
  order: Order,
  request: "place" | "amend" | "cancel",
  out: Effect[],
): void {
  if (isFinal(order.status)) return;
  if (order.status !== "UNKNOWN") {
    notice(out, "ORDER_UNKNOWN", order.clientId, `${request} of ${order.clientId} has no known outcome`);
    order.unknownRequest = request;
    order.unknownAtUs = engine.state.nowUs;
  }
  move(engine, order, "unknown", out);
  queryOrder(engine, order, out);
}

/** Which request an order without an answer is waiting for. */
export function pendingRequest(order: Order): "place" | "amend" | "cancel" | undefined {
  switch (order.status) {
    case "PENDING_NEW":
      return "place";
    case "PENDING_AMEND":
      return "amend";
    case "PENDING_CANCEL":
      return "cancel";
    case "OPEN":
    case "PARTIALLY_FILLED":
    case "UNKNOWN":
    case "FILLED":
    case "CANCELED":
    case "REJECTED":
    case "EXPIRED":
      return undefined;
  }
}

function applyAccepted(engine: Engine, order: Order, venueOrderId: string, out: Effect[]): void {
  order.venueOrderId ??= venueOrderId;
  // It answers the placing, not the amendment that nobody knows the outcome of.
  if (order.status === "UNKNOWN" && order.pendingTicks !== undefined) return;
  const wasRejected = order.status === "REJECTED";
  move(engine, order, "accepted", out);
  // Nothing is reserved for it any more: it must not rest.
  if (wasRejected) cancelOrder(engine, order, out);
}

function applyAmended(engine: Engine, order: Order, event: OrderAmendedEvent, out: Effect[]): void {
  // The late answer to an amendment that was settled by asking: it must not undo a later one, nor answer for it.
  if (!isPending(order, event)) return;
  order.venueOrderId = event.venueOrderId;
  restAt(engine, order, event);
  move(engine, order, "amended", out);
  completeIfFilled(engine, order, out);
}

interface Terms {
  readonly priceTicks: number;
  readonly sizeLots: number;
}

/** Whether these are the terms that the amendment under way asked for; a venue may adjust its size, not its price. */
function isPending(order: Order, terms: Terms): boolean {
  if (terms.priceTicks !== order.pendingTicks) return false;
  return terms.priceTicks !== order.priceTicks || terms.sizeLots === order.pendingLots;
}

function applyStatus(engine: Engine, order: Order, event: OrderStatusEvent, out: Effect[]): void {
  if (isFinal(order.status)) return;
  // An answer to a question older than the latest request, or than the doubt, says nothing about it.
  if (event.askedAtUs < Math.max(order.requestedAtUs, order.unknownAtUs ?? 0)) return;
  if (!event.answer.found) {
    if (noteAbsence(engine, order, event.askedAtUs)) resolve(engine, order, "provedAbsent", out);
    else if (isForgotten(order, event)) {
      const text = `${order.clientId} is neither open nor known there any more, and its fills were asked for`;
      anomaly(engine, out, "ORDER_FORGOTTEN", order.clientId, text);
      move(engine, order, "canceled", out);
    }
    return;
  }
  const inst = engine.state.instruments[order.instrument];
  const inForce = inst === undefined ? order.steps : stepsOf(inst);
  const answer = recountTerms(event.answer, event.answer.steps ?? inForce, order.steps);
  order.venueOrderId = answer.venueOrderId;
  noteFilled(order, answer.filledLots);
  switch (answer.status) {
    case "OPEN": {
      // Asked before an amendment's expiry: that may still arrive.
      const settled = event.askedAtUs > order.requestExpiresAtUs + ABSENCE_MARGIN_US;
      const amendOpen = order.pendingTicks !== undefined && !isPending(order, answer) && !settled;
      // Of an order that waits for nothing the reports know more than an answer that may be older than they are.
      if (amendOpen || isQuiet(order.status)) return refreshExposure(engine, order);
      restAt(engine, order, answer);
      resolve(engine, order, "provedOpen", out);
      return completeIfFilled(engine, order, out);
    }
    case "FILLED":
      // Its fills follow; until they are booked the exposure stays.
      return order.filledLots >= answer.filledLots
        ? resolve(engine, order, "fullFill", out)
        : refreshExposure(engine, order);
    case "CANCELED":
      return resolve(engine, order, "canceled", out);
    case "EXPIRED":
      return resolve(engine, order, "expired", out);
    case "REJECTED":
      return resolve(engine, order, "rejected", out);
  }
}

/** Open orders have not shown it for long, the venue does not know it, and all its fills have been told again. */
function isForgotten(
  { missingSinceUs, venueFilledLots, filledLots }: Order,
  { askedAtUs }: OrderStatusEvent,
): boolean {
  return (
    missingSinceUs !== undefined &&
    askedAtUs - missingSinceUs >= FORGOTTEN_US &&
    venueFilledLots <= filledLots
  );
}

/** What the venue counts as filled; more than the size we know proves that the amendment to more was made. */
export function noteFilled(order: Order, venueFilledLots: number): void {
  order.venueFilledLots = Math.max(order.venueFilledLots, venueFilledLots);
  if (order.pendingLots !== undefined && venueFilledLots > order.sizeLots) order.sizeLots = order.pendingLots;
}

/** A request that the venue refused is not repeated at once: the reason is still there. */
function holdBack(engine: Engine, order: Order, reason: VenueRefusal): void {
  const slot = engine.state.instruments[order.instrument]?.slots[order.slot];
  if (slot === undefined) return;
  const waitUs = reason === "RATE_LIMIT" ? RETRY_AFTER_RATE_LIMIT_US : RETRY_AFTER_REFUSAL_US;
  slot.retryAtUs = engine.state.nowUs + waitUs;
  slot.heldFor = reason === "RATE_LIMIT" ? "RATE_LIMIT" : "VENUE_REFUSED";
}

function resolve(engine: Engine, order: Order, trigger: OrderTrigger, out: Effect[]): void {
  if (order.status === "UNKNOWN")
    notice(out, "ORDER_RESOLVED", order.clientId, `the venue answered for ${order.clientId}: ${trigger}`);
  move(engine, order, trigger, out);
}

/** One transition, with what follows from it; an illegal one is an anomaly and leaves the status alone. */
export function move(engine: Engine, order: Order, trigger: OrderTrigger, out: Effect[]): void {
  const before = order.status;
  const next = nextStatus(order, trigger);
  if (next === undefined) {
    anomaly(engine, out, "ILLEGAL_TRANSITION", order.clientId, `${trigger} while ${before}`);
    refreshExposure(engine, order);
    return;
  }
  order.status = next;
  if (next !== "UNKNOWN") {
    order.unknownRequest = undefined;
    order.unknownAtUs = undefined;
  }
  if (isFinal(next) && !isFinal(before)) end(engine, order);
  refreshExposure(engine, order);
}

function end(engine: Engine, order: Order): void {
  const { state } = engine;
  observeStandingEnd(engine, order);
  addGhost(engine, order, order.sizeLots - order.filledLots);
  forgetPending(order);
  order.endedAtUs = state.nowUs;
  state.ended.add(order.clientId);
  for (const oldest of state.ended) {
    const kept = state.orders.get(oldest);
    if (!mayForget(state.ended.size, state.nowUs - (kept?.endedAtUs ?? 0), ENDED)) break;
    // An ended order that still waits for a fill keeps its exposure, and so its place.
    if (kept !== undefined && kept.exposureLots > 0) continue;
    state.ended.delete(oldest);
    state.orders.delete(oldest);
  }
}

/** An amendment that asked for more kept a filled order alive until it was answered. */
function completeIfFilled(engine: Engine, order: Order, out: Effect[]): void {
  const fillable = fillableLots(order, amendIsSecondOrder(engine, order));
  if (!isFinal(order.status) && order.filledLots >= fillable) move(engine, order, "fullFill", out);
}

function restAt(engine: Engine, order: Order, { priceTicks, sizeLots }: Terms): void {
  if (priceTicks !== order.priceTicks) {
    observeStandingEnd(engine, order);
    addGhost(engine, order, order.sizeLots - order.filledLots);
    order.quotedAtUs = engine.state.nowUs;
  }
  order.priceTicks = priceTicks;
  order.sizeLots = sizeLots;
  forgetPending(order);
}

function forgetPending(order: Order): void {
  order.pendingTicks = undefined;
  order.pendingLots = undefined;
}
