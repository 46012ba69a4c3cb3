import type { Time } from "lightweight-charts";
import { describe, expect, it } from "vitest";
import { pointFeed } from "../../../../components/charts/pointFeed.ts";

interface Point {
  readonly time: Time;
  readonly value: number;
}

function fed() {
  const calls: [string, number][] = [];
  const feed = pointFeed<Point>({
    setData: (points) => void calls.push(["set", points.length]),
    update: (point) => void calls.push(["update", Number(point.time)]),
  });
  return { calls, feed };
}

const points = (from: number, to: number): readonly Point[] =>
  Array.from({ length: to - from }, (_, at) => ({ time: (from + at) as Time, value: at }));

describe("the feed of a series", () => {
  it("sets the points once and from then on adds what came", () => {
    const { calls, feed } = fed();
    feed(points(0, 3));
    feed(points(0, 5));
    expect(calls).toEqual([
      ["set", 3],
      ["update", 2],
      ["update", 3],
      ["update", 4],
    ]);
  });

  it("begins again when older points come in between", () => {
    const { calls, feed } = fed();
    feed([...points(0, 1), ...points(5, 7)]);
    feed(points(0, 7));
    feed(points(0, 8));
    expect(calls).toEqual([
      ["set", 3],
      ["set", 7],
      ["update", 6],
      ["update", 7],
    ]);
  });

  it("begins again when the points begin elsewhere or were taken back", () => {
    const { calls, feed } = fed();
    feed(points(0, 3));
    feed(points(1, 4));
    feed(points(1, 2));
    feed([]);
    expect(calls).toEqual([
      ["set", 3],
      ["set", 3],
      ["set", 1],
      ["set", 0],
    ]);
  });
});
