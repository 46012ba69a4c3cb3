/**
 * Covariance of the returns of several markets' fair values, per step of a common grid of 1 to 5 s: on a
 * shorter one they seem less related than they are (Epps 1979). Returns are relative, so that markets of any
 * price can be weighed beside each other. A market that has no fair value at an instant is left out of that
 * instant's pairs alone.
 */
export interface EwCovariance {
  readonly size: number;
  readonly prices: Float64Array;
  /** 1 where `prices` is the fair value of the instant before. */
  readonly known: Uint8Array;
  readonly returns: Float64Array;
  readonly returned: Uint8Array;
  /** For each pair, row by row: Σ w·xy, Σ w·(xy)², Σ w and Σ w². */
  readonly products: Float64Array;
  readonly productSquares: Float64Array;
  readonly weights: Float64Array;
  readonly weightSquares: Float64Array;
}

export function createEwCovariance(size: number): EwCovariance {
  return {
    size,
    prices: new Float64Array(size),
    known: new Uint8Array(size),
    returns: new Float64Array(size),
    returned: new Uint8Array(size),
    products: new Float64Array(size * size),
    productSquares: new Float64Array(size * size),
    weights: new Float64Array(size * size),
    weightSquares: new Float64Array(size * size),
  };
}

/**
 * Fair values at an instant of the grid, 1 in `usable` where there is one. `decay` = e^(−step/horizon) of one
 * step. A step that was missed is passed as one at which nothing is usable.
 */
export function sampleCovariance(
  state: EwCovariance,
  prices: Float64Array,
  usable: Uint8Array,
  decay: number,
): void {
  const { size, known, returns, returned } = state;
  for (let i = 0; i < size; i++) {
    const there = usable[i] === 1;
    const both = there && known[i] === 1;
    returned[i] = both ? 1 : 0;
    returns[i] = both ? Math.log((prices[i] ?? NaN) / (state.prices[i] ?? NaN)) : 0;
    known[i] = there ? 1 : 0;
    state.prices[i] = there ? (prices[i] ?? 0) : 0;
  }
  addReturns(state, returns, returned, decay);
}

/** One vector of returns, of mean 0; 1 in `present` where there is one. */
export function addReturns(
  state: EwCovariance,
  returns: Float64Array,
  present: Uint8Array,
  decay: number,
): void {
  const { size, products, productSquares, weights, weightSquares } = state;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      const both = present[i] === 1 && present[j] === 1 ? 1 : 0;
      const xy = both * (returns[i] ?? 0) * (returns[j] ?? 0);
      products[at] = (products[at] ?? 0) * decay + xy;
      productSquares[at] = (productSquares[at] ?? 0) * decay + xy * xy;
      weights[at] = (weights[at] ?? 0) * decay + both;
      weightSquares[at] = (weightSquares[at] ?? 0) * decay * decay + both;
    }
  }
}

export interface ShrunkCovariance {
  /** Per step of the grid, row by row. */
  readonly covariance: Float64Array;
  /** 0 … 1: the part that the target has. */
  readonly shrinkage: number;
  /** Effective number of returns of the pair that has fewest. */
  readonly nEff: number;
}

/**
 * Ledoit and Wolf (2004): towards m·I, m the mean variance, by b²/d² with d² the distance of the sample
 * covariance from the target and b² what chance alone makes of it, Σ_ij Var(s_ij)/p. Undefined before every
 * pair has been seen.
 */
export function shrunkCovariance(state: EwCovariance): ShrunkCovariance | undefined {
  const { size, products, productSquares, weights, weightSquares } = state;
  const covariance = new Float64Array(size * size);
  let nEff = Infinity;
  let trace = 0;
  for (let at = 0; at < size * size; at++) {
    const weight = weights[at] ?? 0;
    const squares = weightSquares[at] ?? 0;
    if (!(weight > 0 && squares > 0)) return undefined;
    covariance[at] = (products[at] ?? 0) / weight + 0;
    nEff = Math.min(nEff, weight ** 2 / squares);
    if (at % (size + 1) === 0) trace += covariance[at] ?? 0;
  }
  const mean = trace / size;
  let distance = 0;
  let chance = 0;
  for (let at = 0; at < size * size; at++) {
    const s = covariance[at] ?? 0;
    const weight = weights[at] ?? 0;
    distance += (s - (at % (size + 1) === 0 ? mean : 0)) ** 2 / size;
    const fourth = (productSquares[at] ?? 0) / weight;
    chance += ((Math.max(0, fourth - s * s) / size) * (weightSquares[at] ?? 0)) / weight ** 2;
  }
  const shrinkage = distance > 0 ? Math.min(chance, distance) / distance : 0;
  for (let at = 0; at < size * size; at++) {
    const target = at % (size + 1) === 0 ? mean : 0;
    covariance[at] = (1 - shrinkage) * (covariance[at] ?? 0) + shrinkage * target + 0;
  }
  return { covariance, shrinkage, nEff };
}
