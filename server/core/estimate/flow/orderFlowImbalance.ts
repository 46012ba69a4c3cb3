/**
 * Order-flow imbalance on the best quotes (Cont, Kukanov and Stoikov 2014, eq. 4 and 10): what limit
 * orders, cancels and trades together added to demand at the top, in units of the depth there. Mid-price
 * moves are nearly linear in it over short horizons.
 */
import type { Estimate } from "../estimate.ts";
import { keptFrac, readSigned } from "./signedReading.ts";

/** Best price and size of others on both sides, in ticks and lots (or any other two units). */
export interface BestQuotes {
  readonly bid: number;
  readonly bidSize: number;
  readonly ask: number;
  readonly askSize: number;
}

/** The depth that normalises is the mean over about this many quotes: long beside the horizons of seconds. */
const DEPTH_QUOTES = 100;
/** Fewer quotes give no depth to normalise by. */
const N_COLD = 10;
/** A quiet venue sends nothing; without an update for longer than fair value allows it is silent, not balanced. */
const STALE_AFTER_S = 10;

export interface OrderFlow {
  /** The quotes before the next ones; undefined at the start and after a gap. */
  last: { bid: number; bidSize: number; ask: number; askSize: number } | undefined;
  /** Σ w·e and Σ w²·e². */
  flow: number;
  squares: number;
  /** Mean of (bid size + ask size)/2 over the latest `n` quotes. */
  depth: number;
  n: number;
  updatedAtUs: number | undefined;
}

export function createOrderFlow(): OrderFlow {
  return { last: undefined, flow: 0, squares: 0, depth: 0, n: 0, updatedAtUs: undefined };
}

/** e of CKS eq. 4: > 0 when demand grew or supply shrank. A price that moved counts the whole size of both levels. */
export function orderFlowEvent(before: BestQuotes, now: BestQuotes): number {
  let e = 0;
  if (now.bid >= before.bid) e += now.bidSize;
  if (now.bid <= before.bid) e -= before.bidSize;
  if (now.ask <= before.ask) e -= now.askSize;
  if (now.ask >= before.ask) e += before.askSize;
  return e;
}

export function observeQuotes(state: OrderFlow, atUs: number, now: BestQuotes, horizonS: number): void {
  const kept = keptFrac(atUs - (state.updatedAtUs ?? atUs), horizonS);
  const { last } = state;
  const e = last === undefined ? 0 : orderFlowEvent(last, now);
  // The sums start with a zero that is positive, and adding keeps it so: the state knows no −0.
  state.flow = state.flow * kept + e;
  state.squares = state.squares * kept * kept + e * e;
  state.n = Math.min(state.n + 1, DEPTH_QUOTES);
  state.depth += ((now.bidSize + now.askSize) / 2 - state.depth) / state.n;
  state.updatedAtUs = atUs;
  if (last === undefined) {
    state.last = { bid: now.bid, bidSize: now.bidSize, ask: now.ask, askSize: now.askSize };
    return;
  }
  last.bid = now.bid;
  last.bidSize = now.bidSize;
  last.ask = now.ask;
  last.askSize = now.askSize;
}

/** After a gap, a crossed book or a new tick: what comes next is no change of what was seen before. */
export function loseQuotes(state: OrderFlow): void {
  state.last = undefined;
}

/** OFI over the horizon, in units of the mean depth; `stderr` is what flow with independent signs would show. */
export function readOrderFlow(state: OrderFlow, atUs: number, horizonS: number): Estimate {
  const { depth, updatedAtUs } = state;
  const kept = updatedAtUs === undefined ? 1 : keptFrac(atUs - updatedAtUs, horizonS);
  return readSigned(
    {
      value: depth > 0 ? (state.flow * kept) / depth : undefined,
      stderr: depth > 0 ? (Math.sqrt(state.squares) * kept) / depth : undefined,
      nEff: state.n,
      updatedAtUs,
    },
    { nCold: N_COLD, nTrusted: DEPTH_QUOTES, staleAfterS: STALE_AFTER_S },
    atUs,
  );
}
