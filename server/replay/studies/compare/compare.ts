/** All quoting models on one tape, with no claim that the tape cannot carry. */
import { z } from "zod";
import { UserError } from "../../../contract/errors.ts";
import { QUOTING_MODELS } from "../../../contract/params/model.ts";
import { randomStream } from "../../../lab/random.ts";
import { demoScenario } from "../../demoScenario.ts";
import type { Scenario } from "../../scenario.ts";
import { BacktestSettings } from "../../settings.ts";
import { bootstrapSum } from "../bootstrap.ts";
import { contains } from "../intervals.ts";
import { openSource } from "../recorded.ts";
import { defineStudy, type Check, type StudyPorts, type StudyResult, type Table } from "../study.ts";
import { partsChart, pathChart } from "./charts.ts";
import { MARKOUTS_S, outcomeOf, type Outcome } from "./outcome.ts";

const Options = z.object({
  recording: z.string().optional().describe("a recording of ours, or a known foreign folder"),
  demo: z.boolean().default(false).describe("the simulated market of the demo in its place"),
  hours: z.number().min(0.01).max(240).default(1).describe("of the market, or most of the longest stretch"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .describe("of the simulated market, latencies and intervals"),
  blockSeconds: z
    .int()
    .min(5)
    .max(86_400)
    .default(60)
    .describe("length of the blocks that intervals resample"),
});

/** Fewer fills say nothing, whatever they earned. */
const FILLS_MIN = 30;

/** Cancellation in the parts of a P&L, as a share of what was traded. */
const ROUNDING_FRAC = 1e-9;

interface Tape {
  readonly name: string;
  /** Why no P&L on this tape may be called a profit; undefined where nothing speaks against it. */
  readonly objection: string | undefined;
  open(settings: BacktestSettings): Scenario;
}

export const compare = defineStudy({
  name: "compare",
  summary: "all quoting models on the same tape: P&L and its parts, inventory, fills, uptime, markouts",
  options: Options,
  async run(options, ports): Promise<StudyResult> {
    const { seed, blockSeconds: blockS } = options;
    const tape = await openTape(options, ports);
    const outcomes: Outcome[] = [];
    let assumptions: readonly string[] = [];
    for (const [at, model] of QUOTING_MODELS.entries()) {
      const scenario = tape.open(BacktestSettings.parse({ seed, parameters: { model } }));
      assumptions = scenario.assumptions;
      const totalS = Math.ceil((scenario.toUs - scenario.fromUs) / 1e6);
      const random = randomStream(seed, "bootstrap");
      const onProgress = (done: number): void =>
        ports.progress(Math.floor(at * totalS + done), QUOTING_MODELS.length * totalS, "s of market time");
      outcomes.push(await outcomeOf(scenario, { model, blockS, random, onProgress }));
    }
    return {
      json: {
        tape: tape.name,
        objection: tape.objection,
        blockSeconds: blockS,
        models: outcomes.map(({ path: _, ...outcome }) => ({ ...outcome, claim: claimOf(outcome, tape) })),
        assumptions,
      },
      checks: outcomes.map(partsCheck),
      tables: [
        pnlTable(outcomes, tape, blockS),
        againstTable(outcomes, seed),
        tradingTable(outcomes),
        { title: "Assumed", columns: [{ title: "" }], rows: assumptions.map((text) => [text]) },
      ],
      charts: [pathChart(outcomes), partsChart(outcomes)],
    };
  },
});

async function openTape(
  { recording, demo, hours }: z.output<typeof Options>,
  ports: StudyPorts,
): Promise<Tape> {
  if (demo === (recording !== undefined)) throw new UserError("give --recording DIR or --demo");
  const seconds = Math.round(hours * 3_600);
  if (recording === undefined)
    return {
      name: `demo market, ${seconds} s`,
      objection: "the market is simulated: a P&L here shows how models differ, not what any would earn",
      open: (settings) => demoScenario(settings, seconds),
    };
  const source = await openSource(recording, ports);
  const { instruments } = source.manifest;
  const quoted = instruments.filter(({ definition }) => definition.quoted);
  const silent = quoted.filter(({ recorded }) => !recorded.includes("trades"));
  const sizeless = quoted.filter(({ depthSizes, tradeSizes }) => !depthSizes || !tradeSizes);
  return {
    name: source.name,
    objection:
      silent.length === quoted.length
        ? "no trades were recorded: an order fills only when the book crosses it, so the fills there are those at the worst moments, and the good ones are missing"
        : silent.length > 0 || sizeless.length > 0
          ? "trades or sizes are missing for some of the venues: fills there rest on assumptions"
          : undefined,
    open: (settings) => source.scenario(settings, seconds),
  };
}

/** In words, and the least that can be said: the objection to the tape comes first. */
export function claimOf(
  { interval, fills }: Pick<Outcome, "interval" | "fills">,
  { objection }: Pick<Tape, "objection">,
): string {
  if (fills < FILLS_MIN) return "none: too few fills";
  if (interval === undefined) return "none: too short";
  if (objection !== undefined) return "none: see below";
  if (contains(interval, 0)) return "none: the interval holds 0";
  return interval.low > 0 ? "earned on this tape" : "lost on this tape";
}

function partsCheck({ model, pnl, turnover }: Outcome): Check {
  const { total, ...parts } = pnl;
  const sum = Object.values(parts).reduce((a, b) => a + b, 0);
  return {
    claim: `${model}: the parts of the P&L sum to it`,
    holds: Math.abs(sum - total) <= ROUNDING_FRAC * Math.max(1, turnover),
  };
}

function pnlTable(outcomes: readonly Outcome[], tape: Tape, blockS: number): Table {
  const money = { decimals: 2 };
  const objection = tape.objection === undefined ? "" : ` No claim of profit: ${tape.objection}.`;
  return {
    title: `P&L on ${tape.name}`,
    columns: [
      { title: "model" },
      { title: "P&L with interval", ...money },
      { title: "claim" },
      { title: "spread captured", ...money },
      { title: "maker fees", ...money },
      { title: "taker fees", ...money },
      { title: "hedging", ...money },
      { title: "reducing", ...money },
      { title: "inventory", ...money },
      { title: "currency", ...money },
      { title: "largest drawdown", ...money },
    ],
    rows: outcomes.map((outcome) => {
      const { model, pnl, interval, maxDrawdown } = outcome;
      const { spreadCapture, makerFees, takerFees, hedging, reducing, inventory, currency } = pnl;
      return [
        model,
        interval ?? pnl.total,
        claimOf(outcome, tape),
        spreadCapture,
        makerFees,
        takerFees,
        hedging,
        reducing,
        inventory,
        currency,
        maxDrawdown,
      ];
    }),
    note: `In reporting currency. Intervals resample blocks of ${blockS} s: they say how much another stretch of the same market would differ, and nothing of another market.${objection}`,
  };
}

/** Models see the same blocks, so their differences vary less than they do. */
function againstTable(outcomes: readonly Outcome[], seed: number): Table {
  const [first, ...others] = outcomes;
  return {
    title: `Against ${first?.model ?? ""}, block by block`,
    columns: [{ title: "model" }, { title: "difference of P&L", decimals: 2 }, { title: "differs" }],
    rows: others.map(({ model, blocks }) => {
      const differences = blocks.map((block, at) => block - (first?.blocks[at] ?? 0));
      const interval = bootstrapSum(differences, randomStream(seed, "bootstrap"));
      return [model, interval, interval === undefined ? undefined : contains(interval, 0) ? "no" : "yes"];
    }),
    note: "Each of these may differ by chance once in twenty; four are looked at together.",
  };
}

function tradingTable(outcomes: readonly Outcome[]): Table {
  return {
    title: "Trading",
    columns: [
      { title: "model" },
      { title: "inventory rms", decimals: 0 },
      { title: "orders", decimals: 0 },
      { title: "fills", decimals: 0 },
      { title: "uptime, %", decimals: 1 },
      ...MARKOUTS_S.map((seconds) => ({ title: `markout ${seconds} s, bps`, decimals: 2 })),
    ],
    rows: outcomes.map(({ model, inventoryRms, orders, fills, uptime, markoutsBps }) => [
      model,
      inventoryRms,
      orders,
      fills,
      100 * uptime,
      ...markoutsBps,
    ]),
    note: "Inventory net over assets in reporting currency. Markouts are the mean move of fair value after fills, with the maker's sign: below 0 it went against us.",
  };
}
