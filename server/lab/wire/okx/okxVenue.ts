/** What the parts of this front-end share. */
import { createProtocolFaults } from "../core/protocolFaults.ts";
import type { ProtocolFaults } from "../core/protocolFaults.ts";
import type { OrderRecord, VenueCore } from "../ports.ts";
import { createInstruments } from "./instruments.ts";
import type { Instruments } from "./instruments.ts";
import { createRateLimits } from "./limits.ts";
import type { RateLimits } from "./limits.ts";
import { createOrders } from "./orders.ts";
import type { OrderExtras, Orders } from "./orders.ts";
import type { OrderChange } from "./orderRow.ts";

export interface OkxVenue {
  readonly core: VenueCore;
  readonly instruments: Instruments;
  readonly limits: RateLimits;
  readonly orders: Orders;
  readonly faults: ProtocolFaults;
  /** The call at the core that is under way, for the reports that it causes. */
  cause: Cause;
  /** To the orders channel. */
  tellOrder(account: number, order: OrderRecord, extras: OrderExtras, change: OrderChange): void;
}

export interface Cause {
  /** Of cancels: 1 the owner, 20 the countdown, 0 the venue. */
  readonly cancelSource: "0" | "1" | "20";
  readonly reqId?: string | undefined;
  /** The order is canceled because its amendment failed, or shrank to what was filled. */
  readonly amend?: "failed" | "filled" | undefined;
}

const BY_VENUE: Cause = { cancelSource: "0" };
export const BY_OWNER: Cause = { cancelSource: "1" };
export const BY_COUNTDOWN: Cause = { cancelSource: "20" };

export function createOkxVenue(core: VenueCore, tellOrder: OkxVenue["tellOrder"]): OkxVenue {
  return {
    core,
    instruments: createInstruments(core),
    limits: createRateLimits(core),
    orders: createOrders(core),
    faults: createProtocolFaults(core),
    cause: BY_VENUE,
    tellOrder,
  };
}

/** Runs a call at the core; what it reports meanwhile is put down to `cause`. */
export function causing<T>(venue: OkxVenue, cause: Cause, run: () => T): T {
  venue.cause = cause;
  try {
    return run();
  } finally {
    venue.cause = BY_VENUE;
  }
}
