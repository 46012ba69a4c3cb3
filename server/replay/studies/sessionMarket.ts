/**
 * The market of Avellaneda and Stoikov (Quantitative Finance 8(3), 2008, sec. 3.3) and the two strategies
 * that they compare in it. In every step both quotes stand, each side is filled or not with probability
 * min(1, A·e^(−kδ)·dt), then the price moves by ±σ√dt. One unit per fill, no inventory at the start.
 */
import { halfSpreadCore } from "../../core/quote/glft.ts";
import { sessionHalfSpread, sessionSkewSlope, type Session } from "../../core/quote/avellanedaStoikov.ts";

export const STRATEGIES = ["inventory", "symmetric"] as const;
export type Strategy = (typeof STRATEGIES)[number];

export interface SessionMarket {
  readonly gamma: number;
  /** price/√s */
  readonly sigma: number;
  /** Fill rate at distance 0, 1/s. */
  readonly A: number;
  /** Decay of the fill rate, 1/price. */
  readonly k: number;
  readonly sessionS: number;
  readonly steps: number;
}

/** One step's quotes: distances of both from the price at inventory q are half ± skew·q, bid first. */
export interface StepQuotes {
  readonly half: number;
  readonly skew: number;
}

/** Inventory quotes by eq. 29–30; symmetric keeps the mean spread of those and looks at no inventory. */
export function quotesAt(strategy: Strategy, market: SessionMarket, step: number): StepQuotes {
  const { gamma, sigma, k, sessionS, steps } = market;
  if (strategy === "symmetric")
    return { half: (gamma * sigma * sigma * sessionS) / 4 + halfSpreadCore(gamma, 1, k), skew: 0 };
  const session: Session = { gamma, sigma, secondsLeft: sessionS * (1 - step / steps) };
  return { half: sessionHalfSpread(1, k, session), skew: sessionSkewSlope(session) };
}

export function fillProbability({ A, k, sessionS, steps }: SessionMarket, distance: number): number {
  return Math.min(1, (A * Math.exp(-k * distance) * sessionS) / steps);
}

/** The spread that the table of the paper prints: the mean over the steps. */
export function meanSpread(strategy: Strategy, market: SessionMarket): number {
  let sum = 0;
  for (let step = 0; step < market.steps; step++) sum += 2 * quotesAt(strategy, market, step).half;
  return sum / market.steps;
}
