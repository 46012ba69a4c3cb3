/** What the acceptance tests of the agent market measure. */
import type { MarketDriver, MarketRecord, TakeRecord } from "../../../../server/lab/ports.ts";

export function readAll(driver: MarketDriver): MarketRecord[] {
  const records: MarketRecord[] = [];
  for (let record = driver.next(); record !== undefined; record = driver.next()) records.push(record);
  return records;
}

export function takesOf(records: readonly MarketRecord[]): TakeRecord[] {
  return records.filter((record): record is TakeRecord => record.kind === "take");
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return mean(values.map((x) => (x - centre) ** 2));
}

export function correlation(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a);
  const meanB = mean(b);
  const covariance = mean(a.map((x, i) => (x - meanA) * ((b[i] ?? meanB) - meanB)));
  return covariance / Math.sqrt(variance(a) * variance(b));
}

/** How many instants fall into each window of a period. */
export function countsPerWindow(
  atUs: readonly number[],
  fromUs: number,
  windowUs: number,
  windows: number,
): number[] {
  const counts = Array.from({ length: windows }, () => 0);
  for (const us of atUs) {
    const at = Math.floor((us - fromUs) / windowUs);
    const before = counts[at];
    if (before !== undefined) counts[at] = before + 1;
  }
  return counts;
}
