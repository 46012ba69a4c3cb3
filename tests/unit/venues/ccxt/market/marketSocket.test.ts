import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { exchangeOf } from "../../../../../server/venues/ccxt/exchanges/registry.ts";
import type { CcxtInstance } from "../../../../../server/venues/ccxt/gateway/ccxt.ts";
import { closeInstance, createInstance } from "../../../../../server/venues/ccxt/gateway/instance.ts";
import { MarketSocket } from "../../../../../server/venues/ccxt/market/marketSocket.ts";
import { marketProtocolOf } from "../../../../../server/venues/ccxt/market/protocols/registry.ts";
import { openLoopback } from "./loopback.ts";
import type { Loopback } from "./loopback.ts";
import { eventually } from "../../../../support/eventually.ts";

let venue: Loopback;
let instance: CcxtInstance;
let socket: MarketSocket;
let nowUs = 0;
let texts: string[];
let marks: string[];
let errors: string[];
/** What reads the frames: the test may put its own in place. */
let onText: (text: string) => boolean;

beforeEach(async () => {
  venue = await openLoopback();
  [texts, marks, errors, nowUs] = [[], [], [], 0];
  onText = (text) => texts.push(text) > 0;
  instance = await createInstance({
    exchange: exchangeOf("binance"),
    access: { origin: venue.origin, credentials: undefined },
    nowUs: () => nowUs,
  });
  socket = new MarketSocket({
    instance,
    url: marketProtocolOf("binance").streamUrl(instance),
    messagesPerSecondMax: 3,
    speed: 1,
    nowUs: () => nowUs,
    onUp: () => marks.push("up"),
    onDown: () => marks.push("down"),
    onText: (text) => onText(text),
    onError: (text) => errors.push(text),
  });
  socket.open();
  await vi.waitUntil(() => marks.includes("up"), { timeout: 15_000 });
});

afterEach(async () => {
  await socket.close();
  await closeInstance(instance);
  await venue.close();
});

it("hands frames over as the venue wrote them", async () => {
  venue.say('{"price":45285.20,"id":1234567890123456789,"next":1}');
  await eventually(() => expect(texts).toEqual(['{"price":45285.20,"id":1234567890123456789,"next":1}']));
});

it("comes back at once when the venue closes, and tells of both", async () => {
  for (const client of venue.sockets) client.terminate();
  await eventually(() => expect(marks).toEqual(["up", "down", "up"]));
  venue.say("again");
  await eventually(() => expect(texts).toEqual(["again"]));
});

it("says nothing of being closed by us", async () => {
  await socket.close();
  expect(marks).toEqual(["up"]);
  await eventually(() => expect(venue.sockets.size).toBe(0));
});

it("survives an exception in its reader and in ccxt's own handler, on the same connection", async () => {
  onText = (text) => {
    if (text === "ours") throw new Error("cannot read this");
    return text !== "theirs";
  };
  instance.handleMessage = () => {
    throw new TypeError("cannot read properties of undefined");
  };
  // The handler is bound when a client is made.
  socket.drop("test");
  await eventually(() => expect(marks.at(-1)).toBe("up"));
  const dialled = venue.dialled;
  for (let i = 0; i < 3; i++) venue.say("theirs");
  venue.say("ours");
  await eventually(() =>
    expect(errors.join()).toMatch(/ccxt: cannot read prop.*frame: cannot read this|frame.*ccxt/),
  );
  onText = (text) => texts.push(text) > 0;
  venue.say("still here");
  await eventually(() => expect(texts).toEqual(["still here"]));
  expect(venue.dialled).toBe(dialled);
});

it("gives up a connection on which nothing comes, not even answers to pings", async () => {
  for (const client of venue.sockets) client.pause();
  nowUs += 6_000_000;
  await eventually(() => expect(marks).toEqual(["up", "down", "up"]));
});

it("pauses between attempts while the venue is away, and leaves the thread to others", async () => {
  const dial = vi.spyOn(instance, "client");
  await venue.close();
  await eventually(() => expect(marks).toEqual(["up", "down"]));
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await eventually(() => expect(turns).toBeGreaterThan(50));
  clearInterval(timer);
  // At once, after a quarter and after half a second: without pauses it would be hundreds.
  expect(dial.mock.calls.length).toBeLessThan(10);
});

it("sends no more messages a second than the venue takes, and in order", async () => {
  for (let id = 0; id < 5; id++) socket.send(JSON.stringify({ method: "LIST", params: [], id }));
  await eventually(() => expect(venue.requests).toHaveLength(3));
  nowUs += 1_000_000;
  await eventually(() =>
    expect(venue.requests.map((request) => (request as unknown as { id: number }).id)).toEqual([
      0, 1, 2, 3, 4,
    ]),
  );
});
