/** The page's own scripts, run against a stand-in for the browser and for the chart library. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { buildPicture, type Picture } from "../../../../server/replay/report/picture.ts";
import { samples, source, START_US } from "./fixture.ts";

const REPORT = join(import.meta.dirname, "../../../../server/replay/report");
const SCRIPTS = ["quotePaint.browser.js", "charts.browser.js"].map((name) =>
  readFileSync(join(REPORT, name), "utf8"),
);

interface Point {
  readonly time: number;
  readonly value?: number;
  readonly color?: string;
}

interface FakeSeries {
  readonly pane: number;
  data: readonly Point[];
  visible: boolean;
  primitive?: { paneViews(): { renderer(): { draw(target: unknown): void } }[] };
}

type Handler = (event: object | null) => void;

class FakeChart {
  readonly series: FakeSeries[] = [];
  range = { from: 0, to: 3 };
  crosshair: number | undefined;
  onRange: Handler = () => undefined;
  onCrosshair: Handler = () => undefined;

  addSeries(_type: string, options: { visible?: boolean }, pane = 0) {
    const series: FakeSeries = { pane, data: [], visible: options.visible ?? true };
    this.series.push(series);
    return {
      setData: (data: readonly Point[]) => (series.data = data),
      applyOptions: (changes: { visible: boolean }) => (series.visible = changes.visible),
      attachPrimitive: (primitive: FakeSeries["primitive"] & { attached(to: object): void }) => {
        series.primitive = primitive;
        primitive.attached({
          chart: this,
          series: { priceToCoordinate: (price: number) => -price },
          requestUpdate() {},
        });
      },
    };
  }

  timeScale() {
    return {
      subscribeVisibleLogicalRangeChange: (handler: Handler) => (this.onRange = handler),
      getVisibleLogicalRange: () => this.range,
      setVisibleLogicalRange: (range: { from: number; to: number }) => (this.range = range),
      logicalToCoordinate: (index: number) => (Number.isInteger(index) ? index * 10 : 0),
      fitContent() {},
    };
  }

  panes() {
    return [0, 1].map(() => ({ setStretchFactor() {} }));
  }

  subscribeCrosshairMove(handler: Handler) {
    this.onCrosshair = handler;
  }

  setCrosshairPosition(_price: number, time: number) {
    this.crosshair = time;
  }

  clearCrosshairPosition() {
    this.crosshair = undefined;
  }
}

function open(picture: Picture) {
  const charts: FakeChart[] = [];
  const sections = [...picture.markets.map(({ venues }) => venues.length), 0].map((boxes, at) => {
    const cells = new Map<string, { textContent: string }>();
    const inputs = Array.from({ length: boxes }, () => ({ checked: true, onchange: () => undefined }));
    const section = {
      querySelectorAll: () => inputs,
      querySelector: (selector: string) => {
        if (!cells.has(selector)) cells.set(selector, { textContent: "" });
        return cells.get(selector);
      },
    };
    const chart = at < picture.markets.length ? String(at) : "pnl";
    return { cells, inputs, dataset: { chart }, closest: () => section, addEventListener: () => undefined };
  });
  const context = createContext({
    document: {
      documentElement: {},
      body: {},
      getElementById: () => ({ textContent: JSON.stringify(picture) }),
      querySelectorAll: () => sections,
    },
    getComputedStyle: () => ({ fontFamily: "sans", getPropertyValue: (name: string) => name }),
    matchMedia: () => ({ addEventListener: () => undefined }),
    LightweightCharts: {
      createChart: () => {
        const chart = new FakeChart();
        charts.push(chart);
        return chart;
      },
      LineSeries: "line",
      BaselineSeries: "baseline",
      LineStyle: {},
      LineType: {},
    },
    Path2D: FakePath,
  });
  for (const script of SCRIPTS) runInContext(script, context);
  const cell = (at: number, name: string): string | undefined =>
    sections[at]?.cells.get(`[data-cell="${name}"]`)?.textContent;
  return { charts, sections, cell };
}

class FakePath {
  static drawn: FakePath[] = [];
  readonly corners: [number, number][] = [];
  rects = 0;
  moveTo(x: number, y: number) {
    this.corners.push([x, y]);
  }
  lineTo() {}
  closePath() {}
  rect() {
    this.rects += 1;
  }
}

/** Draws the bands and the fills of a market; the order of the paths is that of the calls. */
function paint(
  chart: FakeChart | undefined,
  width = 1_000,
): { bands: FakePath; sells: FakePath; buys: FakePath } {
  const filled: FakePath[] = [];
  const context = { fill: (path: FakePath) => filled.push(path), stroke() {} };
  const target = { useMediaCoordinateSpace: (draw: Handler) => draw({ context, mediaSize: { width } }) };
  for (const view of chart?.series.find(({ primitive }) => primitive)?.primitive?.paneViews() ?? [])
    view.renderer().draw(target);
  const [bands, sells, buys] = filled;
  if (bands === undefined || sells === undefined || buys === undefined) throw new Error("nothing was drawn");
  return { bands, sells, buys };
}

describe("the charts of a page", () => {
  it("draw mids and fair value above, limits and inventory below, and P&L by itself", () => {
    const { charts } = open(buildPicture(source()));
    expect(charts.map(({ series }) => series.map(({ pane }) => pane))).toEqual([
      [0, 0, 0, 1, 1, 1],
      [0, 0, 1, 1, 1],
      [0, 0, 0],
    ]);
  });

  it("leave a hole where a value is missing instead of a line across it", () => {
    const { charts } = open(buildPicture(source()));
    const start = START_US / 1e6;
    expect(charts[0]?.series[0]?.data).toEqual([
      { time: start, value: 100 },
      { time: start + 1 },
      { time: start + 2, value: 102, color: "transparent" },
      { time: start + 3, value: 103 },
    ]);
  });

  it("paint a band where both of our sides stand, and each fill at its own instant", () => {
    const { charts } = open(buildPicture(source()));
    const { bands, buys, sells } = paint(charts[0]);
    expect(bands.rects).toBe(2);
    expect(buys.corners).toEqual([[5, -99.5]]);
    expect(sells.corners).toEqual([[22.5, -102]]);
  });

  it("draw no more fills than the width has room for", () => {
    const [fill] = source().fills;
    const fills = Array.from({ length: 1_000 }, () => fill).filter((one) => one !== undefined);
    const { charts } = open(buildPicture(source({ fills, fillCount: 1_000, samples: samples(10) })));
    expect(paint(charts[0], 400).buys.corners.length).toBe(100);
    expect(paint(charts[0], 10_000).buys.corners.length).toBe(1_000);
  });

  it("hide a venue with its quotes and fills when its box is cleared", () => {
    const { charts, sections } = open(buildPicture(source()));
    const box = sections[0]?.inputs[0];
    if (box === undefined) throw new Error("no box");
    box.checked = false;
    box.onchange();
    expect(charts[0]?.series[0]?.visible).toBe(false);
    const { bands, buys, sells } = paint(charts[0]);
    expect([bands.rects, buys.corners.length, sells.corners.length]).toEqual([0, 0, 1]);
  });

  it("show the values under the pointer in every table, and the pointer's time in every chart", () => {
    const { charts, cell } = open(buildPicture(source()));
    charts[2]?.onCrosshair({ logical: 1, sourceEvent: {} });
    expect(["at", "fair", "mid-0", "bid-0", "mid-1", "inventory"].map((name) => cell(0, name))).toEqual([
      "00:00:01 UTC",
      "101.00",
      "—",
      "—",
      "101.50",
      "+0.1000",
    ]);
    expect(["spreadCapture", "inventory", "total"].map((name) => cell(2, name))).toEqual([
      "+1.00",
      "−0.50",
      "+0.50",
    ]);
    expect(charts.map(({ crosshair }) => crosshair)).toEqual([
      START_US / 1e6 + 1,
      START_US / 1e6 + 1,
      undefined,
    ]);
    charts[2]?.onCrosshair({ sourceEvent: {} });
    expect(cell(0, "fair")).toBe("103.00");
    expect(charts[0]?.crosshair).toBeUndefined();
  });

  it("keep the same time in view everywhere", () => {
    const { charts } = open(buildPicture(source()));
    charts[0]?.onRange({ from: 1, to: 2 });
    expect(charts.slice(1).map(({ range }) => range)).toEqual([
      { from: 1, to: 2 },
      { from: 1, to: 2 },
    ]);
  });
});
