import { describe, expect, it } from "vitest";
import { createAgentMarket } from "../../../../server/lab/drivers/agents.ts";
import type { TakeRecord } from "../../../../server/lab/ports.ts";
import { CALM, CONFIG, market, START_US } from "./fixtures.ts";
import { correlation, countsPerWindow, mean, readAll, takesOf, variance } from "./statistics.ts";

/** Few depth updates: these tests are about takers. */
const FEW = { updatesPerS: 1 };
const HOURS = 4;
const SECONDS = HOURS * 3_600;

function takes(book: object = {}, seed = 1, asset: object = CALM): TakeRecord[] {
  return takesOf(readAll(createAgentMarket(market(SECONDS, [{ ...FEW, ...book }], { seed, asset }), CONFIG)));
}

const minutes = (list: readonly TakeRecord[]) =>
  countsPerWindow(
    list.map((t) => t.exchangeAtUs),
    START_US,
    60e6,
    HOURS * 60,
  );
const fano = (counts: readonly number[]) => variance(counts) / mean(counts);
const signs = (list: readonly TakeRecord[]) => list.map((t) => (t.side === "buy" ? 1 : -1));

describe("noise takers", () => {
  // Base 0.15 a side and branching 0.7 make 0.3 / (1 − 0.7) = 1 a second; 4 h have a standard error of 2.8 %.
  it.each([1, 2])("come about once a second by default, seed %i", (seed) => {
    expect(Math.abs(takes({}, seed).length / SECONDS - 1)).toBeLessThan(0.12);
  });

  it("come in clusters, far from a Poisson process, because they excite each other", () => {
    expect(fano(minutes(takes()))).toBeGreaterThan(3);
    const loners = { noise: { baseRatePerS: 0.5, selfExcitation: 0, crossExcitation: 0 } };
    expect(Math.abs(fano(minutes(takes(loners))) - 1)).toBeLessThan(0.3);
  });

  it("follow their own side: signs are correlated, and less so further apart", () => {
    const list = signs(takes());
    const at = (lag: number) => correlation(list.slice(0, -lag), list.slice(lag));
    expect(at(1)).toBeGreaterThan(0.2);
    expect(at(20)).toBeLessThan(at(1) / 2);
  });

  it("lean to one side for a while when there is an imbalance", () => {
    const spread = (asset: object) => {
      const list = takes({ noise: { selfExcitation: 0, crossExcitation: 0, baseRatePerS: 0.5 } }, 1, asset);
      const net = Array.from({ length: HOURS * 60 }, () => 0);
      for (const t of list) {
        const at = Math.floor((t.exchangeAtUs - START_US) / 60e6);
        net[at] = (net[at] ?? 0) + (t.side === "buy" ? 1 : -1);
      }
      return variance(net);
    };
    // Poisson alone has a variance of 60 a minute; leaning by 90 % two thirds of the time adds about 1,900.
    expect(spread(CALM)).toBeLessThan(90);
    expect(spread({ ...CALM, imbalanceFrac: 0.9 })).toBeGreaterThan(600);
  });

  it("reach an order at distance δ at the rate A·exp(−k·δ), and bring the size to sweep there", () => {
    const still = { ...CALM, calmVolBps: 0 };
    const list = takes({ noiseSdBps: 0, basisSdBps: 0, noise: { reachDecayPerBp: 0.5 } }, 1, still);
    const fair = 500_000;
    const reachBps = list.map((t) => Math.abs((t.limitTicks ?? 0) / fair - 1) * 1e4);
    for (const delta of [0.5, 1, 2, 4]) {
      const share = reachBps.filter((r) => r >= delta).length / list.length;
      expect(Math.abs(share - Math.exp(-0.5 * delta))).toBeLessThan(0.02);
    }
    const isBeyondFair = (t: TakeRecord) => ((t.limitTicks ?? 0) - fair) * (t.side === "buy" ? 1 : -1) >= 0;
    expect(list.every(isBeyondFair)).toBe(true);
    // 1,000 lots a level every 0.5 bp, two bp on average; spacing is 25 ticks.
    expect(Math.abs(mean(list.map((t) => t.sizeLots)) / ((1_000 * 2) / 0.5) - 1)).toBeLessThan(0.05);
  });
});
