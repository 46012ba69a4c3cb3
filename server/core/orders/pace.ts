/**
 * Requests against a venue's order budget. What is left over is for hedges and surprises: when quoting would use
 * more than its share, quotes are moved for larger reasons and less often, until it does not.
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { AccountState, Engine } from "../state.ts";

/** Share of the venue's budget that quotes may be expected to use. */
const BUDGET_SHARE = 0.7;
/** Over which requests are averaged, as venues count them over 2 to 60 s. */
const HORIZON_S = 10;
/** Tolerance and life of a quote are stretched by this at most: beyond it the desk is on the wrong tier. */
const STRETCH_MAX = 20;

export interface Pace {
  /** Requests, each weighed by e^(−age/horizon). */
  requests: number;
  countedAtUs: number;
  /** 1 while the budget is kept: factor on the requote tolerance and on the least life of a quote. */
  stretch: number;
}

export function createPace(): Pace {
  return { requests: 0, countedAtUs: 0, stretch: 1 };
}

/** A new order or an amendment left. Cancels are not counted: nothing may hold them back. */
export function countRequest({ pace }: AccountState, nowUs: number): void {
  fade(pace, nowUs);
  pace.requests += 1;
}

/** Once a second: what is used, and how far quotes must hold back. */
export function revisePace({ config }: Engine, account: AccountState, nowUs: number): void {
  const { pace } = account;
  fade(pace, nowUs);
  const budgetPerS = config.accounts[account.index]?.orderRequestsPerSecondMax;
  if (budgetPerS === undefined) return;
  const usedShare = requestsPerSecond(pace) / (BUDGET_SHARE * budgetPerS);
  // The square root, because the answer comes a horizon late: the full ratio would swing.
  pace.stretch = Math.min(Math.max(pace.stretch * Math.sqrt(usedShare), 1), STRETCH_MAX);
}

export function requestsPerSecond(pace: Pace): number {
  return pace.requests / HORIZON_S;
}

function fade(pace: Pace, nowUs: number): void {
  const elapsedS = Math.max(0, nowUs - pace.countedAtUs) / MICROS_PER_SECOND;
  pace.requests *= Math.exp(-elapsedS / HORIZON_S);
  // Below this the count means nothing, and a state that is hashed keeps clear of underflow.
  if (pace.requests < 1e-12) pace.requests = 0;
  pace.countedAtUs = nowUs;
}
