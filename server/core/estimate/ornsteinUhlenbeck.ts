/**
 * Mean reversion dX = θ(μ − X)dt + σdW of fair value or of the difference of two venues, from its values on
 * an even grid: the regression X_{t+Δ} = a + b·X_t on exponentially weighted moments. Nothing of it is used
 * until it is significant. Not for prices that bounce between bid and ask: bounce on a random walk passes for
 * mean reversion.
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { createGated, readGated, revise, type Estimate, type Gate, type Gated } from "./estimate.ts";

/** 1/θ: faster is bounce, slower is not told from a random walk in the time that is remembered. */
const REVERSION_S_MIN = 2;
const REVERSION_S_MAX = 3_600;

/** Time over which the process must have come back this many times. */
const REVERSIONS_MIN = 10;

/** Bias of the maximum likelihood estimate of θ, times the time observed (Tang and Chen 2009). */
const BIAS_PER_TIME = 4;

/** No prior: without evidence there is no mean reversion, and the inventory target is 0. */
const GATE: Gate = { nCold: 100, nTrusted: 100, nPrior: 0, stderrFracMax: 0.3, staleAfterS: 600 };

export interface OrnsteinUhlenbeck {
  price: number | undefined;
  sampledAtUs: number | undefined;
  /** Σw and Σw² of the pairs (X_t, X_{t+Δ}). */
  weight: number;
  weightSquares: number;
  meanX: number;
  meanY: number;
  /** Weighted sums about the means: no digits are lost to the level of the price. */
  sxx: number;
  sxy: number;
  syy: number;
  theta: Gated;
  fit: OrnsteinUhlenbeckFit | undefined;
}

export interface OrnsteinUhlenbeckFit {
  readonly a: number;
  readonly b: number;
  /** √((1 − b²)/n), its asymptotic standard error. */
  readonly stderrB: number;
  /** (b − 1) over the standard error of least squares: the statistic of Dickey and Fuller. */
  readonly dickeyFuller: number;
  /** 1/s, as estimated, and less its bias, which may leave nothing. */
  readonly theta: number;
  readonly thetaCorrected: number;
  readonly mu: number;
  /** price/√s. */
  readonly sigma: number;
  readonly nEff: number;
  readonly significant: boolean;
}

export interface Grid {
  readonly stepS: number;
  readonly horizonS: number;
}

export function createOrnsteinUhlenbeck(): OrnsteinUhlenbeck {
  return {
    price: undefined,
    sampledAtUs: undefined,
    weight: 0,
    weightSquares: 0,
    meanX: 0,
    meanY: 0,
    sxx: 0,
    sxy: 0,
    syy: 0,
    theta: createGated(),
    fit: undefined,
  };
}

/**
 * The value at an instant of the grid. A step that was missed makes no pair; what is known loses its weight
 * all the same.
 */
export function sampleOrnsteinUhlenbeck(
  state: OrnsteinUhlenbeck,
  atUs: number,
  price: number,
  grid: Grid,
): void {
  const { price: before, sampledAtUs } = state;
  state.price = price;
  state.sampledAtUs = atUs;
  if (before === undefined || sampledAtUs === undefined) return;
  const stepS = (atUs - sampledAtUs) / MICROS_PER_SECOND;
  forget(state, Math.exp(-Math.max(stepS, 0) / grid.horizonS));
  if (Math.abs(stepS - grid.stepS) > grid.stepS / 2) return;
  addPair(state, before, price);
  state.fit = fitOrnsteinUhlenbeck(state, grid.stepS);
  gateTheta(state, atUs, grid.stepS);
}

/**
 * θ = −ln b/Δ, μ = a/(1 − b), σ² = 2θs²/(1 − b²) with s² the mean squared residual (exact discretisation;
 * Tang and Chen 2009 for the bias of θ, 4/T). Undefined while b says neither level nor speed.
 */
export function fitOrnsteinUhlenbeck(
  state: OrnsteinUhlenbeck,
  stepS: number,
): OrnsteinUhlenbeckFit | undefined {
  const { weight, weightSquares, meanX, meanY, sxx, sxy, syy } = state;
  const nEff = weightSquares > 0 ? weight ** 2 / weightSquares : 0;
  if (nEff <= 2 || sxx <= 0) return undefined;
  const b = sxy / sxx;
  if (!(b > 0 && b < 1)) return undefined;
  const a = meanY - b * meanX;
  const residualVar = Math.max(syy - b * sxy, 0) / weight;
  const olsStderrB = Math.sqrt((residualVar * weight) / sxx / (nEff - 2));
  const theta = -Math.log(b) / stepS;
  const thetaCorrected = theta - BIAS_PER_TIME / (nEff * stepS);
  const dickeyFuller = olsStderrB > 0 ? (b - 1) / olsStderrB : 0;
  const inRange = thetaCorrected >= 1 / REVERSION_S_MAX && thetaCorrected <= 1 / REVERSION_S_MIN;
  return {
    a,
    b,
    stderrB: Math.sqrt((1 - b * b) / nEff),
    dickeyFuller,
    theta,
    thetaCorrected,
    mu: a / (1 - b),
    sigma: Math.sqrt((2 * theta * residualVar) / (1 - b * b)),
    nEff,
    significant:
      inRange && nEff * stepS * thetaCorrected >= REVERSIONS_MIN && dickeyFuller < dickeyFullerCritical(nEff),
  };
}

export interface OrnsteinUhlenbeckReading {
  /** Whether the process may be used at all; `value` of the rest is undefined while it may not. */
  readonly significant: boolean;
  /** 1/s. */
  readonly theta: Estimate;
  /** Price. */
  readonly mu: Estimate;
  /** price/√s. */
  readonly sigma: Estimate;
}

export function readOrnsteinUhlenbeck(
  state: OrnsteinUhlenbeck,
  stepS: number,
  atUs: number,
): OrnsteinUhlenbeckReading {
  const theta = readGated(state.theta, GATE, atUs);
  const { fit } = state;
  const usable = fit?.significant === true && theta.value !== undefined;
  const beside = (value: number | undefined, stderr: number | undefined): Estimate => ({
    ...theta,
    value: usable ? value : undefined,
    stderr: usable ? stderr : undefined,
  });
  if (fit === undefined)
    return {
      significant: false,
      theta,
      mu: beside(undefined, undefined),
      sigma: beside(undefined, undefined),
    };
  const observedS = fit.nEff * stepS;
  return {
    significant: usable && theta.state !== "STALE",
    theta,
    // The mean over T of a process of this speed has the variance σ²/(θ²T) for T ≫ 1/θ.
    mu: beside(fit.mu, fit.sigma / (fit.theta * Math.sqrt(observedS))),
    sigma: beside(fit.sigma, fit.sigma / Math.sqrt(2 * fit.nEff)),
  };
}

/** 1 % critical value of the Dickey–Fuller t with a constant and no trend (MacKinnon 2010, table 2). */
export function dickeyFullerCritical(n: number): number {
  return -3.43035 - 6.5393 / n - 16.786 / n ** 2 - 79.433 / n ** 3;
}

function gateTheta(state: OrnsteinUhlenbeck, atUs: number, stepS: number): void {
  const { fit } = state;
  const nEff = fit?.nEff ?? 0;
  if (fit?.significant !== true) {
    // Evidence that is gone must not come back as a value that was limited in its rate of change.
    state.theta = { ...createGated(), nEff, updatedAtUs: atUs };
    return;
  }
  const { thetaCorrected: value, b, stderrB } = fit;
  revise(
    state.theta,
    { atUs, value, stderr: stderrB / (b * stepS), nEff },
    { prior: value, low: 1 / REVERSION_S_MAX, high: 1 / REVERSION_S_MIN },
    GATE,
  );
}

function forget(state: OrnsteinUhlenbeck, decay: number): void {
  state.weight *= decay;
  state.weightSquares *= decay * decay;
  state.sxx *= decay;
  state.sxy *= decay;
  state.syy *= decay;
}

/** Weighted moments, one pair at a time (West 1979). */
function addPair(state: OrnsteinUhlenbeck, x: number, y: number): void {
  const before = state.weight;
  state.weight += 1;
  state.weightSquares += 1;
  const share = before / state.weight;
  const dx = x - state.meanX;
  const dy = y - state.meanY;
  state.sxx += share * dx * dx;
  state.sxy += share * dx * dy;
  state.syy += share * dy * dy;
  state.meanX += dx / state.weight;
  state.meanY += dy / state.weight;
}
