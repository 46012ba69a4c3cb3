/**
 * Where an own order stands in the queue of its level. A venue publishes only sizes, so what left a level
 * may have stood before us or behind us: the probability follows from how much stands on either side.
 */

export interface QueueChange {
  /** Size of others at the level before and after the record. */
  readonly prevLots: number;
  readonly newLots: number;
  /** Of the change, what prints had already taken from the front. */
  readonly tradedLots: number;
  /** n: the larger, the more cancels are taken to come from the longer part of the queue. */
  readonly exponent: number;
}

/**
 * Lots of others ahead after the size of others at the level changed. hftbacktest's ProbQueueModel, power
 * form (hftbacktest/src/backtest/models/queue.rs): p = back^n / (back^n + front^n) is the chance that a
 * cancelled lot stood behind us. More than the level shows means a front that was not known (`Infinity`
 * for an order at a level out of sight): all that appears there is then taken to stand ahead.
 */
export function frontAfterDepth(frontLots: number, change: QueueChange): number {
  const { prevLots, newLots, tradedLots, exponent } = change;
  const canceledLots = prevLots - newLots - tradedLots;
  if (canceledLots <= 0 || frontLots > prevLots) return Math.min(frontLots, newLots);
  const backLots = prevLots - frontLots;
  const p = chanceBehind(frontLots, backLots, exponent);
  const front = frontLots - (1 - p) * canceledLots + Math.min(backLots - p * canceledLots, 0);
  return Math.max(0, Math.min(front, newLots));
}

/** p: the chance that a lot which was cancelled stood behind us. */
export function chanceBehind(frontLots: number, backLots: number, exponent: number): number {
  const behind = backLots ** exponent;
  return behind / (behind + frontLots ** exponent);
}

/** Above the noise of the division in the queue model, far below any lot. */
const LOT_NOISE = 1e-9;

/** A fraction of a lot ahead of us is a lot that trades before us. */
export function wholeLotsAhead(frontLots: number): number {
  return Math.max(0, Math.ceil(frontLots - LOT_NOISE));
}
