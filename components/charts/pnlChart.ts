/** P&L by part as a stacked area with the total as a line. */
import { LineSeries } from "lightweight-charts";
import type { PnlView } from "../../server/contract/lines.ts";
import { fade } from "./colours.ts";
import { PNL_PARTS } from "./pnlParts.ts";
import { pointFeed } from "./pointFeed.ts";
import { stackedArea, type StackedPoint } from "./stackedArea.ts";
import { createTimeChart, toTime, type ChartModule } from "./timeChart.ts";

export interface PnlPoint {
  readonly atS: number;
  readonly pnl: PnlView;
}

const FILL_ALPHA = 0.45;

export function createPnlChart(element: HTMLElement): ChartModule<readonly PnlPoint[]> {
  const { chart, colours, fit, restyle } = createTimeChart(element);
  const fills = (): string[] => PNL_PARTS.map(({ colour }) => fade(colours()[colour], FILL_ALPHA));
  const parts = chart.addCustomSeries(stackedArea(), {
    fills: fills(),
    lastValueVisible: false,
    priceLineVisible: false,
  });
  const total = chart.addSeries(LineSeries, { color: colours().ink, lineWidth: 2, priceLineVisible: false });
  const feedParts = pointFeed<StackedPoint>(parts);
  const feedTotal = pointFeed(total);
  return {
    set: (points) => {
      feedParts(
        points.map(({ atS, pnl }) => ({ time: toTime(atS), parts: PNL_PARTS.map(({ part }) => pnl[part]) })),
      );
      feedTotal(points.map(({ atS, pnl }) => ({ time: toTime(atS), value: pnl.total })));
      fit();
    },
    restyle: () => {
      restyle();
      parts.applyOptions({ fills: fills() });
      total.applyOptions({ color: colours().ink });
    },
    destroy: () => chart.remove(),
  };
}
