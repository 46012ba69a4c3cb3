/** A second as each of the chart's three panes takes it: prices, our spread, our inventory. */
import type { UTCTimestamp } from "lightweight-charts";
import type { MarketChartData } from "./chartData.ts";
import type { LayerPoint } from "./drawLayers.ts";
import { spreadBps, type InstrumentSecond, type MarketSecond } from "./seconds.ts";

const HIDDEN = { mid: undefined, bid: undefined, ask: undefined, pulled: undefined };

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
      shade: shadeOf(seen, shown),
    },
    { time, atS, lines: seen.map((one) => spreadBps(one, fair)), bands: [], inView: [], shade: 0 },
    {
      time,
      atS,
      lines: [inventoryBase],
      bands: [],
      inView: inventoryBase === undefined || sdBase === undefined ? [] : [-sdBase, sdBase],
      shade: 0,
    },
  ];
}

/** How much of what is shown, and should be quoted, was out of the market. */
function shadeOf(
  seen: readonly Pick<InstrumentSecond, "pulled">[],
  { instruments }: Pick<MarketChartData, "instruments">,
): number {
  const quoted = seen.filter((_, at) => instruments[at]?.isShown === true && instruments[at].isQuoted);
  const out = quoted.reduce((sum, { pulled }) => sum + (pulled?.share ?? 0), 0);
  return quoted.length === 0 ? 0 : out / quoted.length;
}
