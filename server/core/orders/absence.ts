/**
 * When "there is no such order" settles an order that nobody has answered for. What a venue's lists and look-ups show
 * lags behind what it has done, by seconds at times: exposure is held until more than one answer says so.
 */
import type { Engine } from "../state.ts";
import { epochOfClientId } from "./clientId.ts";
import type { Order } from "./order.ts";

/** Beyond a request's expiry: a venue's clock and ours need not agree to the millisecond. */
export const ABSENCE_MARGIN_US = 500_000;

/** Two answers so far apart have to agree. No venue is known whose questions lag by more. */
const ABSENCE_APART_US = 3_000_000;

/** Takes an answer of absence to a question of that instant: true when it proves it. The first is kept for the second. */
export function noteAbsence(engine: Engine, order: Order, askedAtUs: number): boolean {
  // Once accepted, by whatever it was learned: it was there, and absence is something else.
  if (order.venueOrderId !== undefined || order.filledLots > 0) return false;
  if (askedAtUs < countsFromUs(engine, order)) return false;
  // Between an earlier run's last request and here lie the desk's absence and a whole request's life, the order is being
  // canceled whatever it is, and the venue is not READY, nor anything placed there, before a list from here on shows
  // nothing of ours. Waiting for a second answer would only keep the desk away for longer.
  if (isOfEarlierRun(engine, order)) return true;
  order.absentAtUs ??= askedAtUs;
  return askedAtUs - order.absentAtUs >= ABSENCE_APART_US;
}

/** The next instant from which on a question may settle more than those before it. */
export function decidesFromUs(engine: Engine, order: Order): number {
  return order.absentAtUs === undefined ? countsFromUs(engine, order) : order.absentAtUs + ABSENCE_APART_US;
}

/** Absent before it: the request may still be on the wire. */
function countsFromUs(engine: Engine, order: Order): number {
  const fromUs = order.requestExpiresAtUs + ABSENCE_MARGIN_US + 1;
  if (!isOfEarlierRun(engine, order)) return fromUs;
  return Math.max(fromUs, engine.state.accounts[order.account]?.strangersUntilUs ?? fromUs);
}

/** An earlier run has placed it, and no venue has said anything of it. */
export function isUnheardOf(engine: Engine, order: Order): boolean {
  return order.venueOrderId === undefined && order.filledLots === 0 && isOfEarlierRun(engine, order);
}

function isOfEarlierRun({ config }: Engine, { clientId }: Order): boolean {
  return (epochOfClientId(clientId, config.deskCode) ?? config.epoch) < config.epoch;
}
