/** What the feed of one instrument is given, and what it says of its book. */
import type { Instrument } from "../../../contract/instrument.ts";
import type { VenueEvent } from "../../venue.ts";
import type { BookTrouble } from "./guardedBook.ts";
import type { BookMessage } from "./messages.ts";
import type { MarketProtocol } from "./protocols/protocol.ts";

/** Why a book is void: the guard's own reasons, a snapshot that says something else, or none that came. */
export type FeedTrouble = BookTrouble | "SNAPSHOT_DIFFERS" | "NO_BOOK" | "SNAPSHOT_FAILED";

export interface FeedOptions {
  readonly instrument: number;
  readonly definition: Instrument;
  readonly protocol: MarketProtocol;
  readonly nowUs: () => number;
  readonly emit: (event: VenueEvent) => void;
  /** Subscribes again; a subscription that stands is ended first. */
  readonly subscribe: () => void;
  /** Where books begin with a snapshot over REST. Rejects when it did not come in time. */
  readonly fetchSnapshot: (() => Promise<BookMessage>) | undefined;
  /** The socket is of no use: every instrument on it starts over. */
  readonly giveUp: () => void;
  /** A price was not on the grid: the definition may be old. */
  readonly doubtDefinition: () => void;
  readonly onTrouble: (trouble: FeedTrouble, waitMs: number) => void;
}
