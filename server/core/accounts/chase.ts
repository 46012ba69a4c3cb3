/** What the venue owes us: answers to requests, the end of unknown orders, fills that it has only counted. */
import type { Effect } from "../../contract/effects.ts";
import type { Order } from "../orders/order.ts";
import { decidesFromUs } from "../orders/absence.ts";
import { doubt, pendingRequest } from "../orders/reports.ts";
import { queryOrder } from "../orders/requests.ts";
import type { AccountState, Engine } from "../state.ts";
import { askAgainUs, askForFillsSince, compareSoon, RETRY_US, VENUE_CLOCK_MARGIN_US } from "./questions.ts";

/** An order that stays unknown for longer is looked for among the open ones again and again. */
const LONG_UNKNOWN_US = 2_000_000;

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
      chase(engine, account, order, timeOutUs, out);
      if (order.unknownAtUs !== undefined && nowUs - order.unknownAtUs > LONG_UNKNOWN_US)
        compareSoon(engine, account);
      if (order.venueFilledLots > order.filledLots || isFilledAway(account, order))
        missingFillsSinceUs = Math.min(missingFillsSinceUs, order.placedAtUs);
      else if (isFilledPerhaps(account, order))
        missingFillsSinceUs = Math.min(missingFillsSinceUs, unbookedFromUs(account, order));
    }
  }
  if (missingFillsSinceUs === Infinity || nowUs - account.fillsAskedAtUs < askAgainUs(engine, account))
    return;
  account.fillsAskedAtUs = nowUs;
  askForFillsSince(engine, account, missingFillsSinceUs, out);
}

function chase(engine: Engine, account: AccountState, order: Order, timeOutUs: number, out: Effect[]): void {
  const { nowUs } = engine.state;
  const request = pendingRequest(order);
  if (request !== undefined && nowUs - order.requestedAtUs >= timeOutUs) doubt(engine, order, request, out);
  else if (order.status === "UNKNOWN" && isAskedAgain(engine, account, order)) queryOrder(engine, order, out);
}

/** Off the list of what is open since fills were last asked for. After that the answer to its own question tells. */
function isFilledAway({ fillsAskedAtUs }: AccountState, { missingSinceUs, venueOrderId }: Order): boolean {
  return missingSinceUs !== undefined && venueOrderId !== undefined && missingSinceUs > fillsAskedAtUs;
}

/** In doubt since the venue was last asked for fills, at a venue that can be asked. */
function isFilledPerhaps({ status, fillsAskedAtUs }: AccountState, { unknownAtUs }: Order): boolean {
  if (status !== "READY" && status !== "RECONCILING") return false;
  return unknownAtUs !== undefined && unknownAtUs > fillsAskedAtUs;
}

/** Every fill from before balances last agreed is booked. */
function unbookedFromUs({ agreedAtUs }: AccountState, { placedAtUs }: Order): number {
  return Math.max(placedAtUs, (agreedAtUs ?? 0) - VENUE_CLOCK_MARGIN_US);
}

/** Absence is settled by questions from certain instants on: those do not wait for their turn. */
function isAskedAgain(engine: Engine, account: AccountState, order: Order): boolean {
  const { nowUs } = engine.state;
  const askedAtUs = order.queriedAtUs ?? 0;
  const fromUs = decidesFromUs(engine, order);
  if (askedAtUs < fromUs && nowUs >= fromUs) return nowUs - askedAtUs >= RETRY_US;
  return nowUs - askedAtUs >= askAgainUs(engine, account);
}
