import { expect, it } from "vitest";
import { startBurst } from "../../../../../server/lab/wire/host/burst.ts";
import { BTC, START_AT_US } from "../../../../support/wireVenue.ts";
import { listeningVenue } from "../core/front.ts";
import { manualTime } from "./manualTime.ts";

it("takes one side level by level while it lasts, and never the last one", () => {
  const venue = listeningVenue();
  const { time, runFor } = manualTime(venue.setNow, START_AT_US);
  venue.snapshot([5_999_000, 100], [6_000_000, 10, 6_000_100, 20, 6_000_200, 30, 6_000_300, 40]);
  startBurst(venue.core, time, { kind: "latencyBurst", moreMs: 50, forMs: 250, side: "buy" });
  runFor(100_000);
  expect(venue.core.book(BTC).asks).toEqual([6_000_200, 30, 6_000_300, 40]);
  runFor(10_000_000);
  expect(venue.core.book(BTC)).toMatchObject({ bids: [5_999_000, 100], asks: [6_000_300, 40] });
  expect(venue.core.trades(BTC).map(({ priceTicks, sizeLots }) => [priceTicks, sizeLots])).toEqual([
    [6_000_000, 10],
    [6_000_100, 20],
    [6_000_200, 30],
  ]);
});

it("ends with its time", () => {
  const venue = listeningVenue();
  const { time, runFor } = manualTime(venue.setNow, START_AT_US);
  venue.snapshot([5_999_000, 10, 5_998_900, 20, 5_998_800, 30], [6_000_000, 10]);
  startBurst(venue.core, time, { kind: "latencyBurst", moreMs: 50, forMs: 100, side: "sell" });
  runFor(10_000_000);
  expect(venue.core.book(BTC).bids).toEqual([5_998_900, 20, 5_998_800, 30]);
});
