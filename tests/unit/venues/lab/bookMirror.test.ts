import fc from "fast-check";
import { expect, it } from "vitest";
import type { LabEvent } from "../../../../server/contract/labWire.ts";
import { applyDelta, applySnapshot, createBook, flatLevels } from "../../../../server/core/book/book.ts";
import { BookMirror } from "../../../../server/venues/lab/bookMirror.ts";

type Update = Extract<LabEvent, { type: "book" }>;

function open() {
  const passed: LabEvent[] = [];
  let nowUs = 0;
  const mirror = new BookMirror({
    instrument: 3,
    clock: { nowUs: () => nowUs },
    pass: (event) => passed.push(event),
  });
  return { mirror, passed, pass: (us: number) => (nowUs += us) };
}

const SNAPSHOT: Update = {
  type: "book",
  instrument: 3,
  kind: "snapshot",
  venueAtUs: 1,
  bids: [99, 5],
  asks: [101, 5],
};

function delta(bids: number[], asks: number[] = [], venueAtUs = 2): Update {
  return { type: "book", instrument: 3, kind: "delta", venueAtUs, bids, asks };
}

it("passes updates as they are while the engine keeps up", () => {
  const { mirror, passed } = open();
  const updates = [SNAPSHOT, delta([98, 1]), delta([], [102, 4])];
  for (const update of updates) {
    mirror.hear(update);
    mirror.consumed();
  }
  expect(passed).toEqual(updates);
});

it("merges what comes while one is outstanding into one snapshot of the latest instant", () => {
  const { mirror, passed } = open();
  mirror.hear(SNAPSHOT);
  mirror.hear(delta([98, 1], [], 5));
  mirror.hear(delta([99, 0], [101, 2], 6));
  expect(passed).toEqual([SNAPSHOT]);
  mirror.consumed();
  expect(passed.slice(1)).toEqual([{ ...SNAPSHOT, venueAtUs: 6, bids: [98, 1], asks: [101, 2] }]);
  mirror.consumed();
  mirror.hear(delta([97, 1]));
  expect(passed.at(-1)).toEqual(delta([97, 1]));
});

it("never has two book events under way, and once all are consumed the engine has the venue's book", () => {
  const levels = fc.array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 9 })), {
    maxLength: 4,
  });
  const flat = (list: [number, number][], above: number): number[] =>
    [...new Map(list)].flatMap(([at, lots]) => [at + above, lots]);
  const step = fc.oneof(
    fc.record({ bids: levels, asks: levels }).map((l) => delta(flat(l.bids, 0), flat(l.asks, 100))),
    fc.constant("consumed" as const),
    fc.constant("gap" as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { mirror, passed } = open();
      const venue = createBook();
      const engine = createBook();
      let outstanding = 0;
      let seen = 0;
      let isVoid = true;
      const engineReads = (): void => {
        for (; seen < passed.length; seen += 1) {
          const event = passed[seen];
          if (event?.type === "feed") isVoid = true;
          if (event?.type !== "book") continue;
          outstanding += 1;
          expect(outstanding).toBe(1);
          expect(event.kind === "delta" && isVoid).toBe(false);
          isVoid = false;
          (event.kind === "delta" ? applyDelta : applySnapshot)(engine, event.bids, event.asks);
        }
      };
      const consume = (): void => {
        outstanding = 0;
        mirror.consumed();
        engineReads();
      };
      applySnapshot(venue, SNAPSHOT.bids, SNAPSHOT.asks);
      mirror.hear(SNAPSHOT);
      engineReads();
      for (const next of steps) {
        if (next === "consumed") consume();
        else if (next === "gap") {
          mirror.hear({ type: "feed", instrument: 3, status: "gap" });
          mirror.hear(delta([1, 99]));
          mirror.hear({ ...SNAPSHOT, bids: flatLevels(venue.bids), asks: flatLevels(venue.asks) });
        } else {
          applyDelta(venue, next.bids, next.asks);
          mirror.hear(next);
        }
        engineReads();
      }
      consume();
      consume();
      expect(isVoid).toBe(false);
      expect(flatLevels(engine.bids)).toEqual(flatLevels(venue.bids));
      expect(flatLevels(engine.asks)).toEqual(flatLevels(venue.asks));
    }),
  );
});

it("voids the book at a gap and drops deltas until the next snapshot", () => {
  const { mirror, passed } = open();
  mirror.hear(SNAPSHOT);
  mirror.hear(delta([98, 1]));
  mirror.hear({ type: "feed", instrument: 3, status: "gap" });
  mirror.consumed();
  mirror.hear(delta([97, 1]));
  expect(passed).toEqual([SNAPSHOT, { type: "feed", instrument: 3, status: "gap" }]);
  mirror.hear(SNAPSHOT);
  expect(passed.at(-1)).toEqual(SNAPSHOT);
});

it("takes a malformed update for a gap", () => {
  const { mirror, passed } = open();
  mirror.hear(SNAPSHOT);
  mirror.consumed();
  mirror.hear(delta([98]));
  expect(passed.at(-1)).toEqual({ type: "feed", instrument: 3, status: "gap" });
});

it("passes every trade at once, and that the channel is alive only where nothing else has said so", () => {
  const { mirror, passed, pass } = open();
  const trade: LabEvent = { type: "trade", instrument: 3, priceTicks: 100, sizeLots: 1 };
  const alive: LabEvent = { type: "feed", instrument: 3, status: "alive" };
  mirror.hear(SNAPSHOT);
  for (const event of [trade, trade, alive] as const) mirror.hear(event as never);
  expect(passed).toEqual([SNAPSHOT, trade, trade]);
  pass(20_000);
  mirror.hear(alive as never);
  mirror.hear(alive as never);
  expect(passed.slice(3)).toEqual([alive]);
});
