/** By endpoint, and for orders by instrument too, in windows of two seconds. */
import type { Limits } from "../exchange.ts";

const TWO_SECONDS_MS = 2_000;

export const okxLimits: Limits = {
  scopes: [
    { name: "orders", kind: "window", limit: 1_000, windowMs: TWO_SECONDS_MS },
    { name: "place", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "amend", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "cancel", kind: "window", limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "cancelBatch", kind: "window", limit: 300, windowMs: TWO_SECONDS_MS },
    { name: "order", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "openOrders", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "balances", kind: "window", isForReads: true, limit: 10, windowMs: TWO_SECONDS_MS },
    { name: "trades", kind: "window", isForReads: true, limit: 60, windowMs: TWO_SECONDS_MS },
    { name: "time", kind: "window", isForReads: true, limit: 10, windowMs: TWO_SECONDS_MS },
    { name: "terms", kind: "window", isForReads: true, limit: 20, windowMs: TWO_SECONDS_MS },
    { name: "deadMan", kind: "window", isForReads: true, limit: 1, windowMs: 1_000 },
  ],
  entry(kind, { marketId }) {
    if (kind === "cancelAll") return [{ scope: "cancelBatch", weight: 1, market: marketId }];
    const own = { scope: kind, weight: 1, market: marketId };
    return kind === "cancel" ? [own] : [own, { scope: "orders", weight: 1 }];
  },
  // Its books come over the socket alone, and so does its login.
  read: (kind) => (kind === "token" || kind === "book" ? [] : [{ scope: kind, weight: 1 }]),
  // It refuses by endpoint and instrument, and names no time: the scopes of what was refused are full then.
  observe: () => undefined,
};
