/**
 * The depth of one instrument as plain data: integer ticks and lots in typed arrays. Each side is
 * kept worst first, best last, so that the usual change, near the best, moves few elements. Slots
 * beyond `depth` are 0: equal books of one capacity are equal data, whatever came before.
 */

/** Deepest book that is kept, 1 MB for both sides; worse levels are far from any price we could make. */
export const BOOK_LEVELS_MAX = 32_768;

const LEVELS_AT_FIRST = 64;

export interface BookSide {
  /** 1: the highest price is best (bids). −1: the lowest is (asks). */
  readonly direction: 1 | -1;
  /** When this many levels are there, a better one pushes the worst out. */
  readonly levelsMax: number;
  depth: number;
  priceTicks: Float64Array;
  sizeLots: Float64Array;
}

export interface Book {
  /** A "top" shows one level a side: what lies behind it is not known. */
  shows: "depth" | "top";
  readonly bids: BookSide;
  readonly asks: BookSide;
}

/** Why levels were not taken over. The book is as it was before. */
export type BookRefusal = "ODD_LENGTH" | "BAD_PRICE" | "BAD_SIZE" | "NOT_BEST_FIRST" | "NOT_A_TOP";

export function createBook(levelsMax: number = BOOK_LEVELS_MAX): Book {
  if (!(levelsMax >= 1 && levelsMax <= BOOK_LEVELS_MAX))
    throw new Error(`invariant: a book keeps 1 to ${BOOK_LEVELS_MAX} levels, not ${levelsMax}`);
  return { shows: "depth", bids: createSide(1, levelsMax), asks: createSide(-1, levelsMax) };
}

/** Replaces both sides. Levels are flat `[priceTicks, sizeLots, …]`, best first; a size of 0 is no level. */
export function applySnapshot(
  book: Book,
  bids: readonly number[],
  asks: readonly number[],
): BookRefusal | undefined {
  const refusal = checkLevels(bids) ?? checkLevels(asks) ?? checkOrder(bids, 1) ?? checkOrder(asks, -1);
  if (refusal !== undefined) return refusal;
  book.shows = "depth";
  fillSide(book.bids, bids);
  fillSide(book.asks, asks);
  return undefined;
}

/**
 * Sets or (size 0) removes levels, in any order, each price once. Removals go first: at the cap no level may
 * be pushed out in favour of one whose place is about to become free.
 */
export function applyDelta(
  book: Book,
  bids: readonly number[],
  asks: readonly number[],
): BookRefusal | undefined {
  const refusal = checkLevels(bids) ?? checkLevels(asks);
  if (refusal !== undefined) return refusal;
  changeSide(book.bids, bids);
  changeSide(book.asks, asks);
  return undefined;
}

/** Replaces both sides by their best level; an empty list is a side without orders. */
export function applyTop(
  book: Book,
  bids: readonly number[],
  asks: readonly number[],
): BookRefusal | undefined {
  if (bids.length > 2 || asks.length > 2) return "NOT_A_TOP";
  const refusal = applySnapshot(book, bids, asks);
  if (refusal === undefined) book.shows = "top";
  return refusal;
}

/** One level, for callers that hold checked integers. A size of 0 removes it. */
export function setLevel(side: BookSide, priceTicks: number, sizeLots: number): void {
  const at = findLevel(side, priceTicks);
  if (at < side.depth && side.priceTicks[at] === priceTicks) {
    if (sizeLots > 0) side.sizeLots[at] = sizeLots;
    else removeAt(side, at);
  } else if (sizeLots > 0) insertAt(side, at, priceTicks, sizeLots);
}

export function clearBook(book: Book): void {
  book.shows = "depth";
  clearSide(book.bids);
  clearSide(book.asks);
}

export function bestBidTicks(book: Book): number | undefined {
  return priceFromBest(book.bids, 0);
}

export function bestAskTicks(book: Book): number | undefined {
  return priceFromBest(book.asks, 0);
}

/** Price of the level at a rank, 0 being the best. Two plain reads instead of one object: the hot path makes none. */
export function priceFromBest(side: BookSide, rank: number): number | undefined {
  return rank < side.depth ? side.priceTicks[side.depth - 1 - rank] : undefined;
}

export function sizeFromBest(side: BookSide, rank: number): number | undefined {
  return rank < side.depth ? side.sizeLots[side.depth - 1 - rank] : undefined;
}

/** Undefined when there is no level at the price. */
export function sizeAt(side: BookSide, priceTicks: number): number | undefined {
  const at = findLevel(side, priceTicks);
  return at < side.depth && side.priceTicks[at] === priceTicks ? side.sizeLots[at] : undefined;
}

/** The nearest level at this price or a worse one; undefined where the side ends before it. */
export function levelFrom(side: BookSide, priceTicks: number): number | undefined {
  const at = findLevel(side, priceTicks);
  return at < side.depth && side.priceTicks[at] === priceTicks ? priceTicks : side.priceTicks[at - 1];
}

/** Crossed or locked; a side without levels crosses nothing. */
export function isCrossed(book: Book): boolean {
  const bid = bestBidTicks(book);
  const ask = bestAskTicks(book);
  return bid !== undefined && ask !== undefined && bid >= ask;
}

/** The best levels, flat and best first, as an event carries them. */
export function flatLevels(side: BookSide, levelsMax: number = side.depth): number[] {
  const levels: number[] = [];
  const count = Math.min(levelsMax, side.depth);
  for (let rank = 0; rank < count; rank++)
    levels.push(priceFromBest(side, rank) as number, sizeFromBest(side, rank) as number);
  return levels;
}

function createSide(direction: 1 | -1, levelsMax: number): BookSide {
  const capacity = Math.min(levelsMax, LEVELS_AT_FIRST);
  return {
    direction,
    levelsMax,
    depth: 0,
    priceTicks: new Float64Array(capacity),
    sizeLots: new Float64Array(capacity),
  };
}

function clearSide(side: BookSide): void {
  side.priceTicks.fill(0, 0, side.depth);
  side.sizeLots.fill(0, 0, side.depth);
  side.depth = 0;
}

/** Everything is checked before anything is applied: a half-applied message would be a wrong book. */
function checkLevels(levels: readonly number[]): BookRefusal | undefined {
  if (levels.length % 2 !== 0) return "ODD_LENGTH";
  for (let i = 0; i < levels.length; i += 2) {
    const priceTicks = levels[i] as number;
    const sizeLots = levels[i + 1] as number;
    if (!(Number.isSafeInteger(priceTicks) && priceTicks > 0)) return "BAD_PRICE";
    if (!(Number.isSafeInteger(sizeLots) && sizeLots >= 0)) return "BAD_SIZE";
  }
  return undefined;
}

function checkOrder(levels: readonly number[], direction: 1 | -1): BookRefusal | undefined {
  for (let i = 2; i < levels.length; i += 2)
    if (((levels[i - 2] as number) - (levels[i] as number)) * direction <= 0) return "NOT_BEST_FIRST";
  return undefined;
}

function fillSide(side: BookSide, levels: readonly number[]): void {
  clearSide(side);
  let count = 0;
  for (let i = 1; i < levels.length; i += 2) if ((levels[i] as number) > 0) count++;
  const depth = Math.min(count, side.levelsMax);
  while (side.priceTicks.length < depth) grow(side);
  side.depth = depth;
  for (let i = 0, at = depth - 1; at >= 0; i += 2) {
    const sizeLots = levels[i + 1] as number;
    if (sizeLots === 0) continue;
    side.priceTicks[at] = levels[i] as number;
    side.sizeLots[at] = sizeLots;
    at--;
  }
}

function changeSide(side: BookSide, levels: readonly number[]): void {
  for (let i = 0; i < levels.length; i += 2) if (levels[i + 1] === 0) setLevel(side, levels[i] as number, 0);
  for (let i = 0; i < levels.length; i += 2)
    if (levels[i + 1] !== 0) setLevel(side, levels[i] as number, levels[i + 1] as number);
}

/** Index of the first level that is not worse than the price; `depth` when it would be the new best. */
function findLevel(side: BookSide, priceTicks: number): number {
  const { direction, priceTicks: prices } = side;
  const wanted = priceTicks * direction;
  let low = 0;
  let high = side.depth;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((prices[middle] as number) * direction < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertAt(side: BookSide, at: number, priceTicks: number, sizeLots: number): void {
  if (side.depth === side.levelsMax) {
    if (at === 0) return;
    move(side, 1, at, 0);
    at--;
  } else {
    if (side.depth === side.priceTicks.length) grow(side);
    move(side, at, side.depth, at + 1);
    side.depth++;
  }
  side.priceTicks[at] = priceTicks;
  side.sizeLots[at] = sizeLots;
}

function removeAt(side: BookSide, at: number): void {
  move(side, at + 1, side.depth, at);
  side.depth--;
  side.priceTicks[side.depth] = 0;
  side.sizeLots[side.depth] = 0;
}

function grow(side: BookSide): void {
  const capacity = Math.min(side.priceTicks.length * 2, side.levelsMax);
  const priceTicks = new Float64Array(capacity);
  const sizeLots = new Float64Array(capacity);
  priceTicks.set(side.priceTicks);
  sizeLots.set(side.sizeLots);
  side.priceTicks = priceTicks;
  side.sizeLots = sizeLots;
}

/** Up to here a loop is quicker than the call of `copyWithin`: near the best, few levels move. */
const LOOP_LEVELS_MAX = 16;

/** Moves the levels from `start` up to `end` by one place, to begin at `target`. */
function move(side: BookSide, start: number, end: number, target: number): void {
  const { priceTicks, sizeLots } = side;
  if (end - start > LOOP_LEVELS_MAX) {
    priceTicks.copyWithin(target, start, end);
    sizeLots.copyWithin(target, start, end);
  } else if (target < start)
    for (let at = start; at < end; at++) {
      priceTicks[at - 1] = priceTicks[at] as number;
      sizeLots[at - 1] = sizeLots[at] as number;
    }
  else
    for (let at = end; at > start; at--) {
      priceTicks[at] = priceTicks[at - 1] as number;
      sizeLots[at] = sizeLots[at - 1] as number;
    }
}
