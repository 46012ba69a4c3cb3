/** Times one emulator's frames: from the instant at which a book leaves to that at which the first order is there. */
import type { WireTap } from "./emulator.ts";

/** Kraken's, whose books are told at every change: the others tell theirs ten times a second at most. */
const BOOK = '"channel":"book"';
const ORDER = /"method":"(?:add|amend)_order"/;

export class FrameWatch implements WireTap {
  readonly #durationsNs: number[] = [];
  /** Frames that were sent. */
  frames = 0;
  #isDue = false;
  #sentAtNs: bigint | undefined;

  /** The next book is one that is timed: those that our own orders cause are not. */
  arm(): void {
    this.#isDue = true;
  }

  readonly sent = (text: string): void => {
    if (!this.#isDue || !text.includes(BOOK)) return;
    this.#isDue = false;
    this.frames++;
    this.#sentAtNs = process.hrtime.bigint();
  };

  readonly received = (text: string): void => {
    if (this.#sentAtNs === undefined || !ORDER.test(text)) return;
    this.#durationsNs.push(Number(process.hrtime.bigint() - this.#sentAtNs));
    this.#sentAtNs = undefined;
  };

  /** Everything so far was warm-up. */
  restart(): void {
    this.frames = 0;
    this.#durationsNs.length = 0;
    this.#sentAtNs = undefined;
  }

  /** Nanoseconds. Throws when too many frames were answered by no order at all. */
  durations(name: string): Float64Array {
    const answered = this.#durationsNs.length / this.frames;
    if (!(answered >= ANSWERED_MIN))
      throw new Error(`${name}: only ${this.#durationsNs.length} of ${this.frames} frames led to an order`);
    return Float64Array.from(this.#durationsNs);
  }
}

const ANSWERED_MIN = 0.9;
