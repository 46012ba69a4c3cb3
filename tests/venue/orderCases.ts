/** An order's ways at a venue that answers: what a desk asks for, what the venue says, and that both agree afterwards. */
import { describe, expect, it } from "vitest";
import { ASK, BID, SIZE, THEIR_ASK } from "../support/venueRig.ts";
import type { Target } from "../support/venueRig.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, ownRigs, sharedRig } from "./rigs.ts";

export function orderCases(target: Target): void {
  describe.sequential(`orders at ${target}`, () => {
    // Nothing is lost here: a request that a busy machine keeps for a second is to be taken all the same.
    const shared = sharedRig(target, { requestExpiryMs: 10_000 });

    it("a new order rests, and a cancel ends it", async () => {
      const rig = shared();
      const order = rig.desk.place();
      await expectSoon(() => order.status).toBe("OPEN");
      await agreed(rig);
      expect((await rig.truth()).openOrders).toMatchObject([
        { side: "buy", priceTicks: BID, sizeLots: SIZE, filledLots: 0 },
      ]);
      rig.desk.cancel(order);
      await expectSoon(() => order.status).toBe("CANCELED");
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
    });

    it("a post-only order that would take never does", async () => {
      const rig = shared();
      const before = (await rig.truth()).fills.length;
      const order = rig.desk.place({ priceTicks: THEIR_ASK + 100 });
      await expectSoon(() => ["REJECTED", "EXPIRED"].includes(order.status)).toBe(true);
      await agreed(rig);
      expect((await rig.truth()).fills).toHaveLength(before);
    });

    it("an order below the minimum, and one that nobody can pay, are refused for that", async () => {
      const rig = shared();
      const small = rig.desk.place({ sizeLots: 1 });
      const dear = rig.desk.place({ sizeLots: 50_000_000 });
      await expectSoon(() => [small.status, dear.status]).toEqual(["REJECTED", "REJECTED"]);
      expect(rig.desk.told(small)).toEqual(["orderRejected FILTER"]);
      expect(rig.desk.told(dear)).toEqual(["orderRejected INSUFFICIENT_FUNDS"]);
      await agreed(rig);
    });

    it("an amendment moves the order, as one order with one history", async () => {
      const rig = shared();
      const order = rig.desk.place();
      await expectSoon(() => order.status).toBe("OPEN");
      rig.desk.amend(order, { priceTicks: BID - 200, sizeLots: 2 * SIZE });
      await expectSoon(() => [order.status, order.priceTicks]).toEqual(["OPEN", BID - 200]);
      await rig.take("sell", 300 + 20_000_000, BID - 200);
      await expectSoon(() => order.filledLots).toBeGreaterThan(0);
      await agreed(rig);
    });

    it("an order is filled in parts, amended between them, and every part is booked", async () => {
      const rig = shared();
      const order = rig.desk.place({ priceTicks: THEIR_ASK - 1 });
      await expectSoon(() => order.status).toBe("OPEN");
      await rig.take("sell", 300, THEIR_ASK - 1);
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["PARTIALLY_FILLED", 300]);
      await agreed(rig);
      rig.desk.amend(order, { priceTicks: THEIR_ASK - 2 });
      await expectSoon(() => order.priceTicks).toBe(THEIR_ASK - 2);
      await agreed(rig);
      const [open] = (await rig.truth()).openOrders;
      expect((open?.sizeLots ?? 0) - (open?.filledLots ?? 0)).toBe(SIZE - 300);
      await rig.take("sell", SIZE - 300, THEIR_ASK - 2);
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["FILLED", SIZE]);
      await agreed(rig);
    });

    it("an order that takes gets what is there, and its rest expires", async () => {
      const rig = shared();
      const order = rig.desk.place({ role: "hedge", priceTicks: THEIR_ASK, sizeLots: 1_500_000 });
      await expectSoon(() => order.status).toBe("EXPIRED");
      expect(order.filledLots).toBeGreaterThan(0);
      expect(order.filledLots).toBeLessThan(1_500_000);
      await agreed(rig);
    });

    it("a fill that comes before the cancel is booked, and the cancel settles nothing wrongly", async () => {
      const rig = shared();
      const order = rig.desk.place({ priceTicks: THEIR_ASK - 1 });
      await expectSoon(() => order.status).toBe("OPEN");
      await rig.hideFills();
      const { length } = (await rig.truth()).fills;
      await rig.take("sell", SIZE, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(length + 1);
      expect(order.filledLots).toBe(0);
      rig.desk.cancel(order);
      await rig.heal();
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["FILLED", SIZE]);
      await agreed(rig);
    });

    it("a second order under the same id is no second order", async () => {
      const rig = shared();
      const order = rig.desk.place();
      await expectSoon(() => order.status).toBe("OPEN");
      const { account, instrument, clientId, side, priceTicks, sizeLots } = order;
      rig.desk.venue.send({
        type: "place",
        account,
        instrument,
        clientId,
        side,
        priceTicks,
        sizeLots,
        timeInForce: "POST_ONLY",
        selfTrade: "EXPIRE_TAKER",
        requestExpiresAtUs: rig.desk.engine.state.nowUs + 1_000_000,
      });
      // Answers to both are there when a third order has its own.
      const other = rig.desk.place({ priceTicks: BID - 500 });
      await expectSoon(() => other.status).toBe("OPEN");
      await agreed(rig);
      expect((await rig.truth()).openOrders).toHaveLength(2);
    });

    it("an order of another hand is left alone, and its fills are inventory", async () => {
      const rig = shared();
      await rig.placeByHand("byhand1", "buy", THEIR_ASK - 1, SIZE);
      rig.desk.venue.send({ type: "query", what: "openOrders", account: 0 });
      await expectSoon(() =>
        rig.desk.events.some((event) => event.type === "openOrders" && event.orders.length > 0),
      ).toBe(true);
      expect((await rig.truth()).openOrders).toHaveLength(1);
      await rig.take("sell", 400, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).openOrders[0]?.filledLots).toBe(400);
      await agreed(rig);
      await rig.cancelByHand("byhand1");
    });
  });

  describe.sequential(`all orders of ${target}`, () => {
    const own = ownRigs(target);

    it(`a cancel of everything ends everything at ${target}`, async () => {
      const rig = await own();
      const orders = Array.from({ length: 12 }, (_, n) =>
        rig.desk.place({
          instrument: n % 2,
          side: n % 3 === 0 ? "sell" : "buy",
          priceTicks: (n % 3 === 0 ? ASK : BID) + n,
        }),
      );
      await expectSoon(() => orders.every(({ status }) => status === "OPEN")).toBe(true);
      await agreed(rig);
      rig.desk.venue.send({ type: "cancelAll", account: 0 });
      await expectSoon(async () => (await rig.truth()).openOrders).toEqual([]);
      await agreed(rig);
      expect(orders.map(({ status }) => status)).toEqual(orders.map(() => "CANCELED"));
    });

    it(`an order of this desk that the engine does not know is canceled at ${target}`, async () => {
      const rig = await own();
      const order = rig.desk.place();
      await expectSoon(() => order.status).toBe("OPEN");
      const desk = await rig.crash();
      expect((await rig.truth()).openOrders).toHaveLength(1);
      await expectSoon(() => desk.isReady).toBe(true);
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
      expect(desk.notices.join("\n")).toContain(`STRAY_ORDER a: ${order.clientId}`);
    });
  });
}

/** Where the target leaves the choice: an amendment that is a cancel and a new order. */
export function cancelNewCases(target: Target): void {
  describe.sequential(`amendments that replace at ${target}`, () => {
    const own = ownRigs(target);

    it("an amendment that is a cancel and a new order is one order to the engine", async () => {
      const rig = await own({ amend: "cancel-new" });
      const order = rig.desk.place({ priceTicks: THEIR_ASK - 1 });
      await expectSoon(() => order.status).toBe("OPEN");
      await rig.take("sell", 300, THEIR_ASK - 1);
      await expectSoon(() => order.filledLots).toBe(300);
      rig.desk.amend(order, { priceTicks: THEIR_ASK - 2 });
      await expectSoon(() => order.priceTicks).toBe(THEIR_ASK - 2);
      await rig.take("sell", SIZE - 300, THEIR_ASK - 2);
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["FILLED", SIZE]);
      await agreed(rig);
    });
  });
}
