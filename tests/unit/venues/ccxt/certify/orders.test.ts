import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { CHECK_NAMES } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { ORDER_CHECKS } from "../../../../../server/venues/ccxt/certify/orders.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each([
  { name: CHECK_NAMES.taking, reason: "FILTER", evidence: "the venue refused an order: FILTER" },
  {
    name: CHECK_NAMES.life,
    reason: "INSUFFICIENT_FUNDS",
    evidence: "the venue refused an order: INSUFFICIENT_FUNDS: bring some USDT to the account",
  },
] as const)("a refusal is the answer, and named, in: $name", async ({ name, reason, evidence }) => {
  const { session } = quietSession((effect) =>
    effect.type === "place" ? [{ type: "orderRejected", account: 0, clientId: effect.clientId, reason }] : [],
  );
  session.book.hear({
    type: "book",
    instrument: 0,
    kind: "snapshot",
    bids: [6_000_000, 1],
    asks: [6_000_001, 1],
  });
  const check = ORDER_CHECKS.find((one) => one.name === name);
  if (check === undefined) throw new Error("no such check");
  const result = runCheck(check, session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await result).toEqual({ name, outcome: "failed", evidence });
});
