import type { ISeriesApi, SeriesType, Time } from "lightweight-charts";

interface Timed {
  readonly time: Time;
}

/**
 * Gives a series its points: all of them at first, from then on only what came. Points that begin
 * elsewhere, or were taken back, make it start again.
 */
export function pointFeed<P extends Timed>(
  series: Pick<ISeriesApi<SeriesType>, "setData" | "update">,
): (points: readonly P[]) => void {
  let shown: readonly P[] = [];
  return (points) => {
    // What is on screen must be the beginning of what comes: the newest shown point may have a new value.
    const newest = shown.at(-1);
    const goesOn =
      newest !== undefined &&
      points[0]?.time === shown[0]?.time &&
      points[shown.length - 1]?.time === newest.time;
    // The series is of the kind that its points are made for; the library's types cannot say so here.
    if (!goesOn) series.setData([...points] as never);
    else for (const point of points.slice(shown.length - 1)) series.update(point as never);
    shown = points;
  };
}
