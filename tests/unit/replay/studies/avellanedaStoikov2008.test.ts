import { describe, expect, it } from "vitest";
import { z } from "zod";
import { avellanedaStoikov2008 } from "../../../../server/replay/studies/avellanedaStoikov2008.ts";
import { STRATEGIES, type SessionMarket } from "../../../../server/replay/studies/sessionMarket.ts";
import { sessionMoments } from "../../../../server/replay/studies/sessionMoments.ts";
import { firstPath, sessionPaths } from "../../../../server/replay/studies/sessionPaths.ts";
import type { StudyResult } from "../../../../server/replay/studies/study.ts";

const Figures = z.object({
  spread: z.number(),
  profitMean: z.number(),
  profitSd: z.number(),
  finalQMean: z.number(),
  finalQSd: z.number(),
});
const Json = z.object({
  gamma: z.number(),
  paths: z.number(),
  strategies: z.object({ inventory: Figures, symmetric: Figures }),
});

const ports = { home: "unused", progress: () => undefined };

async function run(options: object): Promise<StudyResult> {
  return avellanedaStoikov2008.run(options, ports);
}

const PAPER: SessionMarket = { gamma: 0.1, sigma: 2, A: 140, k: 1.5, sessionS: 1, steps: 200 };

describe("the study of Avellaneda and Stoikov", () => {
  it.each([0.01, 0.1, 1])("has the exact moments inside its intervals at γ = %s", async (gamma) => {
    const { checks } = await run({ gamma, paths: 1_000, seed: 1 });
    expect(checks).toHaveLength(8);
    expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  });

  it("answers in the form that was agreed", async () => {
    const { json } = await run({ gamma: 0.1, paths: 200, seed: 7 });
    const { gamma, paths, strategies } = Json.parse(json);
    expect({ gamma, paths }).toEqual({ gamma: 0.1, paths: 200 });
    expect(strategies.inventory.spread).toBeCloseTo(1.49177, 5);
    expect(strategies.symmetric.spread).toBeCloseTo(1.49077, 5);
  });

  it("gives the same numbers for the same seed, and others for another", async () => {
    const [first, again, other] = await Promise.all([
      run({ paths: 100, seed: 3 }),
      run({ paths: 100, seed: 3 }),
      run({ paths: 100, seed: 4 }),
    ]);
    expect(again.json).toEqual(first.json);
    expect(other.json).not.toEqual(first.json);
  });

  it("stands beside what was printed only where the market is the printed one", async () => {
    const printed = ({ tables }: StudyResult) => tables[0]?.rows.map((row) => row[2]);
    expect(printed(await run({ paths: 100 }))).toEqual([
      1.49, 65, 6.6, 0.08, 2.9, 1.49, 68.4, 12.7, 0.26, 8.4,
    ]);
    expect(printed(await run({ paths: 100, sigma: 1 }))?.every((cell) => cell === undefined)).toBe(true);
  });

  it("refuses a session that is no whole number of steps, and one that would take hours", async () => {
    await expect(run({ T: 1, dt: 0.3 })).rejects.toThrow("whole steps");
    await expect(run({ paths: 1_000_000, dt: 0.0001 })).rejects.toThrow("lower --paths");
  });
});

describe("the moments of a session", () => {
  it("are those of a coin in one step with certain fills", () => {
    // Both sides are always filled at A·dt ≥ 1: the spread is earned and inventory stays 0.
    const certain = { ...PAPER, A: 1e6, steps: 1 };
    const { spread, profitMean, profitSd, finalQSd } = sessionMoments("symmetric", certain);
    expect(profitMean).toBeCloseTo(spread, 12);
    expect({ profitSd, finalQSd }).toEqual({ profitSd: 0, finalQSd: 0 });
  });

  it("agree with many paths far more closely than with few", () => {
    for (const strategy of STRATEGIES) {
      const { profits } = sessionPaths(strategy, PAPER, {
        seed: 5,
        paths: 20_000,
        progress: () => undefined,
      });
      const mean = profits.reduce((sum, profit) => sum + profit, 0) / profits.length;
      const { profitMean, profitSd } = sessionMoments(strategy, PAPER);
      expect(Math.abs(mean - profitMean)).toBeLessThan((4 * profitSd) / Math.sqrt(20_000));
    }
  });
});

it("quotes the first path below the price when long and above it when short", () => {
  const path = firstPath("inventory", PAPER, 1);
  expect(path).toHaveLength(200);
  for (const { q, price, bid, ask } of path) {
    const lean = (bid + ask) / 2 - price;
    expect(Math.sign(Math.round(lean * 1e9))).toBe(-Math.sign(q) || 0);
  }
  expect(path.some(({ q }) => q > 0) && path.some(({ q }) => q < 0)).toBe(true);
});
