import fc from "fast-check";
import { expect, it } from "vitest";
import { changedLevels } from "../../../../server/lab/import/changes.ts";

const side = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 3 })), {
    selector: ([priceTicks]) => priceTicks,
  })
  .map((pairs) => new Map(pairs));

function flat(levels: ReadonlyMap<number, number>, which: "bids" | "asks"): number[] {
  return [...levels].sort(([a], [b]) => (which === "bids" ? b - a : a - b)).flat();
}

it("the changes turn one side into the other, name nothing else, and come best price first", () => {
  fc.assert(
    fc.property(side, side, fc.constantFrom("bids" as const, "asks" as const), (before, after, which) => {
      const changes = changedLevels(flat(before, which), flat(after, which), which);
      const applied = new Map(before);
      const prices: number[] = [];
      for (let at = 0; at < changes.length; at += 2) {
        const [priceTicks = 0, sizeLots = 0] = changes.slice(at, at + 2);
        expect(before.get(priceTicks) ?? 0).not.toBe(sizeLots);
        prices.push(priceTicks);
        if (sizeLots === 0) applied.delete(priceTicks);
        else applied.set(priceTicks, sizeLots);
      }
      expect(flat(applied, which)).toEqual(flat(after, which));
      expect(prices).toEqual(prices.toSorted((a, b) => (which === "bids" ? b - a : a - b)));
    }),
    { numRuns: 300 },
  );
});

it("equal sides have no changes", () => {
  expect(changedLevels([5, 1, 4, 1], [5, 1, 4, 1], "bids")).toEqual([]);
});
