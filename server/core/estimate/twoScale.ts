/**
 * Volatility from a noisy price, such as the mid of the only venue there is: the streaming two-scale
 * variance. Returns over one step carry the noise of two prices each, returns over K steps the same noise and
 * K times the variance, so that the two together give both (Zhang, Mykland and Aït-Sahalia 2005, in
 * exponentially weighted form).
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { createGated, readGated, revise, type Estimate, type Gate, type Gated } from "./estimate.ts";

/** The gate of volatility (models: estimators' gates); 20 returns are the fewest that say anything. */
const GATE: Gate = { nCold: 20, nTrusted: 300, nPrior: 100, stderrFracMax: 0.15, staleAfterS: 10 };

/** As multiples of the prior: what no market does. */
const PRIOR_MULTIPLE_MIN = 0.1;
const PRIOR_MULTIPLE_MAX = 20;

/** Least share of the value that a minute may leave. */
const FALL_PER_MINUTE = 0.8;

export interface TwoScale {
  /** The last K prices of an unbroken grid, K = its length: 8 to 30 is what noise of a few ticks needs. */
  readonly ring: Float64Array;
  /** Prices since the grid last broke: the next one goes to this position, modulo K. */
  held: number;
  sampledAtUs: number | undefined;
  /** Σ w·r² and Σ w·Δt over one step and over K. */
  fastSquares: number;
  fastSeconds: number;
  slowSquares: number;
  slowSeconds: number;
  /** Σ w and Σ w² of the steps. */
  weight: number;
  weightSquares: number;
  sigma: Gated;
}

export interface TwoScaleGrid {
  readonly stepS: number;
  readonly horizonS: number;
}

/** `scale` K ≥ 2 steps. */
export function createTwoScale(scale: number): TwoScale {
  return {
    ring: new Float64Array(scale),
    held: 0,
    sampledAtUs: undefined,
    fastSquares: 0,
    fastSeconds: 0,
    slowSquares: 0,
    slowSeconds: 0,
    weight: 0,
    weightSquares: 0,
    sigma: createGated(),
  };
}

/**
 * The price at an instant of the grid; no return is taken across a step that was missed. `prior` in price/√s.
 */
export function sampleTwoScale(
  state: TwoScale,
  atUs: number,
  price: number,
  grid: TwoScaleGrid,
  prior: number,
): void {
  const { ring } = state;
  const stepS = state.sampledAtUs === undefined ? 0 : (atUs - state.sampledAtUs) / MICROS_PER_SECOND;
  state.sampledAtUs = atUs;
  forget(state, Math.exp(-Math.max(stepS, 0) / grid.horizonS));
  const unbroken = Math.abs(stepS - grid.stepS) <= grid.stepS / 2;
  if (!unbroken) breakGrid(state);
  if (state.held > 0) {
    state.fastSquares += (price - (ring[(state.held - 1) % ring.length] ?? 0)) ** 2;
    state.fastSeconds += stepS;
    state.weight += 1;
    state.weightSquares += 1;
  }
  if (state.held >= ring.length) {
    state.slowSquares += (price - (ring[state.held % ring.length] ?? 0)) ** 2;
    state.slowSeconds += ring.length * stepS;
  }
  ring[state.held % ring.length] = price;
  // Counts on for as long as the ring is not full twice: the position is all that matters from there.
  state.held = state.held + 1 < 2 * ring.length ? state.held + 1 : ring.length;
  gateSigma(state, atUs, stepS, prior);
}

/** The next price begins a new grid: no return leads to it. */
export function breakGrid(state: TwoScale): void {
  state.held = 0;
}

export interface TwoScaleVariance {
  /** σ², price²/s. An unlucky sample can make it negative. */
  readonly variancePerS: number;
  /** ω² ≥ 0: variance of the noise of one price. */
  readonly noiseVar: number;
}

/**
 * σ² = (v_K − v_1/K)/(1 − 1/K) of the variances per second v at both scales; undefined before K + 1 prices in
 * a row.
 */
export function twoScaleVariancePerS(state: TwoScale): TwoScaleVariance | undefined {
  const { fastSquares, fastSeconds, slowSquares, slowSeconds, weight } = state;
  if (!(slowSeconds > 0)) return undefined;
  const scale = state.ring.length;
  const fast = fastSquares / fastSeconds;
  const variancePerS = (slowSquares / slowSeconds - fast / scale) / (1 - 1 / scale);
  const stepS = fastSeconds / weight;
  return { variancePerS, noiseVar: Math.max(0, ((fast - variancePerS) * stepS) / 2) };
}

/** price/√s. */
export function readTwoScale(state: TwoScale, atUs: number): Estimate {
  return readGated(state.sigma, GATE, atUs);
}

function gateSigma(state: TwoScale, atUs: number, stepS: number, prior: number): void {
  const variance = twoScaleVariancePerS(state);
  if (variance === undefined) return;
  const value = Math.sqrt(Math.max(variance.variancePerS, 0));
  const samples = state.weight ** 2 / state.weightSquares;
  // Overlapping returns over K steps hold 3n/(2K) independent ones; a standard deviation has half the
  // relative error.
  const stderrFrac = Math.sqrt((4 * state.ring.length) / (3 * samples)) / 2;
  const before = state.sigma.value;
  state.sigma.value = undefined;
  revise(
    state.sigma,
    { atUs, value, stderr: value * stderrFrac, nEff: state.weight },
    { prior, low: PRIOR_MULTIPLE_MIN * prior, high: PRIOR_MULTIPLE_MAX * prior },
    GATE,
  );
  // More volatility acts at once; only a calmer market has to last before it is believed.
  if (state.sigma.value !== undefined && before !== undefined)
    state.sigma.value = Math.max(state.sigma.value, before * FALL_PER_MINUTE ** (Math.max(stepS, 0) / 60));
}

function forget(state: TwoScale, decay: number): void {
  state.fastSquares *= decay;
  state.fastSeconds *= decay;
  state.slowSquares *= decay;
  state.slowSeconds *= decay;
  state.weight *= decay;
  state.weightSquares *= decay * decay;
}
