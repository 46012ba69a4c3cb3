import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CHECK_NAMES } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { ORDER_CHECKS } from "../../../../../server/venues/ccxt/certify/orders.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { OrderEffect } from "../../../../../server/contract/effects.ts";
import type { OpenOrderElsewhere, OpenOrderView } from "../../../../../server/contract/events.ts";
import { Instrument } from "../../../../../server/contract/instrument.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { BTC, quietSession } from "./quietSession.ts";

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

type Session = ReturnType<typeof quietSession>["session"];

/** Makes this check with a book around 60,000.00; the result is there after the time that it takes. */
async function made(name: string, { session }: { readonly session: Session }, bidTicks = 6_000_000) {
  const book = { type: "book", instrument: 0, kind: "snapshot" } as const;
  session.book.hear({ ...book, bids: [bidTicks, 1], asks: [bidTicks + 1, 1] });
  const check = ORDER_CHECKS.find((one) => one.name === name);
  if (check === undefined) throw new Error("no such check");
  const result = runCheck(check, session, new AbortController().signal);
  await vi.advanceTimersByTimeAsync(60_000);
  return result;
}

interface Around {
  readonly elsewhere?: readonly OpenOrderElsewhere[];
  /** Rest from the first order on. */
  readonly others?: readonly string[];
  /** So many lists are of before the orders. */
  readonly lateLists?: number;
}

/** Takes every order; a cancel of everything ends all of ours. */
function venue({ elsewhere = [], others = [], lateLists = 0 }: Around) {
  const open = new Set<string>();
  let lists = 0;
  const viewOf = (clientId: string): OpenOrderView => ({
    clientId,
    venueOrderId: `v${clientId}`,
    instrument: 0,
    side: "buy",
    priceTicks: 1,
    sizeLots: 1,
    filledLots: 0,
    steps: { tick: "0.01", lot: "0.00001" },
  });
  return quietSession((effect: OrderEffect): VenueEvent[] => {
    if (effect.type === "place") {
      open.add(effect.clientId);
      const { clientId } = effect;
      return [{ type: "orderAccepted", account: 0, clientId, venueOrderId: `v${clientId}` }];
    }
    if (effect.type === "cancelAll") {
      const ended = [...open];
      open.clear();
      return ended.map((clientId) => ({ type: "orderCanceled", account: 0, clientId, filledLots: 0 }));
    }
    if (effect.type !== "query" || effect.what !== "openOrders") return [];
    const orders = lists++ < lateLists || open.size === 0 ? [] : [...open, ...others].map(viewOf);
    return [{ type: "openOrders", account: 0, askedAtUs: Date.now() * 1_000, orders, elsewhere }];
  });
}

const ETH = { symbol: "ETH/USDT", venueOrderId: "9", side: "buy", price: "1", size: "1" } as const;

describe("right before everything is canceled", () => {
  it.each([
    { name: "another hand's order", around: { others: ["hand1"] }, who: "hand1" },
    { name: "one in another symbol", around: { elsewhere: [{ ...ETH, clientId: "hand2" }] }, who: "hand2" },
    {
      name: "one of an earlier trial there",
      around: { elsewhere: [{ ...ETH, clientId: "qzcf00010000001" }] },
      who: "ETH/USDT qzcf00010000001",
    },
  ])("$name is counted again, and keeps it from being sent", async ({ around, who }) => {
    const at = venue(around);
    const evidence = `${who} rests there, too, and would be canceled`;
    expect(await made(CHECK_NAMES.cancelAll, at)).toMatchObject({ outcome: "failed", evidence });
    expect(at.sent.map(({ type }) => type)).not.toContain("cancelAll");
  });

  it("a list that lags is read again until it has our orders", async () => {
    const at = venue({ lateLists: 2 });
    expect(await made(CHECK_NAMES.cancelAll, at)).toMatchObject({ outcome: "passed" });
  });

  it("the dead-man's switch is not armed beside an order of another hand", async () => {
    const at = venue({ others: ["hand1"] });
    const armed: unknown[] = [];
    const arm = { rest: { endpoint: "privateArm", params: {} } };
    Object.assign(at.session, { exchange: { ...at.session.exchange, deadMansSwitch: () => arm } });
    const instance = { id: "fake", privateArm: async (params: object) => void armed.push(params) };
    vi.spyOn(at.session, "instance").mockResolvedValue(instance as unknown as CcxtInstance);
    expect(await made(CHECK_NAMES.silence, at)).toMatchObject({
      outcome: "failed",
      evidence: "hand1 rests there, too, and would be canceled",
    });
    expect(armed).toEqual([]);
  });
});

it("an order is large enough also where it is amended to", async () => {
  const at = quietSession(
    () => [],
    Instrument.parse({ ...BTC, tick: "1", lot: "1", notionalMinQuote: "1000" }),
  );
  await made(CHECK_NAMES.life, at, 60);
  const [order] = at.sent;
  if (order?.type !== "place") throw new Error("no order was sent");
  expect(order.sizeLots * (order.priceTicks - 10)).toBeGreaterThanOrEqual(1_000);
});
