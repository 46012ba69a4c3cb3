/** Waiting times between attempts: the first follows at once, each further one waits twice as long. */

interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** What held for so long was no failure: the next loss starts over. */
  readonly stableAfterMs: number;
}

export class Backoff {
  readonly #options: BackoffOptions;
  #failures = 0;
  #upAtUs: number | undefined;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  get failures(): number {
    return this.#failures;
  }

  /** It works. */
  up(nowUs: number): void {
    this.#upAtUs = nowUs;
  }

  /** It failed: how long to wait before the next attempt. */
  failed(nowUs: number): number {
    const { firstMs, maxMs, stableAfterMs } = this.#options;
    if (this.#upAtUs !== undefined && nowUs - this.#upAtUs >= stableAfterMs * 1_000) this.#failures = 0;
    this.#upAtUs = undefined;
    const waitMs =
      this.#failures === 0 ? 0 : Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures - 1, 20));
    this.#failures++;
    return waitMs;
  }
}
