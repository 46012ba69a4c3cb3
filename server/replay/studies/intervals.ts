/** Confidence intervals of what a simulation measured, for samples large enough to be called normal. */
import { mean, sumNthPowerDeviations } from "simple-statistics";
import { normalTail } from "../../core/quote/normal.ts";
import type { Interval } from "./study.ts";

/** Share of runs in which an interval, or a family of them, is meant to hold the truth. */
export const LEVEL = 0.95;

/**
 * Half-width in standard errors of an interval that covers at `LEVEL`. With `together` > 1 so many
 * intervals all cover at that level at once (Bonferroni): the more is looked at, the more is missed by chance.
 */
export function standardErrors(together = 1): number {
  const tail = (1 - LEVEL) / 2 / together;
  let low = 0;
  let high = 10;
  // Halvings of 10 down to a double's precision.
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalTail(middle) > tail) low = middle;
    else high = middle;
  }
  return high;
}

export function meanInterval(samples: number[], together = 1): Interval {
  const n = samples.length;
  const stderr = Math.sqrt(sumNthPowerDeviations(samples, 2) / (n - 1) / n);
  return around(mean(samples), stderr * standardErrors(together));
}

/** Of the standard deviation: its error follows from the fourth moment, so no normal samples are assumed. */
export function sdInterval(samples: number[], together = 1): Interval {
  const n = samples.length;
  const variance = sumNthPowerDeviations(samples, 2) / (n - 1);
  const fourth = sumNthPowerDeviations(samples, 4) / n;
  const sd = Math.sqrt(variance);
  const stderr = sd === 0 ? 0 : Math.sqrt(Math.max(0, fourth - variance * variance) / n) / (2 * sd);
  return around(sd, stderr * standardErrors(together));
}

export function contains({ low, high }: Interval, value: number): boolean {
  return value >= low && value <= high;
}

function around(value: number, halfWidth: number): Interval {
  return { value, low: value - halfWidth, high: value + halfWidth };
}
