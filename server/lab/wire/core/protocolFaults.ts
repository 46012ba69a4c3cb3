/**
 * Faults of the protocol that were ordered and have not happened yet, and what the venue is in because of one. They
 * last by the steady clock: one that is set wrong meanwhile makes them neither longer nor shorter.
 */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { ProtocolFault, VenueCore } from "../ports.ts";

export type LastingKind = "ban" | "rateLimited" | "maintenance";
export type OnceKind = Exclude<ProtocolFault["kind"], LastingKind>;

export interface ProtocolFaults {
  order(fault: ProtocolFault): void;
  /** Whether one of this kind is due; it is then over. Those of an instrument happen at that instrument alone. */
  take(kind: OnceKind, instrument?: number): boolean;
  isIn(kind: LastingKind): boolean;
  /** From when to when by the steady clock, while it lasts. */
  span(kind: LastingKind): { readonly sinceUs: number; readonly untilUs: number } | undefined;
}

export function createProtocolFaults({ steadyUs }: Pick<VenueCore, "steadyUs">): ProtocolFaults {
  const due = new Map<string, number>();
  const spans = new Map<LastingKind, { readonly sinceUs: number; readonly untilUs: number }>();

  function span(kind: LastingKind): { readonly sinceUs: number; readonly untilUs: number } | undefined {
    const found = spans.get(kind);
    return found !== undefined && steadyUs() < found.untilUs ? found : undefined;
  }

  return {
    order(fault) {
      switch (fault.kind) {
        case "ban":
        case "rateLimited":
        case "maintenance": {
          const sinceUs = steadyUs();
          spans.set(fault.kind, { sinceUs, untilUs: sinceUs + fault.forMs * MICROS_PER_MS });
          return;
        }
        case "gap":
        case "badChecksum":
        case "crossedBook":
        case "ghostLevel":
          return addDue(due, keyOf(fault.kind, fault.instrument));
        case "partialBatch":
        case "cancelRace":
        case "internalError":
        case "refusedCancel":
        case "loginRefused":
        case "sessionExpired":
          return addDue(due, keyOf(fault.kind));
        case "overload":
          return addDue(due, keyOf(fault.kind), fault.requests);
      }
    },
    take(kind, instrument) {
      if (due.size === 0) return false;
      const key = keyOf(kind, instrument);
      const count = due.get(key) ?? 0;
      if (count > 1) due.set(key, count - 1);
      else due.delete(key);
      return count > 0;
    },
    isIn: (kind) => span(kind) !== undefined,
    span,
  };
}

function addDue(due: Map<string, number>, key: string, times = 1): void {
  due.set(key, (due.get(key) ?? 0) + times);
}

function keyOf(kind: OnceKind, instrument?: number): string {
  return `${kind} ${instrument ?? ""}`;
}
