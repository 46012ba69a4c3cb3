import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { OrderEffect } from "../../../../../server/contract/effects.ts";
import type { OpenOrderElsewhere, OpenOrderView } from "../../../../../server/contract/events.ts";
import { readBalances } from "../../../../../server/venues/ccxt/certify/balances.ts";
import { leaveNothing } from "../../../../../server/venues/ccxt/certify/leaveNothing.ts";
import { Trial } from "../../../../../server/venues/ccxt/certify/trial.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { quietSession } from "./quietSession.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const TERMS = { side: "buy", priceTicks: 100, sizeLots: 1 } as const;

interface Resting {
  readonly clientId: string;
  readonly venueOrderId: string;
  readonly names: readonly string[];
}

interface Around {
  /** The first lists are of before anything rested. */
  readonly lateLists?: number;
  readonly elsewhere?: readonly OpenOrderElsewhere[];
  /** What is there of the base at each question, in atoms. */
  readonly base?: readonly bigint[];
}

/** An account where these rest; a cancel by a name that is in `names` ends the order. */
function account(resting: Resting[], { lateLists = 0, elsewhere = [], base = [] }: Around = {}) {
  const open = new Set(resting);
  let [lists, looks] = [0, 0];
  const answer = (effect: OrderEffect): VenueEvent[] => {
    if (effect.type === "cancel")
      for (const one of open) if (one.names.includes(effect.clientId)) open.delete(one);
    if (effect.type !== "query") return [];
    const asked = { account: 0, askedAtUs: Date.now() * 1_000 };
    if (effect.what === "balances") {
      const atoms = base[Math.min(looks++, base.length - 1)] ?? 0n;
      const balances = [{ asset: "BTC", totalAtoms: atoms, availableAtoms: atoms }];
      return [{ type: "balances", ...asked, balances }];
    }
    const orders = [...(lists++ < lateLists ? [] : open)].map(
      ({ clientId, venueOrderId }): OpenOrderView => ({
        clientId,
        venueOrderId,
        instrument: 0,
        side: "buy",
        priceTicks: 100,
        sizeLots: 1,
        filledLots: 0,
        steps: { tick: "0.01", lot: "0.00001" },
      }),
    );
    return [{ type: "openOrders", ...asked, orders, elsewhere }];
  };
  return quietSession(answer);
}

async function clean({ session, sent }: ReturnType<typeof account>) {
  const result = leaveNothing(new Trial(session));
  await vi.advanceTimersByTimeAsync(300_000);
  const canceled = sent.flatMap((effect) => (effect.type === "cancel" ? [effect.clientId] : []));
  return { ...(await result), canceled };
}

/** An order that this trial has sent, and what was said of it. */
function sent(at: ReturnType<typeof account>, ...kinds: ("orderAccepted" | "orderCanceled")[]): string {
  const { clientId } = new Trial(at.session).order(TERMS);
  const about = { account: 0, clientId, venueOrderId: "v1", filledLots: 0 };
  for (const type of kinds) at.session.events.push({ type, ...about });
  return clientId;
}

it("cancels what carries a trial's code, also that of an earlier one", async () => {
  const earlier = "qzcf00010000001";
  const at = account([{ clientId: earlier, venueOrderId: "v0", names: [earlier] }]);
  sent(at, "orderAccepted", "orderCanceled");
  expect(await clean(at)).toMatchObject({ outcome: "passed", canceled: [earlier] });
});

it("does not believe one empty list: what has no end is canceled before it, and what a later one shows, too", async () => {
  const at = account([], { lateLists: 1 });
  const accepted = sent(at, "orderAccepted");
  const earlier = "qzcf00010000001";
  const late = account([{ clientId: earlier, venueOrderId: "v0", names: [earlier] }], { lateLists: 1 });
  sent(late, "orderAccepted", "orderCanceled");
  expect(await clean(at)).toMatchObject({ outcome: "passed", canceled: [accepted] });
  expect(at.sent.map((effect) => effect.type)[0]).toBe("cancel");
  expect(await clean(late)).toMatchObject({ outcome: "passed", canceled: [earlier] });
});

it("knows an order that is listed without our id by the name that the venue gave it", async () => {
  const at = account([{ clientId: "v1", venueOrderId: "v1", names: ["v1"] }]);
  const clientId = sent(at, "orderAccepted");
  expect(await clean(at)).toMatchObject({ outcome: "passed", canceled: [clientId, "v1"] });
});

it("cancels by every id of its own what is listed without one and was never told", async () => {
  const at = account([{ clientId: "v1", venueOrderId: "v1", names: [] }]);
  sent(at, "orderCanceled");
  const open = sent(at);
  const { outcome, evidence, canceled } = await clean(at);
  expect(outcome).toBe("failed");
  expect(evidence).toBe("open at the venue: v1; look there whose they are");
  expect(new Set(canceled)).toEqual(new Set([open]));
});

it("names what an earlier trial left in another symbol", async () => {
  const left = { symbol: "ETH/USDT", clientId: "qzcf00010000001", venueOrderId: "v0" };
  const at = account([], { elsewhere: [{ ...left, side: "buy", price: "1", size: "1" }] });
  sent(at, "orderAccepted", "orderCanceled");
  expect(await clean(at)).toMatchObject({
    outcome: "failed",
    evidence: "open at the venue: ETH/USDT qzcf00010000001; cancel them there",
  });
});

it.each([
  { base: [5n * 10n ** 16n, 7n * 10n ** 16n], words: "has 0.02 BTC more than before" },
  { base: [5n * 10n ** 16n, 4n * 10n ** 16n], words: "has 0.01 BTC less than before" },
])("names what the base differs by, also when no fill was told: $words", async ({ base, words }) => {
  const at = account([], { base });
  const before = readBalances(new Trial(at.session));
  await vi.advanceTimersByTimeAsync(100);
  await before;
  sent(at, "orderAccepted", "orderCanceled");
  const { outcome, evidence } = await clean(at);
  expect(outcome).toBe("passed");
  expect(evidence).toContain(words);
});

it("first lets expire what has no answer", async () => {
  const at = account([]);
  const clientId = sent(at);
  const result = leaveNothing(new Trial(at.session));
  await vi.advanceTimersByTimeAsync(at.session.terms.requestExpiryMs - 1);
  expect(at.sent).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await result).toMatchObject({ outcome: "passed" });
  expect(at.sent[0]).toMatchObject({ type: "cancel", clientId });
});

it("says that the venue could not be asked", async () => {
  const at = quietSession();
  sent(at, "orderAccepted", "orderCanceled");
  const { outcome, evidence, canceled } = await clean(at);
  expect(outcome).toBe("failed");
  expect(evidence).toContain("the question for openOrders: nothing within 1.5 s");
  expect(canceled).toEqual([]);
});

it("asks nobody when no order was sent: a key that is refused has no answers", async () => {
  const at = quietSession();
  expect(await leaveNothing(new Trial(at.session))).toMatchObject({
    outcome: "skipped",
    evidence: "no order was sent",
  });
  expect(at.sent).toEqual([]);
});
