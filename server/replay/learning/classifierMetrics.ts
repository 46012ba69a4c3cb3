/** How good the probabilities of a classifier are, on rows that it has not seen. */

export interface ClassifierMetrics {
  /** Chance that a row with outcome 1 has the higher probability; ties count half. Undefined with one class only. */
  readonly auc: number | undefined;
  /** Mean of (p − y)². */
  readonly brier: number;
  /** 1 − Brier/Brier of the base rate: > 0 beats knowing only how often it happens. Undefined with one class only. */
  readonly brierSkill: number | undefined;
  /** Natural logarithm. */
  readonly logLoss: number;
  /** Expected calibration error: mean |mean p − mean y| over bins of equal width, weighted by their rows. */
  readonly ece: number;
}

/** A probability of 0 or 1 that was wrong would make the mean infinite. */
const P_EDGE = 1e-15;

export function classifierMetrics(
  outcomes: readonly number[],
  probabilities: readonly number[],
  bins = 5,
): ClassifierMetrics {
  const n = outcomes.length;
  if (n === 0 || probabilities.length !== n)
    throw new RangeError(`${n} outcomes cannot be compared with ${probabilities.length} probabilities`);
  const rows = outcomes.map((y, row) => ({ y, p: probabilities[row] ?? 0 }));
  const baseRate = mean(rows.map(({ y }) => y));
  const brier = mean(rows.map(({ y, p }) => (p - y) ** 2));
  const ofBaseRate = baseRate * (1 - baseRate);
  return {
    auc: auc(rows),
    brier,
    brierSkill: ofBaseRate > 0 ? 1 - brier / ofBaseRate : undefined,
    logLoss: mean(rows.map(logLoss)),
    ece: calibrationError(rows, bins),
  };
}

interface Row {
  readonly y: number;
  readonly p: number;
}

/** By ranks (Mann–Whitney): one sort in place of all pairs. */
function auc(rows: readonly Row[]): number | undefined {
  const sorted = rows.toSorted((a, b) => a.p - b.p);
  let rankSum = 0;
  let ones = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to]?.p === sorted[from]?.p) to++;
    // Ranks from + 1 … to share their mean.
    const onesHere = sorted.slice(from, to).filter(({ y }) => y === 1).length;
    rankSum += (onesHere * (from + 1 + to)) / 2;
    ones += onesHere;
    from = to;
  }
  const zeros = rows.length - ones;
  return ones > 0 && zeros > 0 ? (rankSum - (ones * (ones + 1)) / 2) / (ones * zeros) : undefined;
}

function logLoss({ y, p }: Row): number {
  const inside = Math.min(Math.max(p, P_EDGE), 1 - P_EDGE);
  return y === 1 ? -Math.log(inside) : -Math.log1p(-inside);
}

function calibrationError(rows: readonly Row[], bins: number): number {
  let error = 0;
  for (let bin = 0; bin < bins; bin++) {
    const inside = rows.filter(({ p }) => Math.min(Math.floor(p * bins), bins - 1) === bin);
    if (inside.length === 0) continue;
    const gap = mean(inside.map(({ p }) => p)) - mean(inside.map(({ y }) => y));
    error += (Math.abs(gap) * inside.length) / rows.length;
  }
  return error;
}

function mean(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
