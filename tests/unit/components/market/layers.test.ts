import type { Coordinate, UTCTimestamp } from "lightweight-charts";
import { describe, expect, it } from "vitest";
import { pointsOf } from "../../../../components/market/chartPoints.ts";
import { drawLayers, type LayerLook, type LayerPoint } from "../../../../components/market/drawLayers.ts";
import { layerSeries } from "../../../../components/market/layerSeries.ts";
import type { SecondMarks } from "../../../../components/market/marks.ts";
import type { MarketSecond } from "../../../../components/market/seconds.ts";

const LINE = { colour: "blue", width: 1, dash: [] };
const LOOK: LayerLook = {
  title: "price",
  titleColour: "grey",
  lines: [LINE],
  bands: [],
  zone: undefined,
  marksAt: () => undefined,
  isMarked: () => true,
  buyColour: "green",
  sellColour: "red",
  haloColour: "white",
  shadeColour: "amber",
  chosenS: undefined,
  chosenColour: "black",
};

/** Notes every path as its points, with the colour that it was stroked or filled with. */
function drawn(
  points: readonly LayerPoint[],
  look: Partial<LayerLook>,
  indexOf = (at: number) => at,
): string[] {
  const done: string[] = [];
  let path: string[] = [];
  const context = {
    strokeStyle: "",
    fillStyle: "",
    beginPath: () => void (path = []),
    moveTo: (x: number, y: number) => void path.push(`${x},${y}`),
    lineTo: (x: number, y: number) => void path.push(`${x},${y}`),
    closePath: () => undefined,
    setLineDash: () => undefined,
    stroke: () => void done.push(`${context.strokeStyle} line ${path.join(" ")}`),
    fill: () => void done.push(`${context.fillStyle} area ${path.join(" ")}`),
    globalAlpha: 1,
    fillRect: (x: number, _: number, width: number, height: number) =>
      void done.push(
        height < 100
          ? `${context.fillStyle} tick`
          : `${context.fillStyle} ${context.globalAlpha} ${x}…${x + width}`,
      ),
    strokeRect: () => undefined,
    fillText: (text: string) => void done.push(text),
  };
  drawLayers(
    {
      context: context as unknown as CanvasRenderingContext2D,
      size: { width: 100, height: 100 },
      toY: (price) => price as Coordinate,
    },
    {
      bars: points.map((originalData, at) => ({ x: at * 10, time: indexOf(at), originalData, barColor: "" })),
      visibleRange: { from: 0, to: points.length },
    },
    { ...LOOK, ...look },
  );
  return done.slice(0, -1);
}

function point(atS: number, over: Partial<LayerPoint>): LayerPoint {
  return { time: atS as UTCTimestamp, atS, lines: [], bands: [], inView: [], shade: 0, ...over };
}

describe("layers of a pane", () => {
  it("leave a gap where a value is missing", () => {
    const values = [1, 2, undefined, 4, 5];
    expect(
      drawn(
        values.map((value, at) => point(at, { lines: [value] })),
        {},
      ),
    ).toEqual(["blue line 0,1 10,2", "blue line 30,4 40,5"]);
  });

  it("leave a gap where a second is missing", () => {
    const points = [1, 2, 3].map((value, at) => point(at, { lines: [value] }));
    expect(drawn(points, {}, (at) => (at === 2 ? 7 : at))).toEqual([
      "blue line 0,1 10,2",
      "blue line 20,3 21,3",
    ]);
  });

  it("fill a band between its edges, and draw none that is hidden", () => {
    const points = [0, 1].map((at) => point(at, { bands: [[1, 3]] }));
    const band = { fill: "sky", edge: LINE };
    expect(drawn(points, { lines: [], bands: [band] })).toEqual([
      "sky area 0,3 10,3 10,1 0,1",
      "blue line 0,1 10,1",
      "blue line 0,3 10,3",
    ]);
    expect(drawn(points, { lines: [], bands: [undefined] })).toEqual([]);
  });

  it("shade stretches in which quotes were pulled, the darker the more of them", () => {
    const shades = [0, 1, 1, 0.5, 0];
    const points = shades.map((shade, at) => point(at, { shade }));
    expect(drawn(points, { lines: [] })).toEqual(["amber 0.22 5…25", "amber 0.11 25…35"]);
  });

  it("mark the second that is explained", () => {
    const points = [4, 5, 6].map((atS) => point(atS, {}));
    expect(drawn(points, { lines: [], chosenS: 5 })).toEqual(["black 1 9.5…10.5"]);
    expect(drawn(points, { lines: [], chosenS: 9 })).toEqual([]);
  });

  it("point fills down where we bought and up where we sold, and name a parameter version", () => {
    const fill = { instrument: 0, price: 50, sizeBase: 1, edgeBps: undefined };
    const marks: SecondMarks = {
      fills: [
        { ...fill, side: "buy" },
        { ...fill, side: "sell" },
      ],
      version: 12,
    };
    const shown = drawn([point(3, { lines: [50] })], {
      lines: [],
      marksAt: (atS) => (atS === 3 ? marks : undefined),
    });
    expect(shown.filter((text) => !text.startsWith("white"))).toEqual([
      "grey tick",
      "v12",
      "green area -4,46.8 4,46.8 0,54",
      "red area -4,53.2 4,53.2 0,46",
    ]);
    const hidden = drawn([point(3, {})], { lines: [], marksAt: () => marks, isMarked: () => false });
    expect(hidden).toEqual(["grey tick", "v12"]);
  });

  it("scale to everything in a point, and to nothing in one without values", () => {
    const series = layerSeries(() => LOOK);
    const full = point(1, { lines: [5, undefined], bands: [[2, 9], undefined], inView: [1] });
    expect(series.priceValueBuilder(full).slice(0, 2)).toEqual([1, 9]);
    expect(series.isWhitespace(full)).toBe(false);
    expect(series.isWhitespace(point(1, { lines: [undefined] }))).toBe(true);
  });
});

describe("a second in the panes", () => {
  const second: MarketSecond = {
    atS: 7,
    fair: 100,
    inventoryBase: 0.5,
    instruments: [
      { mid: 100, bid: 99, ask: 101 },
      { mid: 102, bid: 98, ask: undefined },
    ],
  };

  it("has mids and fair value, a band where both sides are quoted, the spread in bps and inventory", () => {
    const instruments = [true, true].map((isShown) => ({ isShown, isSelected: false, isQuoted: true }));
    const [prices, spreads, inventory] = pointsOf(second, { instruments, sdBase: 2 });
    expect(prices).toMatchObject({ atS: 7, lines: [100, 102, 100], bands: [[99, 101], undefined] });
    expect(spreads.lines).toEqual([expect.closeTo(200), undefined]);
    expect(inventory).toMatchObject({ lines: [0.5], inView: [-2, 2] });
  });

  it.each([
    { name: "all that is shown", shown: [true, true], quoted: [true, true], expected: 0.75 },
    { name: "one venue alone", shown: [false, true], quoted: [true, true], expected: 0.5 },
    { name: "what should be quoted", shown: [true, true], quoted: [true, false], expected: 1 },
    { name: "nothing", shown: [true, true], quoted: [false, false], expected: 0 },
  ])("is shaded by how much was pulled of $name", ({ shown, quoted, expected }) => {
    const instruments = shown.map((isShown, at) => ({
      isShown,
      isSelected: false,
      isQuoted: quoted[at] === true,
    }));
    const shares = [1, 0.5].map((share, at) => ({
      ...second.instruments[at],
      pulled: { share, why: "JUMP" },
    }));
    const pulled = { ...second, instruments: shares } as MarketSecond;
    expect(pointsOf(pulled, { instruments, sdBase: undefined })[0].shade).toBe(expected);
    expect(pointsOf(second, { instruments, sdBase: undefined })[0].shade).toBe(0);
  });

  it("has nothing of a venue that is hidden", () => {
    const instruments = [false, true].map((isShown) => ({ isShown, isSelected: false, isQuoted: true }));
    const [prices, spreads] = pointsOf(second, { instruments, sdBase: undefined });
    expect(prices).toMatchObject({ lines: [undefined, 102, 100], bands: [undefined, undefined] });
    expect(spreads.lines).toEqual([undefined, undefined]);
  });
});
