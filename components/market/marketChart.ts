/** A market over time, in three panes that share their time axis: prices, our spread, our inventory. */
import { LineStyle, type IPriceLine, type MouseEventParams } from "lightweight-charts";
import { pointFeed } from "../charts/pointFeed.ts";
import { createTimeChart, type ChartModule } from "../charts/timeChart.ts";
import { inventoryLook, priceLook, spreadLook } from "./chartLooks.ts";
import { chartView } from "./chartView.ts";
import { pointsOf } from "./chartPoints.ts";
import type { MarketChartData } from "./chartData.ts";
import type { LayerLook, LayerPoint } from "./drawLayers.ts";
import { layerSeries } from "./layerSeries.ts";
import { goesOn, nearestQuote } from "./seconds.ts";

/** Heights of the panes against each other. */
const STRETCH = [6, 1.6, 2] as const;

export function createMarketChart(element: HTMLElement): ChartModule<MarketChartData> {
  const { chart, colours, restyle } = createTimeChart(element, {
    timeScale: {
      // An hour of seconds fits a phone.
      minBarSpacing: 0.05,
      lockVisibleTimeRangeOnResize: true,
      borderVisible: false,
      timeVisible: true,
      secondsVisible: true,
    },
    // A finger that moves up or down scrolls the page.
    handleScroll: { vertTouchDrag: false },
  });
  const looks: LayerLook[] = [];
  const panes = STRETCH.map((_, pane) => {
    const look = (): LayerLook => looks[pane] ?? NOTHING;
    return chart.addCustomSeries(
      layerSeries(look),
      { lastValueVisible: false, priceLineVisible: false },
      pane,
    );
  });
  const [prices, spreads, inventory] = panes;
  if (prices === undefined || spreads === undefined || inventory === undefined)
    throw new Error("invariant: a market has three panes");
  for (const [pane, stretch] of STRETCH.entries()) chart.panes()[pane]?.setStretchFactor(stretch);
  let feeds = panes.map((series) => pointFeed<LayerPoint>(series));
  const rules: IPriceLine[] = [];
  let shown: MarketChartData | undefined;
  const view = chartView(chart, element, prices, () => shown);

  function drawLooks(data: MarketChartData): void {
    looks[0] = priceLook(data, colours());
    looks[1] = spreadLook(data, colours());
    looks[2] = inventoryLook(data, colours());
    // Nothing of it is an option: this only makes the library draw again.
    for (const series of panes) series.applyOptions({});
  }

  function drawLimits({ limitBase }: MarketChartData): void {
    for (const rule of rules.splice(0)) inventory?.removePriceLine(rule);
    if (limitBase === undefined || inventory === undefined) return;
    for (const price of [limitBase, -limitBase])
      rules.push(
        inventory.createPriceLine({
          price,
          color: colours().attention,
          lineStyle: LineStyle.Dashed,
          lineWidth: 1,
          title: "limit",
          axisLabelVisible: false,
        }),
      );
  }

  function applyFormats({ priceDigits }: MarketChartData): void {
    const format = (digits: number) =>
      ({ priceFormat: { type: "price", precision: digits, minMove: 10 ** -digits } }) as const;
    prices?.applyOptions(format(priceDigits));
    spreads?.applyOptions(format(1));
    inventory?.applyOptions(format(3));
  }

  function onRead({ time }: MouseEventParams): void {
    shown?.events.read(typeof time === "number" ? time : undefined);
  }

  function onClick({ point, time, paneIndex }: MouseEventParams): void {
    if (shown === undefined || point === undefined || paneIndex !== 0 || prices === undefined) return;
    const price = prices.coordinateToPrice(point.y);
    const second = shown.seconds.find(({ atS }) => atS === time);
    if (second === undefined) return;
    const nearest = price === null ? undefined : nearestQuote(second, price, shown.instruments);
    shown.events.pick(second.atS, nearest);
  }

  chart.subscribeCrosshairMove(onRead);
  chart.subscribeClick(onClick);

  return {
    set: (data) => {
      const before = shown;
      shown = data;
      drawLooks(data);
      if (data.priceDigits !== before?.priceDigits) applyFormats(data);
      if (data.limitBase !== before?.limitBase) drawLimits(data);
      // What is not drawn does not count for the scale either: the points are others then.
      const isOther =
        !goesOn(before?.seconds ?? [], data.seconds) ||
        data.instruments.some(({ isShown }, at) => isShown !== before?.instruments[at]?.isShown);
      if (isOther) feeds = panes.map((series) => pointFeed<LayerPoint>(series));
      const points = data.seconds.map((second) => pointsOf(second, data));
      for (const [pane, feed] of feeds.entries()) feed(points.flatMap((of) => of[pane] ?? []));
      view.place(before, data);
    },
    restyle: () => {
      restyle();
      if (shown === undefined) return;
      drawLooks(shown);
      drawLimits(shown);
    },
    destroy: () => {
      view.end();
      chart.remove();
    },
  };
}

const NOTHING: LayerLook = {
  title: "",
  titleColour: "transparent",
  lines: [],
  bands: [],
  zone: undefined,
  marksAt: () => undefined,
  isMarked: () => false,
  shadeColour: "transparent",
  chosenS: undefined,
  chosenColour: "transparent",
  buyColour: "transparent",
  sellColour: "transparent",
  haloColour: "transparent",
};
