/**
 * One order's life. The status moves only through `nextStatus`; a pair that is not in its table is
 * refused and raised as an anomaly, and what the venue said about quantity is booked all the same.
 */
import type { Steps } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";

export const ORDER_STATUSES = [
  "PENDING_NEW",
  "OPEN",
  "PARTIALLY_FILLED",
  "PENDING_AMEND",
  "PENDING_CANCEL",
  "UNKNOWN",
  "FILLED",
  "CANCELED",
  "REJECTED",
  "EXPIRED",
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** What an order is for: to rest, to bring a venue back to its baseline, or to take off aggregate inventory. */
export type OrderRole = "quote" | "reduce" | "hedge";

export interface Order {
  readonly clientId: string;
  readonly role: OrderRole;
  readonly account: number;
  readonly instrument: number;
  readonly side: Side;
  /** What its ticks and lots are counted in for good: the instrument may go on to others when it has ended. */
  readonly steps: Steps;
  readonly slot: number;
  status: OrderStatus;
  venueOrderId: string | undefined;
  priceTicks: number;
  sizeLots: number;
  /** What our fill ledger holds. */
  filledLots: number;
  /** What the venue said is filled; more than ours while a fill is still under way. */
  venueFilledLots: number;
  /** The other half of an amendment without an answer. */
  pendingTicks: number | undefined;
  pendingLots: number | undefined;
  /** What was filled when the amendment left: where it is a second order, that one was sized by it. */
  pendingFromLots: number;
  /** The request whose outcome is UNKNOWN, and since when: older questions have older answers. */
  unknownRequest: "place" | "amend" | "cancel" | undefined;
  unknownAtUs: number | undefined;
  /** Since when open orders have not shown it, though it should rest. */
  missingSinceUs: number | undefined;
  /** The question that the venue first answered with "there is none" though the request had expired. */
  absentAtUs: number | undefined;
  readonly placedAtUs: number;
  cancelAskedAtUs: number | undefined;
  /** When the latest request left, and when the venue must have refused it at the latest. */
  requestedAtUs: number;
  requestExpiresAtUs: number;
  /** When the resting price was last set. */
  quotedAtUs: number;
  queriedAtUs: number | undefined;
  endedAtUs: number | undefined;
  /** Worst case that this order still adds on its side, and what it holds of a balance. */
  exposureLots: number;
  heldAtoms: bigint;
}

export type OrderTrigger =
  | "accepted"
  | "rejected"
  | "partialFill"
  | "fullFill"
  | "canceled"
  | "expired"
  | "amendSent"
  | "amended"
  | "amendRejected"
  | "cancelSent"
  | "cancelRejected"
  | "unknown"
  | "provedOpen"
  | "provedAbsent";

const FINAL: ReadonlySet<OrderStatus> = new Set(["FILLED", "CANCELED", "REJECTED", "EXPIRED"]);

export function isFinal(status: OrderStatus): boolean {
  return FINAL.has(status);
}

/** Resting at the venue as far as we know, with no request under way. */
export function isQuiet(status: OrderStatus): boolean {
  return status === "OPEN" || status === "PARTIALLY_FILLED";
}

/** "OPEN" in this table stands for OPEN or PARTIALLY_FILLED, by what is filled. */
const TABLE: { readonly [S in OrderStatus]: { readonly [T in OrderTrigger]?: OrderStatus } } = {
  PENDING_NEW: {
    accepted: "OPEN",
    rejected: "REJECTED",
    partialFill: "PARTIALLY_FILLED",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    cancelSent: "PENDING_CANCEL",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
    provedAbsent: "REJECTED",
  },
  OPEN: {
    accepted: "OPEN",
    partialFill: "PARTIALLY_FILLED",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    amendSent: "PENDING_AMEND",
    amended: "OPEN",
    cancelSent: "PENDING_CANCEL",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
  },
  PARTIALLY_FILLED: {
    accepted: "PARTIALLY_FILLED",
    partialFill: "PARTIALLY_FILLED",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    amendSent: "PENDING_AMEND",
    amended: "OPEN",
    cancelSent: "PENDING_CANCEL",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
  },
  PENDING_AMEND: {
    accepted: "PENDING_AMEND",
    partialFill: "PENDING_AMEND",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    amended: "OPEN",
    amendRejected: "OPEN",
    cancelSent: "PENDING_CANCEL",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
  },
  PENDING_CANCEL: {
    accepted: "PENDING_CANCEL",
    rejected: "REJECTED",
    partialFill: "PENDING_CANCEL",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    // An amendment that was under way when the cancel left: its answer changes price and size only.
    amended: "PENDING_CANCEL",
    amendRejected: "PENDING_CANCEL",
    cancelRejected: "UNKNOWN",
    cancelSent: "PENDING_CANCEL",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
  },
  UNKNOWN: {
    accepted: "OPEN",
    rejected: "REJECTED",
    partialFill: "UNKNOWN",
    fullFill: "FILLED",
    canceled: "CANCELED",
    expired: "EXPIRED",
    amended: "OPEN",
    amendRejected: "UNKNOWN",
    cancelRejected: "UNKNOWN",
    cancelSent: "UNKNOWN",
    unknown: "UNKNOWN",
    provedOpen: "OPEN",
    provedAbsent: "REJECTED",
  },
  // A late answer to an order that has ended changes nothing; a late fill may still complete it.
  FILLED: {
    accepted: "FILLED",
    canceled: "FILLED",
    cancelRejected: "FILLED",
    amendRejected: "FILLED",
    unknown: "FILLED",
  },
  CANCELED: {
    accepted: "CANCELED",
    partialFill: "CANCELED",
    fullFill: "FILLED",
    canceled: "CANCELED",
    cancelRejected: "CANCELED",
    amendRejected: "CANCELED",
    unknown: "CANCELED",
  },
  REJECTED: {
    partialFill: "REJECTED",
    fullFill: "FILLED",
    rejected: "REJECTED",
    cancelRejected: "REJECTED",
    unknown: "REJECTED",
  },
  EXPIRED: {
    accepted: "EXPIRED",
    partialFill: "EXPIRED",
    fullFill: "FILLED",
    expired: "EXPIRED",
    cancelRejected: "EXPIRED",
    amendRejected: "EXPIRED",
    unknown: "EXPIRED",
  },
};

/** The status that follows, or undefined where the trigger does not fit. */
export function nextStatus(
  order: Pick<Order, "status" | "filledLots">,
  trigger: OrderTrigger,
): OrderStatus | undefined {
  const next = TABLE[order.status][trigger];
  return next === "OPEN" && order.filledLots > 0 ? "PARTIALLY_FILLED" : next;
}

/**
 * The most that this order can fill in its whole life. An unconfirmed amendment counts as the larger of
 * its halves where one order is changed in place, and as both where the venue makes it a second order.
 */
export function fillableLots(order: Order, amendIsSecondOrder: boolean): number {
  if (order.pendingLots === undefined) return order.sizeLots;
  return amendIsSecondOrder
    ? order.sizeLots + order.pendingLots - order.pendingFromLots
    : Math.max(order.sizeLots, order.pendingLots);
}

/** The most that it can still fill. An ended order keeps what the venue says was filled and we have not seen yet. */
export function worstRemainingLots(order: Order, amendIsSecondOrder: boolean): number {
  const awaited = Math.max(0, order.venueFilledLots - order.filledLots);
  if (isFinal(order.status)) return awaited;
  return Math.max(fillableLots(order, amendIsSecondOrder) - order.filledLots, awaited);
}
