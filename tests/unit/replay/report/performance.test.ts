import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { performanceOf } from "../../../../server/replay/report/performance.ts";

const BASIS = { capital: 1_000, daysPerYear: 365, autocorrelationLags: 2 };
const days = fc.array(fc.integer({ min: -200, max: 200 }), { minLength: 3, maxLength: 60 });

describe("performance", () => {
  it("does not depend on the unit of money, and changes its sign with the P&L", () => {
    fc.assert(
      fc.property(days, (pnl) => {
        const once = performanceOf(pnl, BASIS);
        const scaled = performanceOf(
          pnl.map((day) => day * 1_000),
          { ...BASIS, capital: 1_000_000 },
        );
        const turned = performanceOf(
          pnl.map((day) => -day),
          BASIS,
        );
        fc.pre(once.sharpeDaily !== undefined);
        expect(scaled.sharpeDaily).toBeCloseTo(once.sharpeDaily ?? NaN, 9);
        expect(scaled.maxDrawdownFrac).toBeCloseTo(once.maxDrawdownFrac, 9);
        expect(turned.sharpeAnnualRobust).toBeCloseTo(-(once.sharpeAnnualRobust ?? NaN), 9);
      }),
    );
  });

  it("is robust to days that follow each other: the same days in runs earn a lower Sharpe ratio", () => {
    const inRuns = Array.from({ length: 40 }, (_, day) => (Math.floor(day / 10) % 2 === 0 ? 30 : -10));
    const { sharpeAnnual = NaN, sharpeAnnualRobust = NaN } = performanceOf(inRuns, BASIS);
    expect(sharpeAnnualRobust).toBeLessThan(0.8 * sharpeAnnual);
  });

  it("counts the first loss as a drawdown from the capital", () => {
    expect(performanceOf([-100, 50], BASIS)).toMatchObject({
      maxDrawdown: 100,
      maxDrawdownFrac: 0.1,
      winRate: 0.5,
    });
  });

  it.each([
    { name: "no day", pnl: [], winRate: undefined },
    { name: "one day", pnl: [5], winRate: 1 },
    { name: "days that are all alike", pnl: [5, 5, 5], winRate: 1 },
  ])("has no Sharpe ratio for $name", ({ pnl, winRate }) => {
    const performance = performanceOf(pnl, BASIS);
    expect(performance.sharpeAnnual).toBeUndefined();
    expect(performance.stderrAnnual).toBeUndefined();
    expect(performance.winRate).toBe(winRate);
  });
});
