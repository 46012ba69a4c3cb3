/** A venue's counter of requests, on our side of the wire. */
import { addTo, createMeter as createPlainMeter, usedOf, waitMsFor } from "../../../core/orders/meter.ts";
import type { MeterTerms } from "../../../core/orders/meter.ts";

export interface Meter {
  used(nowMs: number): number;
  /** Of a window: as if it were added at `sinceMs`. */
  add(nowMs: number, weight: number, sinceMs?: number): void;
  /** How long until no more than this is used, if nothing is added. */
  waitMs(nowMs: number, atMost: number): number;
  readonly limit: number;
}

export function createMeter(terms: MeterTerms): Meter {
  const meter = createPlainMeter(terms);
  return {
    limit: terms.limit,
    used: (nowMs) => usedOf(meter, terms, nowMs),
    add: (nowMs, weight, sinceMs) => addTo(meter, terms, nowMs, weight, sinceMs),
    waitMs: (nowMs, atMost) => waitMsFor(meter, terms, nowMs, atMost),
  };
}
