/**
 * ω_v: how far each venue's mid strays for seconds from what all would agree on, beyond its age. Its distance
 * from the fusion of the others, d_v = m_v − basis_v − F_{−v}, carries their errors too, so the noises are
 * solved together:
 *
 *   E ½(d_v(t) − d_v(t − h))² = σ²·T_v + ω_v² + Σ_{u≠v} s_u²·ω_u²,   s_u = w_u/Σ_{u≠v} w_u,
 *
 * where σ²·T_v is what fair value moved between the instants that the two sides show: an age that both share
 * cancels. The difference over h = 5 s leaves out what lasts longer: that is basis, whose estimate is minutes
 * behind and would pass for noise. Distances are in bps of fair value, so that they outlive a move of the price.
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { createGated, readGated, revise, type Estimate, type Gate, type Gated } from "./estimate.ts";
import type { FusionInputs } from "./fairValue.ts";

const GATE: Gate = { nCold: 100, nTrusted: 1_000, nPrior: 300, stderrFracMax: 0.2, staleAfterS: 600 };

/** A book that changes a hundred times a second says the same thing a hundred times. */
const SPACING_MIN_US = 200_000;

/** h, and the most that a quiet venue may take for it: what is older may be another basis. */
const APART_MIN_US = 5_000_000;
const APART_MAX_US = 30_000_000;
/** Distances kept of each venue: h at the least spacing, and some to spare. */
const KEPT = 32;
/** Σρ² of the differences of independent distances: each shares a distance with the one h before and after it. */
const OVERLAP = 1.5;

/** Standard error of σ² as a share, twice that of σ over a minute: so much of what fair value moved is in doubt. */
const MOVED_ERROR_FRAC = 0.2;

/** What no venue's mid does, in bps. */
const NOISE_MIN_BPS = 0.01;
const NOISE_MAX_BPS = 100;

/**
 * Passes of the solution; each halves the error or better. With two venues the priors decide, and one says
 * all.
 */
const PASSES = 40;

/** Below this share of the weight the others are no reference. */
const OTHERS_MIN_FRAC = 1e-6;

export interface VenueNoise {
  readonly members: number;
  /**
   * By venue, of e = (d − d before)/√2: Σ w, Σ w², Σ w·(e² − σ²T), Σ w·e², Σ w·e·(e before it), the latest e, and
   * when (0: never).
   */
  readonly weight: Float64Array;
  readonly weightSquares: Float64Array;
  readonly excess: Float64Array;
  readonly squares: Float64Array;
  readonly products: Float64Array;
  readonly latestBps: Float64Array;
  readonly seenAtUs: Float64Array;
  /** Ring of the distances of each venue and their times, at v·KEPT, and how many there ever were. */
  readonly pastBps: Float64Array;
  readonly pastAtUs: Float64Array;
  readonly pastCount: Float64Array;
  /** Σ w·s_u² of each venue u in the reference of v, at v·members + u. */
  readonly shareSquares: Float64Array;
  readonly omegaBps: Gated[];
}

export function createVenueNoise(members: number): VenueNoise {
  return {
    members,
    weight: new Float64Array(members),
    weightSquares: new Float64Array(members),
    excess: new Float64Array(members),
    squares: new Float64Array(members),
    products: new Float64Array(members),
    latestBps: new Float64Array(members),
    seenAtUs: new Float64Array(members),
    pastBps: new Float64Array(members * KEPT),
    pastAtUs: new Float64Array(members * KEPT),
    pastCount: new Float64Array(members),
    shareSquares: new Float64Array(members * members),
    omegaBps: Array.from({ length: members }, createGated),
  };
}

/**
 * A fresh mid of venue `v`, at most five times a second: `inputs`, `weights` and `fair` as they were fused
 * with it. `sigma` in price/√s.
 */
export function observeVenueNoise(
  state: VenueNoise,
  v: number,
  seen: {
    readonly atUs: number;
    readonly fair: number;
    readonly weights: Float64Array;
    readonly inputs: FusionInputs;
  },
  using: { readonly sigma: number; readonly horizonS: number },
): void {
  const { atUs, fair, weights, inputs } = seen;
  const others = 1 - (weights[v] ?? 0);
  const sinceUs = atUs - (state.seenAtUs[v] ?? 0);
  if (others < OTHERS_MIN_FRAC || inputs.usable[v] !== 1 || Math.abs(sinceUs) < SPACING_MIN_US) return;
  const own = (inputs.mid[v] ?? 0) - (inputs.basis[v] ?? 0);
  const reference = (fair - (weights[v] ?? 0) * own) / others;
  const distanceBps = ((own - reference) / fair) * 1e4;
  const before = distanceBefore(state, v, atUs);
  remember(state, v, atUs, distanceBps);
  const isFirst = state.seenAtUs[v] === 0;
  state.seenAtUs[v] = atUs;
  if (before === undefined) return;
  const errorBps = (distanceBps - before) * Math.SQRT1_2;
  const movedBps2 = movedS(state.members, v, seen) * ((using.sigma / fair) * 1e4) ** 2;

  const decay = isFirst ? 1 : Math.exp(-Math.max(sinceUs, 0) / MICROS_PER_SECOND / using.horizonS);
  const learn = (sums: Float64Array, at: number, term: number, kept: number): void => {
    sums[at] = (sums[at] ?? 0) * kept + term;
  };
  learn(state.weight, v, 1, decay);
  learn(state.weightSquares, v, 1, decay * decay);
  learn(state.excess, v, errorBps ** 2 - movedBps2, decay);
  learn(state.squares, v, errorBps ** 2, decay);
  learn(state.products, v, errorBps * (state.latestBps[v] ?? 0), decay);
  for (let u = 0; u < state.members; u++)
    learn(state.shareSquares, v * state.members + u, u === v ? 0 : ((weights[u] ?? 0) / others) ** 2, decay);
  state.latestBps[v] = errorBps + 0;
}

/** Solves for all venues together; for the slow loop, once a second or less. */
export function reviseVenueNoise(state: VenueNoise, priorsBps: readonly number[], atUs: number): void {
  const { members, weight, weightSquares, excess, squares, omegaBps } = state;
  const venues = weight.reduce((count, w) => count + (w > 0 ? 1 : 0), 0);
  const solved = solveNoise(state, priorsBps, venues > 2 ? PASSES : 1);
  for (let v = 0; v < members; v++) {
    const gated = omegaBps[v];
    const w = weight[v] ?? 0;
    if (gated === undefined || w === 0 || (state.seenAtUs[v] ?? 0) <= (gated.updatedAtUs ?? 0)) continue;
    const value = Math.sqrt(solved[v] ?? 0);
    // What lasts for several observations was seen fewer times than it was looked at.
    const meanSquare = (squares[v] ?? 0) / w;
    const correlation = Math.min(Math.max((state.products[v] ?? 0) / w / meanSquare, 0), 0.999);
    const independent =
      ((w ** 2 / (weightSquares[v] ?? NaN)) * (1 - correlation ** 2)) / (1 + correlation ** 2) / OVERLAP;
    const moved = meanSquare - (excess[v] ?? 0) / w;
    const varianceError = Math.hypot(meanSquare * Math.sqrt(2 / independent), moved * MOVED_ERROR_FRAC);
    revise(
      gated,
      {
        atUs,
        value,
        stderr: varianceError / (2 * Math.max(value, NOISE_MIN_BPS)),
        // Two venues share one distance: whose noise it is stays the priors' word, and is never trusted.
        nEff: venues > 2 ? w : Math.min(w, GATE.nTrusted - 1),
      },
      { prior: priorsBps[v] ?? value, low: NOISE_MIN_BPS, high: NOISE_MAX_BPS },
      GATE,
    );
  }
}

/** ω in bps. */
export function readVenueNoise(state: VenueNoise, v: number, atUs: number): Estimate | undefined {
  const gated = state.omegaBps[v];
  return gated === undefined ? undefined : readGated(gated, GATE, atUs);
}

/** The latest distance that is h old; undefined where there is none, or none since the clock was set back. */
function distanceBefore(
  { pastBps, pastAtUs, pastCount }: VenueNoise,
  v: number,
  atUs: number,
): number | undefined {
  const count = pastCount[v] ?? 0;
  for (let i = count - 1; i >= Math.max(0, count - KEPT); i--) {
    const at = v * KEPT + (i % KEPT);
    const apartUs = atUs - (pastAtUs[at] ?? 0);
    if (apartUs < 0 || apartUs > APART_MAX_US) return undefined;
    if (apartUs >= APART_MIN_US) return pastBps[at];
  }
  return undefined;
}

function remember(state: VenueNoise, v: number, atUs: number, distanceBps: number): void {
  const count = state.pastCount[v] ?? 0;
  const at = v * KEPT + (count % KEPT);
  state.pastBps[at] = distanceBps + 0;
  state.pastAtUs[at] = atUs;
  state.pastCount[v] = count + 1;
}

/**
 * ω² by multiplicative passes from the priors: never negative, and where the equations leave it open, as with
 * two venues whose distance is one number, the priors say whose noise it is. A venue that was not seen keeps
 * its prior.
 */
function solveNoise(state: VenueNoise, priorsBps: readonly number[], passes: number): Float64Array {
  const { members, weight, excess, shareSquares } = state;
  const noise = Float64Array.from(
    { length: members },
    (_, v) => Math.max(priorsBps[v] ?? 0, NOISE_MIN_BPS) ** 2,
  );
  for (let pass = 0; pass < passes; pass++) {
    const before = noise.slice();
    for (let v = 0; v < members; v++) {
      const w = weight[v] ?? 0;
      if (w === 0) continue;
      let explained = before[v] ?? 0;
      for (let u = 0; u < members; u++)
        explained += ((shareSquares[v * members + u] ?? 0) / w) * (before[u] ?? 0);
      const ratio = Math.max((excess[v] ?? 0) / w, 0) / explained;
      noise[v] = Math.max((before[v] ?? 0) * ratio, NOISE_MIN_BPS ** 2);
    }
  }
  return noise;
}

/**
 * Seconds of fair value's movement between what venue v shows and what the others do: the variance of
 * Σ_a c_a·X(t − τ_a) per σ², c = 1 at v and −s_u elsewhere, which sums to 0.
 */
function movedS(
  members: number,
  v: number,
  { weights, inputs }: { readonly weights: Float64Array; readonly inputs: FusionInputs },
): number {
  const others = 1 - (weights[v] ?? 0);
  let sum = 0;
  for (let a = 0; a < members; a++) {
    const ca = a === v ? 1 : -(weights[a] ?? 0) / others;
    for (let b = 0; b < members; b++) {
      const cb = b === v ? 1 : -(weights[b] ?? 0) / others;
      sum += ca * cb * Math.min(inputs.ageLagS[a] ?? 0, inputs.ageLagS[b] ?? 0);
    }
  }
  return Math.max(sum, 0);
}
