import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import { LATENCY_PRESETS } from "../../../../server/lab/world/latency.ts";
import { DRAIN_US, World } from "../../../../server/lab/world/world.ts";
import { CONFIG, depth, driverOf, fakeExchange, linesOf, place, run, STEADY } from "./fixtures.ts";

const T = 1_000_000;

/** Answers the first event of a type, at or after an instant, with effects. */
function once(type: string, effects: readonly Effect[], fromUs = 0) {
  let isDone = false;
  return (event: { type: string; atUs: number }): readonly Effect[] => {
    if (isDone || event.type !== type || event.atUs < fromUs) return [];
    isDone = true;
    return effects;
  };
}

describe("the start and the end of a world", () => {
  it("brings every account up first, then keeps time on a fixed grid until the drain is over", () => {
    const { events, result } = run({ records: [depth(T + 5)], timerPeriodUs: 400_000 });
    expect(events.map((e) => `${e.atUs} ${e.type}`)).toEqual([
      `${T + 5} account`,
      `${T + 5} account`,
      `${T + 5} book`,
      "1200000 timer",
      "1600000 timer",
      "2000000 timer",
    ]);
    expect(result).toMatchObject({ startedAtUs: T + 5, endedAtUs: T + 5 + DRAIN_US, records: 1, events: 6 });
  });

  it("ends where it is told to, though the market goes on", () => {
    const { events, result } = run({ records: [depth(T), depth(T + 10), depth(T + 11)], toUs: T + 10 });
    expect(linesOf(events).filter((line) => line.endsWith("book"))).toEqual([`${T} book`, `${T + 10} book`]);
    expect(result.endedAtUs).toBe(T + 10);
  });

  it("shows an engine that starts in the middle the books as they stand, and nothing of the way there", () => {
    const { events, log } = run({
      records: [depth(T), depth(T + 50), depth(T + 90)],
      fromUs: T + 70,
      latency: STEADY,
    });
    expect(log).toEqual([`${T} market`, `${T + 50} market`, `${T + 90} market`]);
    const books = events.filter((e) => e.type === "book");
    expect(books.map((e) => [e.atUs, e.kind])).toEqual([
      [T + 80, "snapshot"],
      [T + 100, "delta"],
    ]);
  });

  it.each([
    { name: "an empty market", records: [], toUs: undefined, message: /has no records/ },
    { name: "an end before the start", records: [depth(T)], toUs: T, message: /end before it starts/ },
  ])("refuses $name in one line that says what to do", ({ records, toUs, message }) => {
    expect(() => run({ records, toUs })).toThrow(message);
  });

  it("can be advanced in slices, with the same outcome", () => {
    const records = Array.from({ length: 200 }, (_, i) => depth(T + i * 1_000));
    const seen: string[] = [];
    const world = new World({
      config: CONFIG,
      driver: driverOf(records),
      exchanges: [fakeExchange(), fakeExchange()],
      latency: LATENCY_PRESETS.internet,
      seed: 1,
      engine: (event) => {
        seen.push(`${event.atUs} ${event.type}`);
        return [];
      },
    });
    let slices = 1;
    while (!world.advance(7)) slices += 1;
    const { events } = run({ records, latency: LATENCY_PRESETS.internet });
    expect(seen).toEqual(events.map((e) => `${e.atUs} ${e.type}`));
    expect(slices).toBeGreaterThan(50);
  });
});

describe("order of service at one instant", () => {
  it("is market, arrivals, reports, timer, public feed", () => {
    const exchange = fakeExchange();
    const placeOnce = once("account", [place("a")]);
    // At T the first account comes up and the engine places; with no latency all of it happens at T.
    run({
      records: [depth(T), depth(T)],
      exchange,
      timerPeriodUs: T,
      toUs: T + 1,
      engine: (event) => {
        exchange.log.push(`${event.atUs} ${event.type}`);
        return placeOnce(event);
      },
    });
    expect(exchange.log).toEqual(
      ["market", "market", "account", "place a", "account", "orderAccepted", "timer", "book", "book"].map(
        (what) => `${T} ${what}`,
      ),
    );
  });

  it("lets the market fill an order before a cancel of the same microsecond arrives", () => {
    const cancel: Effect = { type: "cancel", account: 0, instrument: 0, clientId: "a" };
    const engine = (event: { type: string }): readonly Effect[] =>
      event.type === "account" ? [place("a")] : event.type === "timer" ? [cancel] : [];
    const { log } = run({
      records: [depth(T - 50), depth(T + 100)],
      latency: STEADY,
      engine,
      timerPeriodUs: T,
      toUs: T + 2_000,
    });
    expect(log.slice(-2)).toEqual([`${T + 100} market`, `${T + 100} cancel a`]);
  });

  it("stops a loop of engine and exchange that time cannot get out of", () => {
    let count = 0;
    const engine = (event: { type: string }): readonly Effect[] =>
      event.type === "account" || event.type === "orderAccepted" ? [place(`c${(count += 1)}`)] : [];
    const exchange = { ...fakeExchange(), place: acceptOnly };
    expect(() => run({ records: [depth(T)], engine, exchange })).toThrow(/does not get past 1000000/);
  });
});

const acceptOnly: ReturnType<typeof fakeExchange>["place"] = (account, { clientId }, _atUs, output) =>
  output.private(account, { type: "orderAccepted", clientId, venueOrderId: clientId });

describe("latency of messages", () => {
  it("is feed for public data, entry to the exchange, entry and response for the answer", () => {
    const { events, log } = run({
      records: [depth(T)],
      latency: STEADY,
      engine: once("account", [place("a")]),
    });
    expect(log).toEqual([`${T} market`, `${T + 100} place a`]);
    expect(linesOf(events).slice(2)).toEqual([`${T + 10} book`, `${T + 1_100} orderAccepted`]);
  });

  it("applies to questions both ways, and the answer says when it was asked", () => {
    const questions: Effect[] = [
      { type: "query", what: "openOrders", account: 0 },
      { type: "query", what: "balances", account: 0 },
      { type: "query", what: "order", account: 0, clientId: "z", placedAtUs: 0 },
    ];
    const { events } = run({ records: [depth(T)], latency: STEADY, engine: once("account", questions) });
    const answers = events.filter((e) => e.atUs === T + 1_100);
    expect(answers).toEqual([
      { type: "openOrders", atUs: T + 1_100, account: 0, askedAtUs: T, orders: [] },
      {
        type: "balances",
        atUs: T + 1_100,
        account: 0,
        askedAtUs: T,
        balances: [{ asset: "USD", totalAtoms: 7n }],
      },
      {
        type: "orderStatus",
        atUs: T + 1_100,
        account: 0,
        askedAtUs: T,
        clientId: "z",
        answer: { found: false },
      },
    ]);
  });

  it("keeps requests, reports and public data each in order, however it varies, and time never goes back", () => {
    const records = Array.from({ length: 60 }, (_, i) => depth(T + i * 3_000, { instrument: i % 2 }));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        let count = 0;
        const { events, log } = run({
          records,
          latency: LATENCY_PRESETS.internet,
          seed,
          engine: (event) =>
            event.type === "book" ? [place(`c${String((count += 1)).padStart(3, "0")}`)] : [],
        });
        const times = events.map((e) => e.atUs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(times.every(Number.isInteger)).toBe(true);
        const inOrder = <T extends string | number>(list: readonly T[]) =>
          expect(list.every((x, i) => x >= (list[i - 1] ?? x))).toBe(true);
        inOrder(log.filter((line) => line.includes("place")).map((line) => line.slice(-4)));
        inOrder(events.flatMap((e) => (e.type === "orderAccepted" ? [e.clientId] : [])));
        for (const instrument of [0, 1])
          inOrder(
            events.flatMap((e) => (e.type === "book" && e.instrument === instrument ? [e.bids[0] ?? 0] : [])),
          );
        expect(events.filter((e) => e.type === "book")).toHaveLength(records.length);
      }),
      { numRuns: 25, seed: 1 },
    );
  });

  it("depends on the seed and on nothing else", () => {
    const records = Array.from({ length: 50 }, (_, i) => depth(T + i * 3_000));
    const times = (seed: number) => linesOf(run({ records, latency: LATENCY_PRESETS.internet, seed }).events);
    expect(times(1)).toEqual(times(1));
    expect(times(1)).not.toEqual(times(2));
  });
});

describe("recorded data", () => {
  it("comes after the snapshot of a start in its middle, however slow the feed is", () => {
    const { events } = run({
      records: [depth(T, { receivedAtUs: T + 2 }), depth(T + 50, { receivedAtUs: T + 60 })],
      latency: { ...STEADY, feed: { constantUs: 5_000 } },
      fromUs: T + 10,
    });
    const books = events.filter((e) => e.type === "book");
    expect(books.map((e) => [e.atUs, e.kind])).toEqual([
      [T + 60, "snapshot"],
      [T + 60, "delta"],
    ]);
  });

  it("arrives exactly when the recording's receiver saw it, with the venue's own stamp", () => {
    const { events } = run({
      records: [
        depth(T, { receivedAtUs: T + 7, venueAtUs: T - 3 }),
        depth(T + 20, { receivedAtUs: T + 500 }),
      ],
      latency: STEADY,
    });
    const books = events.filter((e) => e.type === "book");
    expect(books.map((e) => [e.atUs, e.venueAtUs])).toEqual([
      [T + 7, T - 3],
      [T + 500, undefined],
    ]);
  });

  it("is not held up by what our own order made public; that arrives no later than what followed it", () => {
    const { events } = run({
      records: [depth(T, { receivedAtUs: T + 1 }), depth(T + 150, { receivedAtUs: T + 152 })],
      exchange: fakeExchange({ publishesOrders: true }),
      latency: STEADY,
      engine: once("account", [place("a")]),
    });
    // The order arrives at T + 100 and its level would be seen at T + 110; the next case would be later.
    expect(linesOf(events).filter((line) => line.endsWith("book"))).toEqual([
      `${T + 1} book`,
      `${T + 110} book`,
      `${T + 152} book`,
    ]);
    const slow = run({
      records: [depth(T, { receivedAtUs: T + 1 }), depth(T + 150, { receivedAtUs: T + 152 })],
      exchange: fakeExchange({ publishesOrders: true }),
      latency: { ...STEADY, feed: { constantUs: 5_000 } },
      engine: once("account", [place("a")]),
    });
    const books = slow.events.filter((e) => e.type === "book");
    expect(books.map((e) => [e.atUs, e.bids[0]])).toEqual([
      [T + 1, T],
      [T + 152, 100],
      [T + 152, T + 150],
    ]);
  });
});
