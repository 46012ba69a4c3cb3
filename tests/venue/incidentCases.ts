/**
 * What other systems are known to lose, by the names under which it was reported. In each of them the engine's
 * inventory is the venue's afterwards, and nothing is left working that the engine does not know.
 */
import { describe, expect, it } from "vitest";
import { ABSENCE_MARGIN_US } from "../../server/core/orders/absence.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { isFinal } from "../../server/core/orders/order.ts";
import { BID, SIZE, THEIR_ASK, THEIR_BID } from "../support/venueRig.ts";
import type { Target, VenueRig } from "../support/venueRig.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, gainedLots, ownRigs } from "./rigs.ts";

/** No request here is lost on its way out: on a busy machine a short life would end it there. */
const PATIENT = { requestExpiryMs: 10_000 };

/** The other way round: what the venue shows is older than a request's life and the margin after it. */
const BRIEF = { requestExpiryMs: 1_000 };
const LAG_MS = 3_000;

export function incidentCases(target: Target): void {
  describe.sequential(`known incidents at ${target}`, () => {
    const own = ownRigs(target);

    it("nautilus_trader #4160: orders that live, and that are filled, are not resolved as rejected on a time-out", async () => {
      const rig = await own(PATIENT);
      const before = await rig.truth();
      const seen = watchFinals(rig);
      await rig.hideFills();
      // The venue's lists lag behind what it has done.
      await rig.wire?.fault({ kind: "staleRest", behindMs: 1_000, forMs: 1_500 });
      const orders = [THEIR_ASK - 1, BID].map((priceTicks) => placeUnanswered(rig, priceTicks));
      const [filled, lives] = await Promise.all(orders);
      await rig.take("sell", SIZE, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(before.fills.length + 1);
      await expectSoon(() => filled?.filledLots).toBe(SIZE);
      await rig.heal();
      await expectSoon(() => filled?.status).toBe("FILLED");
      await agreed(rig);
      expect(seen()).not.toContain("REJECTED");
      expect(lives === undefined || rig.desk.engine.state.orders.has(lives.clientId)).toBe(true);
      expect(gainedLots(before, await rig.truth())).toBeGreaterThan(BigInt(SIZE) - 3n);
    });

    it.skipIf(target === "in-process").each(["lives", "is filled"] as const)(
      "nautilus_trader #4160: nor is one that %s where the venue's lists lag for longer than a request's life",
      async (fate) => {
        const rig = await own(BRIEF);
        const before = await rig.truth();
        await rig.hideFills();
        await rig.wire?.fault({ kind: "staleRest", behindMs: LAG_MS, forMs: 60_000 });
        // What lags is what it was at the first question after that.
        await askedForBalances(rig);
        const order = await placeDenied(rig);
        const [seen, forgotten] = [watchFinals(rig, order), watchForgotten(rig, order)];
        expect([order.status, order.exposureLots]).toEqual(["UNKNOWN", SIZE]);
        if (fate === "is filled") await rig.take("sell", SIZE, order.priceTicks);
        await expectSoon(() => order.status).toBe(fate === "lives" ? "OPEN" : "FILLED");
        expect([forgotten(), seen()]).toEqual([false, []]);
        expect((await rig.truth()).openOrders).toHaveLength(fate === "lives" ? 1 : 0);
        await rig.heal();
        await agreed(rig);
        const gained = gainedLots(before, await rig.truth());
        expect(gained > BigInt(SIZE) - 3n).toBe(fate === "is filled");
      },
    );

    it("nautilus_trader #4152: a cancel that is stuck does not free its order's place for another quote", async () => {
      const rig = await own(PATIENT);
      const order = await opened(rig, BID);
      await rig.lose("request", "cancel");
      await rig.wire?.fault({ kind: "http503", match: CANCEL_PATH[target] });
      rig.desk.cancel(order);
      await rig.desk.until(() => order.status !== "PENDING_CANCEL");
      // Not gone before the venue says so: what it may still fill counts.
      const rests = async (): Promise<boolean> => (await rig.truth()).openOrders.length === 1;
      if (await rests()) expect([isFinal(order.status), order.exposureLots]).toEqual([false, SIZE]);
      await rig.heal();
      await expectSoon(
        () => {
          if (order.status === "OPEN") rig.desk.cancel(order);
          return order.status;
        },
        { everyMs: 50 },
      ).toBe("CANCELED");
      expect(await rests()).toBe(false);
      await agreed(rig);
    });

    it("nautilus_trader #4288: cancel-replace leaves neither phantom cancels nor a second order", async () => {
      const rig = await own(target === "in-process" ? { ...PATIENT, amend: "cancel-new" } : PATIENT);
      let priceTicks = THEIR_ASK - 1;
      const order = await opened(rig, priceTicks);
      const seen = watchFinals(rig);
      for (const [n, what] of (["answer", "request", "answer", "request"] as const).entries()) {
        const before = await rig.lost(what);
        await rig.lose(what, "amend");
        do {
          rig.desk.amend(order, { priceTicks: --priceTicks });
          await rig.desk.until(() => order.status !== "PENDING_AMEND");
          // One that finds the socket closed goes another way, and is answered.
        } while ((await rig.lost(what)) === before);
        const open = (await rig.truth()).openOrders;
        expect(open.length).toBeLessThanOrEqual(1);
        const rests = open.reduce((sum, { sizeLots, filledLots }) => sum + sizeLots - filledLots, 0);
        expect(order.exposureLots).toBeGreaterThanOrEqual(rests);
        if (n === 1) await rig.take("sell", 300, THEIR_BID + 1);
        await rig.heal();
        await expectSoon(() => order.status).toMatch(/^(OPEN|PARTIALLY_FILLED)$/);
        await agreed(rig);
      }
      expect(order.filledLots).toBe(300);
      expect(seen()).toEqual([]);
      expect((await rig.truth()).openOrders).toHaveLength(1);
    });

    it("Hummingbot #8094: a fill that lands while its cancel is under way moves the inventory", async () => {
      const rig = await own(PATIENT);
      const before = await rig.truth();
      const order = await opened(rig, THEIR_ASK - 1);
      if (rig.wire === undefined) await rig.take("sell", SIZE, THEIR_ASK - 1);
      else await rig.wire.fault({ kind: "cancelRace" });
      rig.desk.cancel(order);
      await expectSoon(() => isFinal(order.status)).toBe(true);
      await agreed(rig);
      const { length } = (await rig.truth()).fills;
      expect(order.filledLots).toBe(length === before.fills.length ? 0 : SIZE);
      if (rig.wire !== undefined) expect(order.filledLots).toBe(SIZE);
    });

    it("Hummingbot #7139: a part that is filled before the cancel, and told after it, is booked", async () => {
      const rig = await own(PATIENT);
      const order = await opened(rig, THEIR_ASK - 1);
      await rig.hideFills();
      await rig.take("sell", 400, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(1);
      rig.desk.cancel(order);
      await expectSoon(() => isFinal(order.status)).toBe(true);
      await rig.heal();
      await expectSoon(() => order.filledLots).toBe(400);
      expect(order.status).toBe("CANCELED");
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
    });

    it("Hummingbot #5984: a fill below the venue's minimum is inventory like any other, and nothing stops", async () => {
      const rig = await own(PATIENT);
      const order = await opened(rig, THEIR_ASK - 1);
      // One lot is worth 0.6, and the venue takes no order below 5.
      await rig.take("sell", 1, THEIR_ASK - 1);
      await expectSoon(() => order.filledLots).toBe(1);
      await agreed(rig);
      const [market] = rig.desk.engine.state.markets;
      expect(market?.inventoryBase).toBeCloseTo(0.00001, 7);
      rig.desk.cancel(order);
      await expectSoon(() => order.status).toBe("CANCELED");
      await opened(rig, BID);
      await agreed(rig);
    });

    it("Hummingbot #8457: orders that were accepted before the network went are not given up, and their fills come", async () => {
      const rig = await own(PATIENT);
      const seen = watchFinals(rig);
      await rig.hideFills();
      const orders = await Promise.all(
        Array.from({ length: 6 }, (_, n) => placeUnanswered(rig, THEIR_ASK - 10 + n)),
      );
      // Six that nobody has answered for, of which two are filled.
      await rig.take("sell", 2 * SIZE, THEIR_ASK - 6);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(2);
      await rig.disconnect();
      await rig.heal();
      await expectSoon(() => orders.reduce((sum, { filledLots }) => sum + filledLots, 0)).toBe(2 * SIZE);
      await agreed(rig);
      expect(seen()).not.toContain("REJECTED");
      expect(rig.desk.engine.state.counts.fills).toBe(2);
    });
  });
}

const CANCEL_PATH = {
  "in-process": "",
  binance: "DELETE /api/v3/order",
  okx: "cancel-order",
  kraken: "CancelOrder",
} as const;

async function opened(rig: VenueRig, priceTicks: number): Promise<Order> {
  const order = rig.desk.place({ priceTicks });
  await expectSoon(() => order.status).toBe("OPEN");
  return order;
}

/** The venue has it, and its answer does not come back. */
async function placeUnanswered(rig: VenueRig, priceTicks: number): Promise<Order> {
  await rig.lose("answer", "place");
  const order = rig.desk.place({ priceTicks });
  await expectSoon(() => isResting(rig, order)).toBe(true);
  return order;
}

async function isResting(rig: VenueRig, { clientId }: Order): Promise<boolean> {
  return (await rig.truth()).openOrders.some((open) => open.clientId === clientId);
}

/**
 * It is there, and is denied by a question from when its request could no longer arrive. On a busy machine that one may
 * come so late that it is found, or the order too late to be taken: then another is tried.
 */
async function placeDenied(rig: VenueRig): Promise<Order> {
  let losses = await rig.lost("answer");
  for (let priceTicks = THEIR_ASK - 1; ; priceTicks--) {
    // One that was not even sent has left the loss to the next.
    if ((await rig.lost("answer")) === losses) {
      await rig.lose("answer", "place");
      losses += 1;
    }
    const order = rig.desk.place({ priceTicks });
    let rests = false;
    await expectSoon(async () => (rests = await isResting(rig, order)) || isFinal(order.status)).toBe(true);
    if (!rests) continue;
    await rig.desk.until(() => isDenied(rig, order) || order.status === "OPEN");
    if (isDenied(rig, order)) return order;
    rig.desk.cancel(order);
    await rig.desk.until(() => isFinal(order.status));
  }
}

/** Whether it was ever reckoned with for less than it could still fill. */
function watchForgotten({ desk }: VenueRig, order: Order): () => boolean {
  let isForgotten = false;
  const then = desk.onEvent;
  desk.onEvent = (event) => {
    then(event);
    isForgotten ||= order.exposureLots + order.filledLots < order.sizeLots;
  };
  return () => isForgotten;
}

function isDenied({ desk }: VenueRig, { clientId, requestExpiresAtUs }: Order): boolean {
  return desk.events.some(
    (event) =>
      event.type === "orderStatus" &&
      event.clientId === clientId &&
      event.askedAtUs > requestExpiresAtUs + ABSENCE_MARGIN_US &&
      !event.answer.found,
  );
}

async function askedForBalances({ desk }: VenueRig): Promise<void> {
  const from = desk.events.length;
  desk.venue.send({ type: "query", what: "balances", account: 0 });
  await desk.until(() => desk.events.slice(from).some(({ type }) => type === "balances"));
}

/** The final states that orders of the desk, or the one, were ever in. */
function watchFinals({ desk }: VenueRig, only?: Order): () => string[] {
  const seen = new Set<string>();
  desk.onEvent = () => {
    for (const { status } of only === undefined ? desk.engine.state.orders.values() : [only])
      if (isFinal(status) && status !== "FILLED") seen.add(status);
  };
  return () => [...seen];
}
