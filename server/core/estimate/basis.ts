/**
 * The lasting difference of one venue's mid from fair value, in price: an exponentially weighted average
 * over time, so that a burst of updates counts no more than the time it took.
 */
import { MICROS_PER_SECOND, bpsOf } from "../../contract/units.ts";

/** A larger difference is another currency, a depeg or a broken feed: quoting may not learn it away. */
export const BASIS_CAP_BPS = 20;

/** An observation vouches for no more time than this: longer without a fresh one, the feed was silent. */
const HELD_MAX_S = 10;

export interface BasisState {
  /** What fair value subtracts: the average, held within the cap. 0 until something is known. */
  valuePrice: number;
  capped: boolean;
  /** The average itself. Uncapped, because clipping inside a recursion biases it. */
  meanPrice: number;
  /** Weight of the past in `meanPrice`, from 0 towards 1: it starts unbiased, not pulled towards zero. */
  weight: number;
  /** The latest observation, which speaks for the time until the next one. */
  heldPrice: number;
  heldAtUs: number | undefined;
}

export function createBasis(): BasisState {
  return { valuePrice: 0, capped: false, meanPrice: 0, weight: 0, heldPrice: 0, heldAtUs: undefined };
}

/**
 * Learns mid − fair, both in price, as seen at `atUs`. To be called while the venue is usable, when its
 * book changes: fair value's own moves against a mid that has not moved yet are lag, not basis.
 */
export function updateBasis(
  state: BasisState,
  seen: { readonly atUs: number; readonly mid: number; readonly fair: number },
  halfLifeS: number,
): void {
  const difference = seen.mid - seen.fair;
  if (state.heldAtUs === undefined) state.meanPrice = difference;
  else holdUntil(state, (seen.atUs - state.heldAtUs) / MICROS_PER_SECOND, halfLifeS);
  state.heldPrice = difference;
  state.heldAtUs = seen.atUs;

  const cap = bpsOf(seen.fair, BASIS_CAP_BPS);
  state.capped = Math.abs(state.meanPrice) > cap;
  state.valuePrice = Math.min(Math.max(state.meanPrice, -cap), cap);
}

function holdUntil(state: BasisState, elapsedS: number, halfLifeS: number): void {
  // A clock that was set back is no time that passed.
  if (elapsedS <= 0) return;
  const perSecond = Math.LN2 / halfLifeS;
  const gained = -Math.expm1(-Math.min(elapsedS, HELD_MAX_S) * perSecond);
  const kept = elapsedS <= HELD_MAX_S ? 1 - gained : Math.exp(-elapsedS * perSecond);
  state.weight = state.weight * kept + gained;
  state.meanPrice += (state.heldPrice - state.meanPrice) * (gained / state.weight);
}
