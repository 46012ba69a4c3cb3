/** How busy the engine is: events per second, the time of its steps and how long its thread stood still, over a second or so. */
import { monitorEventLoopDelay } from "node:perf_hooks";

/** A 99th percentile over the latest thousand steps moves with the load and stands on ten values. */
const STEPS_KEPT = 1_024;

/** Between two looks at the thread's loop; what is beyond it was a delay. */
const LOOK_EVERY_MS = 10;
const NS_PER_MS = 1e6;

export class Meter {
  readonly #stepUs = new Float64Array(STEPS_KEPT);
  #steps = 0;
  #countedSteps = 0;
  #countedAtUs: number;
  #perSecond = 0;
  readonly #delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  #stallMs = 0;

  constructor(wallUs: number) {
    this.#countedAtUs = wallUs;
    this.#delay.enable();
  }

  stop(): void {
    this.#delay.disable();
  }

  step(durationUs: number): void {
    this.#stepUs[this.#steps % STEPS_KEPT] = durationUs;
    this.#steps++;
  }

  /** Once a second: the rate and the longest stall since the last time. */
  count(wallUs: number): void {
    const seconds = (wallUs - this.#countedAtUs) / 1e6;
    if (seconds <= 0) return;
    this.#perSecond = (this.#steps - this.#countedSteps) / seconds;
    this.#countedSteps = this.#steps;
    this.#countedAtUs = wallUs;
    this.#stallMs = Math.max(0, this.#delay.max / NS_PER_MS - LOOK_EVERY_MS);
    this.#delay.reset();
  }

  get eventsPerSecond(): number {
    return Math.round(this.#perSecond);
  }

  /** The longest, of the second that was counted last. */
  get stallMs(): number {
    return this.#stallMs;
  }

  /** Undefined before there are enough steps for it to mean anything. */
  stepP99Us(): number | undefined {
    if (this.#steps < STEPS_KEPT) return undefined;
    return this.#stepUs.toSorted()[Math.floor(STEPS_KEPT * 0.99)];
  }
}
