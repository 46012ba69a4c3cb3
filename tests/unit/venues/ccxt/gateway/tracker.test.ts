import { expect, it } from "vitest";
import { gridOf } from "../../../../../server/venues/ccxt/gateway/grid.ts";
import { trackedOf } from "../../../../../server/venues/ccxt/gateway/orderTerms.ts";
import { OrderTracker } from "../../../../../server/venues/ccxt/gateway/tracker.ts";
import { place } from "./served.ts";

const listed = {
  index: 0,
  symbol: "BTC/USDT",
  marketId: "BTCUSDT",
  marketInfo: {},
  grid: gridOf({ tick: "0.1", lot: "0.00001" }),
};

it("an open order is never forgotten, however many have come and gone since; ended ones are", () => {
  const tracker = new OrderTracker("abc");
  const [open, ended] = [place(), place()];
  tracker.add({ ...trackedOf(open, listed, 0), revision: 3, venueOrderId: "venue-open" });
  tracker.add({ ...trackedOf(ended, listed, 0), isEnded: true, venueOrderId: "venue-ended" });
  for (let n = 0; n < 20_010; n++)
    tracker.add({ ...trackedOf(place(), listed, 0), isEnded: true, venueOrderId: `venue-${n}` });
  expect(tracker.namesOf(open.clientId)).toEqual([`${open.clientId}3`]);
  expect(tracker.nameOf(undefined, "venue-open")).toMatchObject({ clientId: open.clientId, revision: 3 });
  expect(tracker.get(ended.clientId)).toBeUndefined();
  expect(tracker.nameOf(undefined, "venue-ended")).toBeUndefined();
});

it("ended orders are known for five minutes, and the last five hundred for longer, with their ids and fills", () => {
  const tracker = new OrderTracker("abc");
  const ids: string[] = [];
  const end = (changedAtMs: number): void => {
    const order = trackedOf(place(), listed, changedAtMs);
    ids.push(order.clientId);
    tracker.add({ ...order, isEnded: true, venueOrderId: `venue-${order.clientId}` });
    tracker.book({ clientId: order.clientId, revision: 0 }, 1);
  };
  const known = () => ids.filter((id) => tracker.get(id) !== undefined);
  const named = () => ids.filter((id) => tracker.nameOf(undefined, `venue-${id}`) !== undefined);
  const booked = () => ids.filter((id) => tracker.booked(id).size > 0);
  for (let n = 0; n < 900; n++) end(n * 500);
  expect(known()).toEqual(ids.slice(-601));
  for (const kept of [named(), booked()]) expect(kept).toEqual(known());
  end(3_600_000);
  expect(known()).toEqual(ids.slice(-500));
  for (const kept of [named(), booked()]) expect(kept).toEqual(known());
});

it("of an order that is amended again and again the last names are known, and a fill under any of them", () => {
  const tracker = new OrderTracker("abc");
  const order = tracker.add(trackedOf(place(), listed, 0));
  for (let revision = 0; revision < 5_000; revision++) {
    order.lastRevision = order.revision = revision;
    tracker.learn(`venue-${revision}`, order);
  }
  const isKnown = (revision: number) => tracker.nameOf(undefined, `venue-${revision}`) !== undefined;
  expect([0, 3_000, 4_900, 4_999].map(isKnown)).toEqual([false, false, true, true]);
});
