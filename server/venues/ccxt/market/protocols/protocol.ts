/** What differs from exchange to exchange in public market data. */
import type { Instrument } from "../../../../contract/instrument.ts";
import type { CcxtInstance } from "../../gateway/ccxt.ts";
import type { VenueTime } from "../venueClock.ts";
import type { BookChecksum } from "../guardedBook.ts";
import type { BookMessage, MarketMessage } from "../messages.ts";

export interface MarketProtocol {
  /** The one public socket that carries every instrument of the account. */
  streamUrl(instance: CcxtInstance): string;
  /** The venue's name of an instrument in frames and questions. */
  symbolOf(instrument: Instrument): string;
  /** Text frames that begin, or end, the books and the trades of instruments. */
  subscription(
    kind: "subscribe" | "unsubscribe",
    symbols: readonly string[],
    requestId: number,
  ): readonly string[];
  /** Asked once per connection, where the venue tells of changed instruments by itself. */
  readonly listingSubscription?: string;
  /** Undefined: not ours, ccxt may have it (answers to pings). */
  read(text: string): MarketMessage | undefined;
  /** Where a book begins with an answer over REST and not with a frame. */
  readonly snapshot?: {
    fetch(instance: CcxtInstance, symbol: string): Promise<BookMessage>;
    /** A side of so many levels goes on behind the last of them, unseen. */
    readonly levelsMax: number;
  };
  /** Levels a side that are kept. */
  readonly bookLevels: number;
  readonly checksum?: BookChecksum;
  /** Of ours to the socket, answers to pings not counted. */
  readonly messagesPerSecondMax: number;
  /** An instrument that says nothing for so long is subscribed to again: quiet markets do say less. */
  readonly silentAfterMs: number;
  /** The same of a market that stays quiet, where the venue counts what is asked. */
  readonly silentAfterMaxMs: number;
  fetchTime(instance: CcxtInstance): Promise<VenueTime>;
  /** By the venue's name; one that is missing is not listed any more. Rejects when the venue cannot be asked. */
  fetchTerms(
    instance: CcxtInstance,
    instruments: readonly Instrument[],
  ): Promise<ReadonlyMap<string, VenueTerms>>;
}

/** Filters of one instrument as the venue states them; what it does not state is undefined. Exact texts. */
export interface VenueTerms {
  readonly tick: string;
  readonly lot: string;
  readonly sizeMin: string;
  readonly notionalMinQuote: string | undefined;
  readonly priceBandFrac: number | undefined;
  readonly status: "TRADING" | "HALTED";
}
