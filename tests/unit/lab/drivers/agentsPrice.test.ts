import { describe, expect, it } from "vitest";
import { AgentAsset } from "../../../../server/lab/drivers/agentsParams.ts";
import { createEfficientPrice } from "../../../../server/lab/drivers/agentsPrice.ts";
import { mean, variance } from "./statistics.ts";

const START = 5_000_000;
const SECOND = 1_000_000;
const CALM = { calmMeanS: 1e9, jumpMeanS: 1e9 };

function pathOf(params: object, seconds: number, seed = 1): number[] {
  const price = createEfficientPrice(AgentAsset.parse({ asset: "X", startPrice: 1, ...params }), seed, START);
  return Array.from({ length: seconds }, (_, s) => price.logBpsAt(START + s * SECOND));
}

const returnsOf = (path: readonly number[]) => path.slice(1).map((x, i) => x - (path[i] ?? 0));
const sd = (values: readonly number[]) => Math.sqrt(variance(values));

describe("the efficient price", () => {
  // 8,000 returns: the standard error of the deviation is 0.8 %.
  it.each([1, 2, 3])("moves by its calm volatility over one second, seed %i", (seed) => {
    expect(Math.abs(sd(returnsOf(pathOf(CALM, 8_000, seed))) - 1)).toBeLessThan(0.1);
  });

  it("moves by its stress volatility in stress", () => {
    const path = pathOf({ ...CALM, calmMeanS: 0.1, stressMeanS: 1e9 }, 8_000);
    expect(Math.abs(sd(returnsOf(path)) / 3 - 1)).toBeLessThan(0.1);
  });

  it("mixes both states by the time spent in each, so that variance comes in bursts", () => {
    const returns = returnsOf(pathOf({ jumpMeanS: 1e9, calmMeanS: 90, stressMeanS: 30 }, 40_000));
    // Three quarters calm: 0.75 · 1 + 0.25 · 9.
    expect(Math.abs(variance(returns) / 3 - 1)).toBeLessThan(0.1);
    const kurtosis = mean(returns.map((r) => r ** 4)) / variance(returns) ** 2;
    expect(kurtosis).toBeGreaterThan(5);
  });

  it("jumps as often and as far as it is told", () => {
    const returns = returnsOf(pathOf({ ...CALM, calmVolBps: 0, jumpMeanS: 50, jumpSdBps: 8 }, 60_000));
    // 1,200 jumps; two in one second are rare.
    const jumps = returns.filter((r) => r !== 0);
    expect(Math.abs(jumps.length / 1_200 - 1)).toBeLessThan(0.12);
    expect(Math.abs(sd(jumps) / 8 - 1)).toBeLessThan(0.12);
  });

  it("comes back to its start when it reverts: standard deviation σ·√(τ/2)", () => {
    const path = pathOf({ ...CALM, reversionS: 20 }, 40_000);
    expect(Math.abs(sd(path) / Math.sqrt(10) - 1)).toBeLessThan(0.12);
  });

  it("is one path, whoever asks first, ahead or back by a second", () => {
    const params = AgentAsset.parse({ asset: "X", startPrice: 1 });
    const stepwise = createEfficientPrice(params, 4, START);
    const ahead = createEfficientPrice(params, 4, START);
    for (let us = START; us < START + 20 * SECOND; us += 130_000) {
      const known = ahead.logBpsAt(us + SECOND);
      expect(ahead.logBpsAt(us)).toBe(stepwise.logBpsAt(us));
      expect(ahead.logBpsAt(us - SECOND)).toBe(stepwise.logBpsAt(us - SECOND));
      expect(stepwise.logBpsAt(us + SECOND)).toBe(known);
    }
  });

  it("throws when asked for what it no longer remembers", () => {
    const price = createEfficientPrice(AgentAsset.parse({ asset: "X", startPrice: 1 }), 1, START);
    price.logBpsAt(START + 10 * SECOND);
    expect(() => price.logBpsAt(START + SECOND)).toThrow("forgotten");
  });
});
