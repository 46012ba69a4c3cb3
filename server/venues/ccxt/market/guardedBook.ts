/**
 * One venue book, rebuilt from its messages and checked after each: on the grid, not crossed, and with the venue's
 * checksum where there is one. ccxt's own book is not used: it keeps floats, checks no checksum and misses snapshots
 * that do not bridge.
 */
import { createBook, isCrossed, priceFromBest, setLevel } from "../../../core/book/book.ts";
import type { Book, BookSide } from "../../../core/book/book.ts";
import type { TextLevel } from "../../../core/book/checksum.ts";
import { BookSync } from "./bookSync.ts";
import type { LevelGrid } from "./levelGrid.ts";
import type { BookMessage } from "./messages.ts";

/** Why a book is not to be trusted any more. */
export type BookTrouble = "SEQUENCE_GAP" | "OFF_GRID" | "CROSSED" | "BAD_CHECKSUM";

export type Applied = "applied" | "old" | BookTrouble;

/**
 * While one message is applied there may be more levels than are kept: a removal can come behind what it makes room
 * for.
 */
const ROOM_FRAC = 2;

/** Over the texts of the best levels of both sides. */
export interface BookChecksum {
  readonly levels: number;
  of(bids: readonly TextLevel[], asks: readonly TextLevel[]): number;
}

export interface GuardedBookOptions {
  /** As subscribed: a venue that shows so many levels does not say which of them fall out of sight. */
  readonly levelsMax: number;
  readonly grid: LevelGrid;
  /** Absent where the venue has none. */
  readonly checksum?: BookChecksum | undefined;
}

export class GuardedBook {
  readonly book: Book;
  readonly #levelsMax: number;
  readonly #grid: LevelGrid;
  readonly #checksum: BookChecksum | undefined;
  readonly #sync = new BookSync();
  /** By price in ticks: a checksum is over the venue's texts. Empty where there is none. */
  readonly #bidTexts = new Map<number, TextLevel>();
  readonly #askTexts = new Map<number, TextLevel>();

  constructor({ levelsMax, grid, checksum }: GuardedBookOptions) {
    this.book = createBook(levelsMax * ROOM_FRAC);
    this.#levelsMax = levelsMax;
    this.#grid = grid;
    this.#checksum = checksum;
  }

  /** Of the last change; undefined where the venue counts none. */
  get updateId(): number | undefined {
    return this.#sync.last;
  }

  /** After a trouble the book is void, and only a snapshot into a new one helps. */
  apply(message: BookMessage): Applied {
    const { kind, link, bids, asks, crc } = message;
    if (kind === "snapshot") this.#sync.restart(link);
    else {
      const fit = this.#sync.follow(link);
      if (fit === "hole") return "SEQUENCE_GAP";
      if (fit === "old") return "old";
    }
    const keepsText = this.#checksum !== undefined;
    const isOnGrid =
      this.#change(this.book.bids, bids, keepsText ? this.#bidTexts : undefined) &&
      this.#change(this.book.asks, asks, keepsText ? this.#askTexts : undefined);
    if (!isOnGrid) return "OFF_GRID";
    if (crc !== undefined && !this.#isRight(crc)) return "BAD_CHECKSUM";
    return isCrossed(this.book) ? "CROSSED" : "applied";
  }

  #change(side: BookSide, levels: readonly string[], texts: Map<number, TextLevel> | undefined): boolean {
    for (let at = 0; at < levels.length; at += 2) {
      const price = levels[at] as string;
      const qty = levels[at + 1] as string;
      const priceTicks = this.#grid.ticks(price);
      const sizeLots = this.#grid.lots(qty);
      if (priceTicks === undefined || priceTicks === 0 || sizeLots === undefined) return false;
      setLevel(side, priceTicks, sizeLots);
      if (sizeLots > 0) texts?.set(priceTicks, { price, qty });
      else texts?.delete(priceTicks);
    }
    while (side.depth > this.#levelsMax) {
      const worstTicks = side.priceTicks[0] as number;
      setLevel(side, worstTicks, 0);
      texts?.delete(worstTicks);
    }
    return true;
  }

  #isRight(crc: number): boolean {
    if (this.#checksum === undefined) return true;
    const { levels, of } = this.#checksum;
    const { bids, asks } = this.book;
    return of(bestTexts(bids, this.#bidTexts, levels), bestTexts(asks, this.#askTexts, levels)) === crc;
  }
}

function bestTexts(side: BookSide, texts: ReadonlyMap<number, TextLevel>, levels: number): TextLevel[] {
  const best: TextLevel[] = [];
  for (let rank = 0; rank < Math.min(levels, side.depth); rank++) {
    const text = texts.get(priceFromBest(side, rank) as number);
    if (text !== undefined) best.push(text);
  }
  return best;
}
