/**
 * The decision loop: serves what waits, one event at a time, and lets the sockets have their turn in
 * between. Each event gets its time here, when it is served, and time never goes back.
 */
import type { EngineEvent } from "../../contract/events.ts";
import type { Letter, Mailbox } from "./mailbox.ts";

/** A turn ends with whichever comes first: answers of venues must not wait behind a burst of books. */
export const TURN_EVENTS_MAX = 256;
export const TURN_US_MAX = 1_000;

export interface LoopOptions {
  readonly mailbox: Mailbox;
  /** Engine time. */
  readonly nowUs: () => number;
  readonly wallUs: () => number;
  /** No event is older than this. */
  readonly fromUs: number;
  /** By how much the wall clock has stepped since it was last asked; undefined: not at all. */
  readonly clockStepMs: () => number | undefined;
  readonly serve: (event: EngineEvent, letter: Letter) => void;
  readonly afterTurn: () => void;
  /** What `serve` or `afterTurn` threw; the loop has stopped for good. */
  readonly onFailure: (error: unknown) => void;
}

export class DecisionLoop {
  readonly #options: LoopOptions;
  #lastAtUs: number;
  #scheduled = false;
  #stopped = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#lastAtUs = options.fromUs;
  }

  /** Engine time for whatever happens now. */
  stamp(): number {
    this.#lastAtUs = Math.max(this.#lastAtUs, this.#options.nowUs());
    return this.#lastAtUs;
  }

  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  stop(): void {
    this.#stopped = true;
  }

  #turn(): void {
    this.#scheduled = false;
    if (this.#stopped) return;
    try {
      this.#lookAtClock();
      this.#serveSome();
      this.#options.afterTurn();
    } catch (error) {
      this.#stopped = true;
      this.#options.onFailure(error);
      return;
    }
    if (this.#options.mailbox.waiting > 0) this.wake();
  }

  /** Before anything else is served: what was heard before a host slept is of unknown age. */
  #lookAtClock(): void {
    const { mailbox, clockStepMs } = this.#options;
    const stepMs = clockStepMs();
    if (stepMs !== undefined) mailbox.postHost({ type: "clockStep", stepMs });
  }

  #serveSome(): void {
    const { mailbox, wallUs, serve } = this.#options;
    const endUs = wallUs() + TURN_US_MAX;
    for (let served = 0; served < TURN_EVENTS_MAX; served++) {
      const letter = mailbox.take();
      if (letter === undefined) return;
      serve({ ...letter.post, atUs: this.stamp() } as EngineEvent, letter);
      if (wallUs() >= endUs || this.#stopped) return;
    }
  }
}
