/** Pictures of the comparison: the P&L of every model over time, and what it is made of. */
import type { Chart } from "../study.ts";
import type { Outcome } from "./outcome.ts";

/** Points of a line: more than its picture is wide makes the page larger and no clearer. */
const POINTS_MAX = 500;

const PARTS = [
  "spreadCapture",
  "makerFees",
  "takerFees",
  "hedging",
  "reducing",
  "inventory",
  "currency",
] as const;

const WORDS: Readonly<Record<(typeof PARTS)[number], string>> = {
  spreadCapture: "spread captured",
  makerFees: "maker fees",
  takerFees: "taker fees",
  hedging: "hedging",
  reducing: "reducing",
  inventory: "inventory",
  currency: "currency",
};

export function pathChart(outcomes: readonly Outcome[]): Chart {
  const values = outcomes.flatMap(({ model, path }) => {
    const every = Math.ceil(path.length / POINTS_MAX);
    const fromUs = path[0]?.atUs ?? 0;
    return path
      .filter((_, at) => at % every === 0 || at === path.length - 1)
      .map(({ atUs, total }) => ({ model, minutes: (atUs - fromUs) / 6e7, total }));
  });
  return {
    title: "P&L over the tape",
    text: `At the end: ${outcomes.map(({ model, pnl }) => `${model} ${pnl.total.toFixed(2)}`).join(", ")}.`,
    spec: {
      data: { values },
      mark: { type: "line" },
      encoding: {
        x: { field: "minutes", type: "quantitative", title: "minutes" },
        y: { field: "total", type: "quantitative", title: "reporting currency" },
        color: { field: "model", type: "nominal", sort: null },
      },
    },
  };
}

export function partsChart(outcomes: readonly Outcome[]): Chart {
  const values = outcomes.flatMap(({ model, pnl }) =>
    PARTS.map((part) => ({ model, part: WORDS[part], amount: pnl[part] })),
  );
  return {
    title: "What the P&L is made of",
    text: "Bars to the right are gains, to the left losses; those of a model sum to its P&L.",
    spec: {
      data: { values },
      mark: { type: "bar" },
      encoding: {
        y: { field: "model", type: "nominal", sort: null, title: null },
        x: { field: "amount", type: "quantitative", title: "reporting currency" },
        color: { field: "part", type: "nominal", sort: null },
      },
    },
  };
}
