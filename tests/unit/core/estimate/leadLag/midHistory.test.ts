import { describe, expect, it } from "vitest";
import {
  createMidHistory,
  observeMid,
  seriesSince,
  type MidHistory,
} from "../../../../../server/core/estimate/leadLag/midHistory.ts";

const START_US = 1.7e15;

function observe(
  history: MidHistory,
  atS: number,
  mid: number,
  venueBehindS: number | "unstamped" = 0.05,
): void {
  const receivedAtUs = START_US + Math.round(atS * 1e6);
  const venueAtUs = venueBehindS === "unstamped" ? undefined : receivedAtUs - Math.round(venueBehindS * 1e6);
  observeMid(history, { venueAtUs, receivedAtUs, mid });
}

const seconds = (times: Float64Array) => [...times].map((atUs) => (atUs - START_US) / 1e6);

describe("the history of a venue's mid", () => {
  it("gives the changes after an instant, at the times of either clock", () => {
    const history = createMidHistory();
    for (const [atS, mid] of [
      [0, 100],
      [1, 101],
      [2, 99],
      [3, 99.5],
    ] as const)
      observe(history, atS, mid);
    const received = seriesSince(history, "received", START_US);
    expect([seconds(received.atUs), [...received.change]]).toEqual([
      [1, 2, 3],
      [0, -2, 0.5],
    ]);
    expect(seconds(seriesSince(history, "venue", START_US).atUs)).toEqual([0.95, 1.95, 2.95]);
  });

  it("leaves out what comes within a tenth of a second, and what does not move", () => {
    const history = createMidHistory();
    observe(history, 0, 100);
    observe(history, 0.05, 101);
    observe(history, 0.1, 102);
    observe(history, 1, 102);
    const { atUs, change } = seriesSince(history, "received", 0);
    expect([seconds(atUs), [...change]]).toEqual([
      [0, 0.1],
      [0, 2],
    ]);
  });

  it("keeps the latest 6,000, in order, once it is full", () => {
    const history = createMidHistory();
    for (let i = 0; i < 6_500; i++) observe(history, i, i);
    const { atUs, change } = seriesSince(history, "received", 0);
    expect(atUs.length).toBe(6_000);
    expect(seconds(atUs).slice(0, 2)).toEqual([500, 501]);
    expect(seconds(atUs).at(-1)).toBe(6_499);
    expect([...change.slice(1)].every((value) => value === 1)).toBe(true);
  });

  it("starts over when a clock is set back, and passes over two stamps in disorder", () => {
    const history = createMidHistory();
    observe(history, 0, 100);
    observe(history, 10, 101);
    observe(history, 10.2, 102, 0.3);
    expect(history.count).toBe(2);
    observe(history, 11, 103, 60);
    expect(seconds(seriesSince(history, "received", 0).atUs)).toEqual([11]);
  });

  it("does not mix stamps with guesses: the venue's own replace those of receipt, and then those alone count", () => {
    const history = createMidHistory();
    observe(history, 0, 100, "unstamped");
    observe(history, 1, 101, "unstamped");
    expect(history).toMatchObject({ stamped: false, count: 2 });
    observe(history, 2, 102);
    observe(history, 3, 103, "unstamped");
    expect(history).toMatchObject({ stamped: true, count: 1 });
  });
});
