/**
 * The power law (1 + x/d0)^−α of Lomax where sweeps can stop only at levels: one that took j steps reached j ticks
 * beyond the touch and not the next level, g further. With fine gaps that is the likelihood of the continuous law;
 * with coarse ones ties do not count as a heavy tail. Lengths in ticks.
 */

export interface Depths {
  readonly steps: Int32Array;
  /** At least 1. */
  readonly gaps: Int32Array;
  /** How many places of the arrays are filled. */
  readonly n: number;
}

/** At a given d0, the α of greatest likelihood. */
export interface LomaxProfile {
  readonly alpha: number;
  readonly logLik: number;
}

/** Newton on a function like 1/α gains digits fast; the likelihood forgives the rest. */
const STEPS_MAX = 12;
const ALPHA_PRECISION = 1e-7;

/** Σ ln(S(j) − S(j + g)) with S(j) = (1 + j/d0)^−α, at its maximum in α. */
export function profileLomax({ steps, gaps, n }: Depths, d0: number): LomaxProfile {
  // ln P = −α·ln(1 + j/d0) + ln(1 − e^(−α·D)), D = ln(1 + g/(d0 + j)), concave in α.
  const widths = new Float64Array(n);
  let sumL = 0;
  let sumMiddle = 0;
  for (let i = 0; i < n; i++) {
    const j = steps[i] ?? 0;
    const gap = gaps[i] ?? 1;
    sumL += Math.log1p(j / d0);
    sumMiddle += Math.log1p((j + gap / 2) / d0);
    widths[i] = Math.log1p(gap / (d0 + j));
  }
  return maximise(widths, sumL, n / sumMiddle);
}

/** The exponential at its maximum: Σ ln(e^(−kj) − e^(−k(j + g))). Needs one step at least. */
export function exponentialLogLik({ steps, gaps, n }: Depths): number {
  let sumSteps = 0;
  let sumMiddle = 0;
  for (let i = 0; i < n; i++) {
    sumSteps += steps[i] ?? 0;
    sumMiddle += (steps[i] ?? 0) + (gaps[i] ?? 1) / 2;
  }
  return maximise(Float64Array.from(gaps.subarray(0, n)), sumSteps, n / sumMiddle).logLik;
}

/** −a·sum + Σ ln(1 − e^(−a·width)) at its maximum in a, from a start. */
function maximise(widths: Float64Array, sum: number, start: number): LomaxProfile {
  let alpha = start;
  for (let i = 0; i < STEPS_MAX; i++) {
    let slope = -sum;
    let curvature = 0;
    for (const width of widths) {
      const odds = 1 / Math.expm1(alpha * width);
      slope += width * odds;
      curvature += width * width * odds * (1 + odds);
    }
    // Concave, but steep near 0: a step may not leave for the other side of it.
    const next = Math.max(alpha + slope / curvature, alpha / 3);
    const done = Math.abs(next - alpha) <= ALPHA_PRECISION * alpha;
    alpha = next;
    if (done) break;
  }
  let logLik = -alpha * sum;
  for (const width of widths) logLik += Math.log(-Math.expm1(-alpha * width));
  return { alpha, logLik };
}
