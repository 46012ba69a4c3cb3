/**
 * A venue account's way to READY, the same at the first start and after every loss of the private
 * stream: ask for open orders and balances, cancel strays, resolve unknowns, compare.
 */
import type { Effect } from "../../contract/effects.ts";
import type { AccountEvent, BalancesEvent, OpenOrdersEvent } from "../../contract/events.ts";
import type { Steps } from "../../contract/instrument.ts";
import { anomaly, notice } from "../notices.ts";
import { isQuiet } from "../orders/order.ts";
import { ABSENCE_MARGIN_US } from "../orders/absence.ts";
import { markUnknown, noteFilled, pendingRequest } from "../orders/reports.ts";
import { cancelOrder, queryOrder } from "../orders/requests.ts";
import type { AccountState, AccountStatus, Engine, Reconciliation } from "../state.ts";
import { recountTerms, stepsOf } from "../steps.ts";
import { compareBalances } from "./balances.ts";
import { breakText, noteDifferences, observedFor, observeFor } from "./breaks.ts";
import type { Difference } from "./breaks.ts";
import { liveOrders } from "./liveOrders.ts";
import { listedElsewhere, listedWithoutOurs, oursWithoutListed, untoldFills } from "./orderDifferences.ts";
import {
  askAgainUs,
  askForFillsSince,
  compareSoon,
  nextQuestionAtUs,
  reconcileEveryUs,
  VENUE_CLOCK_MARGIN_US,
} from "./questions.ts";
import { requestExpiryUs, updateSeal } from "./seal.ts";
import { noteSecondWriter } from "./secondWriter.ts";
import { cancelStray } from "./strays.ts";

/** A difference of more than a lot that outlasts this many comparisons stops quoting: fills under way explain a first one. */
const MISMATCHES_MAX = 3;

const NOTHING: ReadonlySet<string> = new Set();

export function applyAccountStatus(engine: Engine, event: AccountEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  const isNews = event.halted !== undefined && event.halted !== account.halted;
  account.halted = event.halted;
  if (event.status === "up") return beginReconciliation(engine, account, out);
  if (isNews && account.status === "DEGRADED")
    notice(out, "ACCOUNT_STATUS", account.account, `DEGRADED: ${event.halted}`);
  setStatus(account, "DEGRADED", event.halted ?? "the private stream is lost", out);
  account.reconciliation = undefined;
  observeFor(account, NOTHING);
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
    nextQueryAtUs: nextComparisonAtUs(engine, account, nowUs),
  };
  account.mismatches = 0;
  // What differs has to be found again, among answers to questions from after this.
  observeFor(account, NOTHING);
  setStatus(account, "RECONCILING", "comparing orders and balances with the venue", out);
  askForFills(engine, account, out);
  ask(engine, account, out);
}

/** Before nothing of an earlier life can arrive any more no answer ends it: the first one finds what to cancel. */
function nextComparisonAtUs(engine: Engine, account: AccountState, startedAtUs: number): number {
  const decidesFromUs = account.strangersUntilUs ?? 0;
  return nextQuestionAtUs(engine, account, { sinceUs: Math.max(startedAtUs, decidesFromUs), decidesFromUs });
}

/** What was filled while nobody listened, orders that nobody remembers included. */
function askForFills(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  if (account.agreedAtUs === undefined || nowUs - account.fillsAskedAtUs < askAgainUs(engine, account))
    return;
  account.fillsAskedAtUs = nowUs;
  askForFillsSince(engine, account, account.agreedAtUs - VENUE_CLOCK_MARGIN_US, out);
}

function ask(engine: Engine, account: AccountState, out: Effect[]): void {
  account.comparedAtUs = engine.state.nowUs;
  out.push({ type: "query", what: "openOrders", account: account.index });
  askForBalances(engine, account, out);
}

/**
 * Those that are known only once they decide, as a venue's counter of reads is small; the first ones, which are taken
 * over, at once.
 */
function askForBalances(engine: Engine, account: AccountState, out: Effect[]): void {
  const decide = engine.state.nowUs >= (account.strangersUntilUs ?? 0);
  if (decide || account.agreedAtUs === undefined)
    out.push({ type: "query", what: "balances", account: account.index });
}

/** A venue's counter of reads may have room for a dozen: what was seen to agree is not asked for again. */
function askWhatIsMissing(
  engine: Engine,
  account: AccountState,
  reconciliation: Reconciliation,
  out: Effect[],
): void {
  const { ordersSeen, balancesSeen, startedAtUs } = reconciliation;
  // Unknown orders are asked for one by one: in the list they are looked for at the venue's own pace, and a stop that
  // is under way asks for it itself.
  const isForUnknown = ordersSeen && balancesSeen;
  const isListedForStop = account.seal !== undefined && account.seal.sealedAtUs === undefined;
  reconciliation.nextQueryAtUs = isForUnknown
    ? engine.state.nowUs + askAgainUs(engine, account)
    : nextComparisonAtUs(engine, account, startedAtUs);
  if (!ordersSeen || (isForUnknown && !isListedForStop))
    out.push({ type: "query", what: "openOrders", account: account.index });
  if (!balancesSeen) askForBalances(engine, account, out);
}

export function applyOpenOrders(engine: Engine, event: OpenOrdersEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  const listed = new Set<string>();
  const unknown: Difference[] = [];
  let strays = 0;
  for (const view of event.orders) {
    listed.add(view.clientId);
    const order = engine.state.orders.get(view.clientId);
    // Listed by an answer to a later question than the one that ended it: it rests, and nothing is reserved for it.
    const revived = order?.endedAtUs !== undefined && event.askedAtUs > order.endedAtUs;
    if (order === undefined || revived) {
      strays += cancelStray(engine, account, view, out);
      unknown.push(listedWithoutOurs(engine, view, order));
    } else {
      order.venueOrderId ??= view.venueOrderId;
      const { filledLots } = recountTerms(view, view.steps ?? stepsAt(engine, view.instrument), order.steps);
      noteFilled(order, filledLots);
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
      // In quiet times it is asked for at its own pace; and what was asked as late as the list says as much.
      const isOlder = (order.queriedAtUs ?? 0) < event.askedAtUs;
      if (account.reconciliation !== undefined && isOlder) queryOrder(engine, order, out);
    }
  }
  const elsewhere = (event.elsewhere ?? []).map((order) => listedElsewhere(engine, order));
  for (const { clientId } of event.elsewhere ?? []) noteSecondWriter(engine, account.index, clientId, out);
  // What is ours first: there is no end to what others may have there.
  const differences = [...oursWithoutListed(engine, account), ...unknown, ...elsewhere];
  noteDifferences(engine, account, "order", differences, out);
  noteDifferences(engine, account, "fill", untoldFills(engine, account), out);
  updateSeal(engine, account, event, out);
  const { reconciliation } = account;
  if (reconciliation === undefined || event.askedAtUs < reconciliation.startedAtUs) return;
  // What an earlier life of this desk had put on the wire may arrive until its request expires.
  const strangersGone = event.askedAtUs >= (account.strangersUntilUs ?? Infinity);
  reconciliation.ordersSeen = strays === 0 && strangersGone;
  // One may have filled before its cancel.
  if (strays > 0) reconciliation.balancesSeen = false;
  finishWhenDone(engine, account, out);
}

export function applyBalances(engine: Engine, event: BalancesEvent, out: Effect[]): void {
  const account = accountAt(engine, event.account);
  const { differences, beyondLot } = compareBalances(engine, account, event, out);
  const startedAtUs = account.reconciliation?.startedAtUs;
  if (startedAtUs !== undefined && event.askedAtUs !== undefined && event.askedAtUs < startedAtUs) return;
  const isObserving = observedFor(account).length > 0;
  noteDifferences(engine, account, "balance", differences, out);
  account.mismatches = beyondLot.size === 0 ? 0 : account.mismatches + 1;
  if (beyondLot.size === 0) {
    account.agreedAtUs = event.askedAtUs ?? account.agreedAtUs;
    return applyAgreement(engine, account, { askedAtUs: event.askedAtUs, isObserving }, out);
  }
  askForFills(engine, account, out);
  const { reconciliation } = account;
  if (reconciliation !== undefined) reconciliation.balancesSeen = false;
  else compareSoon(engine, account);
  if (isObserving) return observeFor(account, beyondLot);
  if (account.mismatches < MISMATCHES_MAX) return;
  account.reconciliation = undefined;
  observeFor(account, beyondLot);
  const text = observedFor(account).map(breakText).join("; ");
  anomaly(engine, out, "BALANCE_BREAK", account.account, text);
  setStatus(account, "DEGRADED", "observing only: a balance differs", out);
}

function applyAgreement(
  engine: Engine,
  account: AccountState,
  {
    askedAtUs = Infinity,
    isObserving,
  }: { readonly askedAtUs: number | undefined; readonly isObserving: boolean },
  out: Effect[],
): void {
  // What differed ties out again: the way back is the way in.
  if (isObserving) return beginReconciliation(engine, account, out);
  // Until then what an earlier life of this desk had put on the wire may still move them.
  if (account.reconciliation === undefined || askedAtUs < (account.strangersUntilUs ?? 0)) return;
  account.reconciliation.balancesSeen = true;
  finishWhenDone(engine, account, out);
}

function finishWhenDone(engine: Engine, account: AccountState, out: Effect[]): void {
  const { reconciliation } = account;
  if (reconciliation === undefined || !reconciliation.ordersSeen || !reconciliation.balancesSeen) return;
  if (liveOrders(engine, account).some((order) => order.status === "UNKNOWN")) return;
  account.reconciliation = undefined;
  account.nextPollAtUs = engine.state.nowUs + reconcileEveryUs(engine, account);
  setStatus(account, "READY", "orders and balances agree with the venue", out);
}

/** On the timer: ask again what is still open, finish when the last unknown was resolved, compare now and then. */
export function continueReconciliation(engine: Engine, account: AccountState, out: Effect[]): void {
  const { nowUs } = engine.state;
  const { reconciliation } = account;
  if (reconciliation !== undefined) {
    finishWhenDone(engine, account, out);
    if (account.reconciliation === undefined || nowUs < reconciliation.nextQueryAtUs) return;
    return askWhatIsMissing(engine, account, reconciliation, out);
  }
  const watches = account.status === "READY" || observedFor(account).length > 0;
  if (!watches || nowUs < account.nextPollAtUs) return;
  account.nextPollAtUs = nowUs + reconcileEveryUs(engine, account);
  ask(engine, account, out);
}

function setStatus(account: AccountState, status: AccountStatus, why: string, out: Effect[]): void {
  if (account.status === status) return;
  account.status = status;
  notice(out, "ACCOUNT_STATUS", account.account, `${status}: ${why}`);
}

function stepsAt(engine: Engine, instrument: number): Steps {
  const inst = engine.state.instruments[instrument];
  if (inst === undefined) throw new Error(`an order names instrument ${instrument}: there is none`);
  return stepsOf(inst);
}

function accountAt(engine: Engine, index: number): AccountState {
  const account = engine.state.accounts[index];
  if (account === undefined) throw new Error(`an event names account ${index}: there is none`);
  return account;
}
