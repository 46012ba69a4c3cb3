import { describe, expect, it } from "vitest";
import {
  classifyBulk,
  createBulkBars,
  observeUnsigned,
} from "../../../../../server/core/estimate/flow/bulkVolume.ts";

describe("bulk volume classification", () => {
  it("splits the volume, more to the side that the price went to", () => {
    const up = classifyBulk({ volume: 40, change: 2, sd: 1 });
    const down = classifyBulk({ volume: 40, change: -2, sd: 1 });
    expect(up.buy + up.sell).toBeCloseTo(40, 12);
    expect(up.buy).toBeGreaterThan(39);
    expect(down).toEqual({ buy: up.sell, sell: up.buy });
  });

  it("halves a bar when no price has moved yet", () => {
    expect(classifyBulk({ volume: 40, change: 3, sd: 0 })).toEqual({ buy: 20, sell: 20 });
  });

  it("gives a bar with the first trade beyond its end, all its volume and no other's", () => {
    const bars = createBulkBars();
    const trade = (ms: number, price: number, size: number) =>
      observeUnsigned(bars, { atUs: ms * 1e3, price, size }, 1, 300);
    expect(trade(0, 100, 1)).toBeUndefined();
    // The first bar has no bar before it to have moved from.
    expect(trade(1_000, 101, 2)).toBeUndefined();
    expect(trade(1_500, 102, 3)).toBeUndefined();
    expect(trade(2_000, 102, 7)).toEqual({ buy: 2.5, sell: 2.5 });
    const quiet = trade(3_000, 95, 1);
    expect(quiet).toEqual({ buy: 3.5, sell: 3.5 });
    const fallen = trade(4_000, 95, 1);
    expect((fallen?.buy ?? 0) + (fallen?.sell ?? 0)).toBeCloseTo(1, 12);
    expect(fallen?.sell).toBeGreaterThan(0.99);
  });
});
