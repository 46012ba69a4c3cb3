import { expect, it } from "vitest";
import { createHand } from "../../../../../server/lab/wire/host/hand.ts";
import { BTC, ETH, START_AT_US } from "../../../../support/wireVenue.ts";
import type { WireVenueOptions } from "../../../../support/wireVenue.ts";
import { listeningVenue, order } from "../core/front.ts";
import { manualTime } from "./manualTime.ts";

const SECOND = 1_000_000;

function stage(options: Partial<WireVenueOptions> = {}) {
  const venue = listeningVenue(options);
  const { time, runFor } = manualTime(venue.setNow, START_AT_US);
  venue.snapshot([5_999_000, 1_000], [6_000_000, 1_000]);
  return { ...venue, hand: createHand(venue.core, time), runFor };
}

const statusOf = ({ core }: ReturnType<typeof stage>, instrument = BTC) =>
  core.listings.find((listing) => listing.instrument === instrument)?.definition.status;

it("places an order that no client has sent, far from the market, and cancels it in its time", () => {
  const at = stage({ instruments: { BTC: { notionalMinQuote: "100", priceBandFrac: 0.1 } } });
  expect(at.hand.lay({ kind: "externalOrder", instrument: BTC, forMs: 2_000 })).toBe(true);
  const [placed] = at.core.openOrders(0);
  expect(placed).toMatchObject({ side: "buy", priceTicks: 5_699_050 });
  expect(at.hand.lay({ kind: "externalOrder", instrument: BTC, forMs: 2_000 })).toBe(false);
  at.runFor(2 * SECOND - 1);
  expect(at.core.openOrders(0)).toHaveLength(1);
  at.runFor(1);
  expect(at.core.openOrders(0)).toEqual([]);
  expect(at.core.order(0, { clientId: placed?.clientId ?? "" })).toMatchObject({ status: "CANCELED" });
});

it("halts an instrument alone, and lets it trade again", () => {
  const at = stage();
  at.core.place(0, order("a", "buy", 5_000_000, 100));
  expect(at.hand.lay({ kind: "halt", instrument: BTC, forMs: 1_000 })).toBe(true);
  expect([statusOf(at), statusOf(at, ETH)]).toEqual(["HALTED", "TRADING"]);
  expect(at.hand.lay({ kind: "tickChange", instrument: BTC, forMs: 1_000 })).toBe(false);
  at.runFor(SECOND);
  expect(statusOf(at)).toBe("TRADING");
  expect(at.core.openOrders(0)).toMatchObject([{ clientId: "a" }]);
});

it("makes a tick ten times as coarse, whose orders end, and brings the old one back", () => {
  const at = stage();
  const tickOf = () => at.core.listings[0]?.definition.tick;
  const before = tickOf();
  at.core.place(0, order("a", "buy", 5_000_000, 100));
  expect(at.hand.lay({ kind: "tickChange", instrument: BTC, forMs: 1_000 })).toBe(true);
  expect(Number(tickOf())).toBeCloseTo(Number(before) * 10);
  expect(at.core.openOrders(0)).toEqual([]);
  at.runFor(SECOND);
  expect(tickOf()).toBe(before);
});

it("undoes all of it at once for a venue that closes, and nothing a second time", () => {
  const at = stage();
  at.snapshot([299_000, 1_000], [300_000, 1_000], ETH);
  at.hand.lay({ kind: "externalOrder", instrument: BTC, forMs: 1_000 });
  at.hand.lay({ kind: "halt", instrument: ETH, forMs: 1_000 });
  at.hand.undo();
  expect(at.core.openOrders(0)).toEqual([]);
  expect(statusOf(at, ETH)).toBe("TRADING");
  at.core.relist(ETH, { status: "HALTED" });
  at.runFor(SECOND);
  expect(statusOf(at, ETH)).toBe("HALTED");
});

it("does nothing where there is no book, and no market that trades", () => {
  const at = stage();
  expect(at.hand.lay({ kind: "externalOrder", instrument: ETH, forMs: 1_000 })).toBe(false);
  at.core.relist(BTC, { status: "DELISTED" });
  expect(at.hand.lay({ kind: "halt", instrument: BTC, forMs: 1_000 })).toBe(false);
  expect(statusOf(at)).toBe("DELISTED");
});
