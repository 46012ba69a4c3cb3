import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fairBucket, ladderGrid } from "../../../../components/market/ladder.ts";
import {
  fittingStep,
  heldCentre,
  neighbourStep,
  niceStep,
  stepDigits,
} from "../../../../components/market/ladderScale.ts";
import type { LadderView } from "../../../../server/contract/link.ts";

function ladder(over: Partial<LadderView>): LadderView {
  return {
    account: "a",
    symbol: "X/USD",
    quote: "USD",
    tick: "0.1",
    lot: "0.001",
    rate: 1,
    bids: [],
    asks: [],
    own: [],
    ...over,
  };
}

const own = (side: "buy" | "sell", price: number) => ({
  clientId: `${side}${price}`,
  side,
  status: "OPEN",
  price,
  remainingBase: 0.5,
});

function cells(view: LadderView, step = 1): Record<number, { bid: number; ask: number; own: number }> {
  const { rows } = ladderGrid([view], { step, centre: 100, rowCount: 11 });
  return Object.fromEntries(
    rows.flatMap(({ price, cells: [cell] }) =>
      cell === undefined || (cell.bidBase === 0 && cell.askBase === 0 && cell.own.length === 0)
        ? []
        : [[price, { bid: cell.bidBase, ask: cell.askBase, own: cell.own.length }]],
    ),
  );
}

describe("ladder", () => {
  it("rounds bids down and asks up: no row promises a better price than there is", () => {
    expect(cells(ladder({ bids: [99.9, 1, 99.1, 2, 98, 4], asks: [100.1, 1, 100.9, 2, 102, 4] }))).toEqual({
      98: { bid: 4, ask: 0, own: 0 },
      99: { bid: 3, ask: 0, own: 0 },
      101: { bid: 0, ask: 3, own: 0 },
      102: { bid: 0, ask: 4, own: 0 },
    });
  });

  it("keeps a price of exactly a row in it, whatever the float says", () => {
    // 30 × 0.1 is 3.0000000000000004, and 0.3 / 0.1 is 2.9999999999999996.
    const view = ladder({ bids: [0.3, 1], asks: [0.7, 1] });
    const { rows } = ladderGrid([view], { step: 0.1, centre: 5, rowCount: 9 });
    expect(rows.find(({ bucket }) => bucket === 3)?.cells[0]?.bidBase).toBe(1);
    expect(rows.find(({ bucket }) => bucket === 7)?.cells[0]?.askBase).toBe(1);
  });

  it("puts venues of other currencies on the same axis by their rate, and none without one", () => {
    const bids = [200, 3];
    expect(cells(ladder({ quote: "XYZ", rate: 0.5, bids }))).toEqual({ 100: { bid: 3, ask: 0, own: 0 } });
    expect(cells(ladder({ quote: "XYZ", rate: undefined, bids, own: [own("buy", 200)] }))).toEqual({});
  });

  it("shows our orders in their row, with what others have at exactly that price", () => {
    const view = ladder({ bids: [99.5, 2, 99.2, 7], own: [own("buy", 99.2), own("sell", 101.5)] });
    expect(cells(view)).toEqual({ 99: { bid: 9, ask: 0, own: 1 }, 102: { bid: 0, ask: 0, own: 1 } });
    const { rows } = ladderGrid([view], { step: 1, centre: 100, rowCount: 11 });
    expect(rows.find(({ price }) => price === 99)?.cells[0]?.own[0]?.othersBase).toBe(7);
  });

  it("says where the levels that are known end", () => {
    const { rows } = ladderGrid([ladder({ bids: [99, 1, 97, 1], asks: [101, 1] })], {
      step: 1,
      centre: 99,
      rowCount: 9,
    });
    expect(rows.filter(({ cells: [cell] }) => cell?.isBeyond === false).map(({ price }) => price)).toEqual([
      101, 100, 99, 98, 97,
    ]);
  });

  it("loses no size to rounding: what is in rows is what is in the book", () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 4_000 }), fc.integer({ min: 1, max: 1_000 }));
    fc.assert(
      fc.property(fc.array(level, { maxLength: 15 }), fc.constantFrom(0.1, 0.25, 1, 5), (levels, step) => {
        const bids = levels.flatMap(([ticks, lots]) => [ticks * 0.1, lots]);
        const { rows } = ladderGrid([ladder({ bids })], { step, centre: 2_000, rowCount: 9_001 });
        const inRows = rows.reduce((sum, { cells: [cell] }) => sum + (cell?.bidBase ?? 0), 0);
        expect(inRows).toBe(levels.reduce((sum, [, lots]) => sum + lots, 0));
      }),
    );
  });

  it("has its fair value between the row below and the row above", () => {
    expect(fairBucket(100.4, 1)).toBe(101);
    expect(fairBucket(100, 1)).toBe(101);
  });
});

describe("ladder scale", () => {
  it.each([
    { atLeast: 0.9, step: 1 },
    { atLeast: 1, step: 1 },
    { atLeast: 1.01, step: 2 },
    { atLeast: 3, step: 5 },
    { atLeast: 5.1, step: 10 },
    { atLeast: 0.1, step: 0.1 },
    { atLeast: 0.03, step: 0.05 },
    { atLeast: 0, step: 1 },
  ])("steps $step where at least $atLeast is needed", ({ atLeast, step }) => {
    expect(niceStep(atLeast)).toBe(step);
  });

  it("goes one step coarser or finer, and back again", () => {
    for (const step of [0.01, 0.02, 0.05, 0.1, 1, 2, 5, 10, 500])
      expect(neighbourStep(neighbourStep(step, 1), -1)).toBe(step);
    expect([neighbourStep(1, 1), neighbourStep(2, 1), neighbourStep(5, 1)]).toEqual([2, 5, 10]);
  });

  it("fits our quotes, and stays as it is while they still fit well", () => {
    const at = (distance: number) => [
      ladder({ bids: [99.9, 1], asks: [100.1, 1], own: [own("buy", 100 - distance)] }),
    ];
    expect(fittingStep(at(10), 100, 25, undefined)).toBe(1);
    expect(fittingStep(at(9), 100, 25, 2)).toBe(2);
    expect(fittingStep(at(25), 100, 25, 2)).toBe(5);
    expect(fittingStep(at(1), 100, 25, 2)).toBe(0.1);
  });

  it("keeps its middle until fair value has left the middle half", () => {
    expect(heldCentre(100, 24, undefined)).toBe(100);
    expect(heldCentre(106, 24, 100)).toBe(100);
    expect(heldCentre(107, 24, 100)).toBe(107);
  });

  it.each([
    { step: 1, digits: 0 },
    { step: 50, digits: 0 },
    { step: 0.5, digits: 1 },
    { step: 0.1, digits: 1 },
    { step: 0.02, digits: 2 },
    { step: 0.001, digits: 3 },
  ])("writes multiples of $step with $digits digits", ({ step, digits }) => {
    expect(stepDigits(step)).toBe(digits);
  });
});
