/** What figures 1 and 4–6 of Avellaneda and Stoikov show, from our paths. */
import type { Strategy } from "./sessionMarket.ts";
import type { PathPoint } from "./sessionPaths.ts";
import type { Chart } from "./study.ts";

/** Bars of the histogram, both strategies on the same ones. */
const BINS = 50;

/** Points of a drawn path: a pixel each is enough. */
const POINTS_MAX = 1_000;

export function profitChart(profits: Readonly<Record<Strategy, readonly number[]>>, text: string): Chart {
  const { inventory, symmetric } = profits;
  let low = Infinity;
  let high = -Infinity;
  for (const values of [inventory, symmetric])
    for (const value of values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  const width = (high - low) / BINS || 1;
  const bars = (values: readonly number[], quotes: Strategy): object[] => {
    const counts = Array.from({ length: BINS }, () => 0);
    for (const value of values) {
      const at = Math.min(BINS - 1, Math.floor((value - low) / width));
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts.map((count, at) => ({
      quotes,
      from: low + at * width,
      to: low + (at + 1) * width,
      share: count / values.length,
    }));
  };
  return {
    title: "Profit of a session",
    text,
    spec: {
      data: { values: [...bars(symmetric, "symmetric"), ...bars(inventory, "inventory")] },
      mark: { type: "bar", opacity: 0.55, binSpacing: 0 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          bin: { binned: true },
          title: "profit",
          axis: { tickCount: 10 },
        },
        x2: { field: "to" },
        y: {
          field: "share",
          type: "quantitative",
          stack: null,
          title: "share of sessions",
          axis: { format: "%" },
        },
        color: { field: "quotes", type: "nominal", scale: { domain: ["inventory", "symmetric"] } },
      },
    },
  };
}

export function pathChart(path: readonly PathPoint[]): Chart {
  const every = Math.ceil(path.length / POINTS_MAX);
  const drawn = path.filter((_, at) => at % every === 0);
  const values = drawn.flatMap(({ atS, price, bid, ask }) => [
    { atS, of: "price", value: price },
    { atS, of: "bid", value: bid },
    { atS, of: "ask", value: ask },
    { atS, of: "reservation price", value: (bid + ask) / 2 },
  ]);
  return {
    title: "One session with inventory quotes",
    text: "The quotes stand around the reservation price: below the price when long, above it when short, and ever nearer to it towards the end.",
    spec: {
      data: { values },
      mark: { type: "line", interpolate: "step-after" },
      encoding: {
        x: { field: "atS", type: "quantitative", title: "seconds" },
        y: { field: "value", type: "quantitative", scale: { zero: false }, title: "price" },
        color: {
          field: "of",
          type: "nominal",
          scale: {
            domain: ["price", "reservation price", "bid", "ask"],
            range: ["var(--text)", "var(--fair)", "var(--buy)", "var(--sell)"],
          },
        },
      },
    },
  };
}
