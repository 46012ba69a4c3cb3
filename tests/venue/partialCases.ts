/**
 * Requests of several parts of which the venue does some: OKX cancels in batches, Binance amends by a cancel and a new
 * order. None of the kind leaves for Kraken: one call ends all orders there, and an amendment changes the order itself.
 */
import { describe, expect, it } from "vitest";
import { BID, THEIR_ASK } from "../support/venueRig.ts";
import type { WireRig } from "../support/venueRigWire.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, sharedRig } from "./rigs.ts";
import { opened } from "./troubleSteps.ts";

export function halfCanceledCases(target: "okx"): void {
  describe.sequential(`cancels by half at ${target}`, () => {
    const shared = sharedRig(target) as () => WireRig;

    it("a cancel of many of which some fail is made again, and leaves none that the engine does not know", async () => {
      const rig = shared();
      const orders = await Promise.all([1, 2, 3, 4].map((n) => opened(rig, { priceTicks: BID - n })));
      await rig.wire.fault({ kind: "partialBatch" });
      // Nothing else ends them: all four are in the first batch.
      rig.desk.venue.send({ type: "cancelAll", account: 0 });
      await expectSoon(() => orders.every(({ status }) => status === "CANCELED")).toBe(true);
      await agreed(rig);
      const ids = orders.map(({ clientId }) => clientId);
      const ended = (await rig.wire.orders()).filter(({ clientId }) => ids.includes(clientId));
      const endedAtUs = ended.map(({ updatedAtUs }) => updatedAtUs).toSorted((a, b) => a - b);
      const [, second = NaN, third = NaN] = endedAtUs;
      expect(third - second).toBeGreaterThan(BETWEEN_BATCHES_US);
    });
  });
}

/** The venue does a batch at once; the next is sent a tenth of a second later. */
const BETWEEN_BATCHES_US = 50_000;

export function halfAmendedCases(target: "binance"): void {
  describe.sequential(`amendments by half at ${target}`, () => {
    const shared = sharedRig(target) as () => WireRig;

    it("an amendment that cancels and does not place leaves no order, and what it had filled", async () => {
      const rig = shared();
      const order = await opened(rig, { priceTicks: THEIR_ASK - 1 });
      await rig.take("sell", 300, THEIR_ASK - 1);
      await expectSoon(() => order.filledLots).toBe(300);
      await rig.wire.fault({ kind: "partialBatch" });
      rig.desk.amend(order, { priceTicks: THEIR_ASK - 2 });
      // Had the fault not been met, it would rest at its new price.
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["CANCELED", 300]);
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
    });
  });
}
