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

/** Orders that ended long ago are told with their record alone: hours of brisk quoting. */
const KEPT_MAX = 100_000;

export function createOrderDetails(): OrderDetails {
  const details = new Map<string, OrderDetail>();
  const ids: string[] = [];
  let count = 0;
  return {
    of: (order) => details.get(order.venueOrderId) ?? plainDetail(order),
    set(venueOrderId, detail) {
      if (!details.has(venueOrderId)) {
        const slot = count++ % KEPT_MAX;
        const forgotten = ids[slot];
        if (forgotten !== undefined) details.delete(forgotten);
        ids[slot] = venueOrderId;
      }
      details.set(venueOrderId, detail);
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
