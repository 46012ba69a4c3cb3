import {
  latticeDecay,
  latticeDecayStderr,
  rateAtFair,
} from "../../../server/core/estimate/intensity/latticeFit.ts";
import { fitCensored } from "../../../server/core/estimate/intensity/censoredFit.ts";
import {
  expectedWaitS,
  fillProbability,
  fillRatePerS,
  optimalDistance,
  riskNeutralDistance,
  type FillLaw,
} from "../../../server/core/quote/intensityQuote.ts";
import type { VectorChecks } from "../../support/vectors.ts";

interface Exponential {
  readonly A: number;
  readonly k: number;
  readonly delta: number;
  readonly dt: number;
}

interface Power {
  readonly A: number;
  readonly alpha: number;
  readonly d0: number;
  readonly delta: number;
  readonly gamma: number;
  readonly p: number;
}

interface QuoteLives {
  readonly delta: readonly number[];
  readonly exposure: readonly number[];
  readonly filled: readonly number[];
}

interface Tape {
  readonly depth: readonly number[];
  readonly dmin: number;
  readonly tick: number;
  readonly T: number;
}

/** Of the standard normal: the 95 % interval. */
const Z = 1.959963984540054;

export const intensityChecks: VectorChecks = {
  intensity_exp: ({ A, k, delta, dt }: Exponential) => {
    const lam = fillRatePerS({ law: "exponential", A, k }, delta);
    return { lam, pFill: fillProbability(lam, dt), meanWait: expectedWaitS(lam) };
  },

  intensity_power: ({ A, alpha, d0, delta, gamma, p }: Power) => {
    const fill: FillLaw = { law: "power", A, alpha, d0 };
    return {
      lam: fillRatePerS(fill, delta),
      deltaRiskNeutral: riskNeutralDistance(fill, p),
      deltaCARA: optimalDistance(fill, { shadowCost: p, gamma, orderSize: 1 }),
    };
  },

  ak_mle_censored: ({ delta, exposure, filled }: QuoteLives) => {
    const count = sum(filled);
    const meanDistance = sum(delta.map((d, i) => d * (filled[i] ?? 0))) / count;
    const fit = fitCensored(
      { distance: delta, seconds: exposure },
      { count, meanDistance, nEff: count },
      { k: 1, low: 1e-3, high: 1e3, steps: 50 },
    );
    if (fit === undefined) return undefined;
    const { A, k, seLnA, seK, logLik } = fit;
    return { A, k, seLnA, seK, logLik, ciK: [k - Z * seK, k + Z * seK] };
  },

  ak_mle_tape: ({ depth, dmin, tick, T }: Tape) => {
    const counts = { stops: depth.length, steps: sum(depth.map((d) => (d - dmin) / tick)) };
    const k = latticeDecay(counts, tick);
    return {
      k,
      A: rateAtFair(depth.length / T, k, dmin),
      seK: latticeDecayStderr(counts, tick, depth.length),
    };
  },
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
