/** Deterministic client order ids: role letter, desk code (3), run epoch (4), counter (7), base 36. */
import type { OrderRole } from "./order.ts";

const EPOCH_DIGITS = 4;
const COUNTER_DIGITS = 7;
const ROLE_LETTER: { readonly [R in OrderRole]: string } = { quote: "q", reduce: "r", hedge: "h" };

export function clientIdOf(role: OrderRole, deskCode: string, epoch: number, counter: number): string {
  if (counter >= 36 ** COUNTER_DIGITS) throw new RangeError("order counter of this run epoch is used up");
  return `${ROLE_LETTER[role]}${deskCode}${base36(epoch, EPOCH_DIGITS)}${base36(counter, COUNTER_DIGITS)}`;
}

function base36(value: number, digits: number): string {
  return value.toString(36).padStart(digits, "0");
}

/** The run epoch of an id that carries our desk code; undefined for anyone else's. */
export function epochOfClientId(clientId: string, deskCode: string): number | undefined {
  return isOfDesk(clientId, deskCode) ? Number.parseInt(clientId.slice(4, 4 + EPOCH_DIGITS), 36) : undefined;
}

/** How many orders that run had placed with it; undefined for anyone else's. */
export function counterOfClientId(clientId: string, deskCode: string): number | undefined {
  return isOfDesk(clientId, deskCode) ? Number.parseInt(clientId.slice(4 + EPOCH_DIGITS), 36) : undefined;
}

function isOfDesk(clientId: string, deskCode: string): boolean {
  return /^[a-z][0-9a-z]{14}$/.test(clientId) && clientId.slice(1, 4) === deskCode;
}
