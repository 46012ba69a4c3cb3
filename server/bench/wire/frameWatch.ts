/** Times one emulator's frames: from the instant at which a book leaves to that at which the first order is there. */
import type { Budget, Figure } from "../measure.ts";
import type { WireTap } from "./emulator.ts";

/** A frame that leads to no order is not in the times: of too many such the rest says nothing. */
const ANSWERED_MIN = 0.9;

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

  /** Nanoseconds, of the frames that led to an order. */
  durations(): Float64Array {
    return Float64Array.from(this.#durationsNs);
  }

  /** How many of the frames those are: reported beside the times, which are worth nothing when it is too low. */
  answered(name: string): { readonly figure: Figure; readonly budget: Budget } {
    const share = this.frames === 0 ? 0 : this.#durationsNs.length / this.frames;
    // Rounded down: 0.8996 is not 0.9.
    const value = Math.floor(share * 1_000) / 1_000;
    return {
      figure: { name, unit: "of all frames", value },
      budget: { name, field: "value", atLeast: ANSWERED_MIN },
    };
  }
}
