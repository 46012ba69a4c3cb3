import { expect, it } from "vitest";
import { RecordedBooks } from "../../../../server/lab/recording/books.ts";
import type { RecordedDepth, RecordedEvent } from "../../../../server/lab/recording/events.ts";

const SNAPSHOT: RecordedDepth = {
  kind: "snapshot",
  instrument: 0,
  receivedAtUs: 1,
  venueAtUs: 2,
  updateId: 5,
  bids: [100, 1, 99, 2],
  asks: [101, 3],
};

it.each<{ name: string; given: RecordedEvent[]; expected: object[] }>([
  { name: "nothing is known before the first record", given: [], expected: [] },
  {
    name: "a delta adds, changes and removes levels, and the result is best first",
    given: [
      SNAPSHOT,
      {
        kind: "delta",
        instrument: 0,
        receivedAtUs: 2,
        updateId: 6,
        bids: [102, 9, 100, 0, 99, 4],
        asks: [101, 0, 105, 1, 110, 2],
      },
    ],
    expected: [{ kind: "snapshot", updateId: 6, bids: [102, 9, 99, 4], asks: [105, 1, 110, 2] }],
  },
  {
    name: "a snapshot replaces what was there",
    given: [SNAPSHOT, { ...SNAPSHOT, updateId: 9, bids: [90, 1], asks: [] }],
    expected: [{ kind: "snapshot", updateId: 9, bids: [90, 1], asks: [] }],
  },
  {
    name: "a top replaces a book",
    given: [
      SNAPSHOT,
      { kind: "top", instrument: 0, receivedAtUs: 2, venueAtUs: 1, bids: [98, 1], asks: [99, 1] },
    ],
    expected: [{ kind: "top", bids: [98, 1], asks: [99, 1] }],
  },
  {
    name: "a gap leaves nothing",
    given: [SNAPSHOT, { kind: "gap", instrument: 0, receivedAtUs: 2 }],
    expected: [],
  },
  {
    name: "prints and signs of life change nothing",
    given: [
      SNAPSHOT,
      { kind: "print", instrument: 0, receivedAtUs: 2, priceTicks: 101 },
      { kind: "alive", instrument: 0, receivedAtUs: 2 },
    ],
    expected: [{ kind: "snapshot", bids: SNAPSHOT.bids, asks: SNAPSHOT.asks }],
  },
])("$name", ({ given, expected }) => {
  const books = new RecordedBooks(2);
  for (const event of given) books.apply(event);
  const stamped = expected.map((book) => ({ instrument: 0, receivedAtUs: 7, ...book }));
  expect(books.records(7)).toMatchObject(stamped);
  expect(books.records(7)).toHaveLength(expected.length);
  for (const record of books.records(7)) expect(record.venueAtUs).toBeUndefined();
});
