/** The closed loop: the simulator's own parameters, recovered from what it shows. */
import { mean } from "simple-statistics";
import { z } from "zod";
import { LEVEL, standardErrors } from "../intervals.ts";
import { defineStudy, type Chart, type Check, type StudyResult, type Table } from "../study.ts";
import { agentMarketOf, WORLDS, type World } from "./closedWorld.ts";
import { QUANTITIES, recover, type Quantity, type Recovered } from "./recover.ts";

const Options = z.object({
  seeds: z.int().min(2).max(200).default(12).describe("markets of each world"),
  seconds: z.int().min(300).max(86_400).default(1_800).describe("how long each is watched"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .describe("the first of the seeds"),
});

/** Distance of the levels of every book: the demo's. */
const LEVEL_SPACING_BPS = 0.5;

/** So few intervals may miss by chance with a probability of 1 % and less. */
const SIGNIFICANCE = 0.01;

/** What noise is measured against: its parameter is the makers' alone, and a mid also shows the holes that takers leave. */
const AGAINST_REALISED: readonly Quantity[] = ["ω"];

const UNITS: Readonly<Record<Quantity, string>> = {
  σ: "bps/√s",
  "1/k": "bps",
  A: "1/min",
  ω: "bps",
  lag: "ms",
};

interface Summary {
  readonly world: World;
  readonly quantity: Quantity;
  readonly venue: string | undefined;
  readonly parameter: number | undefined;
  readonly realised: number | undefined;
  readonly estimate: number | undefined;
  readonly stderr: number | undefined;
  readonly covered: number;
  readonly of: number;
}

export const estimators = defineStudy({
  name: "estimators",
  summary: "the simulator's own parameters, recovered from what it shows: the closed loop",
  options: Options,
  run({ seeds, seconds, seed: first }, ports): StudyResult {
    const found: { readonly world: World; readonly one: Recovered }[] = [];
    for (const [w, world] of WORLDS.entries())
      for (let i = 0; i < seeds; i++) {
        const seed = first + i;
        const market = agentMarketOf({ world, seed, durationS: seconds, levelSpacingBps: LEVEL_SPACING_BPS });
        const before = (w * seeds + i) * seconds;
        const onProgress = (done: number): void =>
          ports.progress(Math.floor(before + done), WORLDS.length * seeds * seconds, "s of market time");
        for (const one of recover(market, { seed, isCalm: world === "plain", onProgress }))
          found.push({ world, one });
      }
    const summaries = WORLDS.flatMap((world) =>
      summarise(
        world,
        found.filter((each) => each.world === world).map(({ one }) => one),
      ),
    );
    return {
      json: {
        seeds,
        seconds,
        seed: first,
        worlds: summaries,
        runs: found.map(({ world, one }) => ({ world, ...one })),
      },
      checks: checksOf(summaries),
      tables: WORLDS.map((world) => tableOf(world, summaries, seeds, seconds)),
      charts: [chartOf(found)],
    };
  },
});

function summarise(world: World, all: readonly Recovered[]): Summary[] {
  const summaries: Summary[] = [];
  for (const quantity of QUANTITIES)
    for (const venue of new Set(all.map((one) => one.venue))) {
      const runs = all.filter((one) => one.quantity === quantity && one.venue === venue);
      if (runs.length === 0) continue;
      const judged = runs.flatMap((one) => (coveredBy(one) === undefined ? [] : [coveredBy(one)]));
      summaries.push({
        world,
        quantity,
        venue,
        parameter: runs[0]?.parameter,
        realised: meanOf(runs.map((one) => one.realised)),
        estimate: meanOf(runs.map((one) => one.value)),
        stderr: meanOf(runs.map((one) => one.stderr)),
        covered: judged.filter((isCovered) => isCovered === true).length,
        of: judged.length,
      });
    }
  return summaries;
}

/** Undefined where there is nothing to hold it against. An estimator that stayed COLD covers nothing. */
function coveredBy({ quantity, value, stderr, parameter, realised }: Recovered): boolean | undefined {
  const truth = AGAINST_REALISED.includes(quantity) ? realised : parameter;
  if (truth === undefined) return undefined;
  return value !== undefined && stderr !== undefined && Math.abs(value - truth) <= standardErrors() * stderr;
}

function meanOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? undefined : mean(known);
}

/** Of the world that meets the estimators' assumptions; of the other the table says how far off they are. */
function checksOf(summaries: readonly Summary[]): Check[] {
  return QUANTITIES.map((quantity) => {
    const rows = summaries.filter((row) => row.world === "plain" && row.quantity === quantity);
    const covered = rows.reduce((total, row) => total + row.covered, 0);
    const of = rows.reduce((total, row) => total + row.of, 0);
    return {
      claim: `plain market, ${quantity}: ${covered} of ${of} intervals hold the truth, no fewer than ${LEVEL * 100} % intervals may`,
      holds: of > 0 && atMost(covered, of, LEVEL) >= SIGNIFICANCE,
    };
  });
}

/** Probability of `count` successes or fewer in `n` trials. */
export function atMost(count: number, n: number, chance: number): number {
  let sum = 0;
  let logTerm = n * Math.log1p(-chance);
  for (let i = 0; i <= count; i++) {
    sum += Math.exp(logTerm);
    logTerm += Math.log(((n - i) / (i + 1)) * (chance / (1 - chance)));
  }
  return Math.min(1, sum);
}

const NOTES: Readonly<Record<World, string>> = {
  plain:
    "Prices diffuse, takers know nothing and stop for their price. The noise of a mid is held against what it was: beside the makers' own it shows the tick grid and the holes that takers leave. The lag counts from the leader.",
  whole:
    "The demo's market: stress and jumps (so σ has no one value), informed takers and snipers (who go less deep), uneven levels (a taker may run out of size before its price), flow that leans to one side.",
};

function tableOf(world: World, summaries: readonly Summary[], seeds: number, seconds: number): Table {
  const rows = summaries.filter((row) => row.world === world);
  return {
    title: `The ${world} market: ${seeds} seeds of ${seconds} s`,
    columns: [
      { title: "quantity" },
      { title: "venue" },
      { title: "parameter", decimals: 2 },
      { title: "as it came out", decimals: 2 },
      { title: "estimated", decimals: 2 },
      { title: "standard error", decimals: 2 },
      { title: "intervals that hold it" },
    ],
    rows: rows.map(({ quantity, venue, parameter, realised, estimate, stderr, covered, of }) => [
      `${quantity}, ${UNITS[quantity]}`,
      venue ?? "all",
      parameter,
      realised,
      estimate,
      stderr,
      of === 0 ? undefined : `${covered} of ${of}`,
    ]),
    note: NOTES[world],
  };
}

function chartOf(found: readonly { readonly world: World; readonly one: Recovered }[]): Chart {
  const values = found.flatMap(({ world, one }) => {
    const truth = AGAINST_REALISED.includes(one.quantity) ? one.realised : one.parameter;
    if (truth === undefined || one.value === undefined || one.stderr === undefined) return [];
    const half = standardErrors() * one.stderr;
    return {
      world,
      what: one.venue === undefined ? one.quantity : `${one.quantity} ${one.venue}`,
      seed: one.seed,
      ratio: one.value / truth,
      low: (one.value - half) / truth,
      high: (one.value + half) / truth,
    };
  });
  return {
    title: "Estimate over truth, with its interval, by seed",
    text: "Every line is the interval of one seed; it should hold 1, in nineteen of twenty where the market is what the estimators assume.",
    spec: {
      data: { values },
      resolve: { scale: { y: "independent" } },
      facet: {
        row: { field: "what", type: "nominal", title: null },
        column: { field: "world", type: "nominal", title: null },
      },
      spec: {
        width: 380,
        height: 70,
        layer: [
          { mark: { type: "rule" }, encoding: { y: { datum: 1 } } },
          {
            mark: { type: "rule", strokeWidth: 3, opacity: 0.8 },
            encoding: {
              x: { field: "seed", type: "ordinal", title: null },
              y: { field: "low", type: "quantitative", title: null, scale: { zero: false } },
              y2: { field: "high" },
              color: { value: "var(--quote)" },
            },
          },
        ],
      },
    },
  };
}
