/** A venue's events on their way into a recording, and what its manifest says of them. */
import type { Instrument } from "../contract/instrument.ts";
import { VIEW_LEVELS } from "../core/book/depthView.ts";
import type { RecordedEvent } from "../lab/recording/events.ts";
import type { Manifest } from "../lab/recording/manifest.ts";
import { createRecording } from "../lab/recording/writer.ts";
import type { RecordingWriter } from "../lab/recording/writer.ts";
import type { VenueEvent } from "../venues/venue.ts";

export interface LiveRecorderOptions {
  /** Must not exist yet. */
  readonly dir: string;
  readonly venue: string;
  readonly definitions: readonly Instrument[];
  readonly nowUs: () => number;
}

interface OpenStretch {
  readonly fromUs: number;
  toUs: number;
  records: number;
  readonly instruments: Set<number>;
}

export class LiveRecorder {
  readonly #options: LiveRecorderOptions;
  readonly #writer: RecordingWriter;
  readonly #levels: number[];
  readonly #stretches: OpenStretch[] = [];
  #stretch: OpenStretch | undefined;
  #hasStamps = false;
  #lastAtUs = 0;
  #gaps = 0;
  #losses = 0;

  /** Throws a UserError when the directory exists, or is being written. */
  constructor(options: LiveRecorderOptions) {
    this.#options = options;
    this.#writer = createRecording(options.dir, options.definitions.length);
    this.#levels = options.definitions.map(() => 0);
  }

  get records(): number {
    return this.#stretches.reduce((sum, { records }) => sum + records, 0);
  }

  /** What is no market data is nothing to a recording. */
  hear(event: VenueEvent): void {
    if (event.type === "book") return this.#hearBook(event);
    if (event.type === "trade") {
      const { instrument, venueAtUs, priceTicks, sizeLots, aggressor } = event;
      const receivedAtUs = this.#now();
      return this.#write({
        kind: "print",
        instrument,
        receivedAtUs,
        venueAtUs,
        priceTicks,
        sizeLots,
        aggressor,
      });
    }
    if (event.type === "feed") return this.#hearFeed(event.instrument, event.status);
  }

  finish(): Manifest {
    const { venue, definitions } = this.#options;
    return this.#writer.finish({
      source: {
        name: `${venue}, live`,
        licence: "the venue's terms for its market data",
        importer: "record",
      },
      instruments: definitions.map((definition, index) => ({
        definition,
        venue,
        recorded: ["depth", "trades"],
        levels: this.#levels[index] ?? 0,
        depthSizes: true,
        tradeSizes: true,
        venueStamps: this.#hasStamps,
      })),
      stretches: this.#stretches.map(({ instruments, ...rest }) => ({
        ...rest,
        instruments: instruments.size,
      })),
      defects: [
        { code: "SEQUENCE_GAP", text: "books that were void until their next snapshot", count: this.#gaps },
        { code: "FEED_DOWN", text: "books that were lost with the connection", count: this.#losses },
      ].filter(({ count }) => count > 0),
      checks: [],
      assumptions: [`the ${VIEW_LEVELS} best levels of each side were kept`],
    });
  }

  /** Leaves nothing behind. */
  abort(): void {
    this.#writer.abort();
  }

  #hearBook({ kind, instrument, venueAtUs, bids, asks }: Extract<VenueEvent, { type: "book" }>): void {
    const shown = Math.max(bids.length, asks.length) / 2;
    if (kind === "snapshot") this.#levels[instrument] = Math.max(this.#levels[instrument] ?? 0, shown);
    this.#write({ kind, instrument, receivedAtUs: this.#now(), venueAtUs, bids, asks });
  }

  #hearFeed(instrument: number, status: "alive" | "gap" | "down"): void {
    if (status === "gap") this.#gaps++;
    if (status === "down") this.#losses++;
    this.#write({ kind: status === "alive" ? "alive" : "gap", instrument, receivedAtUs: this.#now() });
    // While the venue is away nothing is recorded: what comes then is another stretch.
    if (status === "down") this.#stretch = undefined;
  }

  #write(event: RecordedEvent): void {
    this.#writer.write(event);
    this.#hasStamps ||= event.venueAtUs !== undefined;
    let stretch = this.#stretch;
    if (stretch === undefined) {
      stretch = { fromUs: event.receivedAtUs, toUs: event.receivedAtUs, records: 0, instruments: new Set() };
      this.#stretch = stretch;
      this.#stretches.push(stretch);
    }
    stretch.toUs = event.receivedAtUs;
    stretch.records++;
    stretch.instruments.add(event.instrument);
  }

  #now(): number {
    return (this.#lastAtUs = Math.max(this.#lastAtUs, this.#options.nowUs()));
  }
}
