import { expect, it } from "vitest";
import { VenueClock } from "../../../../../server/venues/ccxt/market/venueClock.ts";

function open(skewUs: number, resolutionUs = 1_000) {
  let nowUs = 1_700_000_000_000_000;
  let delays: readonly [number, number] = [0, 0];
  const off = { us: skewUs };
  const clock = new VenueClock({
    nowUs: () => nowUs,
    requestExpiryMs: 1_500,
    fetchTime: () => {
      nowUs += delays[0];
      const venueUs = nowUs + off.us;
      nowUs += delays[1];
      return Promise.resolve({ atUs: venueUs - (venueUs % resolutionUs), resolutionUs });
    },
  });
  return {
    off,
    measure(outUs: number, backUs: number, laterUs = 0) {
      nowUs += laterUs;
      delays = [outUs, backUs];
      return clock.measure();
    },
  };
}

it("takes a slow answer for a slow answer, and not for a clock that is off", async () => {
  const { measure } = open(0);
  expect(await measure(100_000, 500_000)).toMatchObject({ skewUs: 0, isTooFar: false });
});

it("trusts the quickest answer: a slow way back looks like a slow clock", async () => {
  const { measure } = open(300_000);
  await measure(2_000, 200_000);
  const quick = await measure(2_000, 2_000);
  expect(Math.abs(quick.skewUs - 300_000)).toBeLessThanOrEqual(2_500);
  expect(quick.uncertaintyUs).toBeLessThanOrEqual(2_500);
  expect((await measure(1_000, 900_000)).uncertaintyUs).toBeLessThanOrEqual(quick.uncertaintyUs);
});

it("finds a third of a second with a clock that shows whole ones", async () => {
  const { measure } = open(333_000, 1_000_000);
  await measure(5_000, 5_000);
  let skew;
  for (let i = 0; i < 7; i++) skew = await measure(5_000, 5_000, 370_000);
  expect(Math.abs((skew?.skewUs ?? 0) - 333_000)).toBeLessThan(150_000);
});

it("believes a clock that was set, at once", async () => {
  const { measure, off } = open(0);
  for (let i = 0; i < 8; i++) await measure(1_000, 1_000);
  off.us = 5_000_000;
  const { skewUs, isTooFar } = await measure(1_000, 1_000);
  expect(Math.abs(skewUs - 5_000_000)).toBeLessThanOrEqual(1_500);
  expect(isTooFar).toBe(true);
});

it.each([
  [748_000, false],
  [752_000, true],
  [-752_000, true],
])("a clock that is %d µs off is too far off: %s", async (skewUs, isTooFar) => {
  expect(await open(skewUs).measure(100, 100)).toMatchObject({ isTooFar });
});
