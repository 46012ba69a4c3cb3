import { afterEach, beforeEach, expect, it } from "vitest";
import type { Instrument } from "../../../../../server/contract/instrument.ts";
import { createMarketSide } from "../../../../../server/venues/ccxt/market/marketSide.ts";
import type { MarketSide } from "../../../../../server/venues/ccxt/market/marketSide.ts";
import type { ClockSkew } from "../../../../../server/venues/ccxt/market/venueClock.ts";
import { testContext } from "./context.ts";
import type { TestContext } from "./context.ts";
import { listed, openLoopback } from "./loopback.ts";
import type { Loopback } from "./loopback.ts";
import { instrument } from "./samples.ts";
import { eventually } from "../../../../support/eventually.ts";

let venue: Loopback;
let context: TestContext;
let side: MarketSide | undefined;
let skews: ClockSkew[];
/** It then takes no more books. */
let isEngineBusy: boolean;

beforeEach(async () => {
  venue = await openLoopback(["BTCUSDT", "ETHUSDT"]);
  skews = [];
});

afterEach(async () => {
  await side?.stop();
  await venue.close();
});

const ETH = instrument({ symbol: "ETH/USDT", base: "ETH" });

async function start(definitions: readonly Instrument[] = [instrument(), ETH]): Promise<void> {
  context = testContext("binance", venue.origin, definitions);
  isEngineBusy = false;
  context.onEvent = (event) => {
    if (event.type === "book" && !isEngineBusy) side?.consumed(event.instrument);
  };
  side = createMarketSide(context, { onSkew: (skew) => skews.push(skew) });
  await side.start();
}

/** What was told of an instrument, without signs of life. */
function told(index: number): string[] {
  return context.events.flatMap((event) => {
    if (!("instrument" in event) || event.instrument !== index) return [];
    if (event.type === "feed") return event.status === "alive" ? [] : [event.status];
    return event.type === "book" ? [event.kind] : [event.type];
  });
}

async function live(): Promise<void> {
  await start();
  await eventually(() => expect([told(0), told(1)]).toEqual([["snapshot"], ["snapshot"]]));
}

it("brings every book up over one socket and one subscription", async () => {
  await live();
  expect(venue.dialled).toBe(1);
  expect(venue.requests).toHaveLength(1);
  expect(context.events.find((event) => event.type === "book")).toMatchObject({
    bids: [9999, 1000],
    asks: [10001, 1000],
  });
});

it("voids the book with the hole, and leaves the other alone", async () => {
  await live();
  venue.change("BTCUSDT", [["99.98", "1"]], 3);
  await eventually(() => expect(told(0)).toEqual(["snapshot", "gap", "snapshot"]));
  expect(told(1)).toEqual(["snapshot"]);
});

it("keeps timers running through holes that never end, while the engine is busy and takes no book", async () => {
  await live();
  isEngineBusy = true;
  venue.change("BTCUSDT", [["99.98", "2"]]);
  await eventually(() => expect(told(0)).toEqual(["snapshot", "delta"]));
  const turns: number[] = [];
  const timer = setInterval(() => {
    turns.push(venue.asked.length);
    for (let i = 0; i < 20; i++) venue.change("BTCUSDT", [["99.98", "1"]], 1);
  }, 5);
  await eventually(() => expect(turns.length).toBeGreaterThan(100));
  clearInterval(timer);
  // A hundred rounds of twenty holes are a handful of questions: pauses grow.
  expect(venue.asked.length).toBeLessThan(25);
  await eventually(() => expect(told(0).at(-1)).toBe("gap"));
  side?.consumed(0);
  await eventually(() => expect(told(0).at(-1)).toBe("snapshot"));
});

it("subscribes again where a stream went silent, and gives a stream up that stays so", async () => {
  await live();
  venue.isSilent = true;
  for (const socket of venue.sockets) socket.send("{}");
  context.pass(10_500);
  await eventually(() => expect(venue.requests.map(({ method }) => method)).toContain("UNSUBSCRIBE"));
  context.pass(5_500);
  await eventually(() => expect(told(0)).toContain("gap"));
  venue.isSilent = false;
  context.pass(6_000);
  await eventually(() => expect(told(0).at(-1)).toBe("snapshot"));
});

it("tells that every book is down when the socket is cut, and brings them back", async () => {
  await live();
  for (const socket of venue.sockets) socket.terminate();
  for (const index of [0, 1])
    await eventually(() => expect(told(index)).toEqual(["snapshot", "down", "snapshot"]));
  expect(venue.dialled).toBe(2);
});

it("adopts the venue's filters before the first book", async () => {
  await start([instrument({ tick: "0.1" })]);
  await eventually(() => expect(told(0)).toEqual(["instrument", "snapshot"]));
  expect(context.events[0]).toMatchObject({ definition: { tick: "0.01", version: 2 } });
  expect(context.logs.join()).toContain("tick 0.1 → 0.01");
});

it("notices a changed tick by a price that is off the grid, and begins anew in the new one", async () => {
  await live();
  venue.rest["/api/v3/exchangeInfo"] = () => ({
    symbols: [listed("BTCUSDT", "0.00100000"), listed("ETHUSDT")],
  });
  context.pass(60_000);
  venue.change("BTCUSDT", [["99.985", "1"]]);
  await eventually(() => expect(told(0)).toContain("instrument"));
  await eventually(() => expect(told(0).at(-1)).toBe("snapshot"));
  expect(context.events.findLast((event) => event.type === "book" && event.instrument === 0)).toMatchObject({
    instrument: 0,
    bids: [99990, 1000],
  });
  expect(told(1)).not.toContain("instrument");
}, 20_000);

it("keeps asking a venue that is away at the start, and asks for no book before it knows what a tick is", async () => {
  const answer = venue.rest["/api/v3/exchangeInfo"];
  delete venue.rest["/api/v3/exchangeInfo"];
  await start();
  await eventually(() => expect(context.logs.join()).toContain("the venue's instruments cannot be read"));
  expect(venue.dialled).toBe(0);
  if (answer !== undefined) venue.rest["/api/v3/exchangeInfo"] = answer;
  await eventually(() => expect(told(0)).toEqual(["snapshot"]));
});

it("looks at the clock when somebody doubts it, and says when it has", async () => {
  await live();
  await eventually(() => expect(skews).toHaveLength(1));
  context.pass(5_000);
  await side?.measureClock();
  expect(skews).toHaveLength(2);
});

it("voids a book with a frame that cannot be read, and says so once of many", async () => {
  await live();
  const data = { e: "depthUpdate", s: "BTCUSDT", U: "?", u: 1, b: [], a: [] };
  const frame = JSON.stringify({ stream: "btcusdt@depth@100ms", data });
  for (const socket of venue.sockets) for (let i = 0; i < 50; i++) socket.send(frame);
  await eventually(() => expect(told(0).slice(0, 2)).toEqual(["snapshot", "gap"]));
  await eventually(() => expect(told(0).at(-1)).toBe("snapshot"));
  expect(told(1)).toEqual(["snapshot"]);
  expect(context.logs.filter((line) => line.includes("was not understood"))).toHaveLength(1);
});

it("says how far the venue's clock is off", async () => {
  venue.rest["/api/v3/time"] = () => ({ serverTime: Math.round(context.nowUs() / 1_000) + 2_000 });
  await start();
  await eventually(() => expect(skews).toHaveLength(1));
  expect(skews[0]?.isTooFar).toBe(true);
  expect(Math.abs((skews[0]?.skewUs ?? 0) - 2_000_000)).toBeLessThan(500_000);
  expect(context.logs.join()).toContain("the venue's clock is off by too much");
});
