/**
 * The decay of fill intensity from how far sweeps reach on a lattice of ticks: under λ(δ) = A·e^(−kδ) every
 * further tick is reached with the same chance e^(−k·tick), so the number of steps is geometric.
 */
export interface LatticeCounts {
  /** Sweeps that were seen to stop. */
  readonly stops: number;
  /** Steps that sweeps took beyond the price where the count of each began. */
  readonly steps: number;
}

/**
 * k̂ = ln(1 + stops/steps)/tick (maximum likelihood), in 1/unit of `tick`; with every sweep seen to its end that is
 * ln(1 + 1/j̄)/tick. A sweep that was followed only up to some depth adds its steps and no stop. Needs both above 0.
 */
export function latticeDecay({ stops, steps }: LatticeCounts, tick: number): number {
  return Math.log1p(stops / steps) / tick;
}

/** Standard error 1/(tick·√(n·j̄(1 + j̄))) from the observed information, j̄ = steps/stops over n = `nEff` stops. */
export function latticeDecayStderr({ stops, steps }: LatticeCounts, tick: number, nEff: number): number {
  const mean = steps / stops;
  return 1 / (tick * Math.sqrt(nEff * mean * (1 + mean)));
}

/** Â = rate·e^(k·distance), in 1/s: the rate at distance 0 from the rate at which `distance` is reached. */
export function rateAtFair(ratePerS: number, k: number, distance: number): number {
  return ratePerS * Math.exp(k * distance);
}
