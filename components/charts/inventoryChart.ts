/** Inventory of a market over time: the model's ±1 s.d. as a band, the limits as rules. */
import { LineSeries, LineStyle, type AutoscaleInfo, type IPriceLine } from "lightweight-charts";
import { bandSeries, type BandPoint } from "./bandSeries.ts";
import { fade } from "./colours.ts";
import { withNearLimits } from "./nearLimits.ts";
import { pointFeed } from "./pointFeed.ts";
import { createTimeChart, toTime, type ChartModule } from "./timeChart.ts";

export interface InventoryData {
  readonly points: readonly { readonly atS: number; readonly base: number }[];
  readonly sdBase: number | undefined;
  readonly limitBase: number | undefined;
  readonly digits: number;
}

export function createInventoryChart(element: HTMLElement): ChartModule<InventoryData> {
  let shownLimit: number | undefined;
  const { chart, colours, fit, restyle } = createTimeChart(element);
  const band = chart.addCustomSeries(bandSeries(), {
    ...bandLook(),
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const line = chart.addSeries(LineSeries, {
    ...lineLook(),
    lineWidth: 2,
    priceLineVisible: false,
    autoscaleInfoProvider: (shown: () => AutoscaleInfo | null) => {
      const info = shown();
      if (info === null || info.priceRange === null) return info;
      return { ...info, priceRange: withNearLimits(info.priceRange, shownLimit) };
    },
  });
  const feedLine = pointFeed(line);
  const rules: IPriceLine[] = [];

  function bandLook() {
    return { fill: fade(colours().inventory, 0.12), edge: fade(colours().inventory, 0.35) };
  }

  function lineLook() {
    return { color: colours().inventory };
  }

  function drawRules(limitBase: number | undefined): void {
    for (const rule of rules.splice(0)) line.removePriceLine(rule);
    shownLimit = limitBase;
    if (limitBase === undefined) return;
    for (const price of [limitBase, -limitBase])
      rules.push(
        line.createPriceLine({
          price,
          color: colours().attention,
          lineStyle: LineStyle.Dashed,
          lineWidth: 1,
          title: "limit",
          axisLabelVisible: true,
        }),
      );
  }

  return {
    set: ({ points, sdBase, limitBase, digits }) => {
      const minMove = 10 ** -digits;
      const priceFormat = { type: "price", precision: digits, minMove } as const;
      line.applyOptions({ priceFormat });
      band.applyOptions({ priceFormat });
      // The band follows the model of this instant, over the whole time shown: it is drawn anew with it.
      band.setData(
        sdBase === undefined
          ? []
          : points.map(({ atS }): BandPoint => ({ time: toTime(atS), low: -sdBase, high: sdBase })),
      );
      feedLine(points.map(({ atS, base }) => ({ time: toTime(atS), value: base })));
      if (limitBase !== shownLimit) drawRules(limitBase);
      fit();
    },
    restyle: () => {
      restyle();
      band.applyOptions(bandLook());
      line.applyOptions(lineLook());
      drawRules(shownLimit);
    },
    destroy: () => chart.remove(),
  };
}
