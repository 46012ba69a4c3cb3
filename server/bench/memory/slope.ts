/** Growth by least squares. */

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

const MS_PER_HOUR = 3_600_000;

/** In units of the value per hour. Throws when the points are all of one instant. */
export function slopePerHour(points: readonly Point[]): number {
  const meanOf = (of: (point: Point) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const meanMs = meanOf(({ atMs }) => atMs);
  const mean = meanOf(({ value }) => value);
  let covariance = 0;
  let variance = 0;
  for (const { atMs, value } of points) {
    covariance += (atMs - meanMs) * (value - mean);
    variance += (atMs - meanMs) ** 2;
  }
  if (!(variance > 0)) throw new Error("a slope needs points of more than one instant");
  return (covariance / variance) * MS_PER_HOUR;
}
