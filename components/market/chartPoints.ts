/** A second as each of the chart's three panes takes it: prices, our spread, our inventory. */
import type { UTCTimestamp } from "lightweight-charts";
import type { MarketChartData } from "./chartData.ts";
import type { LayerPoint } from "./drawLayers.ts";
import { spreadBps, type MarketSecond } from "./seconds.ts";

const HIDDEN = { mid: undefined, bid: undefined, ask: undefined };

/** What is not shown is not there: the scale must not make room for it. */
export function pointsOf(
  { atS, fair, inventoryBase, instruments }: MarketSecond,
  shown: Pick<MarketChartData, "instruments" | "sdBase">,
): readonly [prices: LayerPoint, spreads: LayerPoint, inventory: LayerPoint] {
  const time = atS as UTCTimestamp;
  const seen = instruments.map((one, at) => (shown.instruments[at]?.isShown === true ? one : HIDDEN));
  const { sdBase } = shown;
  return [
    {
      time,
      atS,
      lines: [...seen.map(({ mid }) => mid), fair],
      bands: seen.map(({ bid, ask }) => (bid === undefined || ask === undefined ? undefined : [bid, ask])),
      inView: [],
    },
    { time, atS, lines: seen.map((one) => spreadBps(one, fair)), bands: [], inView: [] },
    {
      time,
      atS,
      lines: [inventoryBase],
      bands: [],
      inView: inventoryBase === undefined || sdBase === undefined ? [] : [-sdBase, sdBase],
    },
  ];
}
