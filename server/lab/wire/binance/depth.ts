/**
 * The public books as the venue's depth stream counts them: an update id that rises with every change, and the levels
 * that changed since a batch. Levels in a batch are kept as text: a new tick does not change what was already told.
 */
import { applyDelta, bestAskTicks, bestBidTicks, clearBook, createBook } from "../../../core/book/book.ts";
import { applySnapshot, flatLevels, priceFromBest, sizeAt, sizeFromBest } from "../../../core/book/book.ts";
import type { Book, BookSide } from "../../../core/book/book.ts";
import type { PublicEvent } from "../../ports.ts";
import type { ProtocolFaults } from "../core/protocolFaults.ts";
import type { VenueCore } from "../ports.ts";
import { priceOf, sizeOf, ZERO } from "./symbols.ts";
import type { Market, Symbols } from "./symbols.ts";

export interface Level {
  readonly price: string;
  readonly size: string;
}

export interface Depth {
  readonly instrument: number;
  readonly book: Book;
  /** Of the last change. */
  updateId: number;
  /** Changes since the last batch of each speed. */
  readonly batches: readonly Batch[];
}

export interface Batch {
  readonly everyMs: number;
  /** The last update id that was told. */
  toldId: number;
  readonly bids: Map<string, string>;
  readonly asks: Map<string, string>;
}

/** Speeds of `@depth@100ms` and `@depth`. */
export const DEPTH_SPEEDS_MS = [100, 1_000] as const;

/** As deep as the core tells a book. */
const LEVELS_MAX = 50;

export interface Depths {
  of(instrument: number): Depth | undefined;
  all(): readonly Depth[];
  /** False when nothing changed. */
  apply(event: PublicEvent): boolean;
  /** Sets a level in what the next batches tell, whatever the book says. */
  tell(depth: Depth, side: "bids" | "asks", priceTicks: number, sizeLots: number): void;
}

export function createDepths(
  core: Pick<VenueCore, "book" | "listings" | "nowUs">,
  symbols: Symbols,
  faults: Pick<ProtocolFaults, "take">,
): Depths {
  const depths = new Map<number, Depth>();
  // From the clock, so that ids go on rising over a restart.
  const firstId = Math.floor(core.nowUs() / 100);
  // Delisted ones too: they can be listed again.
  for (const { instrument } of core.listings) {
    if (symbols.of(instrument) === undefined) continue;
    const book = createBook(LEVELS_MAX);
    const { bids, asks } = core.book(instrument);
    applySnapshot(book, bids, asks);
    const batches = DEPTH_SPEEDS_MS.map((everyMs) => ({
      everyMs,
      toldId: firstId,
      bids: new Map<string, string>(),
      asks: new Map<string, string>(),
    }));
    depths.set(instrument, { instrument, book, updateId: firstId, batches });
  }
  const marketOf = (instrument: number): Market => {
    const market = symbols.of(instrument);
    if (market === undefined) throw new Error(`invariant: instrument ${instrument} has no depth here`);
    return market;
  };
  return {
    of: (instrument) => depths.get(instrument),
    all: () => [...depths.values()],
    apply: (event) => {
      const depth = depths.get(event.instrument);
      if (depth === undefined) return false;
      if (event.type === "book") {
        const isGhost = (): boolean => faults.take("ghostLevel", event.instrument);
        return change(depth, marketOf(event.instrument), event, isGhost);
      }
      if (event.type === "feed" && event.status === "gap") return empty(depth, marketOf(event.instrument));
      return false;
    },
    tell: (depth, side, priceTicks, sizeLots) => {
      depth.updateId++;
      note(depth, marketOf(depth.instrument), side, [priceTicks, sizeLots]);
    },
  };
}

/** Best first. */
export function levelsOf(market: Market, side: BookSide, levelsMax: number): Level[] {
  const levels: Level[] = [];
  for (let rank = 0; rank < Math.min(side.depth, levelsMax); rank++)
    levels.push({
      price: priceOf(market, priceFromBest(side, rank) as number),
      size: sizeOf(market, sizeFromBest(side, rank) as number),
    });
  return levels;
}

/** The best of both sides, zeros where there is none. */
export function topOf(market: Market, { bids, asks }: Book): { readonly bid: Level; readonly ask: Level } {
  const [bid, ask] = [bids, asks].map((side) => levelsOf(market, side, 1)[0] ?? NO_LEVEL);
  return { bid: bid ?? NO_LEVEL, ask: ask ?? NO_LEVEL };
}

const NO_LEVEL: Level = { price: ZERO, size: ZERO };

/** Equal as long as the best prices and their sizes are. */
export function topKey(book: Book): string {
  const bidTicks = bestBidTicks(book);
  const askTicks = bestAskTicks(book);
  return `${bidTicks}:${sizeFromBest(book.bids, 0)}:${askTicks}:${sizeFromBest(book.asks, 0)}`;
}

function change(
  depth: Depth,
  market: Market,
  event: Extract<PublicEvent, { type: "book" }>,
  isGhost: () => boolean,
): boolean {
  const { book } = depth;
  const bids = event.kind === "snapshot" ? differences(book.bids, event.bids) : event.bids;
  const asks = event.kind === "snapshot" ? differences(book.asks, event.asks) : event.asks;
  if (bids.length + asks.length === 0) return false;
  const apply = event.kind === "snapshot" ? applySnapshot : applyDelta;
  const refusal = apply(book, event.bids, event.asks);
  if (refusal !== undefined) throw new Error(`invariant: a public book is ${refusal}`);
  depth.updateId++;
  note(depth, market, "bids", bids, isGhost);
  note(depth, market, "asks", asks, isGhost);
  return true;
}

/** The venue lost its own book; what follows is a snapshot. */
function empty(depth: Depth, market: Market): boolean {
  const { bids, asks } = depth.book;
  if (bids.depth + asks.depth === 0) return false;
  depth.updateId++;
  note(depth, market, "bids", differences(bids, []));
  note(depth, market, "asks", differences(asks, []));
  clearBook(depth.book);
  return true;
}

/** Flat levels that turn a side into the given ones. */
function differences(side: BookSide, levels: readonly number[]): number[] {
  const found: number[] = [];
  const kept = new Set<number>();
  for (let i = 0; i < levels.length; i += 2) {
    const [priceTicks, sizeLots] = [levels[i] as number, levels[i + 1] as number];
    kept.add(priceTicks);
    if (sizeAt(side, priceTicks) !== sizeLots) found.push(priceTicks, sizeLots);
  }
  const before = flatLevels(side);
  for (let i = 0; i < before.length; i += 2)
    if (!kept.has(before[i] as number)) found.push(before[i] as number, 0);
  return found;
}

function note(
  depth: Depth,
  market: Market,
  side: "bids" | "asks",
  levels: readonly number[],
  isGhost = (): boolean => false,
): void {
  for (let i = 0; i < levels.length; i += 2) {
    const price = priceOf(market, levels[i] as number);
    const size = sizeOf(market, levels[i + 1] as number);
    // One that changed since the fastest batch need not have been told to anybody.
    const isTold = depth.batches[0]?.[side].has(price) === false;
    if (levels[i + 1] === 0 && isTold && isGhost()) continue;
    for (const batch of depth.batches) batch[side].set(price, size);
  }
}
