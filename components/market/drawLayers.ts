/** Draws a pane: zone, bands, lines and marks, in this order, onto whatever canvas it is given. */
import type {
  CustomData,
  PaneRendererCustomData,
  PriceToCoordinateConverter,
  Time,
} from "lightweight-charts";
import type { SecondMarks } from "./marks.ts";

/** One second of a pane. */
export interface LayerPoint extends CustomData {
  /** Again: the library keeps the time of a point to itself. */
  readonly atS: number;
  readonly lines: readonly (number | undefined)[];
  /** Low and high. */
  readonly bands: readonly (readonly [number, number] | undefined)[];
  /** Not drawn, but always within the scale. */
  readonly inView: readonly number[];
  /** 0 to 1: how much of an incident there was. */
  readonly shade: number;
}

export interface LineLook {
  readonly colour: string;
  readonly width: number;
  /** Venues are told apart by their dashes, not by colour. */
  readonly dash: readonly number[];
}

interface BandLook {
  readonly fill: string;
  readonly edge: LineLook;
}

export interface LayerLook {
  readonly title: string;
  readonly titleColour: string;
  /** By place in the lines and bands of the points; undefined is not drawn. */
  readonly lines: readonly (LineLook | undefined)[];
  readonly bands: readonly (BandLook | undefined)[];
  /** A horizontal stretch over the whole pane. */
  readonly zone:
    { readonly low: number; readonly high: number; readonly fill: string; readonly edge: string } | undefined;
  readonly marksAt: (atS: number) => SecondMarks | undefined;
  /** Fills of the venues that are drawn. */
  readonly isMarked: (instrument: number) => boolean;
  readonly buyColour: string;
  readonly sellColour: string;
  readonly shadeColour: string;
  /** A second that stands out, and the colour of its line. */
  readonly chosenS: number | undefined;
  readonly chosenColour: string;
  /** Around a fill, so that it stands off a line of its own colour. */
  readonly haloColour: string;
}

interface Canvas {
  readonly context: CanvasRenderingContext2D;
  readonly size: { readonly width: number; readonly height: number };
  readonly toY: PriceToCoordinateConverter;
}

type Bars = Pick<PaneRendererCustomData<Time, LayerPoint>, "bars" | "visibleRange">;
type Bar = Bars["bars"][number];

const TITLE_FONT = '11px "Inter Variable", system-ui, sans-serif';

export function drawLayers(canvas: Canvas, { bars, visibleRange }: Bars, look: LayerLook): void {
  const { context } = canvas;
  drawZone(canvas, look);
  if (visibleRange !== null) {
    // One bar before the first visible one: lines come in from the edge.
    const visible = bars.slice(Math.max(0, visibleRange.from - 1), visibleRange.to);
    drawShades(canvas, visible, look);
    for (const [at, band] of look.bands.entries())
      if (band !== undefined) drawBand(canvas, visible, at, band);
    for (const [at, line] of look.lines.entries())
      if (line !== undefined)
        stroke(
          context,
          line,
          runsOf(canvas, visible, (bar) => bar.originalData.lines[at]),
        );
    context.setLineDash([]);
    drawMarks(canvas, visible, look);
  }
  context.font = TITLE_FONT;
  context.textBaseline = "top";
  context.textAlign = "left";
  context.fillStyle = look.titleColour;
  context.fillText(look.title, 8, 6);
}

function drawZone({ context, size, toY }: Canvas, { zone }: LayerLook): void {
  if (zone === undefined) return;
  const [low, high] = [toY(zone.low), toY(zone.high)];
  if (low === null || high === null) return;
  context.fillStyle = zone.fill;
  context.fillRect(0, high, size.width, low - high);
  context.strokeStyle = zone.edge;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeRect(-1, high, size.width + 2, low - high);
}

/** So dark is a second in which nothing was quoted: seen, and everything in front of it still read. */
const SHADE_ALPHA = 0.22;

/** Seconds of one shade in a row are one stretch: a seam between them would be a line. */
function drawShades({ context, size }: Canvas, bars: readonly Bar[], look: LayerLook): void {
  const half = ((bars[1]?.x ?? 0) - (bars[0]?.x ?? 0)) / 2;
  context.fillStyle = look.shadeColour;
  for (let from = 0, to = 0; from < bars.length; from = to) {
    const [first, shade] = [bars[from], bars[from]?.originalData.shade ?? 0];
    while (to < bars.length && bars[to]?.originalData.shade === shade) to += 1;
    const last = bars[to - 1];
    if (shade === 0 || first === undefined || last === undefined) continue;
    context.globalAlpha = shade * SHADE_ALPHA;
    context.fillRect(first.x - half, 0, last.x - first.x + 2 * half, size.height);
  }
  context.globalAlpha = 1;
  const chosen = bars.find(({ originalData }) => originalData.atS === look.chosenS);
  if (chosen === undefined) return;
  context.fillStyle = look.chosenColour;
  context.fillRect(chosen.x - 0.5, 0, 1, size.height);
}

function drawBand(canvas: Canvas, bars: readonly Bar[], at: number, { fill, edge }: BandLook): void {
  const { context } = canvas;
  const lows = runsOf(canvas, bars, (bar) => bar.originalData.bands[at]?.[0]);
  const highs = runsOf(canvas, bars, (bar) => bar.originalData.bands[at]?.[1]);
  context.fillStyle = fill;
  // Low and high are there together: their runs are the same stretches of time.
  for (const [run, high] of highs.entries()) {
    const low = lows[run] ?? [];
    context.beginPath();
    for (const { x, y } of high) context.lineTo(x, y);
    for (const { x, y } of low.toReversed()) context.lineTo(x, y);
    context.closePath();
    context.fill();
  }
  stroke(context, edge, lows);
  stroke(context, edge, highs);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Stretches without a gap: neither in the values nor in time. */
function runsOf(
  { toY }: Canvas,
  bars: readonly Bar[],
  valueOf: (bar: Bar) => number | undefined,
): readonly (readonly Point[])[] {
  const runs: Point[][] = [];
  let run: Point[] | undefined;
  let before: number | undefined;
  for (const bar of bars) {
    const value = valueOf(bar);
    const y = value === undefined ? null : toY(value);
    if (y === null || bar.time - 1 !== before) run = undefined;
    if (y !== null) {
      if (run === undefined) runs.push((run = []));
      run.push({ x: bar.x, y });
    }
    before = bar.time;
  }
  return runs;
}

function stroke(
  context: CanvasRenderingContext2D,
  line: LineLook,
  runs: readonly (readonly Point[])[],
): void {
  context.strokeStyle = line.colour;
  context.lineWidth = line.width;
  context.lineJoin = "round";
  context.setLineDash([...line.dash]);
  for (const run of runs) {
    context.beginPath();
    for (const { x, y } of run) context.lineTo(x, y);
    // A second alone would have no length: a dash of its own width makes it visible.
    const [only] = run;
    if (run.length === 1 && only !== undefined) context.lineTo(only.x + line.width, only.y);
    context.stroke();
  }
}

const FILL_RADIUS = 4;
/** Where seconds are closer than this, as over an hour or on a phone, fills are drawn smaller. */
const TIGHT_SPACING = 1.5;
const TIGHT_RADIUS = 2.5;
const TICK_HEIGHT = 10;

function drawMarks({ context, size, toY }: Canvas, bars: readonly Bar[], look: LayerLook): void {
  const spacing = (bars[1]?.x ?? Infinity) - (bars[0]?.x ?? 0);
  const radius = spacing < TIGHT_SPACING ? TIGHT_RADIUS : FILL_RADIUS;
  for (const { x, originalData } of bars) {
    const marks = look.marksAt(originalData.atS);
    if (marks === undefined) continue;
    if (marks.version !== undefined) {
      context.fillStyle = look.titleColour;
      context.fillRect(x - 0.5, size.height - TICK_HEIGHT, 1.5, TICK_HEIGHT);
      context.font = TITLE_FONT;
      context.textBaseline = "bottom";
      context.textAlign = "center";
      context.fillText(`v${marks.version}`, x, size.height - TICK_HEIGHT - 1);
    }
    for (const { instrument, side, price } of marks.fills) {
      const y = toY(price);
      if (y !== null && look.isMarked(instrument)) drawFill(context, { x, y, radius }, side, look);
    }
  }
}

/** ▼ we bought, ▲ we sold, as everywhere on the desk. */
function drawFill(
  context: CanvasRenderingContext2D,
  { x, y, radius }: Point & { readonly radius: number },
  side: "buy" | "sell",
  look: LayerLook,
): void {
  const tip = side === "buy" ? radius : -radius;
  context.beginPath();
  context.moveTo(x - radius, y - tip * 0.8);
  context.lineTo(x + radius, y - tip * 0.8);
  context.lineTo(x, y + tip);
  context.closePath();
  context.strokeStyle = look.haloColour;
  context.lineWidth = 2;
  context.stroke();
  context.fillStyle = side === "buy" ? look.buyColour : look.sellColour;
  context.fill();
}
