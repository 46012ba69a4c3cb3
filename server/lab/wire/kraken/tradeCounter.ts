/**
 * The trading engine's limits, per account and pair, whatever the protocol. Of tier Starter (docs.kraken.com, spot
 * trading limits): a counter of at most 60 that goes down by 1 a second, and 60 open orders. What a change or a cancel
 * costs depends on how long the order rested since it was made or last amended.
 *
 * New orders, amendments and edits are refused over the limit. That a cancel never is, is an assumption: the
 * documentation gives it no fixed cost and does not say.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";

export const COUNT_MAX = 60;
const DECAY_PER_SECOND = 1;
export const OPEN_ORDERS_MAX = 60;
/** Cancels and refused requests count on beyond the limit; a flood of them does not lock the pair for hours. */
const COUNT_KEPT_MAX = 2 * COUNT_MAX;

/** Younger than so many seconds, so much more. */
type Penalty = readonly (readonly [belowSeconds: number, cost: number])[];

const AMEND: Penalty = [
  [5, 3],
  [10, 2],
  [15, 1],
];
const EDIT: Penalty = [
  [5, 6],
  [10, 5],
  [15, 4],
  [45, 2],
  [90, 1],
];
const CANCEL: Penalty = [
  [5, 8],
  [10, 6],
  [15, 5],
  [45, 4],
  [90, 2],
  [300, 1],
];

export interface TradeCounter {
  /** False when the counter is used up; what was asked for is then to be refused. The cost counts all the same. */
  add(account: number, instrument: number): boolean;
  /** Half of each member. */
  addBatch(account: number, instrument: number, members: number): boolean;
  amend(account: number, instrument: number, restedUs: number): boolean;
  edit(account: number, instrument: number, restedUs: number): boolean;
  cancel(account: number, instrument: number, restedUs: number): void;
}

export function createTradeCounter(steadyUs: () => number, limits: "entry" | "lifted"): TradeCounter {
  const counters = new Map<string, { count: number; atUs: number }>();

  function charge(account: number, instrument: number, cost: number): boolean {
    if (limits === "lifted") return true;
    const key = `${account} ${instrument}`;
    const atUs = steadyUs();
    const counter = counters.get(key) ?? { count: 0, atUs };
    const gone = ((atUs - counter.atUs) / MICROS_PER_SECOND) * DECAY_PER_SECOND;
    const count = Math.max(0, counter.count - gone) + cost;
    counters.set(key, { count: Math.min(count, COUNT_KEPT_MAX), atUs });
    return count <= COUNT_MAX;
  }

  return {
    add: (account, instrument) => charge(account, instrument, 1),
    addBatch: (account, instrument, members) => charge(account, instrument, members / 2),
    amend: (account, instrument, restedUs) => charge(account, instrument, 1 + penaltyOf(AMEND, restedUs)),
    edit: (account, instrument, restedUs) => charge(account, instrument, 1 + penaltyOf(EDIT, restedUs)),
    cancel(account, instrument, restedUs) {
      charge(account, instrument, penaltyOf(CANCEL, restedUs));
    },
  };
}

function penaltyOf(penalty: Penalty, restedUs: number): number {
  const seconds = restedUs / MICROS_PER_SECOND;
  return penalty.find(([below]) => seconds < below)?.[1] ?? 0;
}
