/** Faults that were ordered and not yet played out. One-shot faults wait for the next event that they spoil. */
import type { ProtocolFault } from "../ports.ts";

type OneShot = Extract<
  ProtocolFault,
  { readonly kind: "gap" | "badChecksum" | "partialBatch" | "cancelRace" | "internalError" }
>;

export interface Faults {
  /** Bans and crossed books are played out by the caller. */
  order(fault: ProtocolFault): void;
  /** True once for each that was ordered. */
  take(kind: OneShot["kind"], instrument?: number): boolean;
  isUnderMaintenance(): boolean;
}

export function createFaults(nowMs: () => number): Faults {
  const waiting: OneShot[] = [];
  let maintenanceUntilMs = 0;
  return {
    order: (fault) => {
      if (fault.kind === "maintenance") maintenanceUntilMs = nowMs() + fault.forMs;
      else if (fault.kind !== "ban" && fault.kind !== "crossedBook") waiting.push(fault);
    },
    take: (kind, instrument) => {
      const at = waiting.findIndex(
        (fault) => fault.kind === kind && (!("instrument" in fault) || fault.instrument === instrument),
      );
      if (at >= 0) waiting.splice(at, 1);
      return at >= 0;
    },
    isUnderMaintenance: () => nowMs() < maintenanceUntilMs,
  };
}
