import { describe, expect, it } from "vitest";
import { checksOf } from "../../../../../server/replay/studies/policies/checks.ts";
import { hourly, pairedDifference, Paths } from "../../../../../server/replay/studies/policies/figures.ts";
import type { PathResult, PathSpec } from "../../../../../server/replay/studies/policies/path.ts";
import type { PolicyName } from "../../../../../server/replay/studies/policies/policySet.ts";
import type { WorldName } from "../../../../../server/replay/studies/policies/worlds.ts";

/** Half an hour without anything in it but what a test puts there. */
function path(spec: Partial<PathSpec>, figures: Partial<PathResult>): PathResult {
  return {
    spec: { world: "no-informed", policy: "B2", seed: 1, durationS: 1_800, ...spec },
    pnl: 0,
    revaluation: 0,
    fees: 0,
    taking: 0,
    edge: 0,
    trueEdge: 0,
    truePnl: 0,
    shuffledRevaluation: 0,
    markouts: 0,
    adverseSelection: 0,
    identityErrorFrac: 0,
    makerLots: 1_000,
    takerLots: 0,
    sumSquares: 1_800,
    seconds: 1_800,
    largest: 1,
    hedges: 10,
    hedgesBeyond: 0,
    halfLifeS: 10,
    modelHalfLifeS: 10,
    ...figures,
  };
}

function cell(
  world: WorldName,
  policy: PolicyName,
  pnls: readonly number[],
  rest: Partial<PathResult> = {},
): PathResult[] {
  return pnls.map((pnl, at) => path({ world, policy, seed: at + 1 }, { pnl, ...rest }));
}

function holds(results: readonly PathResult[], words: string): boolean {
  const found = checksOf(new Paths(results)).filter(({ claim }) => claim.includes(words));
  expect(found).toHaveLength(1);
  return found[0]?.holds === true;
}

describe("the figures of the policies", () => {
  it("are those of an hour, and differences are taken seed by seed", () => {
    const ours = cell("toxic", "B3", [110, 220, 330]);
    const base = cell("toxic", "B2", [100, 210, 320]);
    expect(hourly(ours, ({ pnl }) => pnl).value).toBe(440);
    expect(pairedDifference(ours, base)).toEqual({ value: 20, low: 20, high: 20 });
    expect(() => pairedDifference(ours, base.slice(1))).toThrow("no pairs");
  });
});

describe("the checks of the policies", () => {
  it("look only at what was run", () => {
    const claims = checksOf(new Paths(cell("toxic", "B2", [1, 2]))).map(({ claim }) => claim.slice(0, 1));
    expect(claims).toEqual(["1", "7", "7"]);
  });

  it("ask skew for half the deviation and no less profit", () => {
    const symmetric = cell("no-informed", "S", [0, 1_000, 2_000]);
    expect(holds([...symmetric, ...cell("no-informed", "B2", [1_000, 1_100, 1_200])], "s.d. of P&L is")).toBe(
      true,
    );
    expect(holds([...symmetric, ...cell("no-informed", "B2", [0, 800, 1_600])], "s.d. of P&L is")).toBe(
      false,
    );
    expect(
      holds([...symmetric, ...cell("no-informed", "B2", [-5_000, -4_100, -3_200])], "mean P&L differs"),
    ).toBe(false);
  });

  it("let hedging of every fill do anything but earn", () => {
    expect(holds(cell("no-informed", "B3-every-fill", [-900, -1_000, -1_100]), "hedging every fill")).toBe(
      true,
    );
    expect(holds(cell("no-informed", "B3-every-fill", [900, 1_000, 1_100]), "hedging every fill")).toBe(
      false,
    );
  });

  it("want measured cost to be neutral, good and very good, world by world", () => {
    const gain = (world: WorldName, by: number): PathResult[] => [
      ...cell(world, "B2", [1_000, 1_000]),
      ...cell(world, "B3", [1_000 + by, 1_000 + by]),
      ...cell(world, "B2-wide", [900, 900]),
    ];
    expect(holds(gain("no-informed", 9), "changes P&L")).toBe(true);
    expect(holds(gain("no-informed", 11), "changes P&L")).toBe(false);
    expect(holds(gain("moderate", 11), "changes P&L")).toBe(true);
    expect(holds(gain("moderate", -1), "changes P&L")).toBe(false);
    // Half an hour: 240 of a path are 480 of an hour.
    expect(holds(gain("toxic", 240), "changes P&L")).toBe(false);
    expect(holds(gain("toxic", 260), "changes P&L")).toBe(true);
    expect(holds(gain("toxic", -101), "beats blind")).toBe(false);
  });

  it("find an inventory that settles elsewhere than the model says", () => {
    const settled = (sd: number, halfLifeS: number): PathResult[] =>
      cell("untilted", "B2", [1, 2], { sumSquares: sd * sd * 1_800, halfLifeS });
    expect(holds(settled(2.83, 10), "rms inventory is")).toBe(true);
    expect(holds(settled(2.6, 10), "rms inventory is")).toBe(false);
    expect(holds(settled(2.83, 7), "inventory halves")).toBe(false);
  });

  it("find parts that do not sum and markouts that nobody had", () => {
    expect(holds(cell("toxic", "B2", [1, 2], { identityErrorFrac: 1e-8 }), "the parts of P&L")).toBe(false);
    expect(holds(cell("toxic", "B2", [1, 2], { markouts: 100 }), "adverse selection and")).toBe(false);
  });

  it("find quotes that do not adapt to a fee, and latency that costs nothing", () => {
    const free = cell("no-informed", "B2", [1_000, 1_000]);
    expect(holds([...free, ...cell("fee", "B2", [610, 610])], "a maker fee of 1.0")).toBe(true);
    expect(holds([...free, ...cell("fee", "B2", [500, 500])], "a maker fee of 1.0")).toBe(false);
    const moderate = cell("moderate", "B2", [1_000, 1_100]);
    expect(holds([...moderate, ...cell("slow", "B2", [900, 990])], "latency")).toBe(true);
    expect(holds([...moderate, ...cell("slow", "B2", [1_100, 1_190])], "latency")).toBe(false);
  });
});
