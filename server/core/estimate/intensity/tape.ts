/**
 * How often and how deep takers sweep one instrument, from its tape: exponentially weighted sums over both sides,
 * each measured from its own touch. Lengths in ticks, so that a fit costs the same however many sweeps there were.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import { countSweep, createClustering, fanoFactor, passClustering, type Clustering } from "./clustering.ts";
import { addGap, createGaps, fadeGaps, fitGaps, type Gaps } from "./gapFit.ts";
import {
  addPrint,
  createSweeps,
  forgetTops,
  rememberTop,
  takeSettled,
  type DepthRange,
  type Print,
  type Sweep,
  type SweepState,
} from "./sweeps.ts";
import { addWeight, createWeight, effectiveCount, fadeWeight, type Weight } from "./weight.ts";

export interface Tape {
  readonly sweeps: SweepState;
  /** Sweeps that were seen to stop within the range; their number is that of the decay. */
  readonly stops: Weight;
  readonly gaps: Gaps;
  /** Ticks within the range over which sweeps were followed. */
  steps: number;
  /** Sweeps large enough to have filled our order, and reaching into the range. */
  readonly filling: Weight;
  readonly clustering: Clustering;
  /** Σ of the distance from the mid at which the count of each of `filling` began. */
  anchorTicks: number;
  /** Observed time, weighted like the sweeps. */
  seconds: number;
  /** Since when time has not been added yet; undefined while the feed is not whole. */
  countedUntilUs: number | undefined;
  fadedAtUs: number | undefined;
  sweepAtUs: number | undefined;
}

export function createTape(): Tape {
  return {
    sweeps: createSweeps(),
    stops: createWeight(),
    gaps: createGaps(),
    steps: 0,
    filling: createWeight(),
    clustering: createClustering(),
    anchorTicks: 0,
    seconds: 0,
    countedUntilUs: undefined,
    fadedAtUs: undefined,
    sweepAtUs: undefined,
  };
}

/** The best prices of others changed; `stampUs` by the clock of the prints. */
export function observeTop(
  tape: Tape,
  top: {
    readonly atUs: number;
    readonly stampUs: number;
    readonly bidTicks: number;
    readonly askTicks: number;
  },
): void {
  tape.countedUntilUs ??= top.atUs;
  rememberTop(tape.sweeps, top.stampUs, top.bidTicks, top.askTicks);
}

/** The feed has a gap: what was open is void, and no time counts as observed until the next top. */
export function interruptTape(tape: Tape, atUs: number): void {
  countTime(tape, atUs);
  tape.countedUntilUs = undefined;
  forgetTops(tape.sweeps);
}

export interface TapeTerms {
  /** Our size: a sweep of less fills its share of an order, as a fill of our own does. 0: any fills all. */
  readonly orderLots: number;
  /** Undefined: all depths count. */
  readonly range: DepthRange | undefined;
}

/** One print; returns the sweep that it ended, after learning it. */
export function observeTrade(tape: Tape, print: Print, terms: TapeTerms): Sweep | undefined {
  const ended = addPrint(tape.sweeps, print, terms.range);
  if (ended !== undefined) learn(tape, print.receivedAtUs, ended, terms);
  return ended;
}

/**
 * Every few seconds: learns the sweeps that ended, counts the time that passed and lets the past fade. Between two
 * calls sums and time weigh alike, so their ratio is unbiased whatever the interval.
 */
export function ageTape(tape: Tape, atUs: number, halfLifeS: number, terms: TapeTerms): Sweep[] {
  const ended: Sweep[] = [];
  for (const side of ["buy", "sell"] as const) {
    const sweep = takeSettled(tape.sweeps, side, atUs);
    if (sweep === undefined) continue;
    learn(tape, atUs, sweep, terms);
    ended.push(sweep);
  }
  const watchedS = countTime(tape, atUs);
  const elapsedS = Math.max(0, atUs - (tape.fadedAtUs ?? atUs)) / MICROS_PER_SECOND;
  tape.fadedAtUs = atUs;
  const kept = 2 ** (-elapsedS / halfLifeS);
  passClustering(tape.clustering, watchedS, kept);
  fadeWeight(tape.stops, kept);
  fadeGaps(tape.gaps, kept);
  fadeWeight(tape.filling, kept);
  tape.steps *= kept;
  tape.anchorTicks *= kept;
  tape.seconds *= kept;
  return ended;
}

export interface TapeFit {
  /** k̂ and its standard error, in 1/tick. */
  readonly decayPerTick: number;
  readonly decayStderr: number;
  readonly nDecay: number;
  /** Rate per side at which sweeps that fill us reach `anchorTicks` from the mid; undefined before the first. */
  readonly ratePerS: number | undefined;
  readonly anchorTicks: number;
  readonly nRate: number;
  /** Standard error of ln(rate). */
  readonly rateStderr: number;
}

/** Time is counted every few seconds: a longer stretch is one in which nobody was there, such as a restart. */
const WATCHED_MAX_S = 60;

/** Undefined before the first sweep. Both sides are taken to be alike: they share one fit. */
export function fitTape(tape: Tape): TapeFit | undefined {
  const { stops, filling, seconds } = tape;
  if (stops.sum === 0) return undefined;
  const nDecay = effectiveCount(stops);
  const { decayPerTick, stderr } = fitGaps(tape.gaps, tape.steps, nDecay);
  const nRate = effectiveCount(filling);
  const known = filling.sum > 0 && seconds > 0;
  return {
    decayPerTick,
    decayStderr: stderr,
    nDecay,
    ratePerS: known ? filling.sum / (2 * seconds) : undefined,
    anchorTicks: known ? tape.anchorTicks / filling.sum : 0,
    nRate,
    rateStderr: Math.sqrt(fanoFactor(tape.clustering) / nRate),
  };
}

/** An exponential has no memory, so the count may begin at any level, and end at any. */
function learn(tape: Tape, atUs: number, sweep: Sweep, terms: TapeTerms): void {
  tape.sweepAtUs = atUs;
  const { followedTicks, entryTicks, gapTicks, sizeLots } = sweep;
  if (followedTicks < 0) return;
  tape.steps += followedTicks;
  if (gapTicks !== undefined) {
    addWeight(tape.stops, 1);
    addGap(tape.gaps, gapTicks);
  }
  // A print without a size may have been too small for us: it says how deep takers go, not how often we fill.
  if (sizeLots === undefined) return;
  const share = terms.orderLots > 0 ? Math.min(1, sizeLots / terms.orderLots) : 1;
  tape.filling.sum += share;
  tape.filling.squares += share * share;
  countSweep(tape.clustering);
  tape.anchorTicks += share * entryTicks;
}

/** Seconds that were watched since the last call. */
function countTime(tape: Tape, atUs: number): number {
  if (tape.countedUntilUs === undefined) return 0;
  const elapsedS = (atUs - tape.countedUntilUs) / MICROS_PER_SECOND;
  const watchedS = elapsedS > 0 && elapsedS <= WATCHED_MAX_S ? elapsedS : 0;
  tape.seconds += watchedS;
  tape.countedUntilUs = atUs;
  return watchedS;
}
