import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stack } from "../../../../components/charts/stack.ts";

describe("stacked parts", () => {
  it("stack gains up and losses down from zero", () => {
    expect(stack([3, -1, 2, -4])).toEqual([
      [0, 3],
      [0, -1],
      [3, 5],
      [-1, -5],
    ]);
  });

  it("span together what the gains and the losses sum to", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1_000, max: 1_000 }), { minLength: 1 }), (parts) => {
        const edges = stack(parts).flat();
        const sum = (sign: 1 | -1) => parts.reduce((total, part) => total + (part * sign > 0 ? part : 0), 0);
        expect(Math.max(0, ...edges)).toBe(sum(1));
        expect(Math.min(0, ...edges)).toBe(sum(-1));
      }),
    );
  });
});
