/**
 * Volatility of fair value in price/√s, from its value at the instants of a one-second grid (the last
 * known at each). Two horizons: the short one raises it within a minute, the long one keeps it from
 * forgetting. Each return is absolute, in price. Where one venue alone is the market its mid carries noise
 * that no other venue averages out: the two-scale variance decides there.
 */
import type { EstimatorStatus } from "../../contract/estimates.ts";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../contract/units.ts";
import { addReturn, createEwVariance, forget, variancePerSecond, type EwVariance } from "./ewVariance.ts";
import {
  breakGrid,
  createTwoScale,
  readTwoScale,
  sampleTwoScale,
  twoScaleVariancePerS,
  type TwoScale,
} from "./twoScale.ts";

const SHORT_S = 60;
const LONG_S = 600;
/** Share of the long horizon that is kept when the short one is calmer. */
const LONG_SHARE = 0.8;

/** 20 returns in a row; they weigh 19.7 at the long horizon. Fewer say nothing: a standard error above 16 %. */
const N_COLD = 19.5;
const N_TRUSTED = 300;
/** Weight of the prior, in returns, until the estimate is trusted. */
const N_PRIOR = 100;
const STDERR_TRUSTED_FRAC = 0.15;

/** What no market does, as multiples of the prior: an estimate outside is held at the bound. */
const PRIOR_MULTIPLE_MIN = 0.1;
const PRIOR_MULTIPLE_MAX = 20;

/** Stale after this, and no return is taken across a longer gap: silence is not calm. */
const SILENCE_MAX_S = 10;

/** Least share of the value that a minute may leave: calm has to last before quotes tighten. */
const FALL_PER_MINUTE = 0.8;

/** Jumps in a row that are left out. One more is volatility: leaving out all would never learn a wilder market. */
const JUMPS_LEFT_OUT_MAX = 2;

/** K steps of a second. Over a shorter memory noise leaves too little to trust: the longer horizon decides alone. */
const NOISY_SCALE = 10;
const NOISY_GRID = { stepS: 1, horizonS: LONG_S } as const;

export interface Volatility {
  short: EwVariance;
  long: EwVariance;
  /** Of a market with one venue. */
  readonly noisy: TwoScale | undefined;
  price: number | undefined;
  sampledAtUs: number | undefined;
  /** Undefined while COLD. */
  valuePerSqrtS: number | undefined;
  /** Of the horizon that decides the value. */
  stderrFrac: number | undefined;
  insideBounds: boolean;
  jumpAtUs: number | undefined;
  jumpsInARow: number;
}

/** Over this many venues. */
export function createVolatility(venues: number): Volatility {
  return {
    short: createEwVariance(),
    long: createEwVariance(),
    noisy: venues === 1 ? createTwoScale(NOISY_SCALE) : undefined,
    price: undefined,
    sampledAtUs: undefined,
    valuePerSqrtS: undefined,
    stderrFrac: undefined,
    insideBounds: false,
    jumpAtUs: undefined,
    jumpsInARow: 0,
  };
}

/**
 * Fair value at an instant of the grid; not to be called while there is none. A return above
 * `jumpSigmas` standard deviations sets `jumpAtUs` to this instant and is not learned.
 */
export function sampleVolatility(
  state: Volatility,
  atUs: number,
  price: number,
  priorPerSqrtS: number,
  jumpSigmas: number,
): void {
  if (!Number.isFinite(price)) throw new RangeError(`fair value must be a number, not ${price}`);
  const { price: before, sampledAtUs, noisy } = state;
  state.price = price;
  state.sampledAtUs = atUs;
  const dtS =
    before === undefined || sampledAtUs === undefined ? undefined : (atUs - sampledAtUs) / MICROS_PER_SECOND;
  // A clock that was set back is a gap of unknown length.
  const isGap = dtS !== undefined && (dtS <= 0 || dtS > SILENCE_MAX_S);
  const leftOut =
    before !== undefined && dtS !== undefined && !isGap && isLeftOut(state, price - before, dtS, jumpSigmas);
  if (noisy !== undefined) {
    if (leftOut) breakGrid(noisy);
    sampleTwoScale(noisy, atUs, price, NOISY_GRID, priorPerSqrtS);
    return takeNoisy(state, noisy, atUs);
  }
  if (before === undefined || dtS === undefined) return;
  if (isGap || leftOut) return passTime(state, Math.max(dtS, 0));
  addReturn(state.short, SHORT_S, price - before, dtS);
  addReturn(state.long, LONG_S, price - before, dtS);
  revalue(state, dtS, priorPerSqrtS);
}

/** Whether a return of price over `dtS` is a jump that is not learned; marks it at this instant. */
function isLeftOut(state: Volatility, r: number, dtS: number, jumpSigmas: number): boolean {
  const jumped = state.valuePerSqrtS !== undefined && Math.abs(r) > jumpSigmas * returnSd(state, dtS);
  state.jumpsInARow = jumped ? state.jumpsInARow + 1 : 0;
  if (jumped) state.jumpAtUs = state.sampledAtUs;
  return jumped && state.jumpsInARow <= JUMPS_LEFT_OUT_MAX;
}

/** Standard deviation of a return over `dtS`, price: with the noise of both its ends where there is any. */
function returnSd({ valuePerSqrtS = 0, noisy }: Volatility, dtS: number): number {
  const noiseVar = noisy === undefined ? 0 : (twoScaleVariancePerS(noisy)?.noiseVar ?? 0);
  return Math.sqrt(valuePerSqrtS ** 2 * dtS + 2 * noiseVar);
}

function takeNoisy(state: Volatility, noisy: TwoScale, atUs: number): void {
  const { value, stderr } = readTwoScale(noisy, atUs);
  state.valuePerSqrtS = value;
  state.stderrFrac = value === undefined || stderr === undefined ? undefined : stderr / value;
}

export function volatilityStatus(state: Volatility, atUs: number): EstimatorStatus {
  if (state.noisy !== undefined) return readTwoScale(state.noisy, atUs).state;
  if (state.valuePerSqrtS === undefined || state.sampledAtUs === undefined) return "COLD";
  if (atUs - state.sampledAtUs > SILENCE_MAX_S * MICROS_PER_SECOND) return "STALE";
  const precise = state.long.nEff >= N_TRUSTED && (state.stderrFrac ?? Infinity) <= STDERR_TRUSTED_FRAC;
  return precise && state.insideBounds ? "TRUSTED" : "WARM";
}

export interface VolatilityReading {
  readonly status: EstimatorStatus;
  readonly valuePerSqrtS: number | undefined;
  readonly stderrPerSqrtS: number | undefined;
  readonly nEff: number;
  readonly ageMs: number | undefined;
}

/** For screens and explanations; the hot path reads `state.valuePerSqrtS`. */
export function readVolatility(state: Volatility, atUs: number): VolatilityReading {
  const { valuePerSqrtS, stderrFrac, sampledAtUs } = state;
  const known = valuePerSqrtS !== undefined && stderrFrac !== undefined;
  return {
    status: volatilityStatus(state, atUs),
    valuePerSqrtS,
    stderrPerSqrtS: known ? valuePerSqrtS * stderrFrac : undefined,
    nEff: state.noisy === undefined ? state.long.nEff : readTwoScale(state.noisy, atUs).nEff,
    ageMs: sampledAtUs === undefined ? undefined : (atUs - sampledAtUs) / MICROS_PER_MS,
  };
}

function revalue(state: Volatility, dtS: number, priorPerSqrtS: number): void {
  const { nEff } = state.long;
  if (nEff < N_COLD) return;
  const long = deviation(state.long);
  // At the start and after a gap the short horizon knows only a few returns, and would shout.
  const shortKnown = state.short.nEff >= N_COLD;
  const short = shortKnown ? deviation(state.short) : long;
  const estimate = Math.max(short, LONG_SHARE * long);
  state.stderrFrac = 1 / Math.sqrt(2 * (shortKnown && short === estimate ? state.short.nEff : nEff));

  const least = PRIOR_MULTIPLE_MIN * priorPerSqrtS;
  const most = PRIOR_MULTIPLE_MAX * priorPerSqrtS;
  state.insideBounds = estimate >= least && estimate <= most;
  const bounded = Math.min(Math.max(estimate, least), most);
  const trust = nEff < N_TRUSTED ? nEff / (nEff + N_PRIOR) : 1;
  const blended = bounded ** trust * priorPerSqrtS ** (1 - trust);

  const lowestNow = (state.valuePerSqrtS ?? 0) * FALL_PER_MINUTE ** (dtS / 60);
  state.valuePerSqrtS = Math.min(Math.max(blended, lowestNow), most);
}

function passTime(state: Volatility, dtS: number): void {
  forget(state.short, SHORT_S, dtS);
  forget(state.long, LONG_S, dtS);
  if (state.long.nEff >= N_COLD) return;
  state.valuePerSqrtS = undefined;
  state.stderrFrac = undefined;
}

function deviation(variance: EwVariance): number {
  return Math.sqrt(variancePerSecond(variance) ?? 0);
}
