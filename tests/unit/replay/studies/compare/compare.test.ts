import { describe, expect, it } from "vitest";
import { claimOf, compare } from "../../../../../server/replay/studies/compare/compare.ts";
import { blocksOf } from "../../../../../server/replay/studies/compare/outcome.ts";

const PORTS = { home: "", progress: () => undefined };
const EARNED = { interval: { value: 5, low: 1, high: 9 }, fills: 100 };

describe("the comparison of models", () => {
  it("runs every model on the same tape, and the parts of each P&L sum to it", async () => {
    const { json, checks, tables } = await compare.run({ demo: true, hours: 0.02, blockSeconds: 30 }, PORTS);
    const { models } = json as {
      models: { model: string; orders: number; blocks: number[]; claim: string }[];
    };
    expect(models.map(({ model }) => model)).toEqual([
      "glft",
      "glft-spectral",
      "avellaneda-stoikov",
      "symmetric",
      "strategy-document",
    ]);
    for (const { orders, blocks, claim } of models) {
      expect(orders).toBeGreaterThan(0);
      expect(blocks).toHaveLength(3);
      expect(claim).toMatch(/^none/);
    }
    expect(checks.every(({ holds }) => holds)).toBe(true);
    expect(tables[0]?.note).toContain("No claim of profit");
  });

  it("wants one tape, and only one", async () => {
    await expect(Promise.resolve().then(() => compare.run({}, PORTS))).rejects.toThrow(
      "--recording DIR or --demo",
    );
    await expect(
      Promise.resolve().then(() => compare.run({ demo: true, recording: "x" }, PORTS)),
    ).rejects.toThrow("--recording DIR or --demo");
  });
});

describe("a claim", () => {
  it.each([
    {
      name: "needs fills",
      outcome: { ...EARNED, fills: 5 },
      objection: undefined,
      claim: "none: too few fills",
    },
    {
      name: "needs blocks enough for an interval",
      outcome: { ...EARNED, interval: undefined },
      objection: undefined,
      claim: "none: too short",
    },
    {
      name: "is none on a tape that cannot carry it, whatever the interval",
      outcome: EARNED,
      objection: "no trades",
      claim: "none: see below",
    },
    {
      name: "is none while the interval holds 0",
      outcome: { ...EARNED, interval: { value: 5, low: -1, high: 9 } },
      objection: undefined,
      claim: "none: the interval holds 0",
    },
    {
      name: "is made of this tape alone",
      outcome: EARNED,
      objection: undefined,
      claim: "earned on this tape",
    },
    {
      name: "is made of losses too",
      outcome: { ...EARNED, interval: { value: -5, low: -9, high: -1 } },
      objection: undefined,
      claim: "lost on this tape",
    },
  ])("$name", ({ outcome, objection, claim }) => {
    expect(claimOf(outcome, { objection })).toBe(claim);
  });
});

describe("blocks of time", () => {
  it("hold what was earned within each, quiet ones nothing", () => {
    const path = [1, 5, 25, 31].map((s) => ({ atUs: s * 1e6, total: s }));
    expect(blocksOf(path, { fromUs: 0, toUs: 40e6 }, 10e6)).toEqual([5, 0, 20, 6]);
    expect(blocksOf(path, { fromUs: 0, toUs: 30e6 }, 10e6)).toEqual([5, 0, 26]);
  });
});
