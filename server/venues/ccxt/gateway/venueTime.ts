/** The venue's time, by the skew that the public side measures. */
import { withDeadline } from "./deadline.ts";

const MEASURED_WITHIN_MS = 3_000;

interface VenueTimeOptions {
  /** Engine time. */
  readonly nowUs: () => number;
  /** Has it measured soon; resolves when `skewUs` is set by it. */
  readonly measure: () => Promise<void>;
}

export class VenueTime {
  readonly #options: VenueTimeOptions;
  /** The venue's clock ahead > 0. */
  skewUs = 0;

  constructor(options: VenueTimeOptions) {
    this.#options = options;
  }

  get skewMs(): number {
    return this.skewUs / 1_000;
  }

  get nowUs(): number {
    return this.#options.nowUs() + this.skewUs;
  }

  get nowMs(): number {
    return this.nowUs / 1_000;
  }

  /** Rejects with a DeadlineError where the venue does not say its time. */
  measured(): Promise<void> {
    return withDeadline(this.#options.measure(), MEASURED_WITHIN_MS);
  }

  /** The venue refuses requests for their time. What comes of it is seen in the requests that follow. */
  doubt(): void {
    this.measured().catch(() => undefined);
  }
}
