/**
 * How much more the number of sweeps varies than if each came by itself: takers come in bursts, so a rate is known
 * less well than its count says. The Fano factor of windows long against a burst.
 */

const WINDOW_S = 60;
/** With fewer windows nothing is said: each sweep counts as if it came by itself. */
const WINDOWS_MIN = 5;

export interface Clustering {
  /** Of the window under way. */
  count: number;
  seconds: number;
  /** Weighted sums over whole windows: of 1, of their rate per window and of its square. */
  windows: number;
  counts: number;
  squares: number;
}

export function createClustering(): Clustering {
  return { count: 0, seconds: 0, windows: 0, counts: 0, squares: 0 };
}

export function countSweep(state: Clustering): void {
  state.count += 1;
}

/** Time that was watched; `kept`: the factor on every weight of the past. */
export function passClustering(state: Clustering, seconds: number, kept: number): void {
  state.seconds += seconds;
  state.windows *= kept;
  state.counts *= kept;
  state.squares *= kept;
  if (state.seconds < WINDOW_S) return;
  const count = (state.count * WINDOW_S) / state.seconds;
  state.windows += 1;
  state.counts += count;
  state.squares += count * count;
  state.count = 0;
  state.seconds = 0;
}

/** Variance over mean of the windows, at least 1. */
export function fanoFactor({ windows, counts, squares }: Clustering): number {
  if (windows < WINDOWS_MIN || counts === 0) return 1;
  const mean = counts / windows;
  return Math.max(1, ((squares / windows - mean * mean) * windows) / (windows - 1) / mean);
}
