/** What all charts of the desk have in common: axes, grid and crosshair in the theme's colours, times in UTC. */
import {
  ColorType,
  createChart,
  CrosshairMode,
  LineStyle,
  type ChartOptions,
  type DeepPartial,
  type IChartApi,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import { readColours, type ChartColours } from "./colours.ts";

/** A chart without React: shows what it is given, takes on the theme's colours again, goes away. */
export interface ChartModule<Data> {
  readonly set: (data: Data) => void;
  readonly restyle: () => void;
  readonly destroy: () => void;
}

export type CreateChart<Data> = (element: HTMLElement) => ChartModule<Data>;

export interface TimeChart {
  /** Shows everything there is, until a person has scrolled or zoomed: then the view is theirs. */
  readonly fit: () => void;
  readonly chart: IChartApi;
  readonly colours: () => ChartColours;
  readonly restyle: () => void;
}

export function createTimeChart(element: HTMLElement, options: DeepPartial<ChartOptions> = {}): TimeChart {
  let colours = readColours(element);
  const chart = createChart(element, { autoSize: true, ...look(colours), ...options });
  let isTouched = false;
  for (const touch of ["pointerdown", "wheel"] as const)
    element.addEventListener(touch, () => (isTouched = true), { passive: true });
  return {
    chart,
    fit: () => {
      if (!isTouched) chart.timeScale().fitContent();
    },
    colours: () => colours,
    restyle: () => {
      colours = readColours(element);
      chart.applyOptions(look(colours));
    },
  };
}

function look(colours: ChartColours): DeepPartial<ChartOptions> {
  return {
    layout: {
      background: { type: ColorType.Solid, color: "transparent" },
      textColor: colours.secondary,
      fontFamily: '"Inter Variable", system-ui, sans-serif',
      fontSize: 11,
      attributionLogo: false,
      panes: { separatorColor: colours.line, separatorHoverColor: colours.line },
    },
    grid: { vertLines: { visible: false }, horzLines: { color: colours.line, style: LineStyle.Dotted } },
    rightPriceScale: { borderVisible: false },
    timeScale: { borderVisible: false, timeVisible: true, secondsVisible: true, rightOffset: 2 },
    crosshair: {
      mode: CrosshairMode.Normal,
      vertLine: { color: colours.faint, labelBackgroundColor: colours.faint },
      horzLine: { color: colours.faint, labelBackgroundColor: colours.faint },
    },
    localization: { timeFormatter: formatTime },
  };
}

export function toTime(atS: number): UTCTimestamp {
  return atS as UTCTimestamp;
}

function formatTime(time: Time): string {
  return typeof time === "number" ? new Date(time * 1_000).toISOString().slice(11, 19) : "";
}
