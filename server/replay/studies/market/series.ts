/** Statistics of a series that may have holes (NaN): a pair counts when both of it are there. */

/** Changes over `step` places, one after the other. */
export function changes(values: readonly number[], step: number): number[] {
  const found: number[] = [];
  for (let i = step; i < values.length; i += step) found.push((values[i] ?? NaN) - (values[i - step] ?? NaN));
  return found;
}

/** 0 for a normal distribution; undefined where nothing varies. */
export function excessKurtosis(values: readonly number[]): number | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = sum(known) / known.length;
  const second = sum(known.map((value) => (value - mean) ** 2)) / known.length;
  const fourth = sum(known.map((value) => (value - mean) ** 4)) / known.length;
  return second > 0 ? fourth / second ** 2 - 3 : undefined;
}

export function autocorrelation(values: readonly number[], lag: number): number | undefined {
  return correlation(values.slice(0, -lag), values.slice(lag));
}

export function correlation(a: readonly number[], b: readonly number[]): number | undefined {
  const pairs: (readonly [number, number])[] = [];
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? NaN;
    if (!Number.isNaN(x) && !Number.isNaN(y)) pairs.push([x, y]);
  }
  if (pairs.length < PAIRS_MIN) return undefined;
  const meanA = sum(pairs.map(([x]) => x)) / pairs.length;
  const meanB = sum(pairs.map(([, y]) => y)) / pairs.length;
  const covariance = sum(pairs.map(([x, y]) => (x - meanA) * (y - meanB)));
  const spread = Math.sqrt(
    sum(pairs.map(([x]) => (x - meanA) ** 2)) * sum(pairs.map(([, y]) => (y - meanB) ** 2)),
  );
  return spread > 0 ? covariance / spread : undefined;
}

/** Mean square change per place, over `step` places. */
export function variancePerStep(values: readonly number[], step: number): number | undefined {
  const known = changes(values, step).filter((value) => !Number.isNaN(value));
  return known.length < PAIRS_MIN ? undefined : sum(known.map((value) => value ** 2)) / known.length / step;
}

/** Variance over mean of the number of instants in windows of equal length. */
export function fano(instantsUs: readonly number[], windowUs: number): number | undefined {
  const first = instantsUs[0];
  const last = instantsUs.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const windows = Math.floor((last - first) / windowUs);
  if (windows < WINDOWS_MIN) return undefined;
  const counts = Array.from({ length: windows }, () => 0);
  for (const atUs of instantsUs) {
    const at = Math.floor((atUs - first) / windowUs);
    if (at < windows) counts[at] = (counts[at] ?? 0) + 1;
  }
  const mean = sum(counts) / windows;
  return sum(counts.map((count) => (count - mean) ** 2)) / (windows - 1) / mean;
}

/** Fewer say nothing. */
const PAIRS_MIN = 10;
const WINDOWS_MIN = 5;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
