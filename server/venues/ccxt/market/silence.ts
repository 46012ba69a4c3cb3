/**
 * How long a channel has said nothing of its book, and whether it is time to subscribe again. A silence that a new
 * subscription does not end is a quiet market: it is asked less and less where venues count subscriptions and
 * snapshots.
 */

interface SilenceOptions {
  readonly nowUs: () => number;
  /** The first silence that is too long; each that follows it may last twice as long as the one before. */
  readonly afterMs: number;
  readonly afterMaxMs: number;
}

export class Silence {
  readonly #options: SilenceOptions;
  #spokeAtUs = -Infinity;
  #allowedMs: number;

  constructor(options: SilenceOptions) {
    this.#options = options;
    this.#allowedMs = options.afterMs;
  }

  /** The channel spoke of its book. */
  ended(): void {
    this.#spokeAtUs = this.#options.nowUs();
    this.#allowedMs = this.#options.afterMs;
  }

  /** A whole book came, as it does with every subscription: it says nothing of what follows. */
  restarted(): void {
    this.#spokeAtUs = this.#options.nowUs();
  }

  /** It was subscribed to again. */
  asked(): void {
    this.#allowedMs = Math.min(2 * this.#allowedMs, this.#options.afterMaxMs);
  }

  /** So short that the venue's own word is enough: it is a quiet channel. */
  get isShort(): boolean {
    return this.#lengthMs < this.#options.afterMs;
  }

  get isTooLong(): boolean {
    return this.#lengthMs >= this.#allowedMs;
  }

  get #lengthMs(): number {
    return (this.#options.nowUs() - this.#spokeAtUs) / 1_000;
  }
}
