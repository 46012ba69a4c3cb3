/** How good a series of days was, and how sure that is (models §7). */
import { mean, sampleStandardDeviation } from "simple-statistics";

export interface Performance {
  /**
   * Mean over standard deviation of the daily P&L; undefined before two days, and for days that are all
   * alike.
   */
  readonly sharpeDaily: number | undefined;
  readonly sharpeAnnual: number | undefined;
  /** Standard error of the annual one for independent days, √((1 + SR²/2)/n) annualised (Lo 2002, eq. 9). */
  readonly stderrAnnual: number | undefined;
  /** Autocorrelations of the daily P&L at lags 1 … */
  readonly autocorrelations: readonly number[];
  /**
   * The annual one with days that depend on each other, SR·q/√(q(1 + 2Σ(1 − j/(m+1))ρ_j)): Lo 2002, eq. 20,
   * with Bartlett weights, so that the variance stays positive.
   */
  readonly sharpeAnnualRobust: number | undefined;
  /** From the highest equity so far, in money and as a share of that equity. */
  readonly maxDrawdown: number;
  readonly maxDrawdownFrac: number;
  /** Share of days that earned something. */
  readonly winRate: number | undefined;
}

/**
 * Of the daily P&L over UTC days on a capital, both in the reporting currency; never of trades or seconds.
 */
export function performanceOf(
  dailyPnl: readonly number[],
  basis: { readonly capital: number; readonly daysPerYear: number; readonly autocorrelationLags: number },
): Performance {
  const { capital, daysPerYear, autocorrelationLags } = basis;
  const n = dailyPnl.length;
  const deviation = n < 2 ? 0 : sampleStandardDeviation(dailyPnl);
  const drawdown = drawdownOf(dailyPnl, capital);
  const winRate = n === 0 ? undefined : dailyPnl.filter((pnl) => pnl > 0).length / n;
  if (deviation === 0)
    return {
      sharpeDaily: undefined,
      sharpeAnnual: undefined,
      stderrAnnual: undefined,
      autocorrelations: [],
      sharpeAnnualRobust: undefined,
      ...drawdown,
      winRate,
    };
  const sharpeDaily = mean(dailyPnl) / deviation;
  const autocorrelations = Array.from({ length: Math.min(autocorrelationLags, n - 1) }, (_, i) =>
    autocorrelation(dailyPnl, i + 1),
  );
  const memory = autocorrelations.reduce(
    (sum, rho, i) => sum + (1 - (i + 1) / (autocorrelations.length + 1)) * rho,
    0,
  );
  return {
    sharpeDaily,
    sharpeAnnual: sharpeDaily * Math.sqrt(daysPerYear),
    stderrAnnual: Math.sqrt((1 + sharpeDaily ** 2 / 2) / n) * Math.sqrt(daysPerYear),
    autocorrelations,
    sharpeAnnualRobust: (sharpeDaily * daysPerYear) / Math.sqrt(daysPerYear * (1 + 2 * memory)),
    ...drawdown,
    winRate,
  };
}

function drawdownOf(
  dailyPnl: readonly number[],
  capital: number,
): Pick<Performance, "maxDrawdown" | "maxDrawdownFrac"> {
  let equity = capital;
  let highest = capital;
  let maxDrawdown = 0;
  let maxDrawdownFrac = 0;
  for (const pnl of dailyPnl) {
    equity += pnl;
    highest = Math.max(highest, equity);
    maxDrawdown = Math.max(maxDrawdown, highest - equity);
    maxDrawdownFrac = Math.max(maxDrawdownFrac, (highest - equity) / highest);
  }
  return { maxDrawdown, maxDrawdownFrac };
}

function autocorrelation(values: readonly number[], lag: number): number {
  const centre = mean(values);
  let products = 0;
  let squares = 0;
  for (const [i, value] of values.entries()) {
    squares += (value - centre) ** 2;
    const before = values[i - lag];
    if (before !== undefined) products += (value - centre) * (before - centre);
  }
  return products / squares;
}
