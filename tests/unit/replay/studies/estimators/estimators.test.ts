import { describe, expect, it } from "vitest";
import { agentMarketOf } from "../../../../../server/replay/studies/estimators/closedWorld.ts";
import { atMost, estimators } from "../../../../../server/replay/studies/estimators/estimators.ts";
import { recover, type Recovered } from "../../../../../server/replay/studies/estimators/recover.ts";

const PORTS = { home: "", progress: () => undefined };

function recovered(over: { reachDecayPerBp: number }): Recovered[] {
  const market = agentMarketOf({ world: "plain", seed: 1, durationS: 600, levelSpacingBps: 0.5 });
  const books = market.books.map((book) => ({ ...book, noise: { ...book.noise, ...over } }));
  return recover({ ...market, books }, { seed: 1, isCalm: true });
}

function find(all: readonly Recovered[], quantity: string, venue: string): Recovered {
  const one = all.find((candidate) => candidate.quantity === quantity && candidate.venue === venue);
  if (one === undefined) throw new Error(`no ${quantity} of ${venue}`);
  return one;
}

describe("the closed loop", () => {
  it("finds each venue's 1/k within three standard errors, far from what the desk was told and from the default", () => {
    const all = recovered({ reachDecayPerBp: 0.8 });
    for (const venue of ["leader", "follower", "laggard"]) {
      const { value, stderr, parameter } = find(all, "1/k", venue);
      expect(parameter).toBe(1.25);
      expect(Math.abs((value ?? NaN) - 1.25)).toBeLessThan(3 * (stderr ?? 0));
      expect(stderr).toBeLessThan(0.15);
    }
  });

  it("says of every estimator how many intervals held the truth", async () => {
    const { json, checks, tables } = await estimators.run({ seeds: 2, seconds: 300 }, PORTS);
    expect(checks.map(({ claim }) => claim.split(":")[0])).toEqual(
      ["σ", "1/k", "A", "ω", "lag"].map((quantity) => `plain market, ${quantity}`),
    );
    expect(tables.map(({ rows }) => rows.length)).toEqual([12, 12]);
    expect(json).toMatchObject({
      seeds: 2,
      worlds: expect.arrayContaining([expect.objectContaining({ quantity: "1/k", of: 2 })]),
    });
  });
});

describe("the chance of so few successes", () => {
  it("is the binomial one", () => {
    expect(atMost(0, 3, 0.5)).toBeCloseTo(0.125, 12);
    expect(atMost(1, 3, 0.5)).toBeCloseTo(0.5, 12);
    expect(atMost(3, 3, 0.5)).toBeCloseTo(1, 12);
    expect(atMost(15, 18, 0.95)).toBeCloseTo(0.0581, 3);
  });
});
