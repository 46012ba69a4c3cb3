/**
 * Volatility of fair value in price/√s, from its value at the instants of a one-second grid (the last
 * known at each). Two horizons: the short one raises it within a minute, the long one keeps it from
 * forgetting. Each return is absolute, in price.
 */
import type { EstimatorStatus } from "../../contract/estimates.ts";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../contract/units.ts";
import { addReturn, createEwVariance, forget, variancePerSecond, type EwVariance } from "./ewVariance.ts";

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

export interface Volatility {
  short: EwVariance;
  long: EwVariance;
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

export function createVolatility(): Volatility {
  return {
    short: createEwVariance(),
    long: createEwVariance(),
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
  const { price: before, sampledAtUs } = state;
  state.price = price;
  state.sampledAtUs = atUs;
  if (before === undefined || sampledAtUs === undefined) return;

  const dtS = (atUs - sampledAtUs) / MICROS_PER_SECOND;
  // A clock that was set back is a gap of unknown length.
  if (dtS <= 0 || dtS > SILENCE_MAX_S) {
    passTime(state, Math.max(dtS, 0));
    return;
  }
  const r = price - before;
  const jumped =
    state.valuePerSqrtS !== undefined && Math.abs(r) > jumpSigmas * state.valuePerSqrtS * Math.sqrt(dtS);
  state.jumpsInARow = jumped ? state.jumpsInARow + 1 : 0;
  if (jumped) state.jumpAtUs = atUs;
  if (jumped && state.jumpsInARow <= JUMPS_LEFT_OUT_MAX) {
    passTime(state, dtS);
    return;
  }
  addReturn(state.short, SHORT_S, r, dtS);
  addReturn(state.long, LONG_S, r, dtS);
  revalue(state, dtS, priorPerSqrtS);
}

export function volatilityStatus(state: Volatility, atUs: number): EstimatorStatus {
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
    nEff: state.long.nEff,
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
