import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { PlaceEffect } from "../../../../../server/contract/effects.ts";
import type { OrderStatusEvent } from "../../../../../server/contract/events.ts";
import { CANCEL_RACE_CHECK } from "../../../../../server/venues/ccxt/certify/cancelRace.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

type Status = Extract<OrderStatusEvent["answer"], { readonly found: true }>["status"];

/** Parts are of the order's size. */
interface Venue {
  readonly told: number;
  readonly end?: { readonly type: "orderCanceled" | "orderExpired"; readonly filled: number };
  readonly said: { readonly status: Status; readonly filled: number };
  /** So many answers are of before the end. */
  readonly lateAnswers?: number;
  readonly lists?: number;
}

const WON_BY_ORDER: Venue = { told: 1, said: { status: "FILLED", filled: 1 } };
const WON_BY_CANCEL: Venue = {
  told: 0,
  end: { type: "orderCanceled", filled: 0 },
  said: { status: "CANCELED", filled: 0 },
};

async function run({ told, end, said, lateAnswers = 0, lists = 0 }: Venue) {
  let [bought, answers] = [0, 0];
  const lotsOf = (part: number): number => Math.floor(bought * part);
  const { session, sent } = quietSession((effect): readonly VenueEvent[] => {
    if (effect.type === "place" && effect.side === "sell") return [fill(effect, effect.sizeLots)];
    if (effect.type === "place") {
      bought = effect.sizeLots;
      return told === 0 ? [] : [fill(effect, lotsOf(told))];
    }
    if (effect.type === "cancel") {
      const { clientId } = effect;
      return end === undefined
        ? [{ type: "cancelRejected", account: 0, clientId, reason: "UNKNOWN_ORDER" }]
        : [{ type: end.type, account: 0, clientId, filledLots: lotsOf(end.filled) }];
    }
    if (effect.type !== "query") return [];
    if (effect.what !== "order") return effect.what === "openOrders" ? [openOrders(lists)] : [];
    const isLate = answers++ < lateAnswers;
    const terms = { instrument: 0, side: "buy", priceTicks: 6_030_002, sizeLots: bought } as const;
    const status = isLate ? "OPEN" : said.status;
    const filledLots = isLate ? 0 : lotsOf(said.filled);
    const answer = { found: true, venueOrderId: "v", ...terms, status, filledLots } as const;
    return [
      { type: "orderStatus", account: 0, clientId: effect.clientId, askedAtUs: 0, answer } as VenueEvent,
    ];
  });
  const book = { type: "book", instrument: 0, kind: "snapshot" } as const;
  session.book.hear({ ...book, bids: [6_000_000, 1], asks: [6_000_001, 1] });
  const result = runCheck(CANCEL_RACE_CHECK, session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  return { ...(await result), sent };
}

function fill({ clientId, side, priceTicks }: PlaceEffect, sizeLots: number): VenueEvent {
  const order = {
    account: 0,
    instrument: 0,
    clientId,
    venueOrderId: "v",
    side,
    priceTicks,
    sizeLots,
  } as const;
  const trade = { tradeId: side, liquidity: "taker", venueAtUs: 1 } as const;
  return { type: "fill", ...order, ...trade, feeAsset: "USDT", feeAtoms: 1n };
}

function openOrders(count: number): VenueEvent {
  const view = { instrument: 0, side: "buy", priceTicks: 1, sizeLots: 1, filledLots: 0 } as const;
  const steps = { tick: "0.01", lot: "0.00001" };
  const orders = Array.from({ length: count }, () => ({
    ...view,
    clientId: "qzcf1",
    venueOrderId: "v",
    steps,
  }));
  return { type: "openOrders", account: 0, askedAtUs: Date.now() * 1_000, orders };
}

it("the cancel is sent right behind the order, and what was bought is sold again", async () => {
  const { sent, ...result } = await run(WON_BY_ORDER);
  expect(result).toMatchObject({
    outcome: "passed",
    evidence: expect.stringMatching(
      /^the order won: all of its 0\.\d+ were filled, .*; no BTC of it stays$/,
    ) as string,
  });
  const [order, cancel] = sent;
  expect(order).toMatchObject({ type: "place", side: "buy", timeInForce: "IOC" });
  expect(cancel).toMatchObject({ type: "cancel", clientId: order?.type === "place" ? order.clientId : "" });
  const sold = sent.flatMap((effect) => (effect.type === "place" && effect.side === "sell" ? [effect] : []));
  expect(sold).toHaveLength(1);
});

it.each([
  { name: "the cancel that won", venue: WON_BY_CANCEL, says: /^the cancel won: 0 of 0\.\d+ were filled/ },
  {
    name: "a part that was filled before it",
    venue: {
      told: 0.5,
      end: { type: "orderCanceled", filled: 0.5 },
      said: { status: "CANCELED", filled: 0.5 },
    },
    says: /^the cancel won: 0\.\d+ of 0\.\d+ were filled/,
  },
  {
    name: "a book that was gone",
    venue: {
      ...WON_BY_CANCEL,
      end: { type: "orderExpired", filled: 0 },
      said: { status: "EXPIRED", filled: 0 },
    },
    says: /^the order found too little: 0 of 0\.\d+ were filled/,
  },
  { name: "an answer that lags", venue: { ...WON_BY_ORDER, lateAnswers: 3 }, says: /^the order won/ },
] satisfies readonly { readonly name: string; readonly venue: Venue; readonly says: RegExp }[])(
  "$name is one story, too",
  async ({ venue, says }) => {
    const { outcome, evidence } = await run(venue);
    expect(evidence).toMatch(says);
    expect(outcome).toBe("passed");
  },
);

it.each([
  {
    name: "a venue that has filled more than it tells",
    venue: { ...WON_BY_CANCEL, said: { status: "CANCELED", filled: 1 } },
    why: /^0 lots were told, and the order has filled \d+$/,
  },
  {
    name: "a fill that is told of an order that ended without",
    venue: { ...WON_BY_CANCEL, told: 1 },
    why: /^\d+ lots were told, and the order has filled 0; 0\.\d+ BTC of it stays in the account$/,
  },
  {
    name: "an end that leaves out its fill",
    venue: { told: 1, end: { type: "orderCanceled", filled: 0 }, said: { status: "CANCELED", filled: 1 } },
    why: /^it ended with 0 lots filled, and the venue says \d+; /,
  },
  {
    name: "an order that is canceled and filled",
    venue: { told: 1, end: { type: "orderCanceled", filled: 1 }, said: { status: "FILLED", filled: 1 } },
    why: /^it was told as ended, and the venue says FILLED; /,
  },
  {
    name: "an order that was told as filled and is open",
    venue: { told: 1, said: { status: "OPEN", filled: 1 } },
    why: /^it was told as filled, and the venue says OPEN/,
  },
  { name: "an order that rests", venue: { ...WON_BY_CANCEL, lists: 1 }, why: /^1 orders rest$/ },
  {
    name: "an order without an end",
    venue: { told: 0, said: { status: "OPEN", filled: 0 } },
    why: /^the end of an order: nothing within 10 s$/,
  },
] satisfies readonly { readonly name: string; readonly venue: Venue; readonly why: RegExp }[])(
  "$name is no pass",
  async ({ venue, why }) => {
    const { outcome, evidence } = await run(venue);
    expect(outcome).toBe("failed");
    expect(evidence).toMatch(why);
  },
);
