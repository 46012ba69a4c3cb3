/**
 * A book on its way to the engine, on the engine's credit: one event is outstanding, and what changes meanwhile goes
 * out as one delta when it is consumed. A slow engine gets fewer books and never old ones.
 */
import type { Book } from "../../../core/book/book.ts";
import { createDepthView, viewDelta, viewSnapshot } from "../../../core/book/depthView.ts";
import type { VenueEvent } from "../../venue.ts";

/** A channel need not say more often that it is alive: the shortest silence that counts is 50 ms. */
const ALIVE_EVERY_US = 20_000;

interface BookOutletOptions {
  readonly instrument: number;
  readonly nowUs: () => number;
  readonly emit: (event: VenueEvent) => void;
}

export class BookOutlet {
  readonly #options: BookOutletOptions;
  readonly #view = createDepthView();
  #book: Book | undefined;
  #venueAtUs: number | undefined;
  #isWholeNext = true;
  #isOutstanding = false;
  #isBehind = false;
  #spokeAtUs = -Infinity;

  constructor(options: BookOutletOptions) {
    this.#options = options;
  }

  /** Another book than the one before: it is told whole. */
  replace(book: Book, venueAtUs: number | undefined): void {
    this.#book = book;
    this.#isWholeNext = true;
    this.changed(venueAtUs);
  }

  changed(venueAtUs: number | undefined): void {
    this.#venueAtUs = venueAtUs;
    if (this.#isOutstanding) this.#isBehind = true;
    else this.#tell();
  }

  consumed(): void {
    this.#isOutstanding = false;
    if (this.#isBehind) this.#tell();
  }

  /** The channel spoke without a change in sight. */
  alive(): void {
    if (this.#book === undefined || this.#options.nowUs() - this.#spokeAtUs < ALIVE_EVERY_US) return;
    this.#pass({ type: "feed", instrument: this.#options.instrument, status: "alive" });
  }

  /** Nothing is known until a book replaces this one. */
  lose(status: "gap" | "down"): void {
    this.#book = undefined;
    this.#isBehind = false;
    this.#pass({ type: "feed", instrument: this.#options.instrument, status });
  }

  #tell(): void {
    this.#isBehind = false;
    if (this.#book === undefined) return;
    const kind = this.#isWholeNext ? "snapshot" : "delta";
    const levels =
      kind === "snapshot" ? viewSnapshot(this.#view, this.#book) : viewDelta(this.#view, this.#book);
    if (levels === undefined) return this.alive();
    this.#isWholeNext = false;
    this.#isOutstanding = true;
    const { instrument } = this.#options;
    this.#pass({ type: "book", instrument, kind, venueAtUs: this.#venueAtUs, ...levels });
  }

  #pass(event: VenueEvent): void {
    this.#spokeAtUs = this.#options.nowUs();
    this.#options.emit(event);
  }
}
