/** The simulated market beside recorded ones: do its prices and its flow behave like those of a market? */
import { z } from "zod";
import { formatNumber } from "../../report/format.ts";
import { BacktestSettings } from "../../settings.ts";
import { meanInterval } from "../intervals.ts";
import { agentMarketOf, closedScenario, VENUES } from "../estimators/closedWorld.ts";
import { openSource } from "../recorded.ts";
import {
  defineStudy,
  type Chart,
  type Check,
  type Interval,
  type StudyResult,
  type Table,
} from "../study.ts";
import { eppsOf, factsOf, isMet, SAMPLINGS_S, signatureOf, type Fact } from "./facts.ts";
import { watch, type Watched } from "./watch.ts";

const Options = z.object({
  hours: z.number().min(0.1).max(24).default(2).describe("of each simulated market"),
  seeds: z.int().min(1).max(50).default(4).describe("simulated markets"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1)
    .describe("the first of them"),
  recording: z.array(z.string()).default([]).describe("a recording to put beside it; repeatable"),
  recordedHours: z
    .number()
    .min(0.05)
    .max(240)
    .default(6)
    .describe("most of each recording's longest stretch"),
});

const LEVEL_SPACING_BPS = 0.5;

interface Market {
  readonly name: string;
  readonly runs: readonly { readonly watched: Watched; readonly facts: readonly Fact[] }[];
}

export const market = defineStudy({
  name: "market",
  summary: "stylised facts of the simulated market beside those of recordings",
  options: Options,
  async run({ hours, seeds, seed, recording, recordedHours }, ports): Promise<StudyResult> {
    // A folder that is none should not cost the wait.
    const sources = [];
    for (const folder of recording) sources.push(await openSource(folder, ports));
    const durationS = Math.round(hours * 3_600);
    const lags = new Map(
      VENUES.filter(({ lagS }) => lagS > 0).map(({ account, lagS }) => [account, lagS * 1e3]),
    );
    const simulated: Market = {
      name: "simulated",
      runs: Array.from({ length: seeds }, (_, i) => {
        const agents = agentMarketOf({
          world: "whole",
          seed: seed + i,
          durationS,
          levelSpacingBps: LEVEL_SPACING_BPS,
        });
        const watched = watch(closedScenario(agents), (done) =>
          ports.progress(Math.floor(i * durationS + done), seeds * durationS, "s of simulated time"),
        );
        return { watched, facts: factsOf(watched, lags) };
      }),
    };
    const recorded: Market[] = [];
    for (const source of sources) {
      const scenario = source.scenario(BacktestSettings.parse({}), recordedHours * 3_600);
      const totalS = Math.ceil((scenario.toUs - scenario.fromUs) / 1e6);
      const watched = watch(scenario, (done) =>
        ports.progress(Math.floor(done), totalS, `s of ${source.name}`),
      );
      recorded.push({ name: source.name, runs: [{ watched, facts: factsOf(watched) }] });
    }
    const markets = [simulated, ...recorded];
    return {
      json: {
        hours,
        seeds,
        seed,
        markets: markets.map(({ name, runs }) => ({
          name,
          runs: runs.map(({ watched, facts }) => ({ seconds: watched.seconds, facts })),
        })),
      },
      checks: checksOf(simulated),
      tables: [factTable(markets), lagTable(recorded)].filter(({ rows }) => rows.length > 0),
      charts: [signatureChart(markets), eppsChart(markets)],
    };
  },
});

/** What is judged is the mean over the seeds: one market of an hour may have no stress in it at all. */
function meanFact({ runs }: Market, at: number): Fact | undefined {
  const facts = runs.flatMap((run) => run.facts[at] ?? []);
  const known = facts.flatMap(({ value }) => value ?? []);
  const [first] = facts;
  if (first === undefined) return undefined;
  return {
    ...first,
    value: known.length === 0 ? undefined : known.reduce((a, b) => a + b, 0) / known.length,
  };
}

/** Half of the interval of that mean: another set of seeds would have come out so much elsewhere. */
function doubt({ runs }: Market, at: number): number {
  const values = runs.flatMap((run) => run.facts[at]?.value ?? []);
  if (values.length < 2) return 0;
  const { value, high } = meanInterval(values);
  return high - value;
}

function checksOf(simulated: Market): Check[] {
  return (simulated.runs[0]?.facts ?? []).flatMap((_, at) => {
    const fact = meanFact(simulated, at);
    if (fact === undefined) return [];
    return {
      claim: `simulated market, ${fact.name}: ${rangeText(fact)}`,
      holds: isMet(fact, doubt(simulated, at)) ?? true,
    };
  });
}

function rangeText({ target }: Fact): string {
  if (target === undefined) return "";
  const text = (value: number): string => formatNumber(value, { decimals: Math.abs(value) < 2 ? 2 : 0 });
  return target.high === Infinity
    ? `above ${text(target.low)}`
    : `${text(target.low)} to ${text(target.high)}`;
}

function factTable(markets: readonly Market[]): Table {
  const [simulated, ...recorded] = markets;
  const facts = (simulated?.runs[0]?.facts ?? []).map(({ name }) => name);
  return {
    title: "Stylised facts",
    columns: [
      { title: "fact" },
      { title: "target" },
      { title: "met" },
      { title: "simulated" },
      ...recorded.map(({ name }) => ({ title: name })),
    ],
    rows: facts.flatMap((name, at) => {
      const fact = simulated === undefined ? undefined : meanFact(simulated, at);
      if (simulated === undefined || fact === undefined) return [];
      const met = isMet(fact, doubt(simulated, at));
      const values = simulated.runs.flatMap((run) => run.facts[at]?.value ?? []);
      return [
        [
          name,
          rangeText(fact),
          met === undefined ? undefined : met ? "yes" : "no",
          spread(fact.value, values),
          ...recorded.map(({ runs }) => runs[0]?.facts.find((other) => other.name === name)?.value),
        ],
      ];
    }),
    note: "Simulated: mean over the seeds and, in brackets, the least and the greatest; a target is met when the interval of the mean reaches it. Fair value and mids on a grid of one second; sweeps and trades of the venue that has most. Targets are those of the simulated market. A dash: the recording does not hold what is needed, such as trades or a second venue.",
  };
}

function spread(value: number | undefined, values: readonly number[]): number | Interval | undefined {
  if (value === undefined || values.length < 2) return value;
  return { value, low: Math.min(...values), high: Math.max(...values) };
}

function lagTable(recorded: readonly Market[]): Table {
  return {
    title: "Lags behind the leader, as received",
    columns: [{ title: "market" }, { title: "venue" }, { title: "ms", decimals: 0 }],
    rows: recorded.flatMap(({ name, runs }) =>
      (runs[0]?.watched.lags ?? []).flatMap(({ venue, lagMs }) =>
        lagMs === undefined ? [] : [[name, venue, lagMs]],
      ),
    ),
    note: "By our time of receipt, where the recorder's own way to the venue counts too. A venue sampled once a second has no lag to be read.",
  };
}

function signatureChart(markets: readonly Market[]): Chart {
  const values = markets.flatMap(({ name, runs }) => {
    const first = runs[0];
    if (first === undefined) return [];
    const signature = signatureOf(first.watched);
    return (["fair", "trades"] as const).flatMap((of) => {
      const last = signature[of].at(-1);
      return SAMPLINGS_S.flatMap((seconds, at) => {
        const value = signature[of][at];
        if (value === undefined || last === undefined || last === 0) return [];
        return { market: name, of: of === "fair" ? "fair value" : "trades", seconds, variance: value / last };
      });
    });
  });
  return {
    title: "Volatility signature",
    text: "Variance per second by sampling interval, over that at 60 s: trades bounce between bid and ask, so theirs falls; fair value's is flat.",
    spec: {
      data: { values },
      mark: { type: "line", point: { size: 20 } },
      encoding: {
        x: { field: "seconds", type: "quantitative", scale: { type: "log" }, title: "sampling interval, s" },
        y: { field: "variance", type: "quantitative", scale: { type: "log" }, title: "over that at 60 s" },
        color: { field: "market", type: "nominal" },
        strokeDash: { field: "of", type: "nominal" },
      },
    },
  };
}

function eppsChart(markets: readonly Market[]): Chart {
  const values = markets.flatMap(({ name, runs }) => {
    const first = runs[0];
    if (first === undefined) return [];
    const correlations = eppsOf(first.watched);
    return SAMPLINGS_S.flatMap((seconds, at) => {
      const value = correlations[at];
      return value === undefined ? [] : { market: name, seconds, correlation: value };
    });
  });
  return {
    title: "Epps effect",
    text: "Correlation of two venues' returns by sampling interval: they move together over a minute, and less so within a lag.",
    spec: {
      data: { values },
      mark: { type: "line", point: { size: 20 } },
      encoding: {
        x: { field: "seconds", type: "quantitative", scale: { type: "log" }, title: "sampling interval, s" },
        y: { field: "correlation", type: "quantitative", scale: { domainMax: 1 }, title: "correlation" },
        color: { field: "market", type: "nominal" },
      },
    },
  };
}
