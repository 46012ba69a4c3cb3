/** The one book of a trial as it is now: whole from a snapshot on, void from a gap on. */
import type { Instrument } from "../../../contract/instrument.ts";
import {
  applyDelta,
  applySnapshot,
  bestAskTicks,
  bestBidTicks,
  clearBook,
  createBook,
  isCrossed,
} from "../../../core/book/book.ts";
import { isSameSteps } from "../../../core/steps.ts";
import type { MarketData } from "../../marketData.ts";
import { CheckError } from "./check.ts";

export interface Quote {
  readonly bidTicks: number;
  readonly askTicks: number;
}

export class CurrentBook {
  readonly #definition: Instrument;
  readonly #book = createBook();
  #isWhole = false;
  #isLeft = false;

  constructor(definition: Instrument) {
    this.#definition = definition;
  }

  hear(event: MarketData): void {
    switch (event.type) {
      case "book":
        return this.#hearBook(event);
      case "feed":
        if (event.status !== "alive") this.#void();
        return;
      case "trade":
        return;
      case "instrument":
        // Its ticks are no longer those that a trial counts in.
        if (!isSameSteps(event.definition, this.#definition)) this.#isLeft = true;
    }
  }

  /** Undefined while nobody can say. Throws a CheckError when the venue trades by other steps than at the start. */
  quote(): Quote | undefined {
    if (this.#isLeft) throw new CheckError("the venue has changed its tick or lot: call it again");
    const [bidTicks, askTicks] = [bestBidTicks(this.#book), bestAskTicks(this.#book)];
    if (bidTicks === undefined || askTicks === undefined || isCrossed(this.#book)) return undefined;
    return { bidTicks, askTicks };
  }

  #hearBook({ kind, bids, asks }: Extract<MarketData, { readonly type: "book" }>): void {
    // Left over from before the snapshot that is on its way.
    if (kind === "delta" && !this.#isWhole) return;
    const apply = kind === "delta" ? applyDelta : applySnapshot;
    if (apply(this.#book, bids, asks) === undefined) this.#isWhole = true;
    else this.#void();
  }

  #void(): void {
    clearBook(this.#book);
    this.#isWhole = false;
  }
}
