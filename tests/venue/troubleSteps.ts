/** What cases of trouble do and look at again and again. */
import { flatLevels } from "../../server/core/book/book.ts";
import type { Order } from "../../server/core/orders/order.ts";
import { BID, BTC, THEIR_BID } from "../support/venueRig.ts";
import type { VenueRig } from "../support/venueRig.ts";
import { expectSoon } from "./expectSoon.ts";

export async function opened(
  rig: VenueRig,
  terms: Parameters<VenueRig["desk"]["place"]>[0] = {},
): Promise<Order> {
  const order = rig.desk.place(terms);
  await expectSoon(() => order.status).toBe("OPEN");
  return order;
}

/** It is canceled again and again, until it is. */
export async function ended(rig: VenueRig, order: Order): Promise<void> {
  await expectSoon(
    () => {
      if (order.status === "OPEN" || order.status === "UNKNOWN") rig.desk.cancel(order);
      return order.status;
    },
    { everyMs: 100 },
  ).toBe("CANCELED");
}

/** One order after the other is sent, until one rests. */
export async function tradesAgain(rig: VenueRig): Promise<void> {
  let n = 0;
  let order = rig.desk.place({ priceTicks: BID - 10 });
  await expectSoon(
    () => {
      if (order.status === "REJECTED" || order.status === "CANCELED")
        order = rig.desk.place({ priceTicks: BID - 10 - ++n });
      return order.status;
    },
    { everyMs: 50 },
  ).toBe("OPEN");
}

/** Between the others' best prices. */
export const LEVELS_MAX = 100;

/**
 * A message of the book is spoilt, and changes are made until that is told. Where a book is just being renewed the new
 * one has what was in the message, and nothing is missed: then another is spoilt. Returns what was put at which prices.
 */
export async function spoilt(rig: VenueRig, spoil: () => Promise<void>): Promise<Map<number, number>> {
  const from = rig.desk.events.length;
  const levels = new Map<number, number>();
  let since: number[] = [];
  let changes = 0;
  await expectSoon(() => rig.desk.hasBook(BTC)).toBe(true);
  await spoil();
  await expectSoon(
    async () => {
      if (toldGap(rig, from)) return true;
      if (since.some((ticks) => sizeAt(rig, ticks) === levels.get(ticks))) {
        since = [];
        await spoil();
      }
      const ticks = THEIR_BID + 1 + (changes % LEVELS_MAX);
      levels.set(ticks, 700 + ++changes);
      since.push(ticks);
      await rig.rest("buy", ticks, levels.get(ticks) ?? 0);
      return toldGap(rig, from);
    },
    { everyMs: 60 },
  ).toBe(true);
  return levels;
}

export async function cleared(rig: VenueRig, levels: ReadonlyMap<number, number>): Promise<void> {
  for (const ticks of levels.keys()) await rig.rest("buy", ticks, 0);
  await expectSoon(() => [...levels.keys()].filter((ticks) => sizeAt(rig, ticks) !== 0)).toEqual([]);
}

export function sizeAt({ desk }: VenueRig, priceTicks: number): number {
  const book = desk.engine.state.instruments[BTC]?.book;
  const levels = book === undefined ? [] : flatLevels(book.bids);
  const at = levels.findIndex((value, n) => n % 2 === 0 && value === priceTicks);
  return at === -1 ? 0 : (levels[at + 1] ?? 0);
}

export function toldGap({ desk }: VenueRig, from: number): boolean {
  return desk.events
    .slice(from)
    .some((event) => event.type === "feed" && event.instrument === BTC && event.status === "gap");
}
