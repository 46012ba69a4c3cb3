/**
 * What an importer is: a table entry that recognises a folder by its files, and a parser from lines
 * to raw records. Numbers stay text here; ticks and lots are derived and applied in convert.ts.
 */
import type { Instrument } from "../../contract/instrument.ts";
import type { Side } from "../../contract/units.ts";
import type { ImportPass } from "./pass.ts";
import type { SourceFile } from "./unpack.ts";

export interface Importer {
  readonly name: string;
  /** Raised whenever the same source gives another recording than before. */
  readonly revision: number;
  readonly source: { readonly name: string; readonly licence: string };
  /** How a folder of this kind looks, for the message when nothing fits. */
  readonly looksLike: string;
  /** The files to read, of those in the folder (paths with `/`); undefined: not such a folder. UserError: one is missing. */
  detect(files: readonly string[]): readonly string[] | undefined;
  open(files: readonly SourceFile[]): ImportSource;
}

export interface ImportSource {
  readonly instruments: readonly SourceInstrument[];
  readonly assumptions: readonly string[];
  /**
   * Every record of the source, receive times in order. Called once per pass, so it starts afresh
   * and tells its findings to the pass.
   */
  records(pass: ImportPass): Iterable<RawRecord>;
}

/** An instrument without its tick and lot, which come from the data. */
export interface SourceInstrument extends Pick<
  Instrument,
  "account" | "symbol" | "kind" | "base" | "quote" | "settle" | "quoted"
> {
  readonly venue: string;
  /** Where no size was recorded, nothing can be derived from the data. */
  readonly assumedLot?: string | undefined;
}

interface RawBase {
  readonly instrument: number;
  readonly receivedAtUs: number;
  readonly venueAtUs?: number | undefined;
  /** Where it was read, for messages. */
  readonly file: string;
  readonly line: number;
}

/** Levels are flat `[price, size, …]`. `full` is all that the source shows of a book, time and again. */
export interface RawDepth extends RawBase {
  readonly kind: "snapshot" | "delta" | "full";
  readonly updateId?: number | undefined;
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

export interface RawTouch extends RawBase {
  readonly kind: "touch";
  readonly bid?: string | undefined;
  readonly ask?: string | undefined;
}

export interface RawPrint extends RawBase {
  readonly kind: "print";
  readonly price: string;
  readonly size?: string | undefined;
  readonly aggressor?: Side | undefined;
}

/** `pause`: the recorder itself stopped here, so it is a gap of every instrument. */
export interface RawChannel extends RawBase {
  readonly kind: "alive" | "gap" | "pause";
}

export type RawRecord = RawDepth | RawTouch | RawPrint | RawChannel;
