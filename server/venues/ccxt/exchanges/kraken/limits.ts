/** Two counters that decay: REST calls by key, orders by pair, where the age of an order counts. Entry tier. */
import type { Limits } from "../exchange.ts";
import { errorsOf } from "./answers.ts";

const PAIR_COUNTER = { limit: 60, perSecond: 1 };
const REST_COUNTER = { limit: 15, perSecond: 0.33 };

const READ_COST = {
  order: 2,
  openOrders: 1,
  balances: 1,
  trades: 2,
  time: 0,
  book: 0,
  terms: 0,
  token: 1,
  deadMan: 0,
} as const;

const LOCKOUT_MS = 900_000;

export const krakenLimits: Limits = {
  scopes: [
    { name: "rest", kind: "decay", isForReads: true, ...REST_COUNTER },
    { name: "pair", kind: "decay", cancelsPass: true, ...PAIR_COUNTER },
  ],
  entry(kind, { marketId, ageMs }) {
    // Over the socket it counts nowhere; the counter of REST must not hold back the way around it.
    if (kind === "cancelAll") return [];
    // A cancel raises the counter, the more the younger the order, and is not refused by it.
    if (kind === "cancel")
      return [{ scope: "pair", weight: cancelCost(ageMs), market: marketId, neverWaits: true }];
    return [{ scope: "pair", weight: kind === "place" ? 1 : amendCost(ageMs), market: marketId }];
  },
  // Neither a lockout of REST nor its counter is about what goes over the socket.
  read: (kind) => (kind === "deadMan" ? [] : [{ scope: "rest", weight: READ_COST[kind] }]),
  observe({ body }) {
    const errors = errorsOf(body).map(({ code }) => code);
    if (errors.some((code) => code.startsWith("EGeneral:Temporary lockout")))
      return { silenceMs: LOCKOUT_MS, scope: "rest" };
    const refused = errors.some((code) => code.startsWith("EAPI:Rate limit exceeded"));
    return refused ? { fullScope: "rest" } : undefined;
  },
};

/** What an order's age adds to the pair's counter, in the venue's steps. */
function amendCost(ageMs: number): number {
  if (ageMs < 5_000) return 4;
  if (ageMs < 10_000) return 3;
  return ageMs < 15_000 ? 2 : 1;
}

function cancelCost(ageMs: number): number {
  if (ageMs < 5_000) return 8;
  if (ageMs < 10_000) return 6;
  if (ageMs < 15_000) return 5;
  if (ageMs < 45_000) return 4;
  if (ageMs < 90_000) return 2;
  return ageMs < 300_000 ? 1 : 0;
}
