/**
 * A and k from the lives of quotes: a quote that is cancelled unfilled is not a quote that would not have filled, it
 * was watched only so long. Leaving that out gives A = 0.49 for 0.9 and k = 0.226 for 0.3.
 */

/** Seconds that orders stood at each distance; both arrays have one place per quote, or per bin of distances. */
export interface Exposures {
  readonly distance: ArrayLike<number>;
  readonly seconds: ArrayLike<number>;
}

export interface Fills {
  /** Number of fills; of weighted ones, the sum of their weights. */
  readonly count: number;
  readonly meanDistance: number;
  /** How many equal fills they are worth, for the standard errors. */
  readonly nEff: number;
}

export interface CensoredFit {
  /** 1/s. */
  readonly A: number;
  /** 1/unit of distance. */
  readonly k: number;
  readonly seLnA: number;
  readonly seK: number;
  readonly logLik: number;
}

/** A step further than this factor is taken in parts: far from the optimum the curvature says little. */
const STEP_FACTOR = 3;

/**
 * Maximum of Σ d_i·(ln A − kδ_i) − A·Σ τ_i·e^(−kδ_i), a Poisson regression with offset, concave: Newton on the mean
 * distance of fills = Σδτe^(−kδ)/Στe^(−kδ), which is monotone in k. `start.k` is held within [low, high], k̂ too.
 * Standard errors from the information [[Σm, −Σmδ], [−Σmδ, Σmδ²]] of (ln A, k), m = Aτe^(−kδ). Undefined without
 * fills or exposure, or when everything stood at one distance.
 */
export function fitCensored(
  exposures: Exposures,
  fills: Fills,
  start: { readonly k: number; readonly low: number; readonly high: number; readonly steps: number },
): CensoredFit | undefined {
  if (!(fills.count > 0)) return undefined;
  let k = Math.min(Math.max(start.k, start.low), start.high);
  for (let i = 0; i < start.steps; i++) {
    const moments = momentsAt(exposures, k);
    if (moments === undefined || !(moments.variance > 0)) return undefined;
    const wanted = k + (moments.mean - fills.meanDistance) / moments.variance;
    const near = Math.min(Math.max(wanted, k / STEP_FACTOR), k * STEP_FACTOR);
    const next = Math.min(Math.max(near, start.low), start.high);
    if (next === k) break;
    k = next;
  }
  const moments = momentsAt(exposures, k);
  if (moments === undefined || !(moments.variance > 0)) return undefined;
  const { sum, mean, variance } = moments;
  const A = fills.count / sum;
  return {
    A,
    k,
    // The inverse of the information, in the mean and variance of δ under m.
    seLnA: Math.sqrt((variance + mean * mean) / (variance * fills.nEff)),
    seK: 1 / Math.sqrt(variance * fills.nEff),
    logLik: fills.count * (Math.log(A) - k * fills.meanDistance) - A * sum,
  };
}

/** Â = n/Στe^(−kδ), in 1/s, where k is known from elsewhere; undefined without exposure. */
export function rateGivenDecay(exposures: Exposures, count: number, k: number): number | undefined {
  const moments = momentsAt(exposures, k);
  return moments === undefined ? undefined : count / moments.sum;
}

/** Στe^(−kδ), and mean and variance of δ under the weights τe^(−kδ). */
function momentsAt(
  { distance, seconds }: Exposures,
  k: number,
): { sum: number; mean: number; variance: number } | undefined {
  let sum = 0;
  let first = 0;
  for (let i = 0; i < seconds.length; i++) {
    const weight = (seconds[i] ?? 0) * Math.exp(-k * (distance[i] ?? 0));
    sum += weight;
    first += weight * (distance[i] ?? 0);
  }
  if (!(sum > 0) || sum === Infinity) return undefined;
  const mean = first / sum;
  let second = 0;
  // Around the mean: the variance of distances that hardly differ is not left to cancellation.
  for (let i = 0; i < seconds.length; i++) {
    const apart = (distance[i] ?? 0) - mean;
    second += (seconds[i] ?? 0) * Math.exp(-k * (distance[i] ?? 0)) * apart * apart;
  }
  return { sum, mean, variance: second / sum };
}
