/**
 * Holds a book that no checksum guards against a snapshot: a level that went without a word shows nowhere else. The
 * snapshot is brought forward by the deltas since it was asked for, and compared at the update id at which ours stands,
 * as far down as both are known.
 */
import { priceFromBest, sizeFromBest } from "../../../core/book/book.ts";
import type { BookSide } from "../../../core/book/book.ts";
import { buildBook } from "./builtBook.ts";
import type { BookTerms, BuiltBook } from "./builtBook.ts";
import { DeltaBuffer } from "./deltaBuffer.ts";
import { isBehind } from "./horizon.ts";
import type { BookMessage } from "./messages.ts";

/** "unknown": the snapshot does not meet our book, which says nothing about it. */
export type Verdict = "same" | "different" | "unknown";

export class BookAudit {
  readonly #live: BuiltBook;
  readonly #terms: BookTerms;
  readonly #buffer = new DeltaBuffer();
  #snapshot: BookMessage | undefined;

  /** The snapshot is asked for after this. Deltas go on being applied to the live book by its owner. */
  constructor(live: BuiltBook, terms: BookTerms) {
    this.#live = live;
    this.#terms = terms;
    this.#buffer.begin();
  }

  isOf(live: BuiltBook | undefined): boolean {
    return this.#live === live;
  }

  /** A delta that the live book has taken. */
  heard(delta: BookMessage): void {
    this.#buffer.keep(delta);
  }

  answered(snapshot: BookMessage): void {
    this.#snapshot = snapshot;
  }

  /** Once. Undefined as long as there is no snapshot, or the stream is not as far as it is. */
  verdict(): Verdict | undefined {
    const { guarded, horizon } = this.#live;
    const { updateId } = guarded;
    if (this.#snapshot === undefined) return undefined;
    const { link } = this.#snapshot;
    if (link.rule === "checksum" || updateId === undefined) return "unknown";
    if (updateId < link.last) return undefined;
    // One that is wrong in itself, or from before the question, meets no book.
    const fresh = buildBook(this.#snapshot, this.#buffer.end(), this.#terms);
    if (typeof fresh === "string" || fresh.guarded.updateId !== updateId) return "unknown";
    const [theirs, ours] = [fresh.guarded.book, guarded.book];
    const isSame =
      areSame(theirs.bids, ours.bids, [fresh.horizon.bids, horizon.bids]) &&
      areSame(theirs.asks, ours.asks, [fresh.horizon.asks, horizon.asks]);
    return isSame ? "same" : "different";
  }
}

function areSame(a: BookSide, b: BookSide, endsTicks: readonly (number | undefined)[]): boolean {
  for (let rank = 0; ; rank++) {
    const priceTicks = knownPrice(a, rank, endsTicks);
    if (priceTicks !== knownPrice(b, rank, endsTicks)) return false;
    if (priceTicks === undefined) return true;
    if (sizeFromBest(a, rank) !== sizeFromBest(b, rank)) return false;
  }
}

function knownPrice(
  side: BookSide,
  rank: number,
  endsTicks: readonly (number | undefined)[],
): number | undefined {
  const priceTicks = priceFromBest(side, rank);
  if (priceTicks === undefined || endsTicks.some((end) => isBehind(priceTicks, end, side))) return undefined;
  return priceTicks;
}
