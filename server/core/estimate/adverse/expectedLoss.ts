/**
 * c, the expected adverse move after a fill, per instrument and side: by size, in units of σ√h, so that a
 * wilder market costs more at once; and the edge that fills captured. The cost is additive and in full in
 * the half-spread of its side (Cartea, Jaimungal and Penalva 2015, ch. 10; models §1.2).
 */
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { Estimate } from "../estimate.ts";
import {
  createLossAverage,
  fillsAt,
  learnLoss,
  meanOf,
  shrunkMean,
  stderrOf,
  type LossAverage,
} from "./lossAverage.ts";
import { capturedEdge, MARKOUT_HORIZONS_S, type MarkedFill, type Markout } from "./markouts.ts";

/** Gates of models §3: trusted from 100 fills, a prior that weighs 40, stale after an hour, at most 5/k. */
const N_TRUSTED = 100;
const N_PRIOR = 40;
const STALE_AFTER_S = 3_600;
const COST_MAX_PER_K = 5;

/** Edges between fills of part of a standard order, of about one, and of more: sweeps are better informed. */
const SIZE_EDGES: readonly number[] = [0.5, 1.5];

/** Position in MARKOUT_HORIZONS_S of the cost's default horizon, 5 s: where markouts flatten in crypto (models §3.7). */
export const COST_HORIZON = 2;

/** What is learned from one side's fills. */
export interface SideLosses {
  /** Loss/(σ√h) at each horizon, all sizes: the markout curve. */
  curve: LossAverage[];
  /** The same at each horizon by size: which one is the cost's may be chosen anew at any time. */
  bySize: LossAverage[][];
  /** (e − fee)/fair: net edge as a fraction, so that it keeps its meaning when the price moves. */
  edgeFrac: LossAverage;
}

export interface LossUse {
  readonly atUs: number;
  readonly halfLifeS: number;
  /** Current volatility, price/√s. */
  readonly sigmaPerSqrtS: number;
  /** The cost's horizon, and its position among all. */
  readonly horizonS: number;
  readonly horizon: number;
  /** Expected loss before anything is known, price. */
  readonly prior: number;
}

export interface QuoteSize {
  /** The quote's size in standard orders. */
  readonly sizeFrac: number;
  /** Decay of its fill rate, 1/price: the cap is 5/k. */
  readonly k: number;
}

export function createSideLosses(horizons: number = MARKOUT_HORIZONS_S.length): SideLosses {
  return {
    curve: Array.from({ length: horizons }, createLossAverage),
    bySize: Array.from({ length: horizons }, () =>
      Array.from({ length: SIZE_EDGES.length + 1 }, createLossAverage),
    ),
    edgeFrac: createLossAverage(),
  };
}

/** At the fill itself. */
export function learnEdge(side: SideLosses, fill: MarkedFill, halfLifeS: number): void {
  learnLoss(side.edgeFrac, fill.atUs, (capturedEdge(fill) - fill.feePerUnit) / fill.fair, halfLifeS);
}

/** When a markout is complete, at `atUs`. A fill without volatility has no scale and teaches nothing. */
export function learnMarkout(side: SideLosses, atUs: number, done: Markout, halfLifeS: number): void {
  const { fill, horizon, horizonS } = done;
  if (!(fill.sigmaPerSqrtS > 0)) return;
  const loss = -done.markout / (fill.sigmaPerSqrtS * Math.sqrt(horizonS));
  const all = side.curve[horizon];
  if (all !== undefined) learnLoss(all, atUs, loss, halfLifeS);
  const sized = side.bySize[horizon]?.[sizeBucket(fill.sizeBase / fill.orderBase)];
  if (sized !== undefined) learnLoss(sized, atUs, loss, halfLifeS);
}

/**
 * c = max(0, (n·mean + n₀·prior)/(n + n₀)), at most 5/k, in price: floored and capped here, at use, and nowhere before.
 * The prior of one size is what the other sizes lost, drawn towards the configured one by the same rule.
 */
export function expectedLoss(side: SideLosses, use: LossUse & QuoteSize): number {
  const bucket = sizeBucket(use.sizeFrac);
  const scale = scaleOf(use);
  const prior = shrunkMean(seenOf(side, use, bucket, false), scale, use.prior, N_PRIOR);
  const own = shrunkMean(seenOf(side, use, bucket, true), scale, prior, N_PRIOR);
  return Math.min(Math.max(0, own), COST_MAX_PER_K / use.k);
}

/**
 * The same for the page. Never COLD: without fills it is its prior. STALE means that n has nearly gone: the value is
 * then the prior again by itself, and a side that is not hit goes on being quoted.
 */
export function readExpectedLoss(side: SideLosses, use: LossUse & QuoteSize): Estimate {
  const sized = side.bySize[use.horizon]?.[sizeBucket(use.sizeFrac)];
  if (sized === undefined) throw new Error("invariant: a horizon or a size without an average");
  const n = fillsAt(sized, use.atUs, use.halfLifeS);
  const stderr = stderrOf(sized);
  const ageUs = sized.updatedAtUs === undefined ? undefined : use.atUs - sized.updatedAtUs;
  const stale = ageUs !== undefined && ageUs > STALE_AFTER_S * MICROS_PER_SECOND;
  return {
    state: stale ? "STALE" : n >= N_TRUSTED ? "TRUSTED" : "WARM",
    value: expectedLoss(side, use),
    stderr: stderr === undefined ? undefined : ((stderr * n) / (n + N_PRIOR)) * scaleOf(use),
    nEff: n,
    ageMs: ageUs === undefined ? undefined : ageUs / MICROS_PER_MS,
  };
}

/** The shrunk mean loss over all sizes, price and of either sign, and its fills: what toxicity is judged by. */
export function pooledLoss(
  side: SideLosses,
  use: LossUse,
): { readonly loss: number; readonly fills: number } {
  const seen = seenOf(side, use, undefined, false);
  return { loss: shrunkMean(seen, scaleOf(use), use.prior, N_PRIOR), fills: seen.n };
}

/** σ√h: what fair value does in the cost's horizon without any information. */
function scaleOf({ sigmaPerSqrtS, horizonS }: LossUse): number {
  return sigmaPerSqrtS * Math.sqrt(horizonS);
}

/** Mean and n over one size, or over all the others. */
function seenOf(side: SideLosses, use: LossUse, bucket: number | undefined, own: boolean) {
  let n = 0;
  let sum = 0;
  const bySize = side.bySize[use.horizon] ?? [];
  for (let at = 0; at < bySize.length; at++) {
    const average = bySize[at];
    if (average === undefined || (at === bucket) !== own) continue;
    const fills = fillsAt(average, use.atUs, use.halfLifeS);
    n += fills;
    sum += fills * (meanOf(average) ?? 0);
  }
  return { n, mean: n > 0 ? sum / n : undefined };
}

/** e_net: mean captured edge less fees, price; undefined before a fill. */
export function meanNetEdge(side: SideLosses, fair: number): number | undefined {
  const frac = meanOf(side.edgeFrac);
  return frac === undefined ? undefined : frac * fair;
}

function sizeBucket(sizeFrac: number): number {
  let bucket = 0;
  while (bucket < SIZE_EDGES.length && sizeFrac >= (SIZE_EDGES[bucket] ?? 0)) bucket++;
  return bucket;
}
