/** Venues to take from, written as flat levels in ticks and lots, best first. */
import { applySnapshot, createBook } from "../../../../server/core/book/book.ts";
import type { TakerVenue } from "../../../../server/core/hedge/takerVenue.ts";

export const NONE_OF_OURS = { priceTicks: [], remainingLots: [] };

/** A tick of 0.01 and a lot of 0.1 without fees, unless said otherwise. */
export function takerVenue(
  bids: readonly number[],
  asks: readonly number[],
  others: Partial<TakerVenue> = {},
): TakerVenue {
  const book = createBook();
  const refusal = applySnapshot(book, bids, asks);
  if (refusal !== undefined) throw new Error(`the test's book is ${refusal}`);
  return {
    book,
    ownBids: NONE_OF_OURS,
    ownAsks: NONE_OF_OURS,
    tickReporting: 0.01,
    lotBase: 0.1,
    takerFrac: 0,
    ...others,
  };
}
