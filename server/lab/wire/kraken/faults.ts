/** Faults that were ordered up and have not happened yet, and what the venue is in because of one. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { ProtocolFault } from "../ports.ts";

type LastingKind = "ban" | "maintenance";
type OnceKind = Exclude<ProtocolFault["kind"], LastingKind>;

export interface Faults {
  order(fault: ProtocolFault): void;
  /** Whether one of this kind is due; it is then over. Those of an instrument happen at that instrument alone. */
  take(kind: OnceKind, instrument?: number): boolean;
  isIn(kind: LastingKind): boolean;
}

export function createFaults(nowUs: () => number): Faults {
  const due = new Map<string, number>();
  const untilUs = { ban: -Infinity, maintenance: -Infinity };
  return {
    order(fault) {
      switch (fault.kind) {
        case "ban":
        case "maintenance":
          untilUs[fault.kind] = nowUs() + fault.forMs * MICROS_PER_MS;
          return;
        case "gap":
        case "badChecksum":
        case "crossedBook":
          return addDue(due, keyOf(fault.kind, fault.instrument));
        case "partialBatch":
        case "cancelRace":
        case "internalError":
          return addDue(due, keyOf(fault.kind));
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
    isIn: (kind) => nowUs() < untilUs[kind],
  };
}

function addDue(due: Map<string, number>, key: string): void {
  due.set(key, (due.get(key) ?? 0) + 1);
}

function keyOf(kind: OnceKind, instrument?: number): string {
  return `${kind} ${instrument ?? ""}`;
}
