/** What the protocol was ordered to do wrong, besides the faults of books. */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { ProtocolFault, VenueCore } from "../ports.ts";
import type { SteadyClock } from "./steadyClock.ts";

export type OneShot = "partialBatch" | "cancelRace" | "internalError";

export interface Faults {
  order(fault: ProtocolFault): void;
  /** True once for each that was ordered. */
  take(kind: OneShot): boolean;
  isBanned(): boolean;
  /** From when to when by the venue's clock as it was, while it lasts. */
  maintenance(): { readonly sinceUs: number; readonly untilUs: number } | undefined;
}

export function createFaults(core: VenueCore, steady: SteadyClock): Faults {
  const armed: Record<OneShot, number> = { partialBatch: 0, cancelRace: 0, internalError: 0 };
  let bannedUntilUs = -Infinity;
  let closedUntilUs = -Infinity;
  let closed = { sinceUs: 0, untilUs: 0 };
  return {
    order(fault) {
      const nowUs = steady.nowUs();
      switch (fault.kind) {
        case "partialBatch":
        case "cancelRace":
        case "internalError":
          armed[fault.kind]++;
          return;
        case "ban":
          bannedUntilUs = nowUs + fault.forMs * MICROS_PER_MS;
          return;
        case "maintenance":
          closedUntilUs = nowUs + fault.forMs * MICROS_PER_MS;
          closed = { sinceUs: core.nowUs(), untilUs: core.nowUs() + fault.forMs * MICROS_PER_MS };
          return;
        case "gap":
        case "badChecksum":
        case "crossedBook":
      }
    },
    take(kind) {
      if (armed[kind] === 0) return false;
      armed[kind]--;
      return true;
    },
    isBanned: () => steady.nowUs() < bannedUntilUs,
    maintenance: () => (steady.nowUs() < closedUntilUs ? closed : undefined),
  };
}
