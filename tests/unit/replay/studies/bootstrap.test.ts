import { describe, expect, it } from "vitest";
import { randomStream } from "../../../../server/lab/random.ts";
import { bootstrapSum } from "../../../../server/replay/studies/bootstrap.ts";

describe("the block bootstrap", () => {
  it("covers the mean of the blocks' law about nineteen times in twenty", () => {
    let covered = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { normal } = randomStream(seed, "blocks");
      const blocks = Array.from({ length: 60 }, () => 1 + normal());
      const interval = bootstrapSum(blocks, randomStream(seed, "bootstrap"));
      if (interval !== undefined && interval.low <= 60 && interval.high >= 60) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.9);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it("is as wide as the blocks differ: nothing where all are alike", () => {
    expect(
      bootstrapSum(
        Array.from({ length: 20 }, () => 2),
        randomStream(1, "b"),
      ),
    ).toEqual({
      value: 40,
      low: 40,
      high: 40,
    });
  });

  it("says nothing from too few blocks", () => {
    expect(bootstrapSum([1, 2, 3], randomStream(1, "b"))).toBeUndefined();
  });
});
