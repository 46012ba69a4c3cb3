/**
 * Fill intensity of one instrument, λ(δ) = A·e^(−kδ): k from how deep the tape sweeps, A from our own fills with the
 * tape's rate as their prior. Kept in bps of fair value and seconds, read in price.
 *
 * A is always fitted for the k in force, so that the two together give the rates that were seen at the distances
 * where they were seen, also while k is blended or limited in its change.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { decayAt, riskNeutralDistance, type FillLaw } from "../../quote/intensityQuote.ts";
import {
  createGated,
  limitChange,
  readGated,
  revise,
  statusOf,
  type Estimate,
  type Gate,
  type Gated,
} from "../estimate.ts";
import { rateAtFair } from "./latticeFit.ts";
import { createLawTest, observeDepth, powerLaw, type LawTest } from "./lawTest.ts";
import {
  ageOwnQuotes,
  createOwnQuotes,
  fitOwnQuotes,
  fitRate,
  type OwnFit,
  type OwnQuotes,
} from "./ownQuotes.ts";
import type { Print } from "./sweeps.ts";
import {
  ageTape,
  createTape,
  fitTape,
  observeTrade,
  type Tape,
  type TapeFit,
  type TapeTerms,
} from "./tape.ts";

/** Gates of models §3. From 5 sweeps on the prior still weighs ten times as much as they do. */
const DECAY_GATE: Gate = { nCold: 5, nTrusted: 100, nPrior: 50, stderrFracMax: 0.15, staleAfterS: 600 };
const TAPE_RATE_GATE: Gate = { nCold: 5, nTrusted: 100, nPrior: 50, stderrFracMax: 0.3, staleAfterS: 600 };
/** With a tape behind it, a rate is known before the first fill of our own; without one, 20 fills are the least. */
const RATE_GATE: Gate = { nCold: 0, nTrusted: 30, nPrior: 20, stderrFracMax: 0.3, staleAfterS: 1800 };
const RATE_GATE_ALONE: Gate = { ...RATE_GATE, nCold: 20 };

/** 1/k between half a tick and 100 bps. */
const REACH_TICKS_MIN = 0.5;
const REACH_BPS_MAX = 100;
/** Our fills come from the tape's sweeps: hardly more often, and not never. */
const OF_TAPE_MIN = 0.02;
const OF_TAPE_MAX = 1.5;
/** What a configured rate may be wrong by. */
const OF_PRIOR_MIN = 0.01;
const OF_PRIOR_MAX = 100;

/** Distances that are quoted, in 1/k: over these an exponential has to hold, whatever the law beyond. */
const QUOTED_FROM = 0.3;
const QUOTED_TO = 3;

export interface Intensity {
  readonly tape: Tape;
  readonly own: OwnQuotes;
  readonly law: LawTest;
  /** k, 1/bps. */
  readonly decay: Gated;
  /** A of the tape and A in force, 1/s per side. */
  readonly tapeRate: Gated;
  readonly rate: Gated;
  ownFit: OwnFit | undefined;
  /** A power law in force; its length and the touch that its sweeps began at, in bps. */
  power: { readonly alpha: number; readonly d0Bps: number; readonly touchBps: number } | undefined;
  /** Slope of the law in force where a quote stands, 1/bps: k while that is the exponential. */
  localDecay: number | undefined;
  /** Distance from fair value at which A·e^(−kδ) was measured. */
  anchorBps: number;
  tickBps: number | undefined;
  tapeSeenAtUs: number | undefined;
  ownSeenAtUs: number | undefined;
}

export function createIntensity(): Intensity {
  return {
    tape: createTape(),
    own: createOwnQuotes(),
    law: createLawTest(),
    decay: createGated(),
    tapeRate: createGated(),
    rate: createGated(),
    ownFit: undefined,
    power: undefined,
    localDecay: undefined,
    anchorBps: 0,
    tickBps: undefined,
    tapeSeenAtUs: undefined,
    ownSeenAtUs: undefined,
  };
}

/** One print of the venue; `orderLots` as in `TapeTerms`. */
export function observePrint(intensity: Intensity, print: Print, orderLots: number): void {
  const ended = observeTrade(intensity.tape, print, termsAt(intensity, print.receivedAtUs, orderLots));
  if (ended !== undefined) observeDepth(intensity.law, ended);
}

export interface IntensityInputs {
  readonly atUs: number;
  /** Fair value and tick, in one unit of price. */
  readonly fair: number;
  readonly tick: number;
  readonly orderLots: number;
  /** As configured: A in 1/s per side, and 1/k in bps. */
  readonly prior: { readonly ratePerS: number; readonly decayBps: number };
  readonly tapeHalfLifeS: number;
  readonly ownHalfLifeS: number;
}

/** Every five seconds: fits anew from the weighted sums. What heard nothing new is left to grow stale. */
export function reviseIntensity(intensity: Intensity, inputs: IntensityInputs): void {
  const { tape, own, law, decay } = intensity;
  const { atUs } = inputs;
  const tickBps = (inputs.tick / inputs.fair) * 1e4;
  const terms = termsAt(intensity, atUs, inputs.orderLots);
  intensity.tickBps = tickBps;
  for (const sweep of ageTape(tape, atUs, inputs.tapeHalfLifeS, terms)) observeDepth(law, sweep);
  ageOwnQuotes(own, atUs, inputs.ownHalfLifeS);

  const fit = fitTape(tape);
  const tapeNews = fit !== undefined && tape.sweepAtUs !== intensity.tapeSeenAtUs;
  const ownNews = own.observedAtUs !== intensity.ownSeenAtUs;
  intensity.tapeSeenAtUs = tape.sweepAtUs;
  intensity.ownSeenAtUs = own.observedAtUs;
  const high = 1 / (REACH_TICKS_MIN * tickBps);
  const low = Math.min(1 / REACH_BPS_MAX, high);
  intensity.power = powerInBps(law, tickBps);
  if (tapeNews) {
    const elapsedS = (atUs - (decay.updatedAtUs ?? atUs)) / MICROS_PER_SECOND;
    reviseDecay(decay, fit, { inputs, tickBps, low, high });
    reviseLocalDecay(intensity, elapsedS, { low, high });
    reviseTapeRate(intensity, fit, inputs);
  }
  if (ownNews) {
    const startPerBps = decay.value ?? 1 / inputs.prior.decayBps;
    intensity.ownFit = fitOwnQuotes(own, { startPerBps, low, high });
  }
  if (tapeNews || ownNews) reviseRate(intensity, (fit?.anchorTicks ?? 0) * tickBps, inputs);
}

function powerInBps(law: LawTest, tickBps: number): Intensity["power"] {
  const found = powerLaw(law);
  if (found === undefined) return undefined;
  const { alpha, d0Ticks, touchTicks } = found;
  // Depths count from the touch and distances from the middle: a d0 within the half-spread leaves no law there.
  if (d0Ticks <= touchTicks) return undefined;
  return { alpha, d0Bps: (d0Ticks - touchTicks) * tickBps, touchBps: touchTicks * tickBps };
}

/**
 * The slope of a power law at its optimum for zero shadow cost, or at the touch: the law knows nothing nearer, and
 * grows without bound there. Held within the bounds of k, and to its pace, whichever law takes over from the other.
 */
function reviseLocalDecay(
  intensity: Intensity,
  elapsedS: number,
  { low, high }: { readonly low: number; readonly high: number },
): void {
  const { power, decay, localDecay } = intensity;
  if (decay.value === undefined) {
    intensity.localDecay = undefined;
    return;
  }
  let wanted = decay.value;
  if (power !== undefined) {
    const law: FillLaw = { law: "power", A: 1, alpha: power.alpha, d0: power.d0Bps };
    const distance = Math.max(riskNeutralDistance(law, 0) ?? 0, power.touchBps);
    wanted = Math.min(Math.max(decayAt(law, distance), low), high);
  }
  intensity.localDecay = limitChange(localDecay ?? decay.value, wanted, elapsedS);
}

export interface IntensityReading {
  /** 1/price and 1/s, for GLFT and whatever else takes an exponential. */
  readonly k: Estimate;
  readonly A: Estimate;
  /** Slope of the law in force where a quote stands, 1/price. */
  readonly localK: number | undefined;
  /** What A starts from: the tape's alone. */
  readonly tapeA: Estimate;
  readonly law: "exponential" | "power";
  /** Of λ(δ) ∝ (1 + δ/d0)^−alpha, d0 in price. */
  readonly alpha: number | undefined;
  readonly d0: number | undefined;
  /** Of the latest window of sweeps, whichever law it speaks for. */
  readonly likelihoodRatio: number | undefined;
  /** What our own fills say by themselves, k and its error in 1/price. */
  readonly own: OwnFit | undefined;
}

/** In price at this fair value. */
export function readIntensity(intensity: Intensity, atUs: number, fair: number): IntensityReading {
  const bps = fair * 1e-4;
  const { ownFit, localDecay } = intensity;
  const power = intensity.decay.value === undefined ? undefined : intensity.power;
  return {
    k: inPrice(readGated(intensity.decay, DECAY_GATE, atUs), bps),
    A: readGated(intensity.rate, RATE_GATE, atUs),
    localK: localDecay === undefined ? undefined : localDecay / bps,
    tapeA: readGated(intensity.tapeRate, TAPE_RATE_GATE, atUs),
    law: power === undefined ? "exponential" : "power",
    alpha: power?.alpha,
    d0: power === undefined ? undefined : power.d0Bps * bps,
    likelihoodRatio: intensity.law.result?.likelihoodRatio,
    own: ownFit === undefined ? undefined : { ...ownFit, k: ownFit.k / bps, seK: ownFit.seK / bps },
  };
}

function inPrice(perBps: Estimate, bps: number): Estimate {
  const { value, stderr } = perBps;
  return {
    ...perBps,
    value: value === undefined ? undefined : value / bps,
    stderr: stderr === undefined ? undefined : stderr / bps,
  };
}

/** Only a trusted k says which depths are those of our quotes; before, all count. */
function termsAt(intensity: Intensity, atUs: number, orderLots: number): TapeTerms {
  const { decay, tickBps } = intensity;
  if (tickBps === undefined || decay.value === undefined || statusOf(decay, DECAY_GATE, atUs) !== "TRUSTED")
    return { orderLots, range: undefined };
  const reachTicks = 1 / (decay.value * tickBps);
  return {
    orderLots,
    range: { fromTicks: QUOTED_FROM * reachTicks, toTicks: QUOTED_TO * reachTicks },
  };
}

function reviseDecay(
  decay: Gated,
  fit: TapeFit,
  against: {
    readonly inputs: IntensityInputs;
    readonly tickBps: number;
    readonly low: number;
    readonly high: number;
  },
): void {
  const { inputs, tickBps, low, high } = against;
  revise(
    decay,
    {
      atUs: inputs.atUs,
      value: fit.decayPerTick / tickBps,
      stderr: fit.decayStderr / tickBps,
      nEff: fit.nDecay,
    },
    { prior: 1 / inputs.prior.decayBps, low, high },
    DECAY_GATE,
  );
}

function reviseTapeRate(intensity: Intensity, fit: TapeFit, inputs: IntensityInputs): void {
  const { tapeRate, decay, tickBps } = intensity;
  const prior = inputs.prior.ratePerS;
  const bounds = { prior, low: OF_PRIOR_MIN * prior, high: OF_PRIOR_MAX * prior };
  if (fit.ratePerS === undefined || decay.value === undefined || tickBps === undefined) {
    revise(tapeRate, { atUs: inputs.atUs, value: prior, stderr: prior, nEff: 0 }, bounds, TAPE_RATE_GATE);
    return;
  }
  const anchorBps = fit.anchorTicks * tickBps;
  const value = rateAtFair(fit.ratePerS, decay.value, anchorBps);
  const stderr = value * Math.hypot(fit.rateStderr, anchorBps * (decay.stderr ?? 0));
  revise(tapeRate, { atUs: inputs.atUs, value, stderr, nEff: fit.nRate }, bounds, TAPE_RATE_GATE);
}

function reviseRate(intensity: Intensity, tapeAnchorBps: number, inputs: IntensityInputs): void {
  const { own, decay, tapeRate, rate } = intensity;
  const { atUs } = inputs;
  const tapeKnown = tapeRate.value !== undefined;
  const prior = tapeRate.value ?? inputs.prior.ratePerS;
  const bounds = {
    prior,
    low: (tapeKnown ? OF_TAPE_MIN : OF_PRIOR_MIN) * prior,
    high: (tapeKnown ? OF_TAPE_MAX : OF_PRIOR_MAX) * prior,
  };
  const gate = tapeKnown ? RATE_GATE : RATE_GATE_ALONE;
  const silentUs = atUs - (own.observedAtUs ?? -Infinity);
  const seen =
    decay.value === undefined || silentUs > RATE_GATE.staleAfterS * MICROS_PER_SECOND
      ? undefined
      : fitRate(own, { perBps: decay.value, stderr: decay.stderr ?? 0 });
  if (decay.value === undefined || seen === undefined) {
    // Without k no rate has a distance to belong to: with nothing seen and no tape the gate shuts.
    const shut = decay.value === undefined ? RATE_GATE_ALONE : gate;
    revise(rate, { atUs, value: prior, stderr: tapeRate.stderr ?? prior, nEff: 0 }, bounds, shut);
    intensity.anchorBps = tapeAnchorBps;
    return;
  }
  const { ratePerS, seLn, nEff } = seen;
  revise(rate, { atUs, value: ratePerS, stderr: ratePerS * seLn, nEff }, bounds, gate);
  const trust = nEff / (nEff + RATE_GATE.nPrior);
  intensity.anchorBps = Math.max(0, trust * seen.anchorBps + (1 - trust) * tapeAnchorBps);
}
