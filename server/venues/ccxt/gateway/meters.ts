/** A venue's counter of requests, on our side of the wire. */
import { addTo, createMeter as createPlainMeter, usedOf, waitMsFor } from "../../../core/orders/meter.ts";
import type { MeterTerms } from "../../../core/orders/meter.ts";

export interface Meter {
  used(nowMs: number): number;
  add(nowMs: number, weight: number): void;
  /** How long until no more than this is used, if nothing is added. */
  waitMs(nowMs: number, atMost: number): number;
  readonly limit: number;
}

export function createMeter(terms: MeterTerms): Meter {
  const meter = createPlainMeter(terms);
  return {
    limit: terms.limit,
    used: (nowMs) => usedOf(meter, terms, nowMs),
    add: (nowMs, weight) => addTo(meter, terms, nowMs, weight),
    waitMs: (nowMs, atMost) => waitMsFor(meter, terms, nowMs, atMost),
  };
}
