import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OrderEffect } from "../../../../../server/contract/effects.ts";
import type { OpenOrderView } from "../../../../../server/contract/events.ts";
import { leaveNothing } from "../../../../../server/venues/ccxt/certify/leaveNothing.ts";
import { Trial } from "../../../../../server/venues/ccxt/certify/trial.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TERMS = { side: "buy", priceTicks: 100, sizeLots: 1 } as const;

/** An account where these rest; a cancel by a name that is in `names` ends the order. */
function account(resting: { clientId: string; venueOrderId: string; names: readonly string[] }[]) {
  const open = new Set(resting);
  const answer = (effect: OrderEffect): VenueEvent[] => {
    if (effect.type === "cancel")
      for (const one of open) if (one.names.includes(effect.clientId)) open.delete(one);
    if (effect.type !== "query" || effect.what !== "openOrders") return [];
    const orders = [...open].map(({ clientId, venueOrderId }): OpenOrderView => ({
      clientId,
      venueOrderId,
      instrument: 0,
      side: "buy",
      priceTicks: 100,
      sizeLots: 1,
      filledLots: 0,
      steps: { tick: "0.01", lot: "0.00001" },
    }));
    return [{ type: "openOrders", account: 0, askedAtUs: Date.now() * 1_000, orders }];
  };
  return quietSession(answer);
}

async function clean({ session, sent }: ReturnType<typeof account>) {
  const result = leaveNothing(new Trial(session));
  await vi.advanceTimersByTimeAsync(60_000);
  const canceled = sent.flatMap((effect) => (effect.type === "cancel" ? [effect.clientId] : []));
  return { ...(await result), canceled };
}

it("cancels what carries a trial's code, and leaves a stranger's order alone", async () => {
  const ours = "qzcf00010000001";
  const at = account([
    { clientId: ours, venueOrderId: "v1", names: [ours] },
    { clientId: "hand1", venueOrderId: "v2", names: ["hand1"] },
  ]);
  expect(await clean(at)).toMatchObject({ outcome: "passed", canceled: [ours] });
});

it("knows an order that is listed without our id by the name that the venue gave it", async () => {
  const resting = { clientId: "v1", venueOrderId: "v1", names: ["v1"] };
  const at = account([resting]);
  const { clientId } = new Trial(at.session).order(TERMS);
  at.session.events.push({ type: "orderAccepted", account: 0, clientId, venueOrderId: "v1" });
  expect(await clean(at)).toMatchObject({ outcome: "passed", canceled: ["v1"] });
});

it("cancels by every id of its own what is listed without one and was never told", async () => {
  const at = account([{ clientId: "v1", venueOrderId: "v1", names: [] }]);
  const trial = new Trial(at.session);
  const [gone, open] = [trial.order(TERMS).clientId, trial.order(TERMS).clientId];
  at.session.events.push({ type: "orderCanceled", account: 0, clientId: gone, filledLots: 0 });
  const { outcome, evidence, canceled } = await clean(at);
  expect(outcome).toBe("failed");
  expect(evidence).toBe("open at the venue: v1; look there whose they are");
  expect(new Set(canceled)).toEqual(new Set([open]));
});

it("first lets expire what has no answer", async () => {
  const at = account([]);
  new Trial(at.session).order(TERMS);
  const result = leaveNothing(new Trial(at.session));
  await vi.advanceTimersByTimeAsync(at.session.terms.requestExpiryMs - 1);
  expect(at.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await result).toMatchObject({ outcome: "passed" });
});

it("says that the venue could not be asked", async () => {
  const { outcome, evidence, canceled } = await clean(quietSession());
  expect(outcome).toBe("failed");
  expect(evidence).toContain("the question for openOrders: nothing within 1.5 s");
  expect(canceled).toEqual([]);
});
