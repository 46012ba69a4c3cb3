/**
 * The market of real venues as a stream of records, for matching of our own: what a venue says happens here at the
 * instant at which it is heard. It never ends; that there is nothing yet is no end.
 */
import type { Instrument } from "../../contract/instrument.ts";
import type { MarketDriver, MarketRecord } from "../../lab/ports.ts";
import type { VenueEvent } from "../../venues/venue.ts";

/** Minutes of a wild market: beyond that trades are left out, which fills nobody who was not filled. */
const TRADES_WAITING_MAX = 50_000;

export interface LiveDriverOptions {
  readonly instruments: readonly Instrument[];
  readonly nowUs: () => number;
  /** The book of this instrument was taken: the next may come. At most one of each waits. */
  readonly onTaken: (instrument: number) => void;
  readonly onTrouble: (text: string, fields: Readonly<Record<string, string | number>>) => void;
}

export class LiveDriver implements MarketDriver {
  readonly isEndless = true;
  readonly #options: LiveDriverOptions;
  #waiting: MarketRecord[] = [];
  #taken = 0;
  #trades = 0;
  #lastAtUs = 0;
  /** Of these something waits that says that they are alive. */
  readonly #alive = new Set<number>();
  /** Instruments that the venue trades by other steps than this desk: nothing of them can be told any more. */
  readonly #left = new Set<number>();

  constructor(options: LiveDriverOptions) {
    this.#options = options;
  }

  next(): MarketRecord | undefined {
    const record = this.#waiting[this.#taken];
    if (record === undefined) {
      this.#waiting = [];
      this.#taken = 0;
      return undefined;
    }
    this.#taken++;
    if (record.kind === "print") this.#trades--;
    if (record.kind === "alive") this.#alive.delete(record.instrument);
    if (record.kind === "snapshot" || record.kind === "delta") this.#options.onTaken(record.instrument);
    return record;
  }

  /** `instrument` is the position in the desk's configuration. What is no market data is nothing to it. */
  hear(event: VenueEvent): void {
    switch (event.type) {
      case "book": {
        const { kind, instrument, venueAtUs, bids, asks } = event;
        return this.#put({ kind, instrument, ...this.#now(), venueAtUs, bids, asks });
      }
      case "trade": {
        const { instrument, venueAtUs, priceTicks, sizeLots, aggressor } = event;
        // A trade without a size fills nobody.
        if (sizeLots === undefined || this.#trades >= TRADES_WAITING_MAX) return;
        this.#trades++;
        return this.#put({
          kind: "print",
          instrument,
          ...this.#now(),
          venueAtUs,
          priceTicks,
          sizeLots,
          aggressor,
        });
      }
      case "feed": {
        const { instrument, status } = event;
        if (status !== "alive") return this.#put({ kind: "gap", instrument, ...this.#now() });
        if (this.#alive.has(instrument)) return;
        this.#alive.add(instrument);
        return this.#put({ kind: "alive", instrument, ...this.#now() });
      }
      case "instrument":
        return this.#redefine(event.instrument, event.definition);
      case "account":
      case "balances":
      case "transfer":
      case "openOrders":
      case "orderAccepted":
      case "orderRejected":
      case "orderCanceled":
      case "orderExpired":
      case "orderAmended":
      case "amendRejected":
      case "cancelRejected":
      case "orderUnknown":
      case "orderStatus":
      case "fill":
    }
  }

  #redefine(instrument: number, definition: Instrument): void {
    const before = this.#options.instruments[instrument];
    if (before === undefined || (before.tick === definition.tick && before.lot === definition.lot)) return;
    this.#put({ kind: "gap", instrument, ...this.#now() });
    this.#left.add(instrument);
    const { account, symbol, tick, lot } = definition;
    this.#options.onTrouble(
      "the venue trades by other steps now, and this is not quoted any more: move the desk's home away and start it again",
      { account, symbol, tick, lot },
    );
  }

  #put(record: MarketRecord): void {
    if (!this.#left.has(record.instrument)) this.#waiting.push(record);
  }

  /** What has travelled is there when it has arrived. */
  #now(): { readonly exchangeAtUs: number; readonly receivedAtUs: number } {
    const atUs = (this.#lastAtUs = Math.max(this.#lastAtUs, this.#options.nowUs()));
    return { exchangeAtUs: atUs, receivedAtUs: atUs };
  }
}
