/** What all parts of the front-end share: the core, the names of its pairs, and what the venue itself keeps count of. */
import { createProtocolFaults } from "../core/protocolFaults.ts";
import type { ProtocolFaults } from "../core/protocolFaults.ts";
import type { VenueCore } from "../ports.ts";
import { createCallCounter, PRIVATE_CALLS, PUBLIC_CALLS } from "./callCounter.ts";
import type { CallCounter } from "./callCounter.ts";
import { createNamelessIds } from "./clientIds.ts";
import { createDeadMan } from "./deadMan.ts";
import type { DeadMan } from "./deadMan.ts";
import { createOrderDetails } from "./details.ts";
import type { OrderDetail, OrderDetails } from "./details.ts";
import { createPairs } from "./pairs.ts";
import type { Pairs } from "./pairs.ts";
import { createTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import { createTradeCounter } from "./tradeCounter.ts";
import type { TradeCounter } from "./tradeCounter.ts";

export interface KrakenVenue {
  readonly core: VenueCore;
  readonly pairs: Pairs;
  readonly details: OrderDetails;
  /** By key. */
  readonly callCounter: CallCounter;
  /** Of the address: everyone here has the same. */
  readonly publicCounter: CallCounter;
  readonly tradeCounter: TradeCounter;
  readonly faults: ProtocolFaults;
  readonly tokens: Tokens;
  readonly deadMan: DeadMan;
  readonly namelessId: () => string;
  /** What the call at the core that is under way was made for: its reports come before it returns. */
  underWay: UnderWay | undefined;
}

export interface UnderWay {
  /** Of the order that is being placed. */
  readonly placing?: OrderDetail;
  /** Why orders end or change. */
  readonly reason?: string;
}

export function createVenue(core: VenueCore): KrakenVenue {
  const { steadyUs } = core;
  return {
    core,
    pairs: createPairs(core),
    details: createOrderDetails(),
    callCounter: createCallCounter(steadyUs, core.limits, PRIVATE_CALLS),
    publicCounter: createCallCounter(steadyUs, core.limits, PUBLIC_CALLS),
    tradeCounter: createTradeCounter(steadyUs, core.limits),
    faults: createProtocolFaults(core),
    tokens: createTokens(steadyUs),
    deadMan: createDeadMan(core),
    namelessId: createNamelessIds(core),
    underWay: undefined,
  };
}

/** Runs a call at the core; what it causes is known to be for this. */
export function during<T>(venue: KrakenVenue, underWay: UnderWay, call: () => T): T {
  const before = venue.underWay;
  venue.underWay = underWay;
  try {
    return call();
  } finally {
    venue.underWay = before;
  }
}
