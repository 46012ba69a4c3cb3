import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyDelta,
  applySnapshot,
  bestAskTicks,
  bestBidTicks,
  createBook,
  flatLevels,
  sizeAt,
} from "../../server/core/book/book.ts";
import { VIEW_LEVELS, createDepthView, viewDelta, viewSnapshot } from "../../server/core/book/depthView.ts";

const RUNS = { numRuns: 100, seed: 7 };

/** Prices from a narrow range, so that levels meet, leave and come back; every fourth change or so removes. */
const change = fc.tuple(fc.integer({ min: 1, max: 160 }), fc.integer({ min: 0, max: 3 }));
const side = fc
  .uniqueArray(change, { maxLength: 12, selector: ([price]) => price })
  .map((changes) => changes.flat());
const deltas = fc.array(fc.record({ bids: side, asks: side }), { maxLength: 60 });
const wide = fc.uniqueArray(change, { minLength: 60, maxLength: 120, selector: ([price]) => price });

/** The obvious book: a map and a sort. */
function naive() {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  const apply = (map: Map<number, number>, levels: readonly number[]) => {
    for (let i = 0; i < levels.length; i += 2)
      if (levels[i + 1] === 0) map.delete(levels[i] ?? NaN);
      else map.set(levels[i] ?? NaN, levels[i + 1] ?? NaN);
  };
  const flat = (map: Map<number, number>, sign: 1 | -1, levelsMax = Infinity) =>
    [...map]
      .sort(([a], [b]) => (b - a) * sign)
      .slice(0, levelsMax)
      .flat();
  return {
    apply: (delta: { bids: readonly number[]; asks: readonly number[] }) => {
      apply(bids, delta.bids);
      apply(asks, delta.asks);
    },
    bids: (levelsMax?: number) => flat(bids, 1, levelsMax),
    asks: (levelsMax?: number) => flat(asks, -1, levelsMax),
  };
}

describe("book", () => {
  it("equals a sorted map after any deltas, and a snapshot of the result rebuilds it", () => {
    fc.assert(
      fc.property(deltas, (steps) => {
        const book = createBook();
        const model = naive();
        for (const step of steps) {
          expect(applyDelta(book, step.bids, step.asks)).toBeUndefined();
          model.apply(step);
          expect(flatLevels(book.bids)).toEqual(model.bids());
          expect(flatLevels(book.asks)).toEqual(model.asks());
        }
        expect([bestBidTicks(book), bestAskTicks(book)]).toEqual([model.bids()[0], model.asks()[0]]);
        const rebuilt = createBook();
        expect(applySnapshot(rebuilt, model.bids(), model.asks())).toBeUndefined();
        for (let price = 1; price <= 160; price++)
          expect(sizeAt(rebuilt.bids, price)).toBe(sizeAt(book.bids, price));
        expect(flatLevels(rebuilt.asks)).toEqual(model.asks());
      }),
      RUNS,
    );
  });

  it("seen through a view is the top of the full book at every step, capped or not", () => {
    fc.assert(
      fc.property(wide, wide, deltas, fc.constantFrom(3, VIEW_LEVELS), (bids, asks, steps, levelsMax) => {
        const full = createBook();
        const model = naive();
        const start = { bids: bids.flat(), asks: asks.flat() };
        applyDelta(full, start.bids, start.asks);
        model.apply(start);
        const view = createDepthView(levelsMax);
        const capped = createBook(levelsMax);
        const uncapped = createBook();
        const first = viewSnapshot(view, full);
        for (const book of [capped, uncapped])
          expect(applySnapshot(book, first.bids, first.asks)).toBeUndefined();
        for (const step of steps) {
          applyDelta(full, step.bids, step.asks);
          model.apply(step);
          const delta = viewDelta(view, full);
          for (const book of [capped, uncapped]) {
            if (delta !== undefined) applyDelta(book, delta.bids, delta.asks);
            expect(flatLevels(book.bids)).toEqual(model.bids(levelsMax));
            expect(flatLevels(book.asks)).toEqual(model.asks(levelsMax));
          }
        }
      }),
      RUNS,
    );
  });
});
