/**
 * One instrument's public feed on its way to the engine. While the engine keeps up, book events pass as they are;
 * one at a time is outstanding, and what comes meanwhile is merged into the snapshot that is sent next.
 */
import type { LabEvent } from "../../contract/labWire.ts";
import { applyDelta, applySnapshot, clearBook, createBook, flatLevels } from "../../core/book/book.ts";
import { VIEW_LEVELS } from "../../core/book/depthView.ts";

type BookUpdate = Extract<LabEvent, { readonly type: "book" }>;

/** A channel need not say more often that it is alive: the shortest silence that counts is 50 ms. */
const ALIVE_EVERY_US = 20_000;

interface BookMirrorOptions {
  readonly instrument: number;
  readonly clock: { nowUs(): number };
  readonly pass: (event: LabEvent) => void;
}

export class BookMirror {
  readonly #options: BookMirrorOptions;
  // The feed shows as many levels, and says itself when one leaves sight.
  readonly #book = createBook(VIEW_LEVELS);
  #isWhole = false;
  #isOutstanding = false;
  #isBehind = false;
  #venueAtUs: number | undefined;
  #passedAtUs = -Infinity;

  constructor(options: BookMirrorOptions) {
    this.#options = options;
  }

  hear(event: Extract<LabEvent, { readonly type: "book" | "feed" | "trade" }>): void {
    switch (event.type) {
      case "book":
        return this.#hearBook(event);
      case "trade":
        return this.#pass(event);
      case "feed":
        if (event.status === "alive") this.#hearAlive(event);
        else this.lose(event.status);
    }
  }

  /** The engine has consumed the book event that it had. */
  consumed(): void {
    this.#isOutstanding = false;
    if (this.#isBehind) this.#passWhole();
  }

  /** The book is void until its next snapshot. */
  lose(status: "gap" | "down"): void {
    clearBook(this.#book);
    this.#isWhole = false;
    this.#isBehind = false;
    this.#pass({ type: "feed", instrument: this.#options.instrument, status });
  }

  #hearBook(update: BookUpdate): void {
    // Left over from before the snapshot that is on its way.
    if (update.kind === "delta" && !this.#isWhole) return;
    const apply = update.kind === "delta" ? applyDelta : applySnapshot;
    const refusal = apply(this.#book, update.bids, update.asks);
    if (refusal !== undefined) return this.lose("gap");
    this.#isWhole = true;
    this.#venueAtUs = update.venueAtUs;
    if (this.#isOutstanding) this.#isBehind = true;
    else {
      this.#isOutstanding = true;
      this.#pass(update);
    }
  }

  #hearAlive(event: LabEvent): void {
    if (this.#options.clock.nowUs() - this.#passedAtUs >= ALIVE_EVERY_US) this.#pass(event);
  }

  #passWhole(): void {
    this.#isBehind = false;
    this.#isOutstanding = true;
    this.#pass({
      type: "book",
      instrument: this.#options.instrument,
      kind: "snapshot",
      venueAtUs: this.#venueAtUs,
      bids: flatLevels(this.#book.bids),
      asks: flatLevels(this.#book.asks),
    });
  }

  #pass(event: LabEvent): void {
    this.#passedAtUs = this.#options.clock.nowUs();
    this.#options.pass(event);
  }
}
