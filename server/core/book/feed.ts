/** Public market data into an instrument: the book, and the two ages of its feed. */
import type { BookEvent, FeedEvent } from "../../contract/events.ts";
import type { InstrumentState } from "../state.ts";
import { applyDelta, applySnapshot, applyTop, clearBook, type BookRefusal } from "./book.ts";

/** Applies a book event. A refused one voids the book: what is half understood is not known. */
export function applyBook(inst: InstrumentState, event: BookEvent): BookRefusal | undefined {
  const { feed, book } = inst;
  const isEcho = event.kind === "delta" && isOwnEcho(inst, event);
  if (!isEcho) feed.channelAtUs = event.atUs;
  // A delta without the snapshot before it says nothing.
  if (feed.void && event.kind === "delta") return undefined;
  const refusal =
    event.kind === "delta"
      ? applyDelta(book, event.bids, event.asks)
      : event.kind === "snapshot"
        ? applySnapshot(book, event.bids, event.asks)
        : applyTop(book, event.bids, event.asks);
  if (refusal !== undefined) {
    voidBook(inst);
    return refusal;
  }
  feed.void = false;
  if (isEcho) return undefined;
  feed.changedAtUs = event.atUs;
  // Fair value after this change is what a quiet book is compared with later.
  feed.fairAtChange = undefined;
  return undefined;
}

/**
 * A delta at prices where only we are known to stand: our own requests coming back. It says nothing of others, and
 * must not keep a feed fresh that has nothing else to tell.
 */
function isOwnEcho({ ownBids, ownAsks }: InstrumentState, { bids, asks }: BookEvent): boolean {
  for (let i = 0; i < bids.length; i += 2) if (!ownBids.priceTicks.includes(bids[i] ?? 0)) return false;
  for (let i = 0; i < asks.length; i += 2) if (!ownAsks.priceTicks.includes(asks[i] ?? 0)) return false;
  return true;
}

export function applyFeed(inst: InstrumentState, event: FeedEvent): void {
  if (event.status === "alive") inst.feed.channelAtUs = event.atUs;
  else voidBook(inst);
}

export function voidBook(inst: InstrumentState): void {
  inst.feed.void = true;
  clearBook(inst.book);
}
