import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  driftShift,
  fundingShift,
  inventoryReversion,
  inventoryTarget,
  investorTarget,
  meanReversionForecast,
  meanReversionShift,
} from "../../../../server/core/quote/inventoryTarget.ts";

const positive = fc.double({ min: 1e-4, max: 1e2, noNaN: true, noDefaultInfinity: true });

/** Of GLFT figure 1. */
const SLOPE = 0.0678658325308838;
const KAPPA = inventoryReversion({ gamma: 0.01, sigma: 0.3, slope: SLOPE });

describe("the shift of a drift", () => {
  it("gives GLFT's inventory a/(γσ²) when the drift never ends", () => {
    const shift = driftShift({ driftPerS: 0.001, fadePerS: 0 }, KAPPA);
    expect(inventoryTarget(shift, { slope: SLOPE, limitBase: 100 })).toBeCloseTo(
      0.001 / (0.01 * 0.3 ** 2),
      12,
    );
  });

  it("is smaller the faster the drift fades", () => {
    fc.assert(
      fc.property(positive, positive, (fadePerS, more) => {
        const slow = driftShift({ driftPerS: 1, fadePerS }, KAPPA);
        const fast = driftShift({ driftPerS: 1, fadePerS: fadePerS + more }, KAPPA);
        expect(fast).toBeLessThan(slow);
      }),
    );
  });
});

describe("the shift of a price that reverts", () => {
  it("goes towards the mean and never past it", () => {
    fc.assert(
      fc.property(positive, positive, positive, (thetaPerS, mean, price) => {
        const shift = meanReversionShift({ thetaPerS, mean }, price, KAPPA);
        expect(shift * (mean - price)).toBeGreaterThanOrEqual(0);
        expect(Math.abs(shift)).toBeLessThanOrEqual(Math.abs(mean - price));
      }),
    );
  });

  it.each([
    { name: "is half of the gap where both revert equally fast", thetaPerS: KAPPA, share: 0.5 },
    { name: "is nearly all of it when the price reverts at once", thetaPerS: 1e9, share: 1 },
    { name: "is nothing when the price does not revert", thetaPerS: 0, share: 0 },
  ])("$name", ({ thetaPerS, share }) => {
    expect(meanReversionShift({ thetaPerS, mean: 104 }, 100, KAPPA)).toBeCloseTo(4 * share, 6);
  });
});

describe("the shift of a funding payment", () => {
  const payment = { rateFrac: 0.0005, mark: 60_000 };

  it("is the whole payment at its instant, downwards when longs pay", () => {
    expect(fundingShift({ ...payment, secondsLeft: 0 }, KAPPA)).toBeCloseTo(-30, 12);
    expect(fundingShift({ ...payment, rateFrac: -0.0005, secondsLeft: 0 }, KAPPA)).toBeCloseTo(30, 12);
  });

  it("is half of it one reversion time before, and next to nothing hours before", () => {
    expect(fundingShift({ ...payment, secondsLeft: 1 / KAPPA }, KAPPA)).toBeCloseTo(-15, 10);
    expect(Math.abs(fundingShift({ ...payment, secondsLeft: 8 * 3_600 }, KAPPA))).toBeLessThan(0.1);
  });

  it("is that of a drift of the payment over the time left, fading in that time", () => {
    const secondsLeft = 120;
    const drift = { driftPerS: -30 / secondsLeft, fadePerS: 1 / secondsLeft };
    expect(fundingShift({ ...payment, secondsLeft }, KAPPA)).toBeCloseTo(driftShift(drift, KAPPA), 12);
  });
});

it("never claims more than three tenths of the inventory limit for a view", () => {
  const against = { slope: 0.1, limitBase: 10 };
  expect(inventoryTarget(0.2, against)).toBeCloseTo(2, 12);
  expect(inventoryTarget(5, against)).toBe(3);
  expect(inventoryTarget(-5, against)).toBe(-3);
});

it("has an investor long below the mean, for the horizon more than for the instant", () => {
  const risk = { gamma: 0.1, sigma: 0.05, secondsLeft: 30 };
  const { myopic, horizon } = investorTarget({ thetaPerS: 0.02, mean: 100.5 }, 100, risk);
  expect(myopic).toBeCloseTo(40, 10);
  expect(horizon).toBeCloseTo(64, 10);
});

describe("the forecast of a price that reverts", () => {
  const reversion = { thetaPerS: 0.02, mean: 100.5 };

  it("goes half of the way in a half-life", () => {
    const seconds = Math.LN2 / 0.02;
    const { mean, expectedMove } = meanReversionForecast(reversion, { price: 100, sigma: 0.05, seconds });
    expect(mean).toBeCloseTo(100.25, 12);
    expect(expectedMove).toBeCloseTo(0.25, 12);
  });

  it("has the variance of a random walk where nothing reverts, and less where something does", () => {
    const from = { price: 100, sigma: 0.05, seconds: 50 };
    const walk = 0.05 ** 2 * 50;
    expect(meanReversionForecast({ thetaPerS: 0, mean: 100 }, from).variance).toBeCloseTo(walk, 15);
    expect(meanReversionForecast({ thetaPerS: 1e-12, mean: 100 }, from).variance).toBeCloseTo(walk, 8);
    expect(meanReversionForecast(reversion, from).variance).toBeLessThan(walk);
  });
});
