/** A series of parts on top of each other: gains stack up from zero, losses stack down from it. */
import {
  customSeriesDefaultOptions,
  type CustomData,
  type CustomSeriesOptions,
  type CustomSeriesPricePlotValues,
  type ICustomSeriesPaneRenderer,
  type ICustomSeriesPaneView,
  type PaneRendererCustomData,
  type PriceToCoordinateConverter,
  type Time,
} from "lightweight-charts";
import { stack } from "./stack.ts";

export interface StackedPoint extends CustomData {
  readonly parts: readonly number[];
}

export interface StackedOptions extends CustomSeriesOptions {
  /** One per part. */
  readonly fills: readonly string[];
}

export function stackedArea(): ICustomSeriesPaneView<Time, StackedPoint, StackedOptions> {
  let current: {
    readonly data: PaneRendererCustomData<Time, StackedPoint>;
    readonly options: StackedOptions;
  };
  const renderer: ICustomSeriesPaneRenderer = {
    draw: (target, toY) =>
      target.useMediaCoordinateSpace(({ context }) => draw(context, current.data, current.options, toY)),
  };
  return {
    renderer: () => renderer,
    update: (data, options) => {
      current = { data, options };
    },
    priceValueBuilder: ({ parts }): CustomSeriesPricePlotValues => {
      const edges = stack(parts).flat();
      const total = parts.reduce((sum, part) => sum + part, 0);
      return [Math.max(0, ...edges), Math.min(0, ...edges), total];
    },
    isWhitespace: (point): point is never => !("parts" in point),
    defaultOptions: () => ({ ...customSeriesDefaultOptions, fills: [] }),
  };
}

function draw(
  context: CanvasRenderingContext2D,
  { bars, visibleRange }: PaneRendererCustomData<Time, StackedPoint>,
  { fills }: StackedOptions,
  toY: PriceToCoordinateConverter,
): void {
  if (visibleRange === null) return;
  const visible = bars.slice(visibleRange.from, visibleRange.to);
  const stacked = visible.map(({ x, originalData }) => ({ x, edges: stack(originalData.parts) }));
  for (const [part, fill] of fills.entries()) {
    const near: { readonly x: number; readonly y: number }[] = [];
    const far: { readonly x: number; readonly y: number }[] = [];
    for (const { x, edges } of stacked) {
      const edge = edges[part];
      if (edge === undefined) continue;
      const [from, to] = [toY(edge[0]), toY(edge[1])];
      if (from === null || to === null) continue;
      near.push({ x, y: from });
      far.push({ x, y: to });
    }
    const outline = [...far, ...near.toReversed()];
    context.beginPath();
    for (const { x, y } of outline) context.lineTo(x, y);
    context.closePath();
    context.fillStyle = fill;
    context.fill();
  }
}
