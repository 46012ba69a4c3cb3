import { describe, expect, it } from "vitest";
import { krakenChecksum } from "../../../../../server/core/book/checksum.ts";
import { InstrumentFeed } from "../../../../../server/venues/ccxt/market/instrumentFeed.ts";
import type { FeedTrouble } from "../../../../../server/venues/ccxt/market/feedOptions.ts";
import type { BookMessage } from "../../../../../server/venues/ccxt/market/messages.ts";
import { marketProtocolOf } from "../../../../../server/venues/ccxt/market/protocols/registry.ts";
import type { ExchangeId } from "../../../../../server/venues/ccxt/ports.ts";
import type { VenueEvent } from "../../../../../server/venues/venue.ts";
import { UNCOUNTED, after, book, instrument, range, sides } from "./samples.ts";

interface Question {
  readonly answer: (snapshot: BookMessage) => Promise<void>;
  readonly fail: () => Promise<void>;
}

function open(exchange: ExchangeId, definition = instrument()) {
  let nowUs = 0;
  const events: VenueEvent[] = [];
  const troubles: [FeedTrouble, number][] = [];
  const questions: Question[] = [];
  const calls = { subscribed: 0, gaveUp: 0, doubted: 0 };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 3; i++) await Promise.resolve();
  };
  const feed: InstrumentFeed = new InstrumentFeed({
    instrument: 0,
    definition,
    protocol: marketProtocolOf(exchange),
    nowUs: () => nowUs,
    emit(event) {
      events.push(event);
      // The engine is never slow here.
      if (event.type === "book") feed.consumed();
    },
    subscribe: () => calls.subscribed++,
    fetchSnapshot:
      exchange !== "binance"
        ? undefined
        : () =>
            new Promise((resolve, reject) => {
              questions.push({
                answer: (snapshot) => (resolve(snapshot), settle()),
                fail: () => (reject(new Error("no answer")), settle()),
              });
            }),
    giveUp: () => calls.gaveUp++,
    doubtDefinition: () => calls.doubted++,
    onTrouble: (trouble, waitMs) => troubles.push([trouble, waitMs]),
  });
  return {
    feed,
    calls,
    questions,
    troubles,
    pass(ms: number, stepMs = 50): void {
      for (let passed = 0; passed < ms; passed += stepMs) {
        nowUs += stepMs * 1_000;
        feed.tick();
      }
    },
    /** What the engine was told, in short; a book as its best prices. */
    told: ({ alive } = { alive: false }): string[] =>
      events.splice(0).flatMap((event) => {
        if (event.type === "feed") return event.status === "alive" && !alive ? [] : [event.status];
        if (event.type !== "book") return [event.type];
        return [`${event.kind} ${event.bids[0] ?? "-"}/${event.asks[0] ?? "-"}`];
      }),
  };
}

const SNAPSHOT = [
  ["99.99", "1"],
  ["100.01", "1"],
] as const;
const snapshot = (last: number): BookMessage => book("snapshot", range(last, last), ...SNAPSHOT);
const delta = (first: number, last: number, bids = ["99.98", "1"]): BookMessage =>
  book("delta", range(first, last), bids);

async function live() {
  const test = open("binance");
  test.feed.socketUp();
  test.feed.accepted();
  await test.questions[0]?.answer(snapshot(10));
  test.told();
  return test;
}

describe("a book that begins with a snapshot over REST", () => {
  it("buffers while a slow snapshot is under way, and bridges it", async () => {
    const { feed, questions, told, pass } = open("binance");
    feed.socketUp();
    feed.accepted();
    feed.hearBook(delta(8, 10));
    feed.hearBook(delta(11, 12, ["99.99", "0"]));
    pass(2_000);
    feed.hearBook(delta(13, 13));
    expect(told()).toEqual([]);
    await questions[0]?.answer(snapshot(10));
    expect(told()).toEqual(["snapshot 9998/10001"]);
    feed.hearBook(delta(14, 14, ["99.99", "2"]));
    expect(told()).toEqual(["delta 9999/-"]);
  });

  it("asks for the snapshot with the first data where the answer to its subscription is lost", async () => {
    const { feed, questions, told } = open("binance");
    feed.socketUp();
    expect(questions).toHaveLength(0);
    feed.hearBook(delta(11, 11));
    expect(questions).toHaveLength(1);
    await questions[0]?.answer(snapshot(10));
    expect(told()).toEqual(["snapshot 9999/10001"]);
  });

  it("asks again for a snapshot that does not bridge, with pauses, and without subscribing again", async () => {
    const { feed, questions, told, pass, calls, troubles } = open("binance");
    feed.socketUp();
    feed.accepted();
    feed.hearBook(delta(20, 21));
    await questions[0]?.answer(snapshot(10));
    pass(50);
    await questions[1]?.answer(snapshot(11));
    pass(150);
    expect(questions).toHaveLength(2);
    pass(50);
    await questions[2]?.answer(snapshot(19));
    expect(told()).toEqual(["snapshot 9999/10001"]);
    expect(troubles).toEqual([
      ["SEQUENCE_GAP", 0],
      ["SEQUENCE_GAP", 200],
    ]);
    expect(calls.subscribed).toBe(1);
  });

  it("is void after a gap until the next snapshot, and lets the stream go on meanwhile", async () => {
    const { feed, questions, told, pass, calls } = await live();
    feed.hearBook(delta(12, 12));
    feed.hearBook(delta(13, 13));
    expect(told()).toEqual(["gap"]);
    pass(50);
    await questions[1]?.answer(snapshot(11));
    expect(told()).toEqual(["snapshot 9999/10001"]);
    expect(calls.subscribed).toBe(1);
  });

  it.each([
    ["crossed", ["100.01", "1"], "CROSSED", 0],
    ["off the grid", ["99.985", "1"], "OFF_GRID", 1],
  ])("is void when it is %s", async (_, bids, trouble, doubted) => {
    const { feed, told, troubles, calls } = await live();
    feed.hearBook(delta(11, 11, bids));
    expect(told()).toEqual(["gap"]);
    expect(troubles).toEqual([[trouble, 0]]);
    expect(calls.doubted).toBe(doubted);
  });

  it("waits longer after each snapshot that fails, and takes no late answer", async () => {
    const { feed, questions, told, pass, troubles } = await live();
    feed.hearBook(delta(12, 12));
    for (let i = 1; i < 6; i++) {
      pass(2_000);
      await questions[i]?.fail();
    }
    expect(troubles.map(([, waitMs]) => waitMs)).toEqual([0, 200, 400, 800, 1_600, 3_200]);
    feed.socketDown();
    pass(3_200);
    await questions[6]?.answer(snapshot(30));
    expect(told()).toEqual(["gap", "down"]);
  });

  it("asks for a deeper look once the market has run past its snapshot, and keeps its book meanwhile", async () => {
    const { feed, questions, told, pass } = open("binance");
    feed.socketUp();
    feed.accepted();
    const { bids, asks } = sides(1_000);
    await questions[0]?.answer(book("snapshot", range(10, 10), bids, asks));
    pass(1_000);
    expect(questions).toHaveLength(1);
    told();
    const gone = bids.slice(0, 2 * 960).map((text, at) => (at % 2 === 0 ? text : "0"));
    feed.hearBook(delta(11, 11, gone));
    expect(told()).toHaveLength(1);
    pass(50);
    expect(questions).toHaveLength(2);
    pass(6_000);
    expect(told()).toEqual([]);
    await questions.at(-1)?.answer(book("snapshot", range(11, 11), ["90.00", "1"], asks));
    expect(told()).toEqual(["snapshot 9000/10001"]);
  });
});

describe("a book that begins with its subscription", () => {
  const whole = book("snapshot", after(-1, 10), ...SNAPSHOT);

  it("subscribes again after a gap, and takes nothing that comes before the new book", () => {
    const { feed, told, pass, calls } = open("okx");
    feed.socketUp();
    feed.hearBook(whole);
    feed.hearBook(book("delta", after(11, 12), ["99.98", "1"]));
    pass(50);
    feed.hearBook(book("delta", after(12, 13), ["99.98", "1"]));
    expect(told()).toEqual(["snapshot 9999/10001", "gap"]);
    expect(calls.subscribed).toBe(2);
    feed.hearBook(book("snapshot", after(-1, 14), ...SNAPSHOT));
    expect(told()).toEqual(["snapshot 9999/10001"]);
  });

  it("gives the socket up when subscribing has not helped three times", () => {
    const { feed, pass, calls, troubles } = open("okx");
    feed.socketUp();
    pass(15_400);
    expect(troubles).toEqual([
      ["NO_BOOK", 0],
      ["NO_BOOK", 200],
      ["NO_BOOK", 400],
    ]);
    expect(calls).toMatchObject({ subscribed: 3, gaveUp: 1 });
  });

  it("asks a silent channel whether its book is still right, and voids it when nothing comes", () => {
    const { feed, told, pass, calls } = open("okx");
    feed.socketUp();
    feed.hearBook(whole);
    pass(19_900);
    expect(calls.subscribed).toBe(1);
    pass(100);
    expect(calls.subscribed).toBe(2);
    expect(told()).toEqual(["snapshot 9999/10001"]);
    pass(5_000);
    expect(told()).toEqual(["gap"]);
  });

  it("asks a market that stays quiet less and less, until it speaks", () => {
    const { feed, pass, calls } = open("okx");
    feed.socketUp();
    feed.hearBook(whole);
    const askedAtS: number[] = [];
    for (let second = 1; second <= 500; second++) {
      pass(1_000);
      if (calls.subscribed === askedAtS.length + 1) continue;
      askedAtS.push(second);
      feed.hearBook(whole);
    }
    expect(askedAtS).toEqual([20, 60, 140, 300, 460]);
    feed.hearBook(book("delta", after(10, 11), ["99.98", "1"]));
    pass(20_000);
    expect(calls.subscribed).toBe(7);
  });

  it("believes a heartbeat that a silent channel is a quiet one, but not for ever", () => {
    const { feed, told, pass } = open("kraken");
    feed.socketUp();
    feed.hearBook(book("snapshot", UNCOUNTED, ...SNAPSHOT));
    const fresh: boolean[] = [];
    for (const ms of [1_000, 8_000, 2_000]) {
      pass(ms);
      told();
      feed.channelSpoke();
      fresh.push(told({ alive: true }).includes("alive"));
    }
    expect(fresh).toEqual([true, true, false]);
  });

  it("takes trades for no sign that the book goes on", () => {
    const { feed, told, pass, calls } = open("okx");
    feed.socketUp();
    feed.hearBook(whole);
    told();
    const trade = { venueAtUs: 1, price: "100.01", size: "1", aggressor: "buy" } as const;
    for (let tradeId = 1; tradeId <= 20; tradeId++) {
      pass(1_000);
      feed.hearTrades({ type: "trades", symbol: "", isHistory: false, trades: [{ ...trade, tradeId }] });
    }
    expect(told({ alive: true })).toEqual(Array(20).fill("trade"));
    expect(calls.subscribed).toBe(2);
  });

  it("is void when a message of it was lost that nothing else would show", () => {
    const { feed, told, pass, calls, troubles } = open("kraken");
    feed.socketUp();
    feed.missed();
    feed.hearBook(book("snapshot", UNCOUNTED, ...SNAPSHOT));
    feed.missed();
    pass(50);
    expect(told()).toEqual(["snapshot 9999/10001", "gap"]);
    expect(troubles).toEqual([["SEQUENCE_GAP", 0]]);
    expect(calls.subscribed).toBe(2);
  });

  it("is void with a wrong checksum", () => {
    const { feed, told, pass, calls, troubles } = open("kraken");
    const [bids, asks] = [
      ["99.99", "1.0"],
      ["100.01", "1.0"],
    ];
    const level = ([price = "", qty = ""]: string[]) => [{ price, qty }];
    const crc = krakenChecksum(level(bids), level(asks));
    feed.socketUp();
    feed.hearBook(book("snapshot", UNCOUNTED, bids, asks, crc));
    feed.hearBook(book("delta", UNCOUNTED, ["99.98", "1.0"], [], crc));
    pass(50);
    expect(told()).toEqual(["snapshot 9999/10001", "gap"]);
    expect(troubles).toEqual([["BAD_CHECKSUM", 0]]);
    expect(calls.subscribed).toBe(2);
  });
});

it("ends the old book, and begins one in the new steps, when its definition changes", () => {
  const { feed, told, calls } = open("okx");
  feed.socketUp();
  feed.hearBook(book("snapshot", after(-1, 10), ...SNAPSHOT));
  feed.redefine(instrument({ tick: "0.001" }));
  feed.hearBook(book("snapshot", after(-1, 11), ...SNAPSHOT));
  expect(told()).toEqual(["snapshot 9999/10001", "gap", "snapshot 99990/100010"]);
  expect(calls.subscribed).toBe(2);
});
