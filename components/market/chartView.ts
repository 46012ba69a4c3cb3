/**
 * Which stretch of time the chart shows. It is placed when a range is chosen, follows while the newest second
 * is in view, and tells when a person has moved it, by pointer, wheel or key.
 */
import type { IChartApi, ISeriesApi } from "lightweight-charts";
import { toTime } from "../charts/timeChart.ts";
import type { MarketChartData } from "./chartData.ts";

/** Free space beyond the newest second, as a share of what is shown. */
const MARGIN_SHARE = 0.03;
const ZOOM = 1.5;
/** Seconds that an arrow key with Shift reads on. */
const LEAP_S = 30;

interface ChartView {
  readonly place: (before: MarketChartData | undefined, data: MarketChartData) => void;
  readonly end: () => void;
}

export function chartView(
  chart: IChartApi,
  element: HTMLElement,
  series: ISeriesApi<"Custom">,
  current: () => MarketChartData | undefined,
): ChartView {
  const scale = chart.timeScale();
  /** A person's hand has been on it since it was placed last: only then a move is theirs. */
  let isTouched = false;
  let readS: number | undefined;

  function show(from: number, to: number): void {
    isTouched = false;
    scale.setVisibleLogicalRange({ from, to });
  }

  function follow(windowS: number, count: number): void {
    const to = count - 1 + Math.max(2, windowS * MARGIN_SHARE);
    show(to - windowS, to);
  }

  function place(before: MarketChartData | undefined, data: MarketChartData): void {
    const count = data.seconds.length;
    if (count === 0) return;
    const range = scale.getVisibleLogicalRange();
    const hasMoved = before?.seconds[0]?.atS !== data.seconds[0]?.atS;
    const isAsked = data.follows && (!(before?.follows ?? false) || data.windowS !== before?.windowS);
    if (before === undefined || before.seconds.length === 0 || isAsked || (hasMoved && data.follows)) {
      const shownS = range === null ? undefined : range.to - range.from;
      follow(data.windowS ?? shownS ?? count, count);
    } else if (data.windowS !== undefined && data.windowS !== before.windowS && range !== null) {
      // Looking at the past: its end stays where it is.
      show(range.to - data.windowS, range.to);
    } else if (hasMoved && range !== null) {
      // Numbers of bars are counted from the first second: that is another one now.
      const by = (before.seconds[0]?.atS ?? 0) - (data.seconds[0]?.atS ?? 0);
      show(range.from + by, range.to + by);
    }
  }

  function onRange(range: { readonly from: number; readonly to: number } | null): void {
    const data = current();
    if (!isTouched || range === null || data === undefined) return;
    const follows = range.to >= data.seconds.length - 1;
    const shownS = range.to - range.from;
    const isChosen = data.windowS !== undefined && Math.abs(shownS - data.windowS) < data.windowS * 0.03;
    const windowS = isChosen ? data.windowS : undefined;
    if (follows !== data.follows || windowS !== data.windowS) data.events.moved({ windowS, follows });
  }

  function read(atS: number): void {
    const data = current();
    const [first, last] = [data?.seconds[0], data?.seconds.at(-1)];
    if (data === undefined || first === undefined || last === undefined) return;
    readS = Math.min(last.atS, Math.max(first.atS, atS));
    const fair = data.seconds[readS - first.atS]?.fair;
    if (fair === undefined) chart.clearCrosshairPosition();
    else chart.setCrosshairPosition(fair, toTime(readS), series);
    data.events.read(readS);
  }

  function zoom(by: number): void {
    const range = scale.getVisibleLogicalRange();
    if (range === null) return;
    isTouched = true;
    scale.setVisibleLogicalRange({ from: range.to - (range.to - range.from) * by, to: range.to });
  }

  function pan(share: number): void {
    const range = scale.getVisibleLogicalRange();
    if (range === null) return;
    isTouched = true;
    const by = (range.to - range.from) * share;
    scale.setVisibleLogicalRange({ from: range.from + by, to: range.to + by });
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const data = current();
    const from = readS ?? data?.seconds.at(-1)?.atS ?? 0;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => read(from - (event.shiftKey ? LEAP_S : 1)),
      ArrowRight: () => read(from + (event.shiftKey ? LEAP_S : 1)),
      PageUp: () => pan(-0.5),
      PageDown: () => pan(0.5),
      "+": () => zoom(1 / ZOOM),
      "=": () => zoom(1 / ZOOM),
      "-": () => zoom(ZOOM),
      End: () => data?.events.moved({ windowS: data.windowS, follows: true }),
      Enter: () => {
        if (readS !== undefined) data?.events.pick(readS, undefined);
      },
      Escape: stopReading,
    };
    const act = keys[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  }

  function stopReading(): void {
    if (readS === undefined) return;
    readS = undefined;
    chart.clearCrosshairPosition();
    current()?.events.read(undefined);
  }

  const touch = (): void => {
    isTouched = true;
  };
  const listeners = new AbortController();
  const { signal } = listeners;
  element.tabIndex = 0;
  element.addEventListener("keydown", onKey, { signal });
  element.addEventListener("blur", stopReading, { signal });
  for (const kind of ["pointerdown", "wheel", "touchstart"])
    element.addEventListener(kind, touch, { signal, passive: true, capture: true });
  scale.subscribeVisibleLogicalRangeChange(onRange);
  return { place, end: () => listeners.abort() };
}
