/** Quoting policies in our own simulator (docs/models.md §2.1): what skew, fused fair value, cost and hedging are worth. */
import { z } from "zod";
import { UserError } from "../../../contract/errors.ts";
import { checksOf } from "./checks.ts";
import { cellFigures, pairedDifference, Paths } from "./figures.ts";
import type { PathSpec } from "./path.ts";
import { POLICIES, POLICY, type PolicyName } from "./policySet.ts";
import { runPaths } from "./pool.ts";
import { reasonsOf } from "./reasons.ts";
import { PUBLISHED } from "./published.ts";
import { MAIN_WORLDS, type MainWorld, type WorldName } from "./worlds.ts";
import { defineStudy, type Chart, type StudyResult, type Table } from "../study.ts";

const Options = z.object({
  paths: z.int().min(2).max(1_000).default(32).describe("of every policy in every world, on the same seeds"),
  minutes: z.number().min(0.5).max(600).default(15).describe("length of a path after its warm-up"),
  seed: z.int().min(0).max(1_000_000).default(1).describe("of the first path"),
  worlds: z.string().default(MAIN_WORLDS.join(",")).describe("of the table, separated by commas"),
  threads: z.int().min(0).max(64).default(2).describe("worker threads; 0: none"),
});

/** What each policy is compared with, seed by seed: that which it adds to, or gets wrong. */
const BASE: Readonly<Partial<Record<PolicyName, PolicyName>>> = {
  B1: "B0",
  S: "B0",
  B2: "B1",
  B3: "B2",
  "B3-unwithdrawn": "B3",
  "B3-band12": "B3",
  "B3-band6": "B3",
  "B3-every-fill": "B3",
  "B2-wide": "B2",
  "document-inventory": "B0",
  "document-cross": "B0",
  "cross-corrected": "B0",
};

/** Worlds of single checks, and the one of the table that each goes with. */
const SIDE_RUNS: readonly {
  readonly with: MainWorld;
  readonly world: WorldName;
  readonly policy: PolicyName;
}[] = [
  { with: "no-informed", world: "untilted", policy: "B2" },
  { with: "no-informed", world: "ideal", policy: "S" },
  { with: "no-informed", world: "fee", policy: "B2" },
  { with: "no-informed", world: "rebate", policy: "B2" },
  { with: "moderate", world: "slow", policy: "B2" },
];

export const policies = defineStudy({
  name: "policies",
  summary: "what skew, fused fair value, measured cost and hedging earn in the simulator, seed by seed",
  options: Options,
  async run(options, ports): Promise<StudyResult> {
    const worlds = worldsOf(options.worlds);
    const specs = specsOf(worlds, options);
    const results = await runPaths(specs, {
      threads: options.threads,
      onDone: (done) => ports.progress(done, specs.length, "paths"),
    });
    const paths = new Paths(results);
    return {
      json: {
        ...options,
        worlds: Object.fromEntries(worlds.map((world) => [world, rowsOf(paths, world)])),
        checks: checksOf(paths),
      },
      checks: checksOf(paths),
      tables: [...worlds.map((world) => tableOf(paths, world, options)), ...reasonsOf(paths)],
      charts: [chartOf(paths, worlds)],
    };
  },
});

function worldsOf(text: string): MainWorld[] {
  const names = text.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !MAIN_WORLDS.some((world) => world === name));
  if (unknown !== undefined)
    throw new UserError(`there is no world ${unknown}: choose from ${MAIN_WORLDS.join(", ")}`);
  return MAIN_WORLDS.filter((world) => names.includes(world));
}

function specsOf(worlds: readonly MainWorld[], given: z.output<typeof Options>): PathSpec[] {
  const cells = [
    ...worlds.flatMap((world) => POLICIES.map((policy) => ({ world, policy }))),
    ...SIDE_RUNS.filter((run) => worlds.includes(run.with)),
  ];
  // Seed by seed rather than cell by cell: what has been run when somebody looks is comparable.
  return Array.from({ length: given.paths }, (_, at) => given.seed + at).flatMap((seed) =>
    cells.map(({ world, policy }) => ({ world, policy, seed, durationS: Math.round(given.minutes * 60) })),
  );
}

function rowsOf(paths: Paths, world: MainWorld): object[] {
  return POLICIES.map((policy) => {
    const base = BASE[policy];
    return {
      policy,
      published: PUBLISHED[world][policy],
      ...cellFigures(paths.of(world, policy)),
      ...(base === undefined
        ? {}
        : { base, difference: pairedDifference(paths.of(world, policy), paths.of(world, base)) }),
    };
  });
}

function tableOf(paths: Paths, world: MainWorld, { paths: count, minutes }: z.output<typeof Options>): Table {
  const rows = POLICIES.map((policy) => {
    const figures = cellFigures(paths.of(world, policy));
    const published = PUBLISHED[world][policy];
    const base = BASE[policy];
    const { pnl, sd, rmsQ, largestQ, edgeBps, markoutBps } = figures;
    return [
      POLICY[policy].words,
      published?.pnl,
      pnl,
      base === undefined ? undefined : pairedDifference(paths.of(world, policy), paths.of(world, base)),
      base === undefined ? "" : `over ${POLICY[base].words}`,
      published?.sd,
      sd.value,
      published?.rmsQ,
      rmsQ,
      largestQ,
      edgeBps,
      markoutBps,
    ];
  });
  return {
    title: `Policies, ${world}`,
    columns: [
      { title: "policy" },
      { title: "published", decimals: 0 },
      { title: "P&L", decimals: 0 },
      { title: "difference", decimals: 0 },
      { title: "" },
      { title: "published s.d.", decimals: 0 },
      { title: "s.d.", decimals: 0 },
      { title: "published rms q", decimals: 1 },
      { title: "rms q", decimals: 1 },
      { title: "max |q|", decimals: 1 },
      { title: "edge, bps", decimals: 2 },
      { title: "markout 5 s, bps", decimals: 2 },
    ],
    rows,
    note: `P&L in bps of a lot's notional × lots, over an hour from ${count} paths of ${minutes} min; brackets are 95 %. Held against: a simulator whose fills are drawn from A·e^(−kδ), without queues, books and latency. Its rates of informed takers are not known: ours are set to its markouts.`,
  };
}

function chartOf(paths: Paths, worlds: readonly MainWorld[]): Chart {
  const values = worlds.flatMap((world) =>
    POLICIES.map((policy) => {
      const { pnl } = cellFigures(paths.of(world, policy));
      return {
        world,
        policy: POLICY[policy].words,
        ours: pnl.value,
        low: pnl.low,
        high: pnl.high,
        published: PUBLISHED[world][policy]?.pnl,
      };
    }),
  );
  const y = { field: "policy", type: "nominal", sort: null, title: null, axis: { labelLimit: 300 } } as const;
  return {
    title: "P&L of an hour",
    text: "Points with their 95 % intervals are ours, ticks are the published values. Skew narrows the interval, fused fair value and measured cost move the point to the right where others know more.",
    spec: {
      data: { values },
      facet: { row: { field: "world", type: "nominal", sort: [...worlds], title: null } },
      spec: {
        width: 560,
        height: 220,
        layer: [
          {
            mark: { type: "rule", color: "var(--quote)" },
            encoding: {
              y,
              x: { field: "low", type: "quantitative", title: "bps·lots" },
              x2: { field: "high" },
            },
          },
          {
            mark: { type: "point", filled: true, size: 60, color: "var(--quote)" },
            encoding: { y, x: { field: "ours", type: "quantitative" } },
          },
          {
            mark: { type: "tick", thickness: 2, size: 14, color: "var(--fair)" },
            encoding: { y, x: { field: "published", type: "quantitative" } },
          },
        ],
      },
    },
  };
}
