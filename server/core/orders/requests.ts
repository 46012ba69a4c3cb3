/** Requests to the venue: the only places where an order effect is made and an order's life begins or turns. */
import type { Effect } from "../../contract/effects.ts";
import type { ApprovedOrder } from "../risk/gate.ts";
import { fillsRememberedFromUs, holdFillsSince } from "../accounts/questions.ts";
import { reopenSeal } from "../accounts/seal.ts";
import type { Engine } from "../state.ts";
import { stepsOf } from "../steps.ts";
import { decidesFromUs, isUnheardOf } from "./absence.ts";
import { clientIdOf } from "./clientId.ts";
import { refreshExposure } from "./exposure.ts";
import { nextStatus, type Order } from "./order.ts";
import { countRequest } from "./pace.ts";

export function placeOrder(engine: Engine, approved: ApprovedOrder, slot: number, out: Effect[]): Order {
  const { state, config } = engine;
  const inst = state.instruments[approved.instrument];
  const expiryMs = inst === undefined ? undefined : config.accounts[inst.account]?.requestExpiryMs;
  if (inst === undefined || expiryMs === undefined) throw new Error("an approved order names no instrument");
  state.orderCounter += 1;
  state.counts.orders += 1;
  const order: Order = {
    clientId: clientIdOf(approved.role, config.deskCode, config.epoch, state.orderCounter),
    role: approved.role,
    account: inst.account,
    instrument: approved.instrument,
    side: approved.side,
    steps: stepsOf(inst),
    slot,
    status: "PENDING_NEW",
    venueOrderId: undefined,
    priceTicks: approved.priceTicks,
    sizeLots: approved.sizeLots,
    filledLots: 0,
    venueFilledLots: 0,
    pendingTicks: undefined,
    pendingLots: undefined,
    pendingFromLots: 0,
    unknownRequest: undefined,
    unknownAtUs: undefined,
    missingSinceUs: undefined,
    absentAtUs: undefined,
    placedAtUs: state.nowUs,
    cancelAskedAtUs: undefined,
    requestedAtUs: state.nowUs,
    requestExpiresAtUs: state.nowUs + expiryMs * 1_000,
    quotedAtUs: state.nowUs,
    queriedAtUs: undefined,
    endedAtUs: undefined,
    exposureLots: 0,
    heldAtoms: 0n,
  };
  state.orders.set(order.clientId, order);
  noteExpiry(engine, order);
  countRequest(engine, inst, "place", 0);
  refreshExposure(engine, order);
  out.push({
    type: "place",
    account: order.account,
    instrument: order.instrument,
    clientId: order.clientId,
    side: order.side,
    priceTicks: order.priceTicks,
    sizeLots: order.sizeLots,
    steps: order.steps,
    timeInForce: order.role === "quote" ? "POST_ONLY" : "IOC",
    selfTrade: order.role === "quote" ? "EXPIRE_TAKER" : "EXPIRE_MAKER",
    requestExpiresAtUs: order.requestExpiresAtUs,
  });
  return order;
}

/** Changes the order that the approval names as the one it amends. */
export function amendOrder(engine: Engine, approved: ApprovedOrder, out: Effect[]): void {
  const { state, config } = engine;
  const order = approved.amends;
  const expiryMs = order === undefined ? undefined : config.accounts[order.account]?.requestExpiryMs;
  if (order === undefined || expiryMs === undefined) throw new Error("an approved amendment names no order");
  const status = nextStatus(order, "amendSent");
  if (status === undefined)
    throw new Error(`order ${order.clientId} is ${order.status}: it cannot be amended`);
  order.status = status;
  order.pendingTicks = approved.priceTicks;
  order.pendingLots = approved.sizeLots;
  order.pendingFromLots = order.filledLots;
  order.requestedAtUs = state.nowUs;
  order.requestExpiresAtUs = state.nowUs + expiryMs * 1_000;
  noteExpiry(engine, order);
  noteChange(engine, order, "amend");
  refreshExposure(engine, order);
  out.push({
    type: "amend",
    account: order.account,
    instrument: order.instrument,
    clientId: order.clientId,
    priceTicks: approved.priceTicks,
    sizeLots: approved.sizeLots,
    steps: order.steps,
    requestExpiresAtUs: order.requestExpiresAtUs,
  });
}

/** Never refused: whatever the order's state, the venue may be asked to cancel it. */
export function cancelOrder(engine: Engine, order: Order, out: Effect[]): void {
  const status = nextStatus(order, "cancelSent");
  order.cancelAskedAtUs = engine.state.nowUs;
  noteChange(engine, order, "cancel");
  // Of an unknown order the doubt is older than this request: answers to questions asked before it still count.
  if (status !== undefined && status !== "UNKNOWN") {
    order.status = status;
    order.requestedAtUs = engine.state.nowUs;
    refreshExposure(engine, order);
  }
  out.push({
    type: "cancel",
    account: order.account,
    instrument: order.instrument,
    clientId: order.clientId,
  });
}

/** Of an order that an earlier run has placed, and that nobody has heard of, not before the answer may settle it. */
export function queryOrder(engine: Engine, order: Order, out: Effect[]): void {
  // Where it has arrived all the same, the list of open orders and that of trades say so.
  if (isUnheardOf(engine, order) && engine.state.nowUs < decidesFromUs(engine, order)) return;
  order.queriedAtUs = engine.state.nowUs;
  const { account, clientId, instrument, venueOrderId, placedAtUs } = order;
  const state = engine.state.accounts[account];
  const fillsSinceUs = state === undefined ? 0 : fillsRememberedFromUs(state);
  if (state !== undefined) holdFillsSince(engine, state, Math.max(placedAtUs, fillsSinceUs));
  const named = { account, clientId, instrument, venueOrderId };
  out.push({ type: "query", what: "order", ...named, placedAtUs, fillsSinceUs });
}

function noteExpiry(engine: Engine, order: Order): void {
  const account = engine.state.accounts[order.account];
  if (account === undefined) return;
  account.lastExpiryAtUs = Math.max(account.lastExpiryAtUs, order.requestExpiresAtUs);
  if (account.seal !== undefined) reopenSeal(account.seal, account.lastExpiryAtUs);
}

function noteChange(engine: Engine, order: Order, kind: "amend" | "cancel"): void {
  const inst = engine.state.instruments[order.instrument];
  if (inst !== undefined) countRequest(engine, inst, kind, engine.state.nowUs - order.quotedAtUs);
}
