/**
 * VPIN (Easley, López de Prado and O'Hara 2012): the mean of |buys − sells| over buckets of equal volume.
 * A feature only: with true aggressor flags it adds nothing beyond volume and volatility (Andersen and
 * Bondarenko 2014), so nothing is priced from it.
 */
import type { Estimate } from "../estimate.ts";
import { readSigned } from "./signedReading.ts";

export interface Vpin {
  readonly bucketSize: number;
  /** Buys in each complete bucket (the rest are sells), a ring; its length is n of the definition. */
  readonly buys: Float64Array;
  /** Complete buckets in the ring, and where the next one goes. */
  complete: number;
  next: number;
  /** The bucket that is being filled. */
  openBuy: number;
  openSell: number;
  completedAtUs: number | undefined;
}

/** The paper's day in 50 buckets. Fewer than all of them is no VPIN. */
export const VPIN_BUCKETS = 50;
const STALE_AFTER_S = 3_600;

export function createVpin(bucketSize: number, buckets: number = VPIN_BUCKETS): Vpin {
  if (!(bucketSize > 0)) throw new RangeError(`a bucket needs a positive volume, not ${bucketSize}`);
  return {
    bucketSize,
    buys: new Float64Array(buckets),
    complete: 0,
    next: 0,
    openBuy: 0,
    openSell: 0,
    completedAtUs: undefined,
  };
}

/**
 * Volume bought and sold by aggressors. What runs over a bucket's end is split there, in the volume's own proportion.
 * At most as many buckets as the ring holds are filled in one call: a block that is larger leaves the same ring.
 */
export function observeVolume(state: Vpin, atUs: number, buy: number, sell: number): void {
  const volume = buy + sell;
  if (!(volume > 0)) return;
  const { bucketSize, buys } = state;
  const buyFrac = buy / volume;
  let left = volume;
  let room = bucketSize - state.openBuy - state.openSell;
  for (let filled = 0; left >= room && filled <= buys.length; filled++) {
    complete(state, atUs, state.openBuy + room * buyFrac);
    left -= room;
    room = bucketSize;
  }
  // Whole buckets that the ring would forget at once.
  if (left >= bucketSize) left %= bucketSize;
  state.openBuy += left * buyFrac;
  state.openSell += left * (1 - buyFrac);
}

/** Σ|V_B − V_S|/(n·V), 0 … 1; COLD until n buckets are complete. */
export function readVpin(state: Vpin, atUs: number): Estimate {
  const { bucketSize, buys } = state;
  const n = buys.length;
  let sum = 0;
  let squares = 0;
  for (const buy of buys) {
    const share = Math.abs(2 * buy - bucketSize) / bucketSize;
    sum += share;
    squares += share * share;
  }
  const mean = sum / n;
  return readSigned(
    {
      value: mean,
      stderr: Math.sqrt(Math.max(0, squares / n - mean * mean) / n),
      nEff: state.complete,
      updatedAtUs: state.completedAtUs,
    },
    { nCold: n, nTrusted: n, staleAfterS: STALE_AFTER_S },
    atUs,
  );
}

function complete(state: Vpin, atUs: number, buy: number): void {
  state.buys[state.next] = buy;
  state.next = (state.next + 1) % state.buys.length;
  state.complete = Math.min(state.complete + 1, state.buys.length);
  state.openBuy = 0;
  state.openSell = 0;
  state.completedAtUs = atUs;
}
