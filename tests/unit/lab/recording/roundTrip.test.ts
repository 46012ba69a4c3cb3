/** Writer and reader together, against a list in memory. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RecordedBooks } from "../../../../server/lab/recording/books.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import { BLOCK_RECORDS_MAX } from "../../../../server/lab/recording/layout.ts";
import { readAll, record } from "./fixtures.ts";

const START_US = 1_723_161_254_000_000;
const INSTRUMENTS = 2;

const side = (descending: boolean, minLots: number) =>
  fc
    .uniqueArray(
      fc.tuple(fc.integer({ min: 1, max: 10_000_000 }), fc.integer({ min: minLots, max: 2 ** 40 })),
      {
        selector: ([priceTicks]) => priceTicks,
        maxLength: 6,
      },
    )
    .map((pairs) => pairs.sort((a, b) => (descending ? b[0] - a[0] : a[0] - b[0])).flat());

const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const shape = fc.oneof(
  fc.record({
    kind: fc.constantFrom("snapshot" as const, "delta" as const, "top" as const),
    updateId: optional(fc.integer({ min: 1, max: 2 ** 50 })),
    bids: side(true, 1),
    asks: side(false, 1),
    removed: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant("touch" as const),
    bidTicks: optional(fc.nat()),
    askTicks: optional(fc.nat()),
  }),
  fc.record({
    kind: fc.constant("print" as const),
    priceTicks: fc.integer({ min: 1, max: 2 ** 45 }),
    sizeLots: optional(fc.maxSafeNat()),
    aggressor: fc.constantFrom("buy" as const, "sell" as const, undefined),
  }),
  fc.record({ kind: fc.constantFrom("alive" as const, "gap" as const) }),
);

const step = fc.record({
  shape,
  instrument: fc.nat(INSTRUMENTS - 1),
  afterUs: fc.oneof(fc.constant(0), fc.nat(5_000_000)),
  venueLagUs: optional(fc.integer({ min: -2_000_000, max: 2_000_000 })),
});

/** A sequence that a feed could send: times in order, a delta only on a book with levels. */
const feed = fc.array(step, { minLength: 1, maxLength: 60 }).map((steps) => {
  let receivedAtUs = START_US;
  const hasLevels: boolean[] = [];
  return steps.map(({ shape, instrument, afterUs, venueLagUs }): RecordedEvent => {
    receivedAtUs += afterUs;
    const venueAtUs = venueLagUs === undefined ? undefined : receivedAtUs - venueLagUs;
    const place = { instrument, receivedAtUs, venueAtUs };
    switch (shape.kind) {
      case "snapshot":
      case "delta":
      case "top": {
        const { updateId, bids, removed } = shape;
        const kind = shape.kind === "delta" && hasLevels[instrument] !== true ? "snapshot" : shape.kind;
        const asks =
          kind === "delta" && removed
            ? shape.asks.map((value, at) => (at % 2 === 0 ? value : 0))
            : shape.asks;
        hasLevels[instrument] = kind !== "top";
        return { ...place, kind, updateId, bids, asks };
      }
      case "touch":
      case "gap":
        hasLevels[instrument] = false;
        return { ...place, ...shape };
      case "print":
      case "alive":
        return { ...place, ...shape };
    }
  });
});

describe("a recording", () => {
  it("gives back every record as it was written", () => {
    fc.assert(
      fc.property(feed, (events) => {
        const recording = record(events);
        expect(readAll(recording)).toEqual(events);
        expect(recording.manifest.fromUs).toBe(events[0]?.receivedAtUs);
        expect(recording.manifest.toUs).toBe(events.at(-1)?.receivedAtUs);
      }),
      { numRuns: 60 },
    );
  });

  it("read from any instant starts with the books of that instant and goes on with the rest", () => {
    fc.assert(
      fc.property(feed, fc.nat(59), fc.nat(59), fc.boolean(), (events, from, to, between) => {
        const fromUs = (events[from % events.length]?.receivedAtUs ?? 0) + (between ? 1 : 0);
        const toUs = events[to % events.length]?.receivedAtUs ?? 0;
        const books = new RecordedBooks(INSTRUMENTS);
        for (const event of events) if (event.receivedAtUs < fromUs) books.apply(event);
        const rest = events.filter((event) => event.receivedAtUs >= fromUs);
        const expected = [...books.records(fromUs), ...rest].filter((event) => event.receivedAtUs <= toUs);
        expect(readAll(record(events), { fromUs, toUs })).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it("of many blocks is read whole, and from inside each of them", () => {
    const count = 2 * BLOCK_RECORDS_MAX + 100;
    const snapshot: RecordedEvent = {
      kind: "snapshot",
      instrument: 0,
      receivedAtUs: START_US,
      updateId: 7,
      bids: [100, 5],
      asks: [101, 5],
    };
    const deltas = Array.from({ length: count }, (_, at): RecordedEvent => {
      const receivedAtUs = START_US + 10 * (at + 1);
      return { kind: "delta", instrument: 0, receivedAtUs, updateId: 8 + at, bids: [100, at + 1], asks: [] };
    });
    const recording = record([snapshot, ...deltas]);
    expect(readAll(recording)).toEqual([snapshot, ...deltas]);
    for (const at of [1, BLOCK_RECORDS_MAX - 2, BLOCK_RECORDS_MAX, BLOCK_RECORDS_MAX + 500, count - 1]) {
      const fromUs = START_US + 10 * (at + 1);
      const [first, second, ...others] = readAll(recording, { fromUs });
      expect(first).toMatchObject({
        kind: "snapshot",
        receivedAtUs: fromUs,
        updateId: 7 + at,
        bids: [100, at],
      });
      expect(second).toEqual(deltas[at]);
      expect(others).toHaveLength(count - at - 1);
    }
  });

  it("loses no record of an instant that lies in two blocks", () => {
    const events = Array.from({ length: BLOCK_RECORDS_MAX + 2 }, (_, at): RecordedEvent => {
      return { kind: "alive", instrument: 0, receivedAtUs: START_US + (at < BLOCK_RECORDS_MAX - 2 ? 0 : 9) };
    });
    expect(readAll(record(events), { fromUs: START_US + 9 })).toHaveLength(4);
  });

  it("starts afresh with every cursor", () => {
    const recording = record([{ kind: "alive", instrument: 1, receivedAtUs: START_US }]);
    expect(readAll(recording)).toEqual(readAll(recording));
  });

  it("gives no book for an instrument whose book is void", () => {
    const events: RecordedEvent[] = [
      { kind: "touch", instrument: 0, receivedAtUs: START_US, bidTicks: 5 },
      { kind: "touch", instrument: 1, receivedAtUs: START_US, askTicks: 6 },
      { kind: "gap", instrument: 0, receivedAtUs: START_US + 1 },
    ];
    expect(readAll(record(events), { fromUs: START_US + 2 })).toEqual([
      { kind: "touch", instrument: 1, receivedAtUs: START_US + 2, askTicks: 6 },
    ]);
  });
});
