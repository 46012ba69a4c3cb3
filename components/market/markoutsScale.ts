/** Where the points of the markout curves stand: one scale for all venues of a market, so that they compare. */
import type { MarkoutPoint, SideFlowView, VenueEstimatesView } from "../../server/contract/estimates.ts";

export interface MarkoutScale {
  readonly lowBps: number;
  readonly highBps: number;
}

/** Less than this is drawn as flat: it is a tenth of a tick of what is traded. */
const SPAN_MIN_BPS = 0.2;

/** Holds zero, every point and its interval. */
export function markoutScale(venues: readonly VenueEstimatesView[]): MarkoutScale {
  let [low, high] = [0, 0];
  for (const { sides } of venues)
    for (const { markouts } of sides)
      for (const { bps, stderrBps } of markouts) {
        if (bps === undefined || stderrBps === undefined) continue;
        low = Math.min(low, bps - stderrBps);
        high = Math.max(high, bps + stderrBps);
      }
  const missing = Math.max(0, SPAN_MIN_BPS - (high - low)) / 2;
  return { lowBps: low - missing, highBps: high + missing };
}

/** Share of the height from the top. */
export function heightOf(bps: number, { lowBps, highBps }: MarkoutScale): number {
  return (highBps - bps) / (highBps - lowBps);
}

export interface PlacedPoint extends MarkoutPoint {
  readonly bps: number;
  readonly stderrBps: number;
  /** Position among the horizons, which stand at equal distances: they are a factor apart, not seconds. */
  readonly at: number;
}

/** Stretches without a gap: a horizon that nothing is known of breaks the line, and so does one fill without an interval. */
export function stretchesOf({ markouts }: SideFlowView): readonly (readonly PlacedPoint[])[] {
  const stretches: PlacedPoint[][] = [[]];
  for (const [at, point] of markouts.entries()) {
    const { bps, stderrBps } = point;
    if (bps === undefined || stderrBps === undefined) stretches.push([]);
    else stretches.at(-1)?.push({ ...point, bps, stderrBps, at });
  }
  return stretches.filter((stretch) => stretch.length > 0);
}
