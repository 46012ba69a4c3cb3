/** What every part of the front-end works with: the core, and what the protocol keeps beside it. */
import { createProtocolFaults } from "../core/protocolFaults.ts";
import type { ProtocolFaults } from "../core/protocolFaults.ts";
import type { VenueCore } from "../ports.ts";
import { createDepths } from "./depth.ts";
import type { Depths } from "./depth.ts";
import { createOrderNotes } from "./orderNotes.ts";
import type { OrderNotes } from "./orderNotes.ts";
import { createRateLimits } from "./rateLimits.ts";
import type { RateLimits } from "./rateLimits.ts";
import { createSymbols, msOf } from "./symbols.ts";
import type { Symbols } from "./symbols.ts";
import { createUserEvents } from "./userEvents.ts";
import type { UserEvents } from "./userEvents.ts";

export interface Venue {
  readonly core: VenueCore;
  readonly symbols: Symbols;
  readonly limits: RateLimits;
  readonly faults: ProtocolFaults;
  readonly depths: Depths;
  readonly notes: OrderNotes;
  readonly users: UserEvents;
  nowMs(): number;
  /** A client order id for a request that came without one. */
  nextClientId(): string;
}

export function createVenue(core: VenueCore): Venue {
  const nowMs = (): number => msOf(core.nowUs());
  const symbols = createSymbols(core);
  const notes = createOrderNotes();
  const faults = createProtocolFaults(core);
  const limits = createRateLimits(nowMs, core.limits === "entry");
  let ids = 0;
  return {
    core,
    symbols,
    limits,
    faults,
    depths: createDepths(core, symbols, faults),
    notes,
    users: createUserEvents({ core, symbols, notes, limits }),
    nowMs,
    nextClientId: () => `auto${core.nowUs().toString(36)}-${(++ids).toString(36)}`,
  };
}
