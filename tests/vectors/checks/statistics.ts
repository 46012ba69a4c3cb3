/** The reference numbers of slow statistics, from our code. */
import {
  addReturns,
  createEwCovariance,
  shrunkCovariance,
} from "../../../server/core/estimate/covariance/ewCovariance.ts";
import { repairedCorrelation } from "../../../server/core/estimate/covariance/psdRepair.ts";
import { addReturn, createEwVariance, variancePerSecond } from "../../../server/core/estimate/ewVariance.ts";
import { fuse, type FusionOutput } from "../../../server/core/estimate/fairValue.ts";
import { informationShares } from "../../../server/core/estimate/informationShare/shares.ts";
import { createKalman, observeKalman } from "../../../server/core/estimate/kalman.ts";
import { addLaggedCovariance } from "../../../server/core/estimate/leadLag/hayashiYoshida.ts";
import {
  createOrnsteinUhlenbeck,
  sampleOrnsteinUhlenbeck,
} from "../../../server/core/estimate/ornsteinUhlenbeck.ts";
import {
  garmanKlass,
  parkinson,
  rogersSatchell,
  yangZhang,
} from "../../../server/core/estimate/rangeVolatility.ts";
import {
  realisedKernel,
  realisedVariance,
  twoScaleVariance,
} from "../../../server/core/estimate/realisedVolatility.ts";
import {
  createTwoScale,
  sampleTwoScale,
  twoScaleVariancePerS,
} from "../../../server/core/estimate/twoScale.ts";
import { eigenOf } from "../../../server/core/linear/eigen.ts";
import { halfSpreadCore, liquidity } from "../../../server/core/quote/glft.ts";
import { matrixSkew, sizeTermOf, skewOf } from "../../../server/core/quote/matrixSkew.ts";
import type { VectorChecks } from "../../support/vectors.ts";
import { booksChecks } from "./books.ts";

/** No forgetting: the vectors weigh all samples alike. */
const FOREVER_S = Infinity;

export const statisticsChecks: VectorChecks = {
  ...booksChecks,

  ou_mle: ({ x, dt }: { x: number[]; dt: number }) => {
    const state = createOrnsteinUhlenbeck();
    for (const [i, price] of x.entries())
      sampleOrnsteinUhlenbeck(state, i * dt * 1e6, price, { stepS: dt, horizonS: FOREVER_S });
    const fit = state.fit;
    return {
      b: fit?.b,
      a: fit?.a,
      theta: fit?.theta,
      mu: fit?.mu,
      sigma: fit?.sigma,
      halfLife: Math.LN2 / (fit?.theta ?? NaN),
      thetaBiasCorrected: fit?.thetaCorrected,
      seB: fit?.stderrB,
    };
  },

  realised_vol: ({ y, K, H }: { y: number[]; K: number; H: number }) => {
    const { plain, corrected, noiseVar, bipower } = realisedVariance(y);
    return {
      rv: plain,
      rvAc1: corrected,
      omega2: noiseVar,
      tsrv: twoScaleVariance(y, K),
      rkParzen: realisedKernel(y, H),
      bipower,
    };
  },

  range_vol: ({ ohlc }: { ohlc: [number, number, number, number][] }) => {
    const bars = ohlc.map(([open, high, low, close]) => ({ open, high, low, close }));
    const { variance, k } = yangZhang(bars);
    return {
      parkinson: parkinson(bars),
      garmanKlass: garmanKlass(bars),
      rogersSatchell: rogersSatchell(bars),
      yangZhang: variance,
      yzK: k,
    };
  },

  ewma_var: ({ t, p, tau }: { t: number[]; p: number[]; tau: number }) => {
    const state = createEwVariance();
    const variances = pairs(t).map(([from, to], i) => {
      addReturn(state, tau, (p[i + 1] ?? NaN) - (p[i] ?? NaN), to - from);
      return variancePerSecond(state);
    });
    return { var: variances, sigma: Math.sqrt(variances.at(-1) ?? NaN) };
  },

  ewtsrv: ({ y, K, tau, dt }: { y: number[]; K: number; tau: number; dt: number }) => {
    const state = createTwoScale(K);
    return {
      sigma2: y.map((price, i) => {
        sampleTwoScale(state, i * dt * 1e6, price, { stepS: dt, horizonS: tau }, 0.01);
        return twoScaleVariancePerS(state)?.variancePerS ?? null;
      }),
    };
  },

  hayashi_yoshida: (inputs: { tx: number[]; x: number[]; ty: number[]; y: number[]; lags: number[] }) => {
    const series = (times: number[], prices: number[]) => ({
      atUs: Float64Array.from(times, (time) => time * 1e6),
      change: Float64Array.from([0, ...pairs(prices).map(([from, to]) => to - from)]),
    });
    const x = series(inputs.tx, inputs.x);
    const y = series(inputs.ty, inputs.y);
    const sums = new Float64Array(inputs.lags.length);
    for (const [at, lag] of inputs.lags.entries())
      addLaggedCovariance(x, y, lag * 1e6, { sums, at, blocks: 1, fromUs: 0, blockUs: 1 });
    return { hy: [...sums] };
  },

  fair_value: (inputs: {
    mid: number[];
    basis: number[];
    noiseSd: number[];
    age: number[];
    lag: number[];
    sigma: number;
  }) => {
    const { mid, basis, noiseSd, age, lag, sigma } = inputs;
    const out: FusionOutput = { fair: undefined, sd: undefined, weights: new Float64Array(mid.length) };
    const fusion = {
      mid: Float64Array.from(mid),
      basis: Float64Array.from(basis),
      noiseVar: Float64Array.from(noiseSd, (sd) => sd ** 2),
      ageLagS: Float64Array.from(age, (ageS, v) => ageS + (lag[v] ?? NaN)),
      usable: Uint8Array.from(mid, () => 1),
    };
    fuse(fusion, sigma, out);
    return { weights: [...out.weights], fair: out.fair, sd: out.sd };
  },

  kalman: (inputs: { x0: number; P0: number; sigma2: number; obs: [number, number, number][] }) => {
    const state = createKalman(inputs.x0, inputs.P0);
    return {
      steps: inputs.obs.map(([dtS, price, noiseVar]) => {
        const gain = observeKalman(state, { dtS, price, noiseVar }, inputs.sigma2);
        return [state.price, state.variance, gain];
      }),
    };
  },

  hasbrouck_is: ({ alpha, Omega }: { alpha: number[]; Omega: number[][] }) => {
    const shares = informationShares(Float64Array.from(alpha), Float64Array.from(Omega.flat()), alpha.length);
    const [lower = [], upper = []] = [shares?.lower, shares?.upper];
    return {
      gg: shares?.gonzaloGranger,
      isOrder12: [upper[0], lower[1]],
      isOrder21: [lower[0], upper[1]],
      isMid: shares?.mid,
    };
  },

  ledoit_wolf: ({ returns }: { returns: number[][] }) => {
    const size = returns[0]?.length ?? 0;
    const means = Array.from({ length: size }, (_, i) => meanOf(returns.map((row) => row[i] ?? NaN)));
    const state = createEwCovariance(size);
    const present = new Uint8Array(size).fill(1);
    for (const row of returns)
      addReturns(
        state,
        Float64Array.from(row, (r, i) => r - (means[i] ?? NaN)),
        present,
        1,
      );
    const shrunk = shrunkCovariance(state);
    return { shrinkage: shrunk?.shrinkage, cov: rowsOf(shrunk?.covariance, size) };
  },

  psd_repair: ({ C, floor }: { C: number[][]; floor: number }) => {
    const size = C.length;
    const eigen = eigenOf(Float64Array.from(C.flat()), size);
    const values = C.map((_, i) => eigen.matrix[i * size + i] ?? NaN);
    return { eig: values.sort((a, b) => a - b), repaired: rowsOf(repairedCorrelation(eigen, floor), size) };
  },

  multi_asset: (inputs: {
    Sigma: number[][];
    A: number[];
    k: number[];
    Delta: number[];
    gamma: number;
    q: number[];
  }) => {
    const { Sigma, A, k, Delta, gamma, q } = inputs;
    const flows = A.map((rate, i) => ({ A: rate, k: k[i] ?? NaN, orderSize: Delta[i] ?? NaN, cost: 0 }));
    const skew = matrixSkew({
      covariance: Float64Array.from(Sigma.flat()),
      liquidity: flows.map((flow) => liquidity(flow, gamma)),
      gamma,
    });
    const distance = (sign: number) =>
      flows.map(
        (flow, i) =>
          halfSpreadCore(gamma, flow.orderSize, flow.k) +
          sign * skewOf(skew, i, q) +
          sizeTermOf(skew, i, flow.orderSize),
      );
    return { Amatrix: rowsOf(skew.matrix, A.length), deltaBid: distance(1), deltaAsk: distance(-1) };
  },
};

function pairs(values: readonly number[]): [number, number][] {
  return values.slice(1).map((value, i) => [values[i] ?? NaN, value]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function rowsOf(matrix: Float64Array | undefined, size: number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from(matrix?.slice(i * size, (i + 1) * size) ?? []));
}
