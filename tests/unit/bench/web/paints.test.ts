import { describe, expect, it } from "vitest";
import { paintDistributions, type Paint } from "../../../../server/bench/web/paints.ts";

/** Values each 100 ms from a start; each is painted so many milliseconds after its instant. */
function round(startMs: number, delaysMs: readonly number[]): Paint[] {
  return delaysMs.map((delayMs, i) => ({
    atUs: (startMs + i * 100) * 1_000,
    paintedAtMs: startMs + i * 100 + delayMs,
  }));
}

describe("paintDistributions", () => {
  it("counts from the newest event of a value, and from one that had missed the value before", () => {
    const delays = Array.from({ length: 1_001 }, (_, i) => (i <= 500 ? 20 : 40));
    const [fresh, missed] = paintDistributions([round(1_000, delays)]);
    expect(fresh).toEqual({
      name: "event-to-paint",
      unit: "ms",
      p50: 40,
      p95: 40,
      p99: 40,
      max: 40,
      n: 1_000,
    });
    expect(missed).toMatchObject({ name: "missed-event-to-paint", p50: 140, max: 140, n: 1_000 });
  });

  it("does not take the pause between two rounds for a wait", () => {
    const delays = Array.from({ length: 600 }, () => 30);
    const [fresh, missed] = paintDistributions([round(1_000, delays), round(500_000, delays)]);
    expect(fresh).toMatchObject({ max: 30, n: 1_198 });
    expect(missed).toMatchObject({ max: 130, n: 1_198 });
  });

  it("adds what a page did not paint to the wait of what it missed", () => {
    const delays = Array.from({ length: 1_100 }, () => 30);
    const paints = round(1_000, delays).toSpliced(700, 4);
    expect(paintDistributions([paints])[1]).toMatchObject({ p95: 130, max: 530 });
  });

  it("refuses too few paints with what to do", () => {
    expect(() => paintDistributions([round(1_000, [10, 10])])).toThrow("when the machine is idle");
  });

  it("does not believe a paint before its event", () => {
    const delays = Array.from({ length: 1_100 }, () => -1);
    expect(() => paintDistributions([round(1_000, delays)])).toThrow("the clocks");
  });
});
