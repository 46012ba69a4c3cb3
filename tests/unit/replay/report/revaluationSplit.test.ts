import { describe, expect, it } from "vitest";
import { splitRevaluation } from "../../../../server/replay/report/revaluationSplit.ts";

const marks = [
  { atUs: 0, price: 100 },
  { atUs: 10, price: 101 },
  { atUs: 20, price: 99 },
];

describe("revaluation", () => {
  it("blames what the market did within the horizon on the fill, by its side, and the rest on inventory", () => {
    const fills = [
      { atUs: 5, side: "buy" as const, quantityBase: 2 },
      { atUs: 12, side: "sell" as const, quantityBase: 3 },
    ];
    // Bought at 100, 101 after ten; sold at 101, 99 after ten.
    expect(splitRevaluation(1, { marks, fills }, { horizonUs: 10, untilUs: 100 })).toEqual({
      adverseSelection: 2 * 1 + 3 * 2,
      inventory: 1 - 8,
    });
  });

  it("looks no further than the end, and takes the mark of the very instant of a fill", () => {
    const fills = [{ atUs: 10, side: "buy" as const, quantityBase: 1 }];
    expect(splitRevaluation(0, { marks, fills }, { horizonUs: 50, untilUs: 15 }).adverseSelection).toBe(0);
    expect(splitRevaluation(0, { marks, fills }, { horizonUs: 50, untilUs: 100 }).adverseSelection).toBe(-2);
  });

  it("refuses a fill before the first mark", () => {
    const fills = [{ atUs: -1, side: "buy" as const, quantityBase: 1 }];
    expect(() => splitRevaluation(0, { marks, fills }, { horizonUs: 1, untilUs: 1 })).toThrow("no mark");
  });
});
