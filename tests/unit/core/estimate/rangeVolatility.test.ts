import { describe, expect, it } from "vitest";
import {
  garmanKlass,
  parkinson,
  rogersSatchell,
  yangZhang,
  type Bar,
} from "../../../../server/core/estimate/rangeVolatility.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const STEPS = 2_000;
const SIGMA = 0.01;

/** Bars of a random walk of the log price with variance SIGMA² each, a drift, and gaps between the bars. */
function barsOf(count: number, driftPerBar: number, gapSd: number): Bar[] {
  const { normal } = randomStream(7, "bars");
  let log = Math.log(100);
  return Array.from({ length: count }, () => {
    log += gapSd * normal();
    const open = log;
    let high = log;
    let low = log;
    for (let step = 0; step < STEPS; step++) {
      log += driftPerBar / STEPS + (SIGMA / Math.sqrt(STEPS)) * normal();
      high = Math.max(high, log);
      low = Math.min(low, log);
    }
    return { open: Math.exp(open), high: Math.exp(high), low: Math.exp(low), close: Math.exp(log) };
  });
}

describe("the range estimators", () => {
  it("find the variance of a driftless walk, a little low because a bar's extremes lie between its steps", () => {
    const bars = barsOf(300, 0, 0);
    for (const estimate of [
      parkinson(bars),
      garmanKlass(bars),
      rogersSatchell(bars),
      yangZhang(bars).variance,
    ])
      expect(Math.sqrt(estimate) / SIGMA).toBeGreaterThan(0.92);
    for (const estimate of [
      parkinson(bars),
      garmanKlass(bars),
      rogersSatchell(bars),
      yangZhang(bars).variance,
    ])
      expect(Math.sqrt(estimate) / SIGMA).toBeLessThan(1.04);
  });

  it("are fooled by drift, but for Rogers–Satchell and Yang–Zhang", () => {
    const bars = barsOf(300, 2 * SIGMA, 0);
    expect(Math.sqrt(parkinson(bars)) / SIGMA).toBeGreaterThan(1.3);
    expect(Math.sqrt(rogersSatchell(bars)) / SIGMA).toBeLessThan(1.05);
    expect(Math.sqrt(yangZhang(bars).variance) / SIGMA).toBeLessThan(1.05);
  });

  it("leave out what happens between bars, but for Yang–Zhang", () => {
    const bars = barsOf(300, 0, SIGMA);
    expect(Math.sqrt(rogersSatchell(bars)) / SIGMA).toBeLessThan(1.05);
    expect(yangZhang(bars).variance / SIGMA ** 2).toBeGreaterThan(1.7);
    expect(yangZhang(bars).variance / SIGMA ** 2).toBeLessThan(2.3);
  });
});
