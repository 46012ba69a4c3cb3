/**
 * The market of real venues as a stream of records, for matching of our own: what a venue says happens here at the
 * instant at which it is heard. It never ends; that there is nothing yet is no end.
 */
import type { Instrument } from "../../contract/instrument.ts";
import { isSameSteps } from "../../core/steps.ts";
import type { MarketDriver, MarketRecord } from "../../lab/ports.ts";
import { isMarketData, type MarketData } from "../../venues/marketData.ts";
import type { VenueEvent } from "../../venues/venue.ts";

/** Minutes of a wild market: beyond that trades are left out, which fills nobody, and a person is told. */
const TRADES_WAITING_MAX = 50_000;

/** In line with the records, so that it does not overtake what the venue said before it. */
interface Listing {
  readonly kind: "listing";
  readonly instrument: number;
  readonly definition: Instrument;
}

export interface LiveDriverOptions {
  readonly instruments: readonly Instrument[];
  readonly nowUs: () => number;
  /** The book of this instrument was taken: the next may come. At most one of each waits. */
  readonly onTaken: (instrument: number) => void;
  /** The venue's terms are others now; what cannot go on with them here is halted. */
  readonly onListed: (instrument: number, definition: Instrument) => void;
  readonly onTrouble: (text: string, fields: Readonly<Record<string, string | number>>) => void;
}

export class LiveDriver implements MarketDriver {
  readonly isEndless = true;
  readonly #options: LiveDriverOptions;
  #waiting: (MarketRecord | Listing)[] = [];
  #taken = 0;
  /** The listing that is next waits until what came before it has been served. */
  #isListingDue = false;
  #trades = 0;
  #tradesLeftOut = 0;
  #lastAtUs = 0;
  /** Of these something waits that says that they are alive. */
  readonly #alive = new Set<number>();
  /** Instruments that the venue trades by other steps than this desk's accounts: nothing of them can be told meanwhile. */
  readonly #left = new Set<number>();

  constructor(options: LiveDriverOptions) {
    this.#options = options;
  }

  next(): MarketRecord | undefined {
    const record = this.#waiting[this.#taken];
    if (record === undefined) {
      this.#waiting = [];
      this.#taken = 0;
      this.#tellLeftOut();
      return undefined;
    }
    if (record.kind === "listing" && !this.#isListingDue) {
      // Records that were taken are still on their way to the desk; at the next call they are there.
      this.#isListingDue = true;
      return undefined;
    }
    this.#taken++;
    if (record.kind === "listing") {
      this.#isListingDue = false;
      this.#options.onListed(record.instrument, record.definition);
      return this.next();
    }
    if (record.kind === "print") this.#trades--;
    if (record.kind === "alive") this.#alive.delete(record.instrument);
    if (record.kind === "snapshot" || record.kind === "delta") this.#options.onTaken(record.instrument);
    return record;
  }

  /** `instrument` is the position in the desk's configuration. What is no market data is nothing to it. */
  hear(event: VenueEvent): void {
    if (!isMarketData(event)) return;
    const { instrument } = event;
    if (this.#left.has(instrument) && event.type !== "instrument") {
      if (event.type === "book") this.#options.onTaken(instrument);
      return;
    }
    switch (event.type) {
      case "book": {
        const { kind, venueAtUs, bids, asks } = event;
        return this.#put({ kind, instrument, ...this.#now(), venueAtUs, bids, asks });
      }
      case "trade":
        return this.#hearTrade(event);
      case "feed":
        if (event.status !== "alive") return this.#put({ kind: "gap", instrument, ...this.#now() });
        if (this.#alive.has(instrument)) return;
        this.#alive.add(instrument);
        return this.#put({ kind: "alive", instrument, ...this.#now() });
      case "instrument":
        return this.#redefine(instrument, event.definition);
    }
  }

  #hearTrade(event: Extract<MarketData, { readonly type: "trade" }>): void {
    const { instrument, venueAtUs, priceTicks, sizeLots, aggressor } = event;
    // Without a size it fills nobody.
    if (sizeLots === undefined) return;
    if (this.#trades >= TRADES_WAITING_MAX) return void this.#tradesLeftOut++;
    this.#trades++;
    this.#put({ kind: "print", instrument, ...this.#now(), venueAtUs, priceTicks, sizeLots, aggressor });
  }

  #tellLeftOut(): void {
    if (this.#tradesLeftOut === 0) return;
    const fields = { trades: this.#tradesLeftOut, waitingMax: TRADES_WAITING_MAX };
    this.#options.onTrouble("more trades came than were taken: some filled nobody here", fields);
    this.#tradesLeftOut = 0;
  }

  #redefine(instrument: number, definition: Instrument): void {
    const begun = this.#options.instruments[instrument];
    if (begun === undefined) return;
    const { account, symbol, tick, lot } = definition;
    if (isSameSteps(begun, definition)) {
      this.#left.delete(instrument);
      return this.#put({ kind: "listing", instrument, definition });
    }
    if (!this.#left.has(instrument)) this.#put({ kind: "gap", instrument, ...this.#now() });
    this.#left.add(instrument);
    this.#put({ kind: "listing", instrument, definition: { ...definition, status: "HALTED" } });
    this.#options.onTrouble(
      "the venue trades by other steps now, and this is not quoted any more: move the desk's home away and start it again",
      { account, symbol, tick, lot },
    );
  }

  #put(record: MarketRecord | Listing): void {
    this.#waiting.push(record);
  }

  /** What has travelled is there when it has arrived. */
  #now(): { readonly exchangeAtUs: number; readonly receivedAtUs: number } {
    const atUs = (this.#lastAtUs = Math.max(this.#lastAtUs, this.#options.nowUs()));
    return { exchangeAtUs: atUs, receivedAtUs: atUs };
  }
}
