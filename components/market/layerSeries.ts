/**
 * Everything that one pane of a market's chart shows, as one series of lightweight-charts: several lines and
 * bands with gaps where there is nothing, and what happened in a second. The library's own lines join across gaps.
 */
import {
  customSeriesDefaultOptions,
  type CustomSeriesOptions,
  type ICustomSeriesPaneView,
  type Time,
} from "lightweight-charts";
import { drawLayers, type LayerLook, type LayerPoint } from "./drawLayers.ts";

/** `look` is read with every drawing: the library would copy and mix it, were it an option. */
export function layerSeries(
  look: () => LayerLook,
): ICustomSeriesPaneView<Time, LayerPoint, CustomSeriesOptions> {
  let draw: Parameters<typeof drawLayers>[1] = { bars: [], visibleRange: null };
  const renderer = {
    draw: (...[target, toY]: Parameters<ReturnType<ICustomSeriesPaneView["renderer"]>["draw"]>) =>
      target.useMediaCoordinateSpace(({ context, mediaSize }) =>
        drawLayers({ context, size: mediaSize, toY }, draw, look()),
      ),
  };
  return {
    renderer: () => renderer,
    update: (data) => {
      draw = data;
    },
    priceValueBuilder: (point) => {
      const prices = pricesOf(point);
      return [Math.min(...prices), Math.max(...prices), prices.at(-1) ?? 0];
    },
    isWhitespace: (point): point is never => !("lines" in point) || pricesOf(point).length === 0,
    defaultOptions: () => customSeriesDefaultOptions,
  };
}

function pricesOf({ lines, bands, inView }: LayerPoint): readonly number[] {
  const prices = [...inView];
  for (const band of bands) if (band !== undefined) prices.push(...band);
  for (const line of lines) if (line !== undefined) prices.push(line);
  return prices;
}
