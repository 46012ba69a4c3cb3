/**
 * Entry-tier rate limits: so many requests in a window that opens with the first of them. Placing, amending and
 * cancelling are counted apart, by account and instrument, over REST and sockets together; batches apart from single
 * orders, where a batch of one counts as single; new orders and amendments once more by account.
 */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import type { VenueCore } from "../ports.ts";

export interface RateLimit {
  readonly count: number;
  readonly windowMs: number;
}

export type OrderAction = "place" | "amend" | "cancel";

export interface RateLimits {
  /** Counts one request; false when it is one too many, and is then not counted. */
  take(scope: string, limit: RateLimit): boolean;
  /** Counts one order of a request; the code of its refusal when it is one too many. */
  takeOrder(action: OrderAction, at: OrderScope): "50011" | "50061" | undefined;
}

export interface OrderScope {
  readonly account: number;
  readonly instrument: number;
  readonly isBatch: boolean;
}

/** Of one account and instrument, for each action. */
const SINGLE_ORDERS: RateLimit = { count: 60, windowMs: 2_000 };
const BATCH_ORDERS: RateLimit = { count: 300, windowMs: 2_000 };
/** New orders and amendments of one account. */
export const ACCOUNT_ORDERS: RateLimit = { count: 1_000, windowMs: 2_000 };

interface Window {
  openedAtUs: number;
  count: number;
}

/** Scopes are made of paths, accounts and instruments: few. Past this an own mistake would leak, so it stops. */
const SCOPES_MAX = 100_000;

export function createRateLimits(core: VenueCore): RateLimits {
  const windows = new Map<string, Window>();

  function windowOf(scope: string, { windowMs }: RateLimit): Window {
    const nowUs = core.steadyUs();
    const window = windows.get(scope);
    if (window === undefined) {
      if (windows.size >= SCOPES_MAX) throw new Error(`invariant: more than ${SCOPES_MAX} rate limit scopes`);
      const opened = { openedAtUs: nowUs, count: 0 };
      windows.set(scope, opened);
      return opened;
    }
    if (nowUs - window.openedAtUs >= windowMs * MICROS_PER_MS) {
      window.openedAtUs = nowUs;
      window.count = 0;
    }
    return window;
  }

  return {
    take(scope, limit) {
      if (core.limits === "lifted") return true;
      const window = windowOf(scope, limit);
      if (window.count >= limit.count) return false;
      window.count++;
      return true;
    },
    takeOrder(action, { account, instrument, isBatch }) {
      if (core.limits === "lifted") return undefined;
      const limit = isBatch ? BATCH_ORDERS : SINGLE_ORDERS;
      const own = windowOf(`${action} ${isBatch} ${account} ${instrument}`, limit);
      if (own.count >= limit.count) return "50011";
      const all = action === "cancel" ? undefined : windowOf(`orders ${account}`, ACCOUNT_ORDERS);
      if (all !== undefined && all.count >= ACCOUNT_ORDERS.count) return "50061";
      own.count++;
      if (all !== undefined) all.count++;
      return undefined;
    },
  };
}
