/** The stylised facts of a market, and what each is meant to be in the simulated one. */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { autocorrelation, changes, correlation, excessKurtosis, fano, variancePerStep } from "./series.ts";
import type { Watched } from "./watch.ts";

export interface Fact {
  readonly name: string;
  readonly value: number | undefined;
  /** Undefined where the market is not held to any. */
  readonly target?: { readonly low: number; readonly high: number } | undefined;
}

/** Sampling intervals of the signature and of the Epps effect. */
export const SAMPLINGS_S = [1, 2, 5, 10, 30, 60] as const;

const LONG_S = 60;
const FANO_US = 60 * MICROS_PER_SECOND;
const LAG_TOLERANCE_MS = 50;

/** `lagsMs`: of each venue behind the leader, where somebody knows. */
export function factsOf(watched: Watched, lagsMs: ReadonlyMap<string, number> = new Map()): Fact[] {
  const { fair, sweeps, lags } = watched;
  const returns = changes(fair, 1);
  const sizes = returns.map(Math.abs);
  const prints = sweeps.map(({ price }) => Math.log(price));
  const signs = sweeps.flatMap(({ side }) => (side === undefined ? [] : side === "buy" ? 1 : -1));
  const signature = signatureOf(watched);
  const epps = eppsOf(watched);
  return [
    { name: "excess kurtosis of 1 s returns", value: excessKurtosis(returns), target: { low: 5, high: 30 } },
    {
      name: "excess kurtosis of 60 s returns",
      value: excessKurtosis(changes(fair, LONG_S)),
      target: { low: 1, high: 10 },
    },
    {
      name: "autocorrelation of 1 s returns of fair value",
      value: autocorrelation(returns, 1),
      target: { low: -0.02, high: 0.02 },
    },
    {
      name: "autocorrelation of returns from trade to trade",
      value: autocorrelation(changes(prints, 1), 1),
      target: { low: -0.5, high: -0.2 },
    },
    ...autocorrelations(sizes, [
      [1, "autocorrelation of |returns| at 1 s", 0.1, 0.4],
      [10, "autocorrelation of |returns| at 10 s", 0.1, 0.4],
      [60, "autocorrelation of |returns| at 60 s", 0.03, 0.3],
    ]),
    {
      name: "variance of fair value at 1 s over 60 s",
      value: ratio(signature.fair[0], signature.fair.at(-1)),
      target: { low: 0.8, high: 1.25 },
    },
    {
      name: "variance of trades at 1 s over 60 s",
      value: ratio(signature.trades[0], signature.trades.at(-1)),
      target: { low: 1.2, high: Infinity },
    },
    {
      name: "correlation across venues at 1 s over 60 s",
      value: ratio(epps[0], epps.at(-1)),
      target: { low: 0, high: 0.95 },
    },
    ...lags.flatMap(({ venue, lagMs }) => {
      const truth = lagsMs.get(venue);
      const target =
        truth === undefined ? undefined : { low: truth - LAG_TOLERANCE_MS, high: truth + LAG_TOLERANCE_MS };
      return lagsMs.size > 0 && truth === undefined
        ? []
        : { name: `lag of ${venue}, ms`, value: lagMs, target };
    }),
    {
      name: "Fano factor of sweeps, 60 s",
      value: fano(
        sweeps.map(({ atUs }) => atUs),
        FANO_US,
      ),
      target: { low: 5, high: 20 },
    },
    ...autocorrelations(signs, [
      [1, "autocorrelation of signs, 1 sweep on", 0.2, 0.45],
      [5, "autocorrelation of signs, 5 on", 0.03, 0.2],
      [20, "autocorrelation of signs, 20 on", -0.05, 0.1],
    ]),
  ];
}

type LagRow = readonly [lag: number, name: string, low: number, high: number];

function autocorrelations(values: readonly number[], rows: readonly LagRow[]): Fact[] {
  return rows.map(([lag, name, low, high]) => ({
    name,
    value: autocorrelation(values, lag),
    target: { low, high },
  }));
}

/** Variance per second by sampling interval. */
export function signatureOf({ fair, sweeps }: Watched): {
  readonly fair: readonly (number | undefined)[];
  readonly trades: readonly (number | undefined)[];
} {
  const trades = lastPrices(sweeps);
  return {
    fair: SAMPLINGS_S.map((step) => variancePerStep(fair, step)),
    trades: SAMPLINGS_S.map((step) => variancePerStep(trades, step)),
  };
}

/** Correlation of the two venues that are known most often, by sampling interval. */
export function eppsOf({ mids }: Watched): readonly (number | undefined)[] {
  const known = (logs: readonly number[]): number => logs.filter((value) => !Number.isNaN(value)).length;
  const [a, b] = [...mids].sort((x, y) => known(y.logs) - known(x.logs));
  if (a === undefined || b === undefined) return SAMPLINGS_S.map(() => undefined);
  return SAMPLINGS_S.map((step) => correlation(changes(a.logs, step), changes(b.logs, step)));
}

/** Within `doubt` of the target. */
export function isMet({ value, target }: Fact, doubt = 0): boolean | undefined {
  if (target === undefined) return undefined;
  return value !== undefined && value >= target.low - doubt && value <= target.high + doubt;
}

/** Logarithm of the last trade's price at every second. */
function lastPrices(sweeps: Watched["sweeps"]): number[] {
  const prices: number[] = [];
  const [first] = sweeps;
  if (first === undefined) return prices;
  let before = Math.log(first.price);
  for (const { atUs, price } of sweeps) {
    const second = Math.floor((atUs - first.atUs) / MICROS_PER_SECOND);
    while (prices.length < second) prices.push(before);
    before = Math.log(price);
  }
  return prices;
}

function ratio(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined || b === 0 ? undefined : a / b;
}
