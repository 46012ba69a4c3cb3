/**
 * Fill intensity from our own quotes: how long orders stood at each distance from fair value and how often they
 * filled there. Distances in bps of fair value, so that what was learned survives a move of the price.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { fitCensored, rateGivenDecay, type CensoredFit, type Exposures } from "./censoredFit.ts";
import { addWeight, createWeight, effectiveCount, fadeWeight, type Weight } from "./weight.ts";

/**
 * Bins of asinh(δ/UNIT_BPS): even near fair value, by a factor of 1.34 far from it, on both sides. Each keeps the mean
 * of what fell into it, so a bin of width w errs by (kw)²/24: below 1 % where kδ < 1.7, whatever k is.
 */
const BINS = 40;
const UNIT_BPS = 0.2;
/** What lies outside counts in the first and last bin. */
const LOWEST_BPS = -5;
const HIGHEST_BPS = 200;
const LOWEST = Math.asinh(LOWEST_BPS / UNIT_BPS);
const BIN_WIDTH = (Math.asinh(HIGHEST_BPS / UNIT_BPS) - LOWEST) / BINS;

/** Below this a bin is empty: nothing in a result would show it, and the sums stay clear of underflow. */
const SECONDS_MIN = 1e-9;

/** Newton steps per update: warm from the last, they follow what changes in seconds. */
const NEWTON_STEPS = 3;

/** k̂ from own quotes is known when its standard error is at most this share of it. */
const IDENTIFIED_STDERR_FRAC = 0.15;

export interface OwnQuotes {
  readonly seconds: Float64Array;
  /** Mean distance of each bin, weighted by its seconds. */
  readonly distanceBps: Float64Array;
  readonly fills: Weight;
  /** Σ of the distances of fills. */
  filledBps: number;
  /** Where the next fit starts, 1/bps. */
  decayPerBps: number | undefined;
  observedAtUs: number | undefined;
  fadedAtUs: number | undefined;
}

export function createOwnQuotes(): OwnQuotes {
  return {
    seconds: new Float64Array(BINS),
    distanceBps: new Float64Array(BINS),
    fills: createWeight(),
    filledBps: 0,
    decayPerBps: undefined,
    observedAtUs: undefined,
    fadedAtUs: undefined,
  };
}

/** An order of ours stood for `seconds` at `distance` from `fair` (both price, positive away from it) until `atUs`. */
export function observeExposure(
  own: OwnQuotes,
  seen: { readonly atUs: number; readonly distance: number; readonly fair: number; readonly seconds: number },
): void {
  if (!(seen.seconds > 0)) return;
  const bps = (seen.distance / seen.fair) * 1e4;
  const bin = Math.min(Math.max(Math.floor((Math.asinh(bps / UNIT_BPS) - LOWEST) / BIN_WIDTH), 0), BINS - 1);
  const total = (own.seconds[bin] ?? 0) + seen.seconds;
  const mean = own.distanceBps[bin] ?? 0;
  own.seconds[bin] = total;
  own.distanceBps[bin] = mean + ((bps - mean) * seen.seconds) / total;
  own.observedAtUs = seen.atUs;
}

/** An order of ours was filled, `distance` from `fair` as it stood just before. `filledFrac`: of its whole size. */
export function observeFill(
  own: OwnQuotes,
  seen: { readonly distance: number; readonly fair: number; readonly filledFrac: number },
): void {
  addWeight(own.fills, seen.filledFrac);
  own.filledBps += seen.filledFrac * (seen.distance / seen.fair) * 1e4;
}

/** Every few seconds: lets the past fade. Fills and exposures fade alike, so their ratio stands. */
export function ageOwnQuotes(own: OwnQuotes, atUs: number, halfLifeS: number): void {
  const elapsedS = Math.max(0, atUs - (own.fadedAtUs ?? atUs)) / MICROS_PER_SECOND;
  own.fadedAtUs = atUs;
  const kept = 2 ** (-elapsedS / halfLifeS);
  for (let bin = 0; bin < BINS; bin++) {
    const seconds = (own.seconds[bin] ?? 0) * kept;
    own.seconds[bin] = seconds < SECONDS_MIN ? 0 : seconds;
    if (seconds < SECONDS_MIN) own.distanceBps[bin] = 0;
  }
  fadeWeight(own.fills, kept);
  own.filledBps = own.fills.sum === 0 ? 0 : own.filledBps * kept;
}

export interface OwnRate {
  /** A in 1/s, given the k of somebody else. */
  readonly ratePerS: number;
  readonly seLn: number;
  /** Mean distance of the fills: where the rate was measured. */
  readonly anchorBps: number;
  readonly nEff: number;
}

/** Undefined before the first fill. `decay` in 1/bps. */
export function fitRate(
  own: OwnQuotes,
  decay: { readonly perBps: number; readonly stderr: number },
): OwnRate | undefined {
  const nEff = effectiveCount(own.fills);
  if (nEff === 0) return undefined;
  const ratePerS = rateGivenDecay(exposuresOf(own), own.fills.sum, decay.perBps);
  if (ratePerS === undefined) return undefined;
  const anchorBps = own.filledBps / own.fills.sum;
  // ∂ln A/∂k is the mean distance: an error of k turns the line around where it was measured.
  return { ratePerS, seLn: Math.hypot(1 / Math.sqrt(nEff), anchorBps * decay.stderr), anchorBps, nEff };
}

export interface OwnFit extends CensoredFit {
  /** False when all quotes stood at about one distance: then k comes from the tape, and A given that k. */
  readonly identified: boolean;
}

/**
 * A and k together, k in 1/bps within [low, high]; undefined before the first fill or with a single distance. The
 * next call goes on from where this one came to.
 */
export function fitOwnQuotes(
  own: OwnQuotes,
  decay: { readonly startPerBps: number; readonly low: number; readonly high: number },
): OwnFit | undefined {
  const nEff = effectiveCount(own.fills);
  if (nEff === 0) return undefined;
  const fit = fitCensored(
    exposuresOf(own),
    { count: own.fills.sum, meanDistance: own.filledBps / own.fills.sum, nEff },
    { k: own.decayPerBps ?? decay.startPerBps, low: decay.low, high: decay.high, steps: NEWTON_STEPS },
  );
  own.decayPerBps = fit?.k;
  if (fit === undefined) return undefined;
  const { k, seK } = fit;
  const inside = k > decay.low && k < decay.high;
  return { ...fit, identified: inside && seK <= IDENTIFIED_STDERR_FRAC * k };
}

function exposuresOf(own: OwnQuotes): Exposures {
  return { distance: own.distanceBps, seconds: own.seconds };
}
