/** What the venue owes us: answers to requests, the end of unknown orders, fills that it has only counted. */
import type { Effect } from "../../contract/effects.ts";
import type { Order } from "../orders/order.ts";
import { ABSENCE_MARGIN_US, markUnknown, pendingRequest } from "../orders/reports.ts";
import { queryOrder } from "../orders/requests.ts";
import type { AccountState, Engine } from "../state.ts";
import { askAgainUs, askForFillsSince, compareSoon, RETRY_US } from "./questions.ts";

/** An order that stays unknown for longer is looked for among the open ones too. */
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
      if (order.venueFilledLots > order.filledLots || order.missingSinceUs !== undefined)
        missingFillsSinceUs = Math.min(missingFillsSinceUs, order.placedAtUs);
    }
  }
  if (missingFillsSinceUs === Infinity || nowUs - account.fillsAskedAtUs < askAgainUs(engine, account))
    return;
  account.fillsAskedAtUs = nowUs;
  askForFillsSince(account, missingFillsSinceUs, out);
}

function chase(engine: Engine, account: AccountState, order: Order, timeOutUs: number, out: Effect[]): void {
  const { nowUs } = engine.state;
  const request = pendingRequest(order);
  if (request !== undefined && nowUs - order.requestedAtUs >= timeOutUs)
    markUnknown(engine, order, request, out);
  else if (order.status === "UNKNOWN" && isAskedAgain(engine, account, order)) queryOrder(engine, order, out);
}

/** What is not found is not there only from the request's expiry on: that question does not wait for its turn. */
function isAskedAgain(engine: Engine, account: AccountState, order: Order): boolean {
  const { nowUs } = engine.state;
  const askedAtUs = order.queriedAtUs ?? 0;
  const provesFromUs = order.requestExpiresAtUs + ABSENCE_MARGIN_US;
  if (askedAtUs <= provesFromUs && nowUs > provesFromUs) return nowUs - askedAtUs >= RETRY_US;
  return nowUs - askedAtUs >= askAgainUs(engine, account);
}
