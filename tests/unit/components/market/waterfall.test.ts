import { expect, it } from "vitest";
import { placeOf, waterfallOf } from "../../../../components/market/waterfall.ts";
import type { QuoteExplanation } from "../../../../server/contract/views.ts";

function explained(...stages: readonly (readonly [string, number, number])[]): QuoteExplanation {
  return {
    bid: 99,
    ask: 101,
    bidTicks: 99,
    askTicks: 101,
    bidOff: undefined,
    askOff: undefined,
    stages: stages.map(([stage, bidBps, askBps]) => ({
      stage,
      bid: bidBps,
      ask: askBps,
      bidBps,
      askBps,
      inputs: {},
    })),
  };
}

it("begins at the mid and lets every stage go on from where the one before has come to", () => {
  const { rows, bidBps, askBps } = waterfallOf(
    explained(
      ["mid", 10_000, 10_000],
      ["fairValue", 1, 1],
      ["halfSpread", -3, 3],
      ["conversion", 0, 0],
      ["fee", -0.5, 0.5],
    ),
  );
  expect(rows.map((row) => (row.kind === "level" ? row.stage : [row.stage, row.bid, row.ask]))).toEqual([
    "mid",
    ["fairValue", { fromBps: 0, toBps: 1, bps: 1 }, { fromBps: 0, toBps: 1, bps: 1 }],
    ["halfSpread", { fromBps: 1, toBps: -2, bps: -3 }, { fromBps: 1, toBps: 4, bps: 3 }],
    "conversion",
    ["fee", { fromBps: -2, toBps: -2.5, bps: -0.5 }, { fromBps: 4, toBps: 4.5, bps: 0.5 }],
  ]);
  expect([bidBps, askBps]).toEqual([-2.5, 4.5]);
});

it("spans an axis that holds the mid and the furthest that any stage went", () => {
  const waterfall = waterfallOf(
    explained(["mid", 1e4, 1e4], ["inventorySkew", -6, -6], ["venueBalance", 4, 5]),
  );
  expect([waterfall.lowBps, waterfall.highBps]).toEqual([-6, 0]);
  expect(placeOf(-6, waterfall)).toBe(0);
  expect(placeOf(-3, waterfall)).toBe(0.5);
  expect(placeOf(0, waterfall)).toBe(1);
});

it("does not blow up steps of next to nothing", () => {
  const { lowBps, highBps } = waterfallOf(explained(["mid", 1e4, 1e4], ["fee", -0.001, 0.001]));
  expect(highBps - lowBps).toBeCloseTo(1);
});
