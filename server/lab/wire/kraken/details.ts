/** What the venue knows of an order beside what the core does. */
import type { OrderRecord } from "../ports.ts";

export interface OrderDetail {
  readonly userref: number;
  readonly orderType: "limit" | "market";
  /** Told back; which asset pays is a matter of the account's fee schedule. */
  readonly feePreference: "fciq" | "fcib";
  /** Since it was made or last amended: what a change or a cancel costs depends on it. */
  readonly restsSinceUs: number;
  readonly amends: number;
  /** What its fills have cost so far, about. */
  readonly feeUsd: number;
  /** Why it ended, where it did not fill. */
  readonly endReason: string | undefined;
}

export interface OrderDetails {
  /** Of an order that this front-end did not place, what can be told from its record. */
  of(order: OrderRecord): OrderDetail;
  set(venueOrderId: string, detail: OrderDetail): void;
}

/** Orders of which nothing was heard for so many others are told with their record alone. */
const KEPT_MAX = 650;
/** Forgotten at once: looking for the oldest of a map is slow when it is done for each. */
const FORGOTTEN_AT_ONCE = 250;

export function createOrderDetails(): OrderDetails {
  const details = new Map<string, OrderDetail>();
  return {
    of: (order) => details.get(order.venueOrderId) ?? plainDetail(order),
    set(venueOrderId, detail) {
      // What changed last is forgotten last: an order may rest for longer than thousands of others live.
      details.delete(venueOrderId);
      details.set(venueOrderId, detail);
      if (details.size < KEPT_MAX + FORGOTTEN_AT_ONCE) return;
      for (const oldest of details.keys()) {
        if (details.size <= KEPT_MAX) return;
        details.delete(oldest);
      }
    },
  };
}

export function plainDetail({ createdAtUs }: Pick<OrderRecord, "createdAtUs">): OrderDetail {
  return {
    userref: 0,
    orderType: "limit",
    feePreference: "fciq",
    restsSinceUs: createdAtUs,
    amends: 0,
    feeUsd: 0,
    endReason: undefined,
  };
}
