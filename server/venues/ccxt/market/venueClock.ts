/**
 * How far the venue's clock is off ours, from its time endpoint. Each answer bounds it: the venue read its clock
 * between question and answer, and cut what it read to whole milliseconds or seconds. What all of the last answers
 * allow is less than any of them does alone, and never more than the quickest. Requests carry an expiry, so a clock
 * that is half of it off lets orders live too long, or has them refused.
 */

/** What a venue's clock shows, cut off to this resolution. */
export interface VenueTime {
  readonly atUs: number;
  readonly resolutionUs: number;
}

export interface ClockSkew {
  /** The venue's clock ahead > 0; 0 as long as both may be right. */
  readonly skewUs: number;
  /** The skew lies within so much of it, either way. */
  readonly uncertaintyUs: number;
  /** Beyond half of the request expiry. */
  readonly isTooFar: boolean;
}

interface VenueClockOptions {
  readonly nowUs: () => number;
  readonly fetchTime: () => Promise<VenueTime>;
  readonly requestExpiryMs: number;
}

interface Bounds {
  readonly lowUs: number;
  readonly highUs: number;
}

const SAMPLES_MAX = 8;

export class VenueClock {
  readonly #options: VenueClockOptions;
  #samples: Bounds[] = [];

  constructor(options: VenueClockOptions) {
    this.#options = options;
  }

  /** One question more. Rejects when the venue did not answer. */
  async measure(): Promise<ClockSkew> {
    const { nowUs, fetchTime, requestExpiryMs } = this.#options;
    const askedAtUs = nowUs();
    const { atUs, resolutionUs } = await fetchTime();
    const sample = { lowUs: atUs - nowUs(), highUs: atUs + resolutionUs - askedAtUs };
    const known = this.#samples.slice(1 - SAMPLES_MAX).filter((earlier) => overlaps(earlier, sample));
    // One of the clocks was set: what was known before says nothing any more.
    this.#samples = [...known, sample];
    const lowUs = Math.max(...this.#samples.map((bounds) => bounds.lowUs));
    const highUs = Math.min(...this.#samples.map((bounds) => bounds.highUs));
    const mayBeRight = lowUs <= 0 && highUs >= 0;
    const skewUs = mayBeRight ? 0 : Math.round((lowUs + highUs) / 2);
    const uncertaintyUs = mayBeRight ? Math.max(-lowUs, highUs) : (highUs - lowUs) / 2;
    return { skewUs, uncertaintyUs, isTooFar: Math.abs(skewUs) > (requestExpiryMs * 1_000) / 2 };
  }
}

function overlaps(a: Bounds, b: Bounds): boolean {
  return a.lowUs <= b.highUs && b.lowUs <= a.highUs;
}
