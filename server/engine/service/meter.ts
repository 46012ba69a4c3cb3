/** How busy the engine is: events per second and the time of its steps, over a second or so. */

/** A 99th percentile over the latest thousand steps moves with the load and stands on ten values. */
const STEPS_KEPT = 1_024;

export class Meter {
  readonly #stepUs = new Float64Array(STEPS_KEPT);
  #steps = 0;
  #countedSteps = 0;
  #countedAtUs: number;
  #perSecond = 0;

  constructor(wallUs: number) {
    this.#countedAtUs = wallUs;
  }

  step(durationUs: number): void {
    this.#stepUs[this.#steps % STEPS_KEPT] = durationUs;
    this.#steps++;
  }

  /** Once a second: the rate since the last time. */
  count(wallUs: number): void {
    const seconds = (wallUs - this.#countedAtUs) / 1e6;
    if (seconds <= 0) return;
    this.#perSecond = (this.#steps - this.#countedSteps) / seconds;
    this.#countedSteps = this.#steps;
    this.#countedAtUs = wallUs;
  }

  get eventsPerSecond(): number {
    return Math.round(this.#perSecond);
  }

  /** Undefined before there are enough steps for it to mean anything. */
  stepP99Us(): number | undefined {
    if (this.#steps < STEPS_KEPT) return undefined;
    return this.#stepUs.toSorted()[Math.floor(STEPS_KEPT * 0.99)];
  }
}
