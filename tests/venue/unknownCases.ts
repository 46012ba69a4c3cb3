/**
 * Requests whose outcome nobody knows, of every kind: nothing is taken for refused that was not, the venue is asked,
 * and in the end the engine's orders, fills and balances are the venue's.
 */
import { describe, expect, it } from "vitest";
import type { RequestFault } from "../../server/contract/wireFaults.ts";
import { BID, SIZE, THEIR_ASK } from "../support/venueRig.ts";
import type { Target, VenueRig } from "../support/venueRig.ts";
import type { WireRig } from "../support/venueRigWire.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, sharedRig } from "./rigs.ts";
import type { WireTarget } from "./rigs.ts";

export function unknownCases(target: Target): void {
  describe.sequential(`requests without an outcome at ${target}`, () => {
    const shared = sharedRig(target);

    it("a new order that never arrived is gone, once nothing can arrive any more", async () => {
      const rig = shared();
      const order = await placeLost(rig, "request");
      await rig.heal();
      await expectSoon(() => order.status).toBe("REJECTED");
      neverRefused(rig, order);
      await agreed(rig);
      expect((await rig.truth()).openOrders).toEqual([]);
    });

    it("a new order whose answer is lost is found, with what it has filled", async () => {
      const rig = shared();
      const order = await placeLost(rig, "answer");
      await expectSoon(async () => (await rig.truth()).openOrders.length).toBe(1);
      await rig.take("sell", 300, THEIR_ASK - 1);
      await rig.heal();
      await expectSoon(() => [order.status, order.filledLots]).toEqual(["PARTIALLY_FILLED", 300]);
      neverRefused(rig, order);
      await agreed(rig);
    });

    it.each(["request", "answer"] as const)(
      "an amendment whose %s is lost leaves one order",
      async (what) => {
        const rig = shared();
        const order = await resting(rig);
        const before = await rig.lost(what);
        await rig.lose(what, "amend");
        let made = { priceTicks: BID, sizeLots: SIZE };
        let asked = made;
        do {
          made = asked;
          asked = { priceTicks: made.priceTicks - 300, sizeLots: 700 };
          rig.desk.amend(order, asked);
          await rig.desk.until(() => order.status !== "PENDING_AMEND");
          // One that finds the socket closed goes another way, and is answered.
        } while ((await rig.lost(what)) === before);
        await rig.heal();
        const { priceTicks, sizeLots } = what === "answer" ? asked : made;
        await expectSoon(() => [order.status, order.priceTicks, order.sizeLots]).toEqual([
          "OPEN",
          priceTicks,
          sizeLots,
        ]);
        await agreed(rig);
        expect((await rig.truth()).openOrders).toHaveLength(1);
      },
    );

    it.each(["request", "answer"] as const)(
      "a cancel whose %s is lost is not taken for done",
      async (what) => {
        const rig = shared();
        const order = await resting(rig);
        await rig.lose(what, "cancel");
        rig.desk.cancel(order);
        await expectSoon(() => ["CANCELED", "OPEN", "UNKNOWN"].includes(order.status)).toBe(true);
        await rig.heal();
        await agreed(rig);
        if (order.status === "OPEN") rig.desk.cancel(order);
        await expectSoon(() => order.status).toBe("CANCELED");
        await agreed(rig);
      },
    );
  });
}

/** Whether the venue has carried the request out that meets it. */
const OVER_REST: readonly (readonly [RequestFault, carriedOut: boolean])[] = [
  ["lostRequest", false],
  ["lostAnswer", true],
  ["noAnswer", true],
  ["stalledBody", true],
  ["cutBody", true],
  ["badJson", true],
  ["emptyBody", true],
  ["http503", false],
  ["http504", true],
];

const ORDER_PATH = {
  binance: "POST /api/v3/order",
  okx: "POST /api/v5/trade/order",
  kraken: "AddOrder",
} as const;

export function unknownWireCases(target: WireTarget): void {
  describe.sequential(`answers that tell nothing at ${target}`, () => {
    const shared = sharedRig(target) as () => WireRig;

    it("a new order that the venue takes and never answers for is found", async () => {
      const rig = shared();
      const order = rig.desk.place({ priceTicks: BID - 7 });
      await expectSoon(() => order.status).toBe("OPEN");
      await rig.wire.fault({ kind: "noAnswer", match: rig.wire.texts.place });
      const silent = rig.desk.place();
      await unknown(rig, silent);
      await expectSoon(() => silent.status).toBe("OPEN");
      neverRefused(rig, silent);
      await agreed(rig);
    });

    it("a new order that the venue calls its own error, and has taken, is found", async () => {
      const rig = shared();
      await rig.wire.fault({ kind: "internalError" });
      const order = rig.desk.place();
      await unknown(rig, order);
      await expectSoon(() => order.status).toBe("OPEN");
      neverRefused(rig, order);
      await agreed(rig);
    });

    it.each(OVER_REST)(
      "a new order over REST that meets %s is resolved by asking",
      async (kind, carriedOut) => {
        const rig = shared();
        const before = await rig.wire.faultCount(kind);
        await rig.wire.fault({ kind, match: ORDER_PATH[target] });
        let order: Order | undefined;
        // Sockets are cut, and none is open again yet: orders go over REST.
        rig.desk.onEvent = (event) => {
          if (event.type === "account" && event.status === "down") order ??= rig.desk.place();
        };
        await rig.disconnect();
        await expectSoon(() => order?.status).toBe(carriedOut ? "OPEN" : "REJECTED");
        rig.desk.onEvent = () => undefined;
        expect(await rig.wire.faultCount(kind)).toBe(before + 1);
        if (order !== undefined) neverRefused(rig, order);
        await agreed(rig);
        expect((await rig.truth()).openOrders).toHaveLength(carriedOut ? 1 : 0);
      },
    );
  });
}

/** A request that is really lost: on the wire one may find the socket closed and go another way. */
async function placeLost(rig: VenueRig, what: "request" | "answer"): Promise<Order> {
  const before = await rig.lost(what);
  await rig.lose(what, "place");
  for (;;) {
    const order = rig.desk.place({ priceTicks: THEIR_ASK - 1 });
    await rig.desk.until(() => order.status !== "PENDING_NEW");
    if ((await rig.lost(what)) > before) return order;
    rig.desk.cancel(order);
    await rig.desk.until(() => order.status === "CANCELED");
  }
}

async function resting(rig: VenueRig): Promise<Order> {
  const order = rig.desk.place();
  await expectSoon(() => order.status).toBe("OPEN");
  return order;
}

/** Its outcome was in doubt. */
async function unknown({ desk }: VenueRig, { clientId }: Order): Promise<void> {
  await expectSoon(() => desk.notices.some((notice) => notice.startsWith(`ORDER_UNKNOWN ${clientId}`))).toBe(
    true,
  );
}

function neverRefused({ desk }: VenueRig, order: Order): void {
  expect(desk.told(order).filter((text) => text.startsWith("orderRejected"))).toEqual([]);
}
