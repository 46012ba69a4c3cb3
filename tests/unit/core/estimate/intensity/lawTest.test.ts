import { describe, expect, it } from "vitest";
import {
  advanceLawTest,
  createLawTest,
  observeDepth,
  powerLaw,
  type LawTest,
} from "../../../../../server/core/estimate/intensity/lawTest.ts";
import { decodeState, encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream, type RandomStream } from "../../../../../server/lab/random.ts";

const CRITICAL = 2.7055;

type Draw = (random: RandomStream) => number;
const exponential =
  (mean: number): Draw =>
  (random) =>
    mean * random.exponential();
const lomax =
  (alpha: number, d0: number): Draw =>
  (random) =>
    d0 * ((1 - random.uniform()) ** (-1 / alpha) - 1);

function feed(test: LawTest, n: number, draw: Draw, random: RandomStream, gapTicks = 1): void {
  for (let i = 0; i < n; i++) {
    const steps = gapTicks * Math.floor(draw(random) / gapTicks);
    observeDepth(test, { steps, touchTicks: 1.5, stopGapTicks: gapTicks });
  }
}

function finish(test: LawTest): number {
  let slices = 0;
  while (advanceLawTest(test)) slices += 1;
  return slices;
}

function rejections(draw: Draw, n: number, repeats: number, gapTicks = 1): number {
  const random = randomStream(5, "law");
  let rejected = 0;
  for (let i = 0; i < repeats; i++) {
    const test = createLawTest();
    feed(test, n, draw, random, gapTicks);
    finish(test);
    if ((test.result?.likelihoodRatio ?? 0) > CRITICAL) rejected += 1;
  }
  return rejected / repeats;
}

describe("the test of the law", () => {
  it.each([
    { mean: 0.7, gapTicks: 1 },
    { mean: 5, gapTicks: 1 },
    { mean: 1000, gapTicks: 1 },
    { mean: 1000, gapTicks: 300 },
  ])(
    "takes 1–7 % of exponentials for a power law, with a mean of $mean ticks and levels $gapTicks apart",
    ({ mean, gapTicks }) => {
      const size = rejections(exponential(mean), 200, 400, gapTicks);
      expect(size).toBeGreaterThanOrEqual(0.01);
      expect(size).toBeLessThanOrEqual(0.07);
    },
  );

  // 97.6 ± 0.4 % over 1,500 windows, on the lattice and with the continuous law alike.
  it.each([{ d0: 10 }, { d0: 2000 }])("finds α = 3 in 200 depths nearly always, d0 = $d0 ticks", ({ d0 }) => {
    expect(rejections(lomax(3, d0), 200, 400)).toBeGreaterThan(0.96);
  });

  it("recovers α and d0 from a full window", () => {
    const random = randomStream(6, "law");
    let alpha = 0;
    let d0 = 0;
    for (let i = 0; i < 50; i++) {
      const test = createLawTest();
      feed(test, 500, lomax(2.5, 300), random);
      finish(test);
      alpha += Math.log(test.result?.alpha ?? 0) / 50;
      d0 += Math.log(test.result?.d0Ticks ?? 0) / 50;
    }
    expect(Math.exp(alpha)).toBeGreaterThan(2.3);
    expect(Math.exp(alpha)).toBeLessThan(2.9);
    expect(Math.exp(d0)).toBeGreaterThan(250);
    expect(Math.exp(d0)).toBeLessThan(400);
  });

  it("takes two windows in a row to leave the exponential, and one to return", () => {
    const random = randomStream(7, "law");
    const test = createLawTest();
    feed(test, 500, lomax(2.5, 50), random);
    finish(test);
    expect(test.result?.likelihoodRatio).toBeGreaterThan(CRITICAL);
    expect(powerLaw(test)).toBeUndefined();
    feed(test, 500, lomax(2.5, 50), random);
    finish(test);
    expect(powerLaw(test)).toBe(test.result);
    expect(powerLaw(test)?.touchTicks).toBeCloseTo(1.5, 12);
    feed(test, 500, exponential(50), random);
    finish(test);
    expect(test.result?.likelihoodRatio).toBeLessThan(CRITICAL);
    expect(powerLaw(test)).toBeUndefined();
  });

  it("does not take a tail without a usable mean, however clear", () => {
    const random = randomStream(8, "law");
    const test = createLawTest();
    for (let i = 0; i < 3; i++) {
      feed(test, 500, lomax(1.1, 50), random);
      finish(test);
    }
    expect(test.result?.likelihoodRatio).toBeGreaterThan(CRITICAL);
    expect(test.result?.alpha).toBeLessThan(1.5);
    expect(powerLaw(test)).toBeUndefined();
  });

  it("waits for 200 depths, keeps the last 500, and goes on collecting while it works", () => {
    const random = randomStream(9, "law");
    const test = createLawTest();
    feed(test, 199, exponential(5), random);
    expect(advanceLawTest(test)).toBe(false);
    feed(test, 801, exponential(5), random);
    expect(advanceLawTest(test)).toBe(true);
    expect(test.search?.depths).toBe(500);
    const { tested } = test;
    const held = [...tested];
    feed(test, 100, exponential(5), random);
    expect([...tested]).toEqual(held);
    expect(finish(test)).toBe(36);
    expect(test.collectedCount).toBe(100);
  });

  it("comes to the same whether it stops in between or not", () => {
    const one = createLawTest();
    feed(one, 300, lomax(3, 40), randomStream(10, "law"));
    for (let i = 0; i < 17; i++) advanceLawTest(one);
    const other = decodeState(encodeState(one)) as LawTest;
    finish(one);
    finish(other);
    expect(encodeState(other)).toEqual(encodeState(one));
  });

  it("leaves out sweeps of which nobody knows where they stopped", () => {
    const test = createLawTest();
    observeDepth(test, { steps: 5, touchTicks: 1, stopGapTicks: undefined });
    expect(test.collectedCount).toBe(0);
  });

  it("has nothing to say about sweeps that all stop at the touch", () => {
    const test = createLawTest();
    feed(test, 300, () => 0, randomStream(11, "law"));
    expect(finish(test)).toBe(1);
    expect(test.result).toBeUndefined();
  });
});
