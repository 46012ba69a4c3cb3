/**
 * Sweeps out of trade prints: one taker's order takes several prices, and its prints come with one time stamp.
 * Each sweep is measured against the top of the book that stood just before its first print.
 */
import type { Side } from "../../../contract/units.ts";
import { MICROS_PER_MS } from "../../../contract/units.ts";
import { levelFrom, sizeAt, type BookSide } from "../../book/book.ts";

/** Prints of one side this close to the first are one sweep: venues stamp to the millisecond. */
const SWEEP_US = MICROS_PER_MS;

/** A sweep without further prints for so long has ended, however its messages were delayed. */
const SETTLED_US = 100 * MICROS_PER_MS;

/** Changes of the top that are remembered: 0.3 s at 100 a second, more than a trade message lags a book message. */
const TOPS_MAX = 32;

/** Distances from the mid, in ticks, over which an exponential is to hold. */
export interface DepthRange {
  readonly fromTicks: number;
  readonly toTicks: number;
}

/** Prices are told as steps: ticks beyond the touch of others, below 0 for better ones. */
export interface OpenSweep {
  readonly side: Side;
  readonly stampUs: number;
  readonly bidTicks: number;
  readonly askTicks: number;
  /** The first levels within and beyond the range; undefined while none is known. */
  entrySteps: number | undefined;
  exitSteps: number | undefined;
  /** The last price reached: the furthest, whatever order the prints came in. */
  lastSteps: number;
  /** Traded there, and of that price in the book: what stood there, ours of it, and ticks to the next level. */
  lastLots: number;
  shownLots: number | undefined;
  ownLots: number;
  gapTicks: number | undefined;
  /** Undefined once a print came without its size. */
  sizeLots: number | undefined;
  receivedAtUs: number;
}

export interface Sweep {
  /** Of others, from the mid before the sweep. */
  readonly touchTicks: number;
  /** From that touch to the last price reached, at least 0. */
  readonly steps: number;
  /** From the first level within the range to the last price, or to the first level beyond; below 0 where it
   * never came so far. */
  readonly followedTicks: number;
  /** From the mid to that first level. */
  readonly entryTicks: number;
  /** Its reach ended less than so far beyond the last price; undefined when nobody knows where. */
  readonly stopGapTicks: number | undefined;
  /** The same, unless the last price lies beyond the range: then the sweep was followed no further. */
  readonly gapTicks: number | undefined;
  readonly sizeLots: number | undefined;
}

export interface SweepState {
  /** Ring of tops as [stampUs, bidTicks, askTicks]. */
  readonly tops: Float64Array;
  /** Tops ever written; the next goes to place `topsSeen mod TOPS_MAX`. */
  topsSeen: number;
  buy: OpenSweep | undefined;
  sell: OpenSweep | undefined;
}

export interface Print {
  /** Engine time. */
  readonly receivedAtUs: number;
  /** Time at the venue, or of receipt where the book or the trades of the venue carry none: the clock of the tops. */
  readonly stampUs: number;
  /** Of the aggressor. */
  readonly side: Side;
  readonly priceTicks: number;
  readonly sizeLots: number | undefined;
  /** The side that it took from, ours included, as far as it is known. */
  readonly depth?: BookSide | undefined;
  /** Ours at its price. */
  readonly ownLots?: number | undefined;
}

export function createSweeps(): SweepState {
  return { tops: new Float64Array(3 * TOPS_MAX), topsSeen: 0, buy: undefined, sell: undefined };
}

/** The top of others changed. Not to be called with a crossed or one-sided book. */
export function rememberTop(state: SweepState, stampUs: number, bidTicks: number, askTicks: number): void {
  const at = 3 * (state.topsSeen % TOPS_MAX);
  state.tops[at] = stampUs;
  state.tops[at + 1] = bidTicks;
  state.tops[at + 2] = askTicks;
  state.topsSeen += 1;
}

/** Forgets what was before a gap of the feed. */
export function forgetTops(state: SweepState): void {
  state.topsSeen = 0;
  state.buy = undefined;
  state.sell = undefined;
}

/** Takes one print; returns the sweep that it shows to have ended, if any. Without a range all depths count. */
export function addPrint(state: SweepState, print: Print, range?: DepthRange): Sweep | undefined {
  const open = state[print.side];
  if (open !== undefined && Math.abs(print.stampUs - open.stampUs) <= SWEEP_US) {
    extend(open, print, range);
    return undefined;
  }
  state[print.side] = begin(state, print, range);
  return open === undefined ? undefined : measure(open);
}

/** The sweep of this side, once nothing more of it can be under way. */
export function takeSettled(state: SweepState, side: Side, atUs: number): Sweep | undefined {
  const open = state[side];
  if (open === undefined || atUs - open.receivedAtUs < SETTLED_US) return undefined;
  state[side] = undefined;
  return measure(open);
}

/**
 * A sweep whose top is not known any more is left out: its depth cannot be measured. Book and trades come on
 * channels of their own, so the book in hand may already be what the sweep left behind; hence the look back in time.
 */
function begin(state: SweepState, print: Print, range: DepthRange | undefined): OpenSweep | undefined {
  const { tops, topsSeen } = state;
  const { side, stampUs } = print;
  const oldest = Math.max(0, topsSeen - TOPS_MAX);
  for (let i = topsSeen - 1; i >= oldest; i--) {
    const at = 3 * (i % TOPS_MAX);
    if ((tops[at] ?? 0) >= stampUs) continue;
    const open: OpenSweep = {
      side,
      stampUs,
      bidTicks: tops[at + 1] ?? 0,
      askTicks: tops[at + 2] ?? 0,
      entrySteps: undefined,
      exitSteps: undefined,
      lastSteps: -Number.MAX_SAFE_INTEGER,
      lastLots: 0,
      shownLots: undefined,
      ownLots: 0,
      gapTicks: undefined,
      sizeLots: 0,
      receivedAtUs: print.receivedAtUs,
    };
    open.entrySteps = firstLevel(open, print.depth, fromSteps(open, range));
    // At least a tick wide: a range between two levels would hold nothing.
    open.exitSteps = firstLevel(
      open,
      print.depth,
      Math.max(toSteps(open, range), (open.entrySteps ?? 0) + 1),
    );
    extend(open, print, range);
    return open;
  }
  return undefined;
}

function extend(open: OpenSweep, print: Print, range: DepthRange | undefined): void {
  const { side, priceTicks, sizeLots, depth, ownLots = 0 } = print;
  const steps = side === "buy" ? priceTicks - open.askTicks : open.bidTicks - priceTicks;
  // The book in hand may have lost what the sweep took: a price that it printed at was a level too.
  if (steps >= fromSteps(open, range)) open.entrySteps = Math.min(open.entrySteps ?? steps, steps);
  if (steps >= toSteps(open, range) && steps > (open.entrySteps ?? steps))
    open.exitSteps = Math.min(open.exitSteps ?? steps, steps);
  open.sizeLots =
    open.sizeLots === undefined || sizeLots === undefined ? undefined : open.sizeLots + sizeLots;
  open.receivedAtUs = print.receivedAtUs;
  if (steps < open.lastSteps) return;
  if (steps > open.lastSteps) {
    const next = depth === undefined ? undefined : levelFrom(depth, priceTicks + (side === "buy" ? 1 : -1));
    open.lastSteps = steps;
    open.lastLots = 0;
    open.shownLots = depth === undefined ? undefined : sizeAt(depth, priceTicks);
    open.ownLots = ownLots;
    open.gapTicks = next === undefined ? undefined : Math.abs(next - priceTicks);
  }
  open.lastLots += sizeLots ?? 0;
}

/** A print better than the best of others met us, or a hidden order. */
function measure(sweep: OpenSweep): Sweep {
  const { bidTicks, askTicks, entrySteps, exitSteps, lastSteps, sizeLots } = sweep;
  const touchTicks = (askTicks - bidTicks) / 2;
  const stopGapTicks = gapOf(sweep);
  const isBeyond = exitSteps !== undefined && lastSteps >= exitSteps;
  return {
    touchTicks,
    steps: Math.max(0, lastSteps),
    followedTicks: entrySteps === undefined ? -1 : (isBeyond ? exitSteps : lastSteps) - entrySteps,
    entryTicks: touchTicks + (entrySteps ?? 0),
    stopGapTicks,
    gapTicks: isBeyond ? undefined : stopGapTicks,
    sizeLots,
  };
}

/**
 * Who left part of a level was after no more, and would have filled nothing a tick further. Who ran out within our
 * own order would have gone on without it: how far, nobody knows.
 */
function gapOf({ lastLots, shownLots, ownLots, gapTicks, sizeLots }: OpenSweep): number | undefined {
  const isPartial = sizeLots !== undefined && shownLots !== undefined && lastLots < shownLots;
  if (isPartial && ownLots > 0 && lastLots > shownLots - ownLots) return undefined;
  return isPartial ? 1 : (gapTicks ?? 1);
}

function fromSteps({ bidTicks, askTicks }: OpenSweep, range: DepthRange | undefined): number {
  return range === undefined ? -Infinity : range.fromTicks - (askTicks - bidTicks) / 2;
}

function toSteps({ bidTicks, askTicks }: OpenSweep, range: DepthRange | undefined): number {
  return range === undefined ? Infinity : range.toTicks - (askTicks - bidTicks) / 2;
}

/** The nearest level this many steps or more beyond the touch, which was one; without a book every tick is one. */
function firstLevel(
  { side, bidTicks, askTicks }: OpenSweep,
  depth: BookSide | undefined,
  fromStep: number,
): number | undefined {
  if (fromStep === Infinity) return undefined;
  const whole = Math.ceil(fromStep);
  const touch = whole <= 0 ? 0 : undefined;
  if (depth === undefined) return touch ?? whole;
  const level = levelFrom(depth, side === "buy" ? askTicks + whole : bidTicks - whole);
  if (level === undefined) return touch;
  const steps = side === "buy" ? level - askTicks : bidTicks - level;
  return touch === undefined ? steps : Math.min(touch, steps);
}
