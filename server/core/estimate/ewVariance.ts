/**
 * Variance per second as a ratio of exponentially weighted sums, num/den with num ← num·e^(−Δt/τ) + r²
 * and den ← den·e^(−Δt/τ) + Δt: unbiased for irregular times and from the first return on. The horizon τ
 * (seconds) is passed in, so that the state is what changes and nothing else.
 */
export interface EwVariance {
  /** Σ w·r², price². */
  squares: number;
  /** Σ w·Δt, seconds. */
  seconds: number;
  /** Σ w: the effective number of returns, at most 1/(1 − e^(−Δt/τ)). */
  nEff: number;
}

export function createEwVariance(): EwVariance {
  return { squares: 0, seconds: 0, nEff: 0 };
}

/** Learns one return r (price) over `dtS` > 0 seconds. */
export function addReturn(state: EwVariance, horizonS: number, r: number, dtS: number): void {
  forget(state, horizonS, dtS);
  state.squares += r * r;
  state.seconds += dtS;
  state.nEff += 1;
}

/** Lets time pass without a return: what is known keeps its value and counts for less. */
export function forget(state: EwVariance, horizonS: number, dtS: number): void {
  const decay = Math.exp(-dtS / horizonS);
  state.squares *= decay;
  state.seconds *= decay;
  state.nEff *= decay;
}

/** price²/s; undefined before the first return, and once a long silence has forgotten all of them. */
export function variancePerSecond(state: EwVariance): number | undefined {
  return state.seconds > 0 ? state.squares / state.seconds : undefined;
}
