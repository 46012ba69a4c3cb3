/** Weight by address and minute, orders by account; the venue tells its own counts with every answer. */
import type { LimitNews, Limits } from "../exchange.ts";
import { listOf, recordOf, textAt } from "../fields.ts";

const MINUTE_MS = 60_000;
const WEIGHT_MAX = 6_000;

const READ_WEIGHT = {
  order: 4,
  // Of all symbols in one question; by symbol it would be 6 each.
  openOrders: 80,
  balances: 20,
  trades: 20,
  time: 1,
  // A snapshot of 1,000 levels.
  book: 50,
  terms: 20,
  token: 0,
  deadMan: 0,
} as const;

export const binanceLimits: Limits = {
  scopes: [
    { name: "weight", kind: "window", limit: WEIGHT_MAX, windowMs: MINUTE_MS },
    { name: "orders10s", kind: "window", limit: 100, windowMs: 10_000 },
    { name: "ordersDay", kind: "window", limit: 200_000, windowMs: 86_400_000 },
  ],
  entry: (kind) =>
    kind === "place" || kind === "amend"
      ? [
          { scope: "weight", weight: 1 },
          { scope: "orders10s", weight: 1 },
          { scope: "ordersDay", weight: 1 },
        ]
      : [{ scope: "weight", weight: 1 }],
  read: (kind) => [{ scope: "weight", weight: READ_WEIGHT[kind] }],
  observe({ status, headers, body }) {
    const used = Number(headers["X-Mbx-Used-Weight-1m"]);
    const wait = Number(headers["Retry-After"]);
    return {
      usedFrac: Number.isFinite(used) ? used / WEIGHT_MAX : undefined,
      ...silenceOf(status, body, Number.isFinite(wait) ? wait * 1_000 : undefined),
    };
  },
  observeFrame(message, nowMs) {
    const { error, rateLimits, status } = recordOf(message);
    const until = Number(recordOf(recordOf(error)["data"])["retryAfter"]);
    const weight = listOf(rateLimits)
      .map(recordOf)
      .find(({ rateLimitType }) => rateLimitType === "REQUEST_WEIGHT");
    return {
      usedFrac: weight === undefined ? undefined : Number(weight["count"]) / Number(weight["limit"]),
      ...silenceOf(Number(status), error, Number.isFinite(until) ? Math.max(0, until - nowMs) : undefined),
    };
  },
};

/** Too many orders is the account's own count: cancels still pass. Everything else is about the address. */
function silenceOf(status: number, body: unknown, waitMs: number | undefined): LimitNews {
  if (status !== 429 && status !== 418) return {};
  const tooManyOrders = textAt(recordOf(body), "code") === "-1015";
  if (tooManyOrders) return { scope: "orders10s", silenceMs: waitMs ?? 10_000 };
  return { silenceMs: waitMs ?? MINUTE_MS };
}
