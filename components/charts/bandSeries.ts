/** A filled band between two prices, with gaps where there is none: our quotes, or an interval. */
import {
  customSeriesDefaultOptions,
  type CustomData,
  type CustomSeriesOptions,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
} from "lightweight-charts";

/** Without `low` and `high` the band has a gap there. */
export interface BandPoint extends CustomData {
  readonly low?: number;
  readonly high?: number;
}

export interface BandOptions extends CustomSeriesOptions {
  readonly fill: string;
  readonly edge: string;
}

export function bandSeries(): ICustomSeriesPaneView<Time, BandPoint, BandOptions> {
  let current: { readonly data: PaneRendererCustomData<Time, BandPoint>; readonly options: BandOptions };
  const renderer: ICustomSeriesPaneRenderer = {
    draw: (target, toY) =>
      target.useMediaCoordinateSpace(({ context }) => draw(context, current.data, current.options, toY)),
  };
  return {
    renderer: () => renderer,
    update: (data, options) => {
      current = { data, options };
    },
    priceValueBuilder: ({ low, high }) =>
      low === undefined || high === undefined ? [] : [low, high, (low + high) / 2],
    isWhitespace: (point): point is never => !("low" in point) || point.low === undefined,
    defaultOptions: () => ({ ...customSeriesDefaultOptions, fill: "transparent", edge: "transparent" }),
  };
}

interface Edge {
  readonly x: number;
  readonly low: number;
  readonly high: number;
}

function draw(
  context: CanvasRenderingContext2D,
  { bars, visibleRange }: PaneRendererCustomData<Time, BandPoint>,
  { fill, edge }: BandOptions,
  toY: PriceToCoordinateConverter,
): void {
  if (visibleRange === null) return;
  let run: Edge[] = [];
  const end = (): void => {
    if (run.length > 0) drawRun(context, run, fill, edge);
    run = [];
  };
  for (const { x, originalData } of bars.slice(visibleRange.from, visibleRange.to)) {
    const { low, high } = originalData;
    const [lowY, highY] = [low === undefined ? null : toY(low), high === undefined ? null : toY(high)];
    if (lowY === null || highY === null) end();
    else run.push({ x, low: lowY, high: highY });
  }
  end();
}

function drawRun(context: CanvasRenderingContext2D, run: readonly Edge[], fill: string, edge: string): void {
  context.beginPath();
  for (const { x, high } of run) context.lineTo(x, high);
  for (const { x, low } of run.toReversed()) context.lineTo(x, low);
  context.closePath();
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1;
  for (const side of ["high", "low"] as const) {
    context.beginPath();
    for (const point of run) context.lineTo(point.x, point[side]);
    context.stroke();
  }
}
