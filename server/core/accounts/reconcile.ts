/**
 * A venue account's way to READY, the same at the first start and after every loss of the private
 * stream: ask for open orders and balances, cancel strays, resolve unknowns, compare.
 */
import type { Effect } from "../../contract/effects.ts";
import type { AccountEvent, BalancesEvent, OpenOrdersEvent, OpenOrderView } from "../../contract/events.ts";
import { scaledToDecimal } from "../decimal.ts";
import { openHolding } from "../ledger/inventory.ts";
import { anomaly, notice } from "../notices.ts";
import { epochOfClientId } from "../orders/clientId.ts";
import { isQuiet, type Order } from "../orders/order.ts";
import { ABSENCE_MARGIN_US, markUnknown, noteFilled, pendingRequest } from "../orders/reports.ts";
import { cancelOrder, queryOrder } from "../orders/requests.ts";
import { isLatched, writeState } from "../risk/tradingState.ts";
import type { AccountState, AccountStatus, Engine } from "../state.ts";
import { liveOrders } from "./liveOrders.ts";
import { beginSeal, reopenSeal, requestExpiryUs, RETRY_US, updateSeal } from "./seal.ts";

/** A difference of balances that outlasts this many comparisons is a break: fills under way explain a first one. */
const MISMATCHES_MAX = 3;

/** In quiet times, and while a break stands: a lost report or a foreign hand shows within this. */
const POLL_US = 5_000_000;

/** A venue stamps its fills by a clock of its own. */
const VENUE_CLOCK_MARGIN_US = 10_000_000;

/** An order that stays unknown for longer is looked for among the open ones too. */
const LONG_UNKNOWN_US = 2_000_000;

export function applyAccountStatus(engine: Engine, event: AccountEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  if (event.status === "up") return beginReconciliation(engine, account, out);
  setStatus(account, "DEGRADED", "the private stream is lost", out);
  account.reconciliation = undefined;
  account.brokenBy = undefined;
  for (const order of liveOrders(engine, account)) {
    markUnknown(engine, order, pendingRequest(order) ?? "place", out);
    // Requests may still pass where reports do not: nothing is left resting that nobody can watch.
    cancelOrder(engine, order, out);
  }
}

export function beginReconciliation(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  account.strangersUntilUs ??= nowUs + requestExpiryUs(engine, account) + ABSENCE_MARGIN_US;
  account.reconciliation = {
    startedAtUs: nowUs,
    ordersSeen: false,
    balancesSeen: false,
    nextQueryAtUs: nowUs + RETRY_US,
  };
  account.mismatches = 0;
  account.brokenBy = undefined;
  setStatus(account, "RECONCILING", "comparing orders and balances with the venue", out);
  askForFills(engine, account, out);
  ask(account, out);
}

/** What was filled while nobody listened, orders that nobody remembers included. */
function askForFills(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  if (account.agreedAtUs === undefined || nowUs - account.fillsAskedAtUs < RETRY_US) return;
  account.fillsAskedAtUs = nowUs;
  askForFillsSince(account, account.agreedAtUs - VENUE_CLOCK_MARGIN_US, out);
}

/** Not from before what is remembered: a fill that is told twice must be known as one. */
function askForFillsSince({ index, fillsForgottenToUs }: AccountState, atUs: number, out: Effect[]): void {
  const rememberedFromUs = fillsForgottenToUs === 0 ? 0 : fillsForgottenToUs + VENUE_CLOCK_MARGIN_US;
  out.push({ type: "query", what: "fills", account: index, sinceUs: Math.max(atUs, rememberedFromUs) });
}

function ask(account: AccountState, out: Effect[]): void {
  out.push({ type: "query", what: "openOrders", account: account.index });
  out.push({ type: "query", what: "balances", account: account.index });
}

export function applyOpenOrders(engine: Engine, event: OpenOrdersEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  const listed = new Set<string>();
  let strays = 0;
  for (const view of event.orders) {
    listed.add(view.clientId);
    const order = engine.state.orders.get(view.clientId);
    // Listed by an answer to a later question than the one that ended it: it rests, and nothing is reserved for it.
    const revived = order?.endedAtUs !== undefined && event.askedAtUs > order.endedAtUs;
    if (order === undefined || revived) strays += cancelStray(engine, account, view, out);
    else {
      order.venueOrderId ??= view.venueOrderId;
      noteFilled(order, view.filledLots);
      order.missingSinceUs = undefined;
    }
  }
  for (const order of liveOrders(engine, account)) {
    // Only what had arrived when the question was asked can be missed by the answer: what rests, or has expired.
    const arrivedAtUs = isQuiet(order.status) ? order.requestedAtUs : order.requestExpiresAtUs;
    if (!listed.has(order.clientId) && event.askedAtUs >= arrivedAtUs && order.status !== "UNKNOWN")
      markUnknown(engine, order, pendingRequest(order) ?? "place", out);
    else if (order.status === "UNKNOWN") {
      if (!listed.has(order.clientId) && event.askedAtUs > order.requestExpiresAtUs + ABSENCE_MARGIN_US)
        order.missingSinceUs ??= event.askedAtUs;
      queryOrder(engine, order, out);
    }
  }
  updateSeal(engine, account, event, out);
  const { reconciliation } = account;
  if (reconciliation === undefined || event.askedAtUs < reconciliation.startedAtUs) return;
  // What an earlier life of this desk had put on the wire may arrive until its request expires.
  const strangersGone = event.askedAtUs >= (account.strangersUntilUs ?? Infinity);
  reconciliation.ordersSeen = strays === 0 && strangersGone;
  finishWhenDone(engine, account, out);
}

/** Whatever carries our desk code is ours to cancel; a run epoch that we never issued is a second writer. */
function cancelStray(engine: Engine, account: AccountState, view: OpenOrderView, out: Effect[]): number {
  const { config } = engine;
  const epoch = epochOfClientId(view.clientId, config.deskCode);
  if (epoch === undefined) return 0;
  if (epoch > config.epoch) {
    anomaly(
      engine,
      out,
      "SECOND_WRITER",
      account.account,
      `${view.clientId} was placed by a later run of this desk`,
    );
    disarm(engine, `${view.clientId} shows a second writer`, out);
  } else notice(out, "STRAY_ORDER", account.account, `${view.clientId} is cancelled`);
  out.push({ type: "cancel", account: account.index, instrument: view.instrument, clientId: view.clientId });
  if (account.seal?.sealedAtUs !== undefined) reopenSeal(account.seal, account.lastExpiryAtUs);
  return 1;
}

/** Without an operator: what is latched already stays as it is. */
function disarm(engine: Engine, why: string, out: Effect[]): void {
  const before = engine.state.trading.desk;
  if (isLatched(before)) return;
  writeState(engine, { level: "desk" }, "DISARMED");
  notice(out, "TRADING_STATE", "desk", `${before} → DISARMED: ${why}`);
  for (const account of engine.state.accounts) beginSeal(engine, account, out);
}

export function applyBalances(engine: Engine, event: BalancesEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  const reported = new Map(event.balances.map((balance) => [balance.asset, balance.totalAtoms]));
  let broken: string | undefined;
  for (const holding of account.holdings.values()) {
    const total = reported.get(holding.asset) ?? 0n;
    if (holding.balanceAtoms === undefined) openHolding(engine, account.index, holding, total, out);
    else if (exceedsOneLot(engine, account, holding.asset, total - holding.balanceAtoms)) {
      const ours = scaledToDecimal(holding.balanceAtoms, holding.decimals);
      broken = `${holding.asset}: venue ${scaledToDecimal(total, holding.decimals)}, ours ${ours}`;
    }
  }
  const startedAtUs = account.reconciliation?.startedAtUs;
  if (startedAtUs !== undefined && event.askedAtUs !== undefined && event.askedAtUs < startedAtUs) return;
  account.mismatches = broken === undefined ? 0 : account.mismatches + 1;
  if (broken === undefined) {
    account.agreedAtUs = event.askedAtUs ?? account.agreedAtUs;
    return applyAgreement(engine, account, out);
  }
  askForFills(engine, account, out);
  const { reconciliation } = account;
  if (reconciliation !== undefined) reconciliation.balancesSeen = false;
  else account.nextPollAtUs = Math.min(account.nextPollAtUs, engine.state.nowUs + RETRY_US);
  if (account.mismatches < MISMATCHES_MAX || account.brokenBy !== undefined) return;
  account.reconciliation = undefined;
  account.brokenBy = broken;
  anomaly(engine, out, "BALANCE_BREAK", account.account, broken);
  setStatus(account, "DEGRADED", "observing only: a balance differs", out);
}

function applyAgreement(engine: Engine, account: AccountState, out: Effect[]): void {
  // What differed ties out again: the way back is the way in.
  if (account.brokenBy !== undefined) return beginReconciliation(engine, account, out);
  if (account.reconciliation === undefined) return;
  account.reconciliation.balancesSeen = true;
  finishWhenDone(engine, account, out);
}

/** A break is more than one lot of a traded base asset, or more than a lot's worth of a quote asset. */
function exceedsOneLot(
  engine: Engine,
  account: AccountState,
  asset: string,
  differenceAtoms: bigint,
): boolean {
  const size = differenceAtoms < 0n ? -differenceAtoms : differenceAtoms;
  if (size === 0n) return false;
  return engine.state.instruments.some((inst) => {
    if (inst.account !== account.index) return false;
    if (inst.definition.base === asset) return size > inst.baseAtomsPerLot;
    if (inst.definition.quote !== asset) return false;
    return size > BigInt(inst.external.askTicks ?? 1) * inst.quoteAtomsPerTickLot;
  });
}

function finishWhenDone(engine: Engine, account: AccountState, out: Effect[]): void {
  const { reconciliation } = account;
  if (reconciliation === undefined || !reconciliation.ordersSeen || !reconciliation.balancesSeen) return;
  if (liveOrders(engine, account).some((order) => order.status === "UNKNOWN")) return;
  account.reconciliation = undefined;
  account.nextPollAtUs = engine.state.nowUs + POLL_US;
  setStatus(account, "READY", "orders and balances agree with the venue", out);
}

/** On the timer: ask again what is still open, finish when the last unknown was resolved, compare now and then. */
export function continueReconciliation(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  const { reconciliation } = account;
  if (reconciliation !== undefined) {
    finishWhenDone(engine, account, out);
    if (account.reconciliation === undefined || nowUs < reconciliation.nextQueryAtUs) return;
    reconciliation.nextQueryAtUs = nowUs + RETRY_US;
    return ask(account, out);
  }
  const watches = account.status === "READY" || account.brokenBy !== undefined;
  if (!watches || nowUs < account.nextPollAtUs) return;
  account.nextPollAtUs = nowUs + POLL_US;
  ask(account, out);
}

/** On the timer: requests without an answer become UNKNOWN, unknown orders and missing fills are asked for again. */
export function chaseAnswers(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs, instruments, orders } = engine.state;
  let missingFillsSinceUs = Infinity;
  for (const inst of instruments) {
    if (inst.account !== account.index) continue;
    const timeOutUs = inst.params.unknownAfterMs * 1e3;
    for (const id of inst.live) {
      const order = orders.get(id);
      if (order === undefined) continue;
      chase(engine, order, timeOutUs, out);
      if (order.unknownAtUs !== undefined && nowUs - order.unknownAtUs > LONG_UNKNOWN_US)
        account.nextPollAtUs = Math.min(account.nextPollAtUs, nowUs + RETRY_US);
      if (order.venueFilledLots > order.filledLots || order.missingSinceUs !== undefined)
        missingFillsSinceUs = Math.min(missingFillsSinceUs, order.placedAtUs);
    }
  }
  if (missingFillsSinceUs === Infinity || nowUs - account.fillsAskedAtUs < RETRY_US) return;
  account.fillsAskedAtUs = nowUs;
  askForFillsSince(account, missingFillsSinceUs, out);
}

function chase(engine: Engine, order: Order, timeOutUs: number, out: Effect[]): void {
  const { nowUs } = engine.state;
  const request = pendingRequest(order);
  if (request !== undefined && nowUs - order.requestedAtUs >= timeOutUs)
    markUnknown(engine, order, request, out);
  else if (order.status === "UNKNOWN" && nowUs - (order.queriedAtUs ?? 0) >= RETRY_US)
    queryOrder(engine, order, out);
}

function setStatus(account: AccountState, status: AccountStatus, why: string, out: Effect[]): void {
  if (account.status === status) return;
  account.status = status;
  notice(out, "ACCOUNT_STATUS", account.account, `${status}: ${why}`);
}

function accountAt(engine: Engine, index: number): AccountState {
  const account = engine.state.accounts[index];
  if (account === undefined) throw new Error(`an event names account ${index}: there is none`);
  return account;
}
