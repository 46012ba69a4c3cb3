import { expect, it } from "vitest";
import { randomStream } from "../../../../server/lab/random.ts";
import {
  contains,
  LEVEL,
  meanInterval,
  sdInterval,
  standardErrors,
} from "../../../../server/replay/studies/intervals.ts";

it("knows the normal quantiles that everyone knows, and a wider one for several intervals at once", () => {
  expect(standardErrors()).toBeCloseTo(1.959963984540054, 12);
  expect(standardErrors(8)).toBeCloseTo(2.734368787, 6);
});

it("covers the truth about as often as it says, and less often when it is looked for many times", () => {
  const runs = 1_000;
  const stream = randomStream(1, "coverage");
  let means = 0;
  let sds = 0;
  let both = 0;
  for (let i = 0; i < runs; i++) {
    // Exponential samples: skewed, with mean and standard deviation 1.
    const samples = Array.from({ length: 400 }, () => stream.exponential());
    if (contains(meanInterval(samples), 1)) means++;
    if (contains(sdInterval(samples), 1)) sds++;
    if (contains(meanInterval(samples, 2), 1) && contains(sdInterval(samples, 2), 1)) both++;
  }
  for (const covered of [means, sds, both]) {
    expect(covered / runs).toBeGreaterThan(LEVEL - 0.06);
    expect(covered / runs).toBeLessThan(LEVEL + 0.025);
  }
});

it("is a point where nothing varies", () => {
  expect(sdInterval([2, 2, 2])).toEqual({ value: 0, low: 0, high: 0 });
  expect(meanInterval([2, 2, 2])).toEqual({ value: 2, low: 2, high: 2 });
});
