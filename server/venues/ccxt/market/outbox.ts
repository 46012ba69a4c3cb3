/**
 * Frames on their way to a venue that counts the messages of a socket: in order, and no more a second than it takes.
 */

interface OutboxOptions {
  readonly nowUs: () => number;
  readonly perSecondMax: number;
  readonly send: (text: string) => void;
}

const WINDOW_US = 1_000_000;

export class Outbox {
  readonly #options: OutboxOptions;
  /** A few at most: one request names all instruments. */
  readonly #waiting: string[] = [];
  #windowAtUs = -Infinity;
  #sent = 0;

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  send(text: string): void {
    this.#waiting.push(text);
    this.pump();
  }

  /** Sends what had to wait; to be called now and then. */
  pump(): void {
    const { nowUs, perSecondMax, send } = this.#options;
    if (nowUs() - this.#windowAtUs >= WINDOW_US) {
      this.#windowAtUs = nowUs();
      this.#sent = 0;
    }
    while (this.#waiting.length > 0 && this.#sent < perSecondMax) {
      this.#sent++;
      send(this.#waiting.shift() as string);
    }
  }

  /** What has not left will not. */
  clear(): void {
    this.#waiting.length = 0;
  }
}
