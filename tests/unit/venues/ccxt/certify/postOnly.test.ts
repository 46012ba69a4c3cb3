import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PlaceEffect } from "../../../../../server/contract/effects.ts";
import { POST_ONLY_CHECK } from "../../../../../server/venues/ccxt/certify/postOnly.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Answer = (order: PlaceEffect) => readonly VenueEvent[];

const refused: Answer = ({ clientId }) => [
  { type: "orderRejected", account: 0, clientId, reason: "POST_ONLY_WOULD_TAKE" },
];
const accepted: Answer = ({ clientId }) => [
  { type: "orderAccepted", account: 0, clientId, venueOrderId: `v${clientId}` },
];
const ended =
  (type: "orderCanceled" | "orderExpired", filledLots = 0): Answer =>
  (order) => [...accepted(order), { type, account: 0, clientId: order.clientId, filledLots }];
const filled =
  (liquidity: "maker" | "taker"): Answer =>
  (order) => {
    const { clientId, side, priceTicks, sizeLots } = order;
    const trade = {
      account: 0,
      instrument: 0,
      clientId,
      venueOrderId: "v",
      tradeId: "1",
      venueAtUs: 1,
    } as const;
    const fee = { feeAsset: "USDT", feeAtoms: 1n };
    return [...accepted(order), { type: "fill", ...trade, side, priceTicks, sizeLots, liquidity, ...fee }];
  };

interface Venue {
  /** To the first order, the second, and so on; the last also to all that follow. */
  readonly answers: readonly Answer[];
  /** How a cancel ends what rests; undefined: it does not. */
  readonly onCancel?: "orderCanceled" | "orderExpired";
  /** Lists so many orders, whatever became of them. */
  readonly lists?: number;
}

async function run({ answers, onCancel = "orderCanceled", lists = 0 }: Venue) {
  let placed = 0;
  const { session, sent } = quietSession((effect): readonly VenueEvent[] => {
    if (effect.type === "place") return answers[Math.min(placed++, answers.length - 1)]?.(effect) ?? [];
    if (effect.type === "cancel")
      return [{ type: onCancel, account: 0, clientId: effect.clientId, filledLots: 0 }];
    if (effect.type !== "query" || effect.what !== "openOrders") return [];
    const view = { instrument: 0, side: "buy", priceTicks: 1, sizeLots: 1, filledLots: 0 } as const;
    const steps = { tick: "0.01", lot: "0.00001" };
    const orders = Array.from({ length: lists }, () => ({
      ...view,
      clientId: "qzcf1",
      venueOrderId: "v",
      steps,
    }));
    return [{ type: "openOrders", account: 0, askedAtUs: Date.now() * 1_000, orders }];
  });
  const book = { type: "book", instrument: 0, kind: "snapshot" } as const;
  session.book.hear({ ...book, bids: [6_000_000, 1], asks: [6_000_001, 1] });
  const result = runCheck(POST_ONLY_CHECK, session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  return {
    ...(await result),
    sent,
    orders: sent.flatMap((effect) => (effect.type === "place" ? [effect] : [])),
  };
}

it("is sent where it would take, and never as one that may", async () => {
  const { orders } = await run({ answers: [refused] });
  expect(orders).toMatchObject([{ side: "buy", timeInForce: "POST_ONLY" }]);
  expect(orders[0]?.priceTicks).toBeGreaterThanOrEqual(6_000_001);
});

it.each([
  { name: "refused", answer: refused, evidence: "the venue refused it as POST_ONLY_WOULD_TAKE" },
  {
    name: "accepted, and expired by its own terms",
    answer: ended("orderExpired"),
    evidence: "the venue accepted it and ended it unfilled",
  },
  {
    name: "accepted, and canceled by the venue",
    answer: ended("orderCanceled"),
    evidence: "the venue accepted it and ended it unfilled",
  },
])("$name: is a pass, and nothing is canceled", async ({ answer, evidence }) => {
  const { sent, ...result } = await run({ answers: [answer] });
  expect(result).toMatchObject({ outcome: "passed", evidence });
  expect(sent.map(({ type }) => type)).not.toContain("cancel");
});

it("one that rests because the book moved away is canceled, and it is tried again", async () => {
  const { sent, orders, ...result } = await run({ answers: [accepted, accepted, refused] });
  expect(result).toMatchObject({ outcome: "passed" });
  expect(orders).toHaveLength(3);
  const canceled = sent.flatMap((effect) => (effect.type === "cancel" ? [effect.clientId] : []));
  expect(canceled).toEqual(orders.slice(0, 2).map(({ clientId }) => clientId));
});

it("one that the venue ends itself, late, has been refused", async () => {
  const { orders, ...result } = await run({ answers: [accepted], onCancel: "orderExpired" });
  expect(result).toMatchObject({ outcome: "passed" });
  expect(orders).toHaveLength(1);
});

it.each([
  {
    name: "rests each time",
    venue: { answers: [accepted] },
    why: /^it was not refused but rested until it was canceled, 5 times/,
  },
  {
    name: "is refused for something else",
    venue: {
      answers: [({ clientId }) => [{ type: "orderRejected", account: 0, clientId, reason: "FILTER" }]],
    },
    why: /^it was refused, and not because it would take: FILTER$/,
  },
  {
    name: "takes",
    venue: { answers: [filled("taker")] },
    why: /^the venue let it take; 0\.\d+ BTC of it stays in the account$/,
  },
  {
    name: "is filled where it rests",
    venue: { answers: [filled("maker")] },
    why: /^the market moved away, and it was filled while it rested; 0\.\d+ BTC of it stays/,
  },
  {
    name: "ends with something filled",
    venue: { answers: [ended("orderExpired", 3)] },
    why: /^0\.00003 of it/,
  },
  {
    name: "is refused, and rests all the same",
    venue: { answers: [refused], lists: 1 },
    why: /^1 orders rest$/,
  },
] satisfies readonly { readonly name: string; readonly venue: Venue; readonly why: RegExp }[])(
  "one that $name is no pass",
  async ({ venue, why }) => {
    const { outcome, evidence } = await run(venue);
    expect(outcome).toBe("failed");
    expect(evidence).toMatch(why);
  },
);
