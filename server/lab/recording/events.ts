/**
 * What a recording holds, in the order in which its receiver saw it. Prices are integer ticks and
 * sizes integer lots of the instrument in the manifest; levels are flat `[priceTicks, sizeLots, …]`,
 * best price first; in a delta a size of 0 removes the level.
 */
import type { Side } from "../../contract/units.ts";

interface RecordedBase {
  /** Position in the manifest's list of instruments. */
  readonly instrument: number;
  readonly receivedAtUs: number;
  /** The venue's own stamp as it came; it may lie after the receive time. */
  readonly venueAtUs?: number | undefined;
}

export interface RecordedDepth extends RecordedBase {
  readonly kind: "snapshot" | "delta" | "top";
  /** The venue's own number of this state of the book. */
  readonly updateId?: number | undefined;
  readonly bids: readonly number[];
  readonly asks: readonly number[];
}

/** A top of book whose sizes nobody recorded: they stay absent instead of becoming a number. */
export interface RecordedTouch extends RecordedBase {
  readonly kind: "touch";
  readonly bidTicks?: number | undefined;
  readonly askTicks?: number | undefined;
}

export interface RecordedPrint extends RecordedBase {
  readonly kind: "print";
  readonly priceTicks: number;
  readonly sizeLots?: number | undefined;
  readonly aggressor?: Side | undefined;
}

/** The channel spoke without changing anything, or broke: the book is void until it is sent whole. */
export interface RecordedChannel extends RecordedBase {
  readonly kind: "alive" | "gap";
}

export type RecordedEvent = RecordedDepth | RecordedTouch | RecordedPrint | RecordedChannel;
