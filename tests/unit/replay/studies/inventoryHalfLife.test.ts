import { expect, it } from "vitest";
import { inventoryHalfLife } from "../../../../server/replay/studies/inventoryHalfLife.ts";

it("measures the half-life of inventory that is traded away by a fifth every two seconds", () => {
  const samples = Array.from({ length: 50 }, (_, t) => 10 * 0.8 ** t);
  const measured = inventoryHalfLife(samples, 2);
  expect(measured?.persistence).toBeCloseTo(0.8, 12);
  expect(measured?.halfLifeS).toBeCloseTo((2 * Math.LN2) / -Math.log(0.8), 10);
});

it.each([
  { name: "grows", samples: [1, 2, 4] },
  { name: "turns over within one sample", samples: [1, -1, 1] },
  { name: "is always flat", samples: [0, 0, 0] },
  { name: "was looked at once", samples: [3] },
])("knows no half-life of inventory that $name", ({ samples }) => {
  expect(inventoryHalfLife(samples, 1)).toBeUndefined();
});
