/** The tables and the figures of Avellaneda and Stoikov (Quantitative Finance 8(3), 2008, sec. 3.3). */
import { z } from "zod";
import { UserError } from "../../contract/errors.ts";
import { formatCount, formatNumber } from "../report/format.ts";
import { contains, LEVEL, meanInterval, sdInterval } from "./intervals.ts";
import { pathChart, profitChart } from "./sessionCharts.ts";
import { meanSpread, STRATEGIES, type SessionMarket, type Strategy } from "./sessionMarket.ts";
import { sessionMoments, type SessionMoments } from "./sessionMoments.ts";
import { firstPath, sessionPaths, type SessionPaths } from "./sessionPaths.ts";
import {
  defineStudy,
  modelNumber,
  type Check,
  type Interval,
  type StudyResult,
  type Table,
} from "./study.ts";

const Options = z.object({
  gamma: modelNumber().default(0.1).describe("risk aversion, 1/currency"),
  paths: z.int().min(100).max(1_000_000).default(1_000).describe("simulated sessions of each strategy"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .describe("of prices and fills"),
  sigma: modelNumber().default(2).describe("volatility, price/√s"),
  A: modelNumber().default(140).describe("fill rate of each side at distance 0, 1/s"),
  k: modelNumber().default(1.5).describe("decay of the fill rate with distance, 1/price"),
  T: modelNumber().default(1).describe("length of a session, s"),
  dt: modelNumber().default(0.005).describe("length of a step, s"),
});

/** The exact chain costs steps^1.5: some ten seconds at this many. */
const STEPS_MAX = 20_000;

/** Steps of all paths and both strategies: half an hour of work. */
const WORK_MAX = 1e10;

/** Random figures in the table: they are looked at together, so their intervals cover together. */
const FIGURES = 8;

type Quantity = Exclude<keyof SessionMoments, "spread">;
const QUANTITIES: readonly { readonly key: Quantity; readonly words: string }[] = [
  { key: "profitMean", words: "mean profit" },
  { key: "profitSd", words: "s.d. of profit" },
  { key: "finalQMean", words: "mean final inventory" },
  { key: "finalQSd", words: "s.d. of final inventory" },
];

type Printed = Readonly<Record<Strategy, SessionMoments>>;

/** Tables 1–3 as printed, by γ. */
const PRINTED: Readonly<Record<string, Printed>> = {
  "0.1": {
    inventory: { spread: 1.49, profitMean: 65, profitSd: 6.6, finalQMean: 0.08, finalQSd: 2.9 },
    symmetric: { spread: 1.49, profitMean: 68.4, profitSd: 12.7, finalQMean: 0.26, finalQSd: 8.4 },
  },
  "0.01": {
    inventory: { spread: 1.35, profitMean: 68.6, profitSd: 8.7, finalQMean: 0.12, finalQSd: 5.1 },
    symmetric: { spread: 1.35, profitMean: 68.8, profitSd: 12.8, finalQMean: 0.09, finalQSd: 8.7 },
  },
  "1": {
    inventory: { spread: 3.02, profitMean: 31.4, profitSd: 5, finalQMean: 0.02, finalQSd: 1.7 },
    symmetric: { spread: 3.02, profitMean: 44, profitSd: 11, finalQMean: 0, finalQSd: 5.1 },
  },
};

interface Outcome extends SessionMoments {
  readonly intervals: Readonly<Record<Quantity, Interval>>;
  readonly exact: SessionMoments;
}

export const avellanedaStoikov2008 = defineStudy({
  name: "avellaneda-stoikov-2008",
  summary: "inventory against symmetric quotes over a session: tables 1–3 of the paper, simulated and exact",
  options: Options,
  run(options, ports): StudyResult {
    const { gamma, paths, seed } = options;
    const market = marketOf(options);
    const runOf = (strategy: Strategy, before: number): SessionPaths =>
      sessionPaths(strategy, market, {
        seed,
        paths,
        progress: (done) => ports.progress(before + done, STRATEGIES.length * paths, "paths"),
      });
    const runs = { inventory: runOf("inventory", 0), symmetric: runOf("symmetric", paths) };
    const outcomes: Outcomes = {
      inventory: outcomeOf(runs.inventory, "inventory", market),
      symmetric: outcomeOf(runs.symmetric, "symmetric", market),
    };
    const printed = isPaper(options) ? PRINTED[String(gamma)] : undefined;
    return {
      json: { gamma, paths, seed, strategies: outcomes },
      checks: STRATEGIES.flatMap((strategy) => checksOf(strategy, outcomes[strategy])),
      tables: [tableOf(outcomes, printed, paths)],
      charts: [
        profitChart(
          { inventory: runs.inventory.profits, symmetric: runs.symmetric.profits },
          compare(outcomes),
        ),
        pathChart(firstPath("inventory", market, seed)),
      ],
    };
  },
});

type Given = z.output<typeof Options>;
type Outcomes = Readonly<Record<Strategy, Outcome>>;

function marketOf({ gamma, sigma, A, k, T, dt, paths }: Given): SessionMarket {
  const steps = Math.round(T / dt);
  if (steps < 1 || steps > STEPS_MAX || Math.abs(steps * dt - T) > 1e-6 * T)
    throw new UserError(`T = ${T} must be 1 to ${STEPS_MAX} whole steps of dt = ${dt}: change --T or --dt`);
  if (steps * paths * STRATEGIES.length > WORK_MAX)
    throw new UserError(`${paths} paths of ${steps} steps would take hours: lower --paths or raise --dt`);
  return { gamma, sigma, A, k, sessionS: T, steps };
}

/** Whether the market is the one of the printed tables. */
function isPaper({ sigma, A, k, T, dt }: Given): boolean {
  return sigma === 2 && A === 140 && k === 1.5 && T === 1 && dt === 0.005;
}

function outcomeOf({ profits, finalQs }: SessionPaths, strategy: Strategy, market: SessionMarket): Outcome {
  const intervals = {
    profitMean: meanInterval(profits, FIGURES),
    profitSd: sdInterval(profits, FIGURES),
    finalQMean: meanInterval(finalQs, FIGURES),
    finalQSd: sdInterval(finalQs, FIGURES),
  };
  return {
    spread: meanSpread(strategy, market),
    profitMean: intervals.profitMean.value,
    profitSd: intervals.profitSd.value,
    finalQMean: intervals.finalQMean.value,
    finalQSd: intervals.finalQSd.value,
    intervals,
    exact: sessionMoments(strategy, market),
  };
}

function checksOf(strategy: Strategy, { intervals, exact }: Outcome): Check[] {
  return QUANTITIES.map(({ key, words }) => ({
    claim: `${strategy}: the interval of the ${words} contains its exact value`,
    holds: contains(intervals[key], exact[key]),
  }));
}

function compare({ inventory, symmetric }: Outcomes): string {
  const words = ({ profitMean, profitSd }: Outcome): string =>
    `${formatNumber(profitMean, { decimals: 1 })} ± ${formatNumber(profitSd, { decimals: 1 })}`;
  return `Profit of inventory quotes ${words(inventory)} (mean ± s.d.), of symmetric ones ${words(symmetric)}.`;
}

function tableOf(outcomes: Outcomes, printed: Printed | undefined, paths: number): Table {
  const rows = STRATEGIES.flatMap((strategy) => {
    const { spread, intervals, exact } = outcomes[strategy];
    return [
      [strategy, "mean spread", printed?.[strategy].spread, exact.spread, spread],
      ...QUANTITIES.map(({ key, words }) => [
        strategy,
        words,
        printed?.[strategy][key],
        exact[key],
        intervals[key],
      ]),
    ];
  });
  return {
    title: "Inventory against symmetric quotes",
    columns: [
      { title: "quotes" },
      { title: "" },
      { title: "printed", decimals: 2 },
      { title: "exact" },
      { title: "simulated" },
    ],
    rows,
    note: `Printed: tables 1–3, one simulation of 1,000 paths. Exact: moments of the Markov chain. Simulated: ${formatCount(paths)} paths; all eight intervals together cover at ${LEVEL * 100} %. The spread is not random: its mean over the steps, each quoted from the state before it.`,
  };
}
