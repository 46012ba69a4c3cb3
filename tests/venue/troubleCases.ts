/**
 * What goes wrong around orders: connections, books, limits, clocks, listings, and a desk that falls silent. Whatever
 * it is, it ends with the engine and the venue of one mind, and with trading possible again.
 */
import { describe, expect, it } from "vitest";
import { BID, BTC, SIZE, THEIR_ASK } from "../support/venueRig.ts";
import type { ReportFault, Target } from "../support/venueRig.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, ownRigs, sharedRig } from "./rigs.ts";
import type { WireTarget } from "./rigs.ts";
import type { WireRig } from "../support/venueRigWire.ts";
import { cleared, ended, opened, sizeAt, spoilt, tradesAgain } from "./troubleSteps.ts";

export function troubleCases(target: Target): void {
  describe.sequential(`trouble at ${target}`, () => {
    const shared = sharedRig(target);

    it("what was filled while the connection was down is booked when it is back", async () => {
      const rig = shared();
      const order = await opened(rig, { priceTicks: THEIR_ASK - 1 });
      await rig.hideFills();
      const { length } = (await rig.truth()).fills;
      await rig.take("sell", 300, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(length + 1);
      await rig.disconnect();
      await expectSoon(() => rig.desk.isReady).toBe(false);
      await rig.heal();
      await expectSoon(() => order.filledLots).toBe(300);
      await agreed(rig);
    });

    it("a fill that is never told is found all the same", async () => {
      const rig = shared();
      const order = await opened(rig, { priceTicks: THEIR_ASK - 1 });
      await rig.hideFills();
      await rig.take("sell", SIZE, THEIR_ASK - 1);
      await expectSoon(() => order.filledLots).toBe(SIZE);
      await rig.heal();
      await agreed(rig);
    });

    it.each(reportFaults(target))("reports that suffer a %s are booked once, and all", async (how) => {
      const rig = shared();
      const order = await opened(rig, { priceTicks: THEIR_ASK - 1 });
      const before = await rig.wire?.faultCount(how);
      await rig.spoilReports(how);
      for (let n = 0; n < 3; n++) await rig.take("sell", 100, THEIR_ASK - 1);
      await expectSoon(() => order.filledLots).toBe(300);
      await agreed(rig);
      // These are counted as they are met.
      if (before !== undefined) expect(await rig.wire?.faultCount(how)).toBe(before + 1);
      await rig.heal();
    });

    it("a book with a gap is void until it is whole again", async () => {
      const rig = shared();
      const levels = await spoilt(rig, () => rig.gap());
      const changed = [...levels.keys()];
      // The exchange in process begins again from a book of its own.
      const [first = 0] = rig.wire === undefined ? changed.slice(-1) : changed;
      await rig.rest("buy", first, 600);
      await expectSoon(() => sizeAt(rig, first)).toBe(600);
      await cleared(rig, levels);
    });
  });
}

/** In process late reports overtake each other: one fault is both. */
function reportFaults(target: Target): readonly ReportFault[] {
  const faults = ["duplicateEvent", "lateEvent"] as const;
  return target === "in-process" ? faults : [...faults, "reorderedEvents"];
}

export function limitAndClockCases(target: WireTarget): void {
  describe.sequential(`limits and clocks at ${target}`, () => {
    const own = ownRigs<WireRig>(target);

    it("orders beyond the venue's limit are refused, and none of them is in doubt for long", async () => {
      const rig = await own({ limits: "venue" });
      const orders = Array.from({ length: 150 }, (_, n) => rig.desk.place({ priceTicks: BID - n }));
      const isSettled = ({ status }: Order): boolean => status === "OPEN" || status === "REJECTED";
      await expectSoon(() => orders.every(isSettled)).toBe(true);
      expect(orders.some(({ status }) => status === "REJECTED")).toBe(true);
      expect(orders.some(({ status }) => status === "OPEN")).toBe(true);
      await agreed(rig);
    });

    it("our own budget keeps below the limits, and cancels have room when nothing else has", async () => {
      const rig = await own({ limits: "entry" });
      const orders = Array.from({ length: 150 }, (_, n) => rig.desk.place({ priceTicks: BID - n }));
      const isSettled = ({ status }: Order): boolean => status === "OPEN" || status === "REJECTED";
      await expectSoon(() => orders.every(isSettled)).toBe(true);
      const open = orders.filter(({ status }) => status === "OPEN");
      expect(open.length).toBeGreaterThan(5);
      expect(open.length).toBeLessThan(orders.length);
      for (const order of open) rig.desk.cancel(order);
      await expectSoon(() => open.every(({ status }) => status === "CANCELED")).toBe(true);
      expect((await rig.truth()).openOrders).toEqual([]);
    });

    it.each(["ban", "maintenance"] as const)("a %s passes, and trading goes on", async (kind) => {
      const rig = await own();
      const resting = await opened(rig);
      await rig.wire.fault({ kind, forMs: 1_000 });
      const refused = rig.desk.place({ priceTicks: BID - 1 });
      await expectSoon(() => refused.status).toBe("REJECTED");
      rig.desk.cancel(resting);
      await tradesAgain(rig);
      await ended(rig, resting);
      await agreed(rig);
    });

    it.each([5_000, -5_000])("a venue whose clock goes %i ms wrong is followed", async (offsetMs) => {
      const rig = await own();
      await opened(rig);
      await rig.wire.fault({ kind: "clockSkew", offsetMs, forMs: 60_000 });
      await tradesAgain(rig);
      await agreed(rig);
      expect((await rig.truth()).openOrders.length).toBeGreaterThan(1);
    });
  });
}

export function saidLimitCases(target: "binance"): void {
  describe.sequential(`a limit that is called used up at ${target}`, () => {
    const own = ownRigs<WireRig>(target);

    it("the desk is silent for as long as the venue says, and goes on without having lost an order", async () => {
      const rig = await own({ limits: "venue" });
      const resting = await opened(rig);
      await rig.wire.fault({ kind: "rateLimited", forMs: 5_000 });
      const first = rig.desk.place({ priceTicks: BID - 1 });
      await expectSoon(() => first.status).toBe("REJECTED");
      // Were they sent all the same, the venue would ban the address for two minutes, and nothing rested in time.
      const others = Array.from({ length: 30 }, (_, n) => rig.desk.place({ priceTicks: BID - 2 - n }));
      await expectSoon(() => others.every(({ status }) => status === "REJECTED")).toBe(true);
      for (const order of [first, ...others])
        expect(rig.desk.told(order)).toEqual(["orderRejected RATE_LIMIT"]);
      expect(resting.status).toBe("OPEN");
      await tradesAgain(rig);
      await agreed(rig);
      expect((await rig.truth()).openOrders).toHaveLength(2);
    });
  });
}

export function listingCases(target: Target): void {
  describe.sequential(`listings at ${target}`, () => {
    const own = ownRigs(target);

    it.each([
      { what: "tick", change: { tick: "0.5" }, terms: { priceTicks: THEIR_ASK / 5 - 1, sizeLots: SIZE } },
      { what: "lot", change: { lot: "0.0001" }, terms: { priceTicks: THEIR_ASK - 1, sizeLots: SIZE / 10 } },
    ])(
      "a new $what makes a new version of the instrument, and orders and fills in it",
      async ({ change, terms }) => {
        const rig = await own();
        const before = await opened(rig);
        await rig.list(BTC, change);
        const inst = rig.desk.engine.state.instruments[BTC];
        // Not on the new grid: the venue refuses it, if the engine does not know by then.
        const stale =
          inst?.definition.version === 1
            ? rig.desk.place({ priceTicks: BID - 1, sizeLots: SIZE - 1 })
            : undefined;
        await expectSoon(() => stale?.status ?? "REJECTED").toBe("REJECTED");
        await expectSoon(() => inst?.definition).toMatchObject({ ...change, version: 2 });
        await expectSoon(() => rig.desk.live).toEqual([]);
        expect(before.filledLots).toBe(0);
        const order = await opened(rig, terms);
        await rig.take("sell", 30, terms.priceTicks);
        await expectSoon(() => order.filledLots).toBe(30);
        await agreed(rig);
        expect((await rig.truth()).openOrders).toMatchObject([{ ...terms, filledLots: 30 }]);
      },
    );

    it("a halt refuses what is new, is told, and ends", async () => {
      const rig = await own();
      const inst = rig.desk.engine.state.instruments[BTC];
      await rig.list(BTC, { status: "HALTED" });
      const order = rig.desk.place();
      await expectSoon(() => order.status).toBe("REJECTED");
      expect(rig.desk.told(order)).toEqual(["orderRejected HALTED"]);
      await expectSoon(() => inst?.definition.status).toBe("HALTED");
      await rig.list(BTC, { status: "TRADING" });
      await tradesAgain(rig);
      await agreed(rig);
    });
  });
}

export function noDeadMansSwitchCases(target: Target): void {
  describe.sequential(`a desk that falls silent at ${target}`, () => {
    const own = ownRigs(target);

    it("leaves its orders at the venue, and its next run cancels them", async () => {
      const rig = await own(FAST);
      await opened(rig);
      const desk = await rig.crash();
      expect((await rig.truth()).openOrders).toHaveLength(1);
      await expectSoon(async () => (await rig.truth()).openOrders).toEqual([]);
      expect(desk.notices.join("\n")).toContain("STRAY_ORDER");
    });
  });
}

export function deadMansSwitchCases(target: WireTarget): void {
  describe.sequential(`a desk that falls silent at ${target}`, () => {
    const own = ownRigs<WireRig>(target);

    it("has its orders canceled by the venue's dead-man's switch", async () => {
      const rig = await own(FAST);
      const order = await opened(rig);
      await rig.die();
      await expectSoon(async () => (await rig.truth()).openOrders).toEqual([]);
      expect(await rig.wire.orders()).toMatchObject([{ clientId: order.clientId, status: "CANCELED" }]);
    });
  });
}

/** The half minute until a switch goes off is over sooner; so is a request's life, which is longer for that. */
const FAST = { speed: 6, requestExpiryMs: 30_000 };
