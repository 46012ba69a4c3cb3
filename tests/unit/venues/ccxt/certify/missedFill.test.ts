import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Check, CheckResult } from "../../../../../server/venues/ccxt/certify/check.ts";
import { CHECK_NAMES } from "../../../../../server/venues/ccxt/certify/checkNames.ts";
import { MISSED_FILL_CHECK } from "../../../../../server/venues/ccxt/certify/missedFill.ts";
import { ORDER_CHECKS } from "../../../../../server/venues/ccxt/certify/orders.ts";
import { runCheck } from "../../../../../server/venues/ccxt/certify/runCheck.ts";
import type { CcxtInstance, CcxtMarket } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface Venue {
  /** How often the fill is told after the reconnect. */
  readonly told?: number;
  readonly filledLots?: number;
  /** So many times the stream is back before the order is answered. */
  readonly quickTimes?: number;
  /** What the venue says of an order that was sent past the gateway, and of one that never left. */
  readonly knows?: (wasSent: boolean) => boolean;
}

/** Takes the orders that are sent past the gateway, and fills each of them. */
function stage({ told = 1, filledLots = 2_000, quickTimes = 0, knows = (wasSent) => wasSent }: Venue) {
  const passed: string[] = [];
  const { session, sent } = quietSession((effect): VenueEvent[] => {
    if (effect.type === "cancel")
      return [{ type: "orderCanceled", account: 0, clientId: effect.clientId, filledLots: 0 }];
    if (effect.type === "place") {
      const { clientId, sizeLots } = effect;
      return [
        fill(clientId, "sell", sizeLots),
        { type: "orderExpired", account: 0, clientId, filledLots: sizeLots },
      ];
    }
    if (effect.type !== "query" || effect.what !== "order") return [];
    const status = { type: "orderStatus", account: 0, clientId: effect.clientId, askedAtUs: 0 } as const;
    if (!knows(passed.includes(effect.clientId))) return [{ ...status, answer: { found: false } }];
    const terms = { instrument: 0, side: "buy", priceTicks: 5_400_000, sizeLots: 2 } as const;
    const answer = { found: true, venueOrderId: "v", status: "OPEN", filledLots, ...terms } as const;
    return [{ ...status, answer } as VenueEvent];
  });
  const say = (status: "up" | "down") =>
    void session.events.push({ type: "account", account: 0, status } as VenueEvent);
  const instance = {
    id: "binance",
    async privatePostOrder({ newClientOrderId }: { newClientOrderId: string }) {
      passed.push(newClientOrderId);
      if (passed.length <= quickTimes) say("up");
      setTimeout(() => {
        say("up");
        for (let n = 0; n < told; n++) session.events.push(fill(newClientOrderId, "buy", 2_000));
      }, 100);
      return {};
    },
  };
  vi.spyOn(session, "instance").mockResolvedValue(instance as unknown as CcxtInstance);
  vi.spyOn(session, "market").mockResolvedValue({ id: "BTCUSDT", info: {} } as unknown as CcxtMarket);
  vi.spyOn(session, "failed").mockImplementation(() => say("down"));
  const book = { type: "book", instrument: 0, kind: "snapshot" } as const;
  session.book.hear({ ...book, bids: [6_000_000, 1], asks: [6_000_001, 1] });
  return {
    passed,
    sent,
    async made(check: Check | undefined): Promise<CheckResult> {
      if (check === undefined) throw new Error("no such check");
      const result = runCheck(check, session, new AbortController().signal);
      await vi.advanceTimersByTimeAsync(60_000);
      return result;
    },
  };
}

function fill(clientId: string, side: "buy" | "sell", sizeLots: number): VenueEvent {
  const order = { account: 0, clientId, venueOrderId: "v", instrument: 0, side, sizeLots } as const;
  const terms = { priceTicks: 6_000_000, liquidity: "taker", venueAtUs: 1, tradeId: "7" } as const;
  return { type: "fill", ...order, ...terms, feeAsset: "USDT", feeAtoms: 1n } as VenueEvent;
}

describe("a fill that nobody was there to hear", () => {
  it("counts once, also where it is told again because it was asked for", async () => {
    expect(await stage({ told: 2 }).made(MISSED_FILL_CHECK)).toMatchObject({ outcome: "passed" });
  });

  it("is told after the reconnect, and what was bought is sold again", async () => {
    const at = stage({});
    expect(await at.made(MISSED_FILL_CHECK)).toMatchObject({
      outcome: "passed",
      evidence: "trade 7 was told after the reconnect; no BTC of it stays",
    });
    expect(at.passed).toHaveLength(1);
    expect(at.sent.flatMap((effect) => (effect.type === "place" ? [effect.side] : []))).toEqual(["sell"]);
  });

  it("is tried for again when it was heard after all, and each purchase is sold", async () => {
    const at = stage({ quickTimes: 1 });
    expect(await at.made(MISSED_FILL_CHECK)).toMatchObject({
      outcome: "passed",
      evidence: "trade 7 was told after the reconnect; no BTC of it stays",
    });
    expect(at.passed).toHaveLength(2);
    expect(at.sent.filter(({ type }) => type === "place")).toHaveLength(2);
  });

  it.each([
    { name: "never told", venue: { told: 0 }, why: /^the fill that we have missed: nothing within 20 s$/ },
    {
      name: "told in part",
      venue: { filledLots: 3_000 },
      why: /^all fills of the order: nothing within 20 s; 0\.02 BTC/,
    },
    {
      name: "more than was filled",
      venue: { filledLots: 1_000 },
      why: /^2000 lots were told, and the order has filled 1000/,
    },
    {
      name: "heard after all",
      venue: { quickTimes: Infinity },
      why: /^the stream was back before the order was answered/,
    },
    {
      name: "of an order that is not found",
      venue: { knows: () => false },
      why: /does not know its own order/,
    },
  ])("$name is no pass", async ({ venue, why }) => {
    const { outcome, evidence } = await stage(venue).made(MISSED_FILL_CHECK);
    expect(outcome).toBe("failed");
    expect(evidence).toMatch(why);
  });
});

describe("an order whose answer nobody heard", () => {
  const check = ORDER_CHECKS.find(({ name }) => name === CHECK_NAMES.unheard);

  it.each([
    { name: "has to be found", knows: () => false, why: "the venue does not know its own order by our id" },
    {
      name: "is not found where none was sent",
      knows: () => true,
      why: "the venue says that it has an order that was never sent",
    },
  ])("$name", async ({ knows, why }) => {
    const { passed, made } = stage({ knows });
    expect(await made(check)).toMatchObject({ outcome: "failed", evidence: why });
    expect(passed).toHaveLength(1);
  });
});
