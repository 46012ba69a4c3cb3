import { describe, expect, it } from "vitest";
import { createHedgeSplit, splitHedge } from "../../../../server/core/hedge/hedgeSplit.ts";
import type { TakerVenue } from "../../../../server/core/hedge/takerVenue.ts";
import { takerVenue } from "./fixtures.ts";

function split(venues: readonly TakerVenue[], side: "buy" | "sell", sizeBase: number) {
  const out = createHedgeSplit(venues.length);
  splitHedge(venues, side, sizeBase, out);
  return out;
}

const dear = takerVenue([10_012, 10, 10_010, 20], [10_014, 10], { takerFrac: 0.0002 });
const cheap = takerVenue([10_000, 10, 9_998, 20], [10_002, 8, 10_005, 20], { takerFrac: 0.0003 });

describe("a hedge over several venues", () => {
  it("takes level by level where the price after fees is best", () => {
    const { lots, limitTicks, unfilledBase } = split([dear, cheap], "sell", 3.5);
    expect([...lots]).toEqual([30, 5]);
    expect([...limitTicks]).toEqual([10_010, 10_000]);
    expect(unfilledBase).toBe(0);
  });

  it("sends nothing to a venue that it does not need", () => {
    const { lots, limitTicks } = split([dear, cheap], "buy", 0.8);
    expect([...lots]).toEqual([0, 8]);
    expect([...limitTicks]).toEqual([0, 10_002]);
  });

  it("pays for a purchase and is paid for a sale, less fees", () => {
    expect(split([cheap], "buy", 1).cash).toBeCloseTo(-(0.8 * 100.02 + 0.2 * 100.05) * 1.0003, 10);
    expect(split([cheap], "sell", 1).cash).toBeCloseTo(100 * 0.9997, 10);
  });

  it("leaves what no venue shows", () => {
    const { lots, unfilledBase } = split([dear, cheap], "buy", 5);
    expect([...lots]).toEqual([10, 28]);
    expect(unfilledBase).toBeCloseTo(1.2, 10);
  });

  it("trades whole lots, the rest at a venue with a finer one", () => {
    const fine = takerVenue([9_000, 1_000], [11_000, 1_000], { lotBase: 0.01 });
    const both = split([dear, fine], "sell", 0.57);
    expect([...both.lots]).toEqual([5, 7]);
    const alone = split([dear], "sell", 0.57);
    expect([...alone.lots]).toEqual([5]);
    expect(alone.unfilledBase).toBeCloseTo(0.07, 10);
  });

  it("does not lose a lot to the last bit of a division", () => {
    const [lots] = split([takerVenue([10_000, 10], [10_002, 10])], "sell", 0.3).lots;
    expect(lots).toBe(3);
  });

  it("forgets the last split", () => {
    const out = createHedgeSplit(2);
    splitHedge([dear, cheap], "sell", 3.5, out);
    splitHedge([dear, cheap], "sell", 0.1, out);
    expect([...out.lots]).toEqual([1, 0]);
    expect([...out.limitTicks]).toEqual([10_012, 0]);
    expect(out.cash).toBeCloseTo(0.1 * 100.12 * 0.9998, 10);
  });
});
