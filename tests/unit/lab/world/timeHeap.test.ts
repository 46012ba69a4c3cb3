import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimeHeap } from "../../../../server/lab/world/timeHeap.ts";

describe("the time heap", () => {
  it("gives items by instant, then rank, then in the order they came", () => {
    const item = fc.record({ atUs: fc.integer({ min: 0, max: 5 }), rank: fc.integer({ min: 0, max: 3 }) });
    fc.assert(
      fc.property(fc.array(fc.record({ item, popFirst: fc.boolean() }), { maxLength: 60 }), (steps) => {
        const heap = new TimeHeap<{ atUs: number; rank: number; id: number }>();
        const waiting: { atUs: number; rank: number; id: number }[] = [];
        const takeNext = () => {
          waiting.sort((a, b) => a.atUs - b.atUs || a.rank - b.rank || a.id - b.id);
          expect(heap.nextAtUs).toBe(waiting[0]?.atUs);
          expect(heap.pop()).toBe(waiting.shift());
        };
        for (const [id, step] of steps.entries()) {
          if (step.popFirst && waiting.length > 0) takeNext();
          const entry = { ...step.item, id };
          heap.push(entry.atUs, entry.rank, entry);
          waiting.push(entry);
        }
        while (waiting.length > 0) takeNext();
        expect(heap.size).toBe(0);
        expect(heap.nextAtUs).toBe(Infinity);
      }),
      { numRuns: 200, seed: 1 },
    );
  });

  it("refuses to give what it does not have", () => {
    expect(() => new TimeHeap<string>().pop()).toThrow("nothing waits");
  });
});
