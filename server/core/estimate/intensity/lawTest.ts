/**
 * Exponential or power law, by likelihood ratio on the depths of sweeps, window by window: a slow loop, done in
 * slices of one likelihood each (about 0.1 ms).
 */
import { exponentialLogLik, profileLomax, type Depths } from "./lomaxFit.ts";
import type { Sweep } from "./sweeps.ts";

/** The test has its size (1–7 %) and power (98 % at α = 3) from 200 depths on; more than 500 say nothing new. */
const WINDOW_MIN = 200;
const WINDOW_MAX = 500;

/** 5 % point of ½χ²₀ + ½χ²₁: the exponential is the edge α → ∞ of the power law. */
const CRITICAL_RATIO = 2.7055;
/** At 1.5 and below, the risk-neutral distance is twice d0 and more, and the mean depth hardly exists. */
const ALPHA_MIN = 1.5;
/** One window in twenty passes by chance; two in a row, one in four hundred. */
const WINDOWS_IN_A_ROW = 2;

/** d0 is sought between these multiples of the mean depth: beyond, the law is an exponential to the eye of 500. */
const D0_LEAST = 0.02;
const D0_MOST = 500;
/** Each round looks at 9 points and goes on between the neighbours of the best: 2 % of d0 after 4. */
const POINTS = 9;
const ROUNDS = 4;

/** A window's power law, beyond the touch. */
export interface WindowFit {
  readonly likelihoodRatio: number;
  readonly alpha: number;
  readonly d0Ticks: number;
  /** Mean half-spread of the window: depths count from the touch, quotes from the mid. */
  readonly touchTicks: number;
}

interface Search {
  readonly depths: number;
  readonly touchTicks: number;
  round: number;
  point: number;
  centreLn: number;
  halfWidthLn: number;
  bestLn: number;
  bestAlpha: number;
  bestLogLik: number | undefined;
}

export interface LawTest {
  /** Rings of the depths since the last window, and of the gaps in which the sweeps stopped, in ticks. */
  readonly collected: Int32Array;
  readonly collectedGaps: Int32Array;
  collectedCount: number;
  collectedTouchTicks: number;
  readonly tested: Int32Array;
  readonly testedGaps: Int32Array;
  search: Search | undefined;
  result: WindowFit | undefined;
  windowsInARow: number;
}

export function createLawTest(): LawTest {
  return {
    collected: new Int32Array(WINDOW_MAX),
    collectedGaps: new Int32Array(WINDOW_MAX),
    collectedCount: 0,
    collectedTouchTicks: 0,
    tested: new Int32Array(WINDOW_MAX),
    testedGaps: new Int32Array(WINDOW_MAX),
    search: undefined,
    result: undefined,
    windowsInARow: 0,
  };
}

/** A sweep that was not seen to stop has no depth. */
export function observeDepth(
  test: LawTest,
  sweep: Pick<Sweep, "steps" | "touchTicks" | "stopGapTicks">,
): void {
  if (sweep.stopGapTicks === undefined) return;
  test.collected[test.collectedCount % WINDOW_MAX] = sweep.steps;
  test.collectedGaps[test.collectedCount % WINDOW_MAX] = sweep.stopGapTicks;
  test.collectedCount += 1;
  test.collectedTouchTicks += sweep.touchTicks;
}

/** Does one slice; false when there is nothing to do. */
export function advanceLawTest(test: LawTest): boolean {
  if (test.search === undefined) return beginWindow(test);
  const { search } = test;
  const at = search.centreLn + search.halfWidthLn * ((2 * search.point) / (POINTS - 1) - 1);
  const { alpha, logLik } = profileLomax(depthsOf(test, search.depths), Math.exp(at));
  if (search.bestLogLik === undefined || logLik > search.bestLogLik) {
    search.bestLogLik = logLik;
    search.bestLn = at;
    search.bestAlpha = alpha;
  }
  search.point += 1;
  if (search.point < POINTS) return true;
  search.point = 0;
  search.round += 1;
  search.centreLn = search.bestLn;
  search.halfWidthLn *= 2 / (POINTS - 1);
  if (search.round === ROUNDS) endWindow(test, search, search.bestLogLik);
  return true;
}

/** The power law in force, or undefined while it is the exponential. */
export function powerLaw(test: LawTest): WindowFit | undefined {
  return test.windowsInARow >= WINDOWS_IN_A_ROW ? test.result : undefined;
}

function depthsOf({ tested, testedGaps }: LawTest, n: number): Depths {
  return { steps: tested, gaps: testedGaps, n };
}

function beginWindow(test: LawTest): boolean {
  if (test.collectedCount < WINDOW_MIN) return false;
  const depths = Math.min(test.collectedCount, WINDOW_MAX);
  let sum = 0;
  for (let i = 0; i < depths; i++) sum += test.collected[i] ?? 0;
  const meanSteps = sum / depths;
  const touchTicks = test.collectedTouchTicks / test.collectedCount;
  test.tested.set(test.collected);
  test.testedGaps.set(test.collectedGaps);
  test.collectedCount = 0;
  test.collectedTouchTicks = 0;
  // Sweeps that all stop at the touch have no tail to judge.
  if (meanSteps === 0) {
    test.result = undefined;
    test.windowsInARow = 0;
    return true;
  }
  const lowLn = Math.log(D0_LEAST * meanSteps);
  const highLn = Math.log(D0_MOST * meanSteps);
  test.search = {
    depths,
    touchTicks,
    round: 0,
    point: 0,
    centreLn: (lowLn + highLn) / 2,
    halfWidthLn: (highLn - lowLn) / 2,
    bestLn: lowLn,
    bestAlpha: 0,
    bestLogLik: undefined,
  };
  return true;
}

function endWindow(test: LawTest, search: Search, logLik: number): void {
  const likelihoodRatio = Math.max(0, 2 * (logLik - exponentialLogLik(depthsOf(test, search.depths))));
  test.search = undefined;
  test.result = {
    likelihoodRatio,
    alpha: search.bestAlpha,
    d0Ticks: Math.exp(search.bestLn),
    touchTicks: search.touchTicks,
  };
  const passes = likelihoodRatio > CRITICAL_RATIO && search.bestAlpha > ALPHA_MIN;
  test.windowsInARow = passes ? Math.min(test.windowsInARow + 1, WINDOWS_IN_A_ROW) : 0;
}
