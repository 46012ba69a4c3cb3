/** Faults that only a wire can have, each ordered singly. */
import { describe, expect, it } from "vitest";
import { BTC, THEIR_ASK, THEIR_BID } from "../support/venueRig.ts";
import type { WireRig } from "../support/venueRigWire.ts";
import { expectSoon } from "./expectSoon.ts";
import { agreed, ownRigs, sharedRig } from "./rigs.ts";
import type { WireTarget } from "./rigs.ts";
import { cleared, LEVELS_MAX, opened, sizeAt, spoilt, toldGap, tradesAgain } from "./troubleSteps.ts";

export function troubleOnTheWireCases(target: WireTarget): void {
  describe.sequential(`trouble on the wire at ${target}`, () => {
    const shared = sharedRig(target) as () => WireRig;

    it.each(["badChecksum", "crossedBook"] as const)("a book with a %s is not believed", async (kind) => {
      const rig = shared();
      const levels = await spoilt(rig, () => rig.wire.fault({ kind, instrument: BTC }));
      levels.set(THEIR_BID + LEVELS_MAX + 1, 666);
      await rig.rest("buy", THEIR_BID + LEVELS_MAX + 1, 666);
      await expectSoon(() => [...levels.keys()].map((ticks) => sizeAt(rig, ticks))).toEqual([
        ...levels.values(),
      ]);
      await cleared(rig, levels);
    });
  });
}

export function longTroubleOnTheWireCases(target: WireTarget): void {
  describe.sequential(`long trouble on the wire at ${target}`, () => {
    const own = ownRigs<WireRig>(target);

    it("a book whose snapshot is slow is not there before it, and goes on from it without a gap", async () => {
      const rig = await own();
      await rig.wire.fault({ kind: "slowSnapshot", match: "depth", delayMs: 1_500, forMs: 60_000 });
      await rig.disconnect();
      const from = rig.desk.events.length;
      expect(rig.desk.hasBook(BTC)).toBe(false);
      const levels = new Map<number, number>();
      await expectSoon(
        async () => {
          const ticks = THEIR_BID + 1 + (levels.size % LEVELS_MAX);
          levels.set(ticks, 700 + levels.size);
          await rig.rest("buy", ticks, levels.get(ticks) ?? 0);
          return rig.desk.hasBook(BTC);
        },
        { everyMs: 60 },
      ).toBe(true);
      await expectSoon(() => [...levels.keys()].map((ticks) => sizeAt(rig, ticks))).toEqual([
        ...levels.values(),
      ]);
      expect(toldGap(rig, from)).toBe(false);
      await agreed(rig);
    });

    it("an account whose logins are refused is not READY before one is taken, and then trades on", async () => {
      const rig = await own();
      const order = await opened(rig, { priceTicks: THEIR_ASK - 1 });
      // Before the streams are cut: the engine cancels what it cannot watch.
      await rig.hideFills();
      await rig.take("sell", 300, THEIR_ASK - 1);
      await expectSoon(async () => (await rig.truth()).fills.length).toBe(1);
      for (let n = 0; n < 2; n++) await rig.wire.fault({ kind: "loginRefused" });
      await rig.heal();
      await expectSoon(() => rig.logged.join("\n")).toMatch(/the private stream does not open/);
      expect(rig.desk.isReady).toBe(false);
      await expectSoon(() => order.filledLots).toBe(300);
      await tradesAgain(rig);
      await agreed(rig);
    });

    it("a level that goes without a word is found, and the book is void until it is whole again", async () => {
      const rig = await own(QUICKER);
      await rig.rest("buy", GHOST, 700);
      await expectSoon(() => sizeAt(rig, GHOST)).toBe(700);
      // By the stream: of a level that is only in the first snapshot no ghost can be left.
      await rig.rest("buy", THEIR_BID + 1, 700);
      await expectSoon(() => sizeAt(rig, THEIR_BID + 1)).toBe(700);
      const from = rig.desk.events.length;
      await rig.wire.fault({ kind: "ghostLevel", instrument: BTC });
      await rig.rest("buy", GHOST, 0);
      let changes = 0;
      await expectSoon(
        async () => {
          await rig.rest("buy", THEIR_BID + 1, 700 + ++changes);
          return toldGap(rig, from);
        },
        { everyMs: 60 },
      ).toBe(true);
      await expectSoon(() => sizeAt(rig, GHOST)).toBe(0);
      const why = target === "binance" ? "SNAPSHOT_DIFFERS" : "BAD_CHECKSUM";
      expect(rig.logged.join("\n")).toContain(why);
    });
  });
}

/** Where no checksum is told, a book is compared each minute. Faster, and a busy machine makes sockets look silent. */
const QUICKER = { speed: 2 };

/** A price between the others', in nobody's way. */
const GHOST = THEIR_BID + 7;
