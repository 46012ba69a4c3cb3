import { describe, expect, it } from "vitest";
import { runPath } from "../../../../../server/replay/studies/policies/path.ts";
import type { PathResult } from "../../../../../server/replay/studies/policies/path.ts";
import type { PolicyName } from "../../../../../server/replay/studies/policies/policySet.ts";
import { runPaths } from "../../../../../server/replay/studies/policies/pool.ts";
import { Paths, cellFigures } from "../../../../../server/replay/studies/policies/figures.ts";
import type { WorldName } from "../../../../../server/replay/studies/policies/worlds.ts";

/** A busy machine takes a second for a minute of it. */
const TIMEOUT_MS = 120_000;

function paths(world: WorldName, policy: PolicyName, count = 1, durationS = 180): PathResult[] {
  return Array.from({ length: count }, (_, at) => runPath({ world, policy, seed: 100 + at, durationS }));
}

describe("a path of the policies", () => {
  it("holds a fraction of the inventory with skew", { timeout: TIMEOUT_MS }, () => {
    const rms = (policy: PolicyName): number => cellFigures(paths("no-informed", policy)).rmsQ;
    const skewed = rms("B2");
    expect(skewed).toBeLessThan(0.5 * rms("S"));
    expect(skewed).toBeLessThan(0.5 * rms("document-inventory"));
  });

  it("loses when every fill is hedged at once, and holds nothing", { timeout: TIMEOUT_MS }, () => {
    for (const path of paths("no-informed", "B3-every-fill")) {
      expect(path.pnl).toBeLessThan(0);
      expect(path.takerLots).toBeGreaterThan(0.9 * path.makerLots);
      expect(Math.sqrt(path.sumSquares / path.seconds)).toBeLessThan(1);
    }
  });

  it("is paid for fills and pays for what others know", { timeout: TIMEOUT_MS }, () => {
    const [clean] = paths("no-informed", "B2", 1);
    const [toxic] = paths("toxic", "B2", 1);
    expect(clean?.pnl).toBeGreaterThan(0);
    expect((toxic?.markouts ?? 0) / (toxic?.makerLots ?? 1)).toBeLessThan(-0.5);
    expect(toxic?.identityErrorFrac).toBeLessThan(1e-9);
    expect(toxic?.markouts).toBeCloseTo(toxic?.adverseSelection ?? NaN, 0);
  });

  it(
    "is the same on a thread, in the order in which paths were asked for",
    { timeout: TIMEOUT_MS },
    async () => {
      const specs = [3, 4].map((seed) => ({ world: "moderate", policy: "B1", seed, durationS: 10 }) as const);
      let last = 0;
      const threaded = await runPaths(specs, { threads: 2, onDone: (done) => (last = done) });
      expect(last).toBe(2);
      expect(threaded).toEqual(specs.map((spec) => runPath(spec)));
      expect(new Paths(threaded).of("moderate", "B1").map(({ spec }) => spec.seed)).toEqual([3, 4]);
    },
  );
});
