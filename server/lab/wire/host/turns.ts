/**
 * The lab's time on the real clock. Whatever is due is served in the order of virtual time, in turns: a late turn
 * changes when something is done and never what happens. What leaves waits until its turn is safe in the store.
 */
import { MICROS_PER_MS } from "../../../contract/units.ts";
import { TimeHeap } from "../../world/timeHeap.ts";
import type { HostTime } from "./time.ts";

/** Nothing is looked for less often: finer than any venue's latency, and a small part of one core. */
const TURN_EVERY_MS = 4;

/** Steps of one turn: some milliseconds of work. */
const STEPS_PER_TURN = 2_048;

export interface TurnsOptions {
  readonly clock: { nowUs(): number };
  /** What happens by itself: it goes before whatever else is due at its instant. */
  readonly market: { readonly nextAtUs: number; step(): void };
  /** Makes everything that has happened last. */
  readonly makeSafe: () => void;
  /** After every turn; `isBehind` when more was due. */
  readonly afterTurn: (isBehind: boolean) => void;
}

export class Turns implements HostTime {
  readonly #options: TurnsOptions;
  readonly #heap = new TimeHeap<() => void>();
  #leaving: (() => void)[] = [];
  #servedUs: number;
  #isTurning = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #timerAtUs = Infinity;
  #immediate: NodeJS.Immediate | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#servedUs = options.clock.nowUs();
  }

  nowUs(): number {
    return this.#isTurning ? this.#servedUs : this.#options.clock.nowUs();
  }

  /** Up to where everything has been served. */
  get servedUs(): number {
    return this.#servedUs;
  }

  at(atUs: number, happen: () => void): void {
    this.#heap.push(atUs, 0, happen);
    if (!this.#isTurning) this.#wait();
  }

  whenSafe(send: () => void): void {
    this.#leaving.push(send);
    if (!this.#isTurning) this.#soon();
  }

  start(): void {
    this.#turn();
  }

  /** Serves nothing more; what waits to leave has left. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    if (this.#immediate !== undefined) clearImmediate(this.#immediate);
    this.#options.makeSafe();
    this.#leave();
  }

  #turn(): void {
    clearTimeout(this.#timer);
    this.#timerAtUs = Infinity;
    this.#immediate = undefined;
    if (this.#isStopped) return;
    const isBehind = this.#serve();
    this.#options.makeSafe();
    this.#leave();
    this.#options.afterTurn(isBehind);
    if (isBehind) this.#soon();
    else this.#wait();
  }

  /** True when more is due. */
  #serve(): boolean {
    const { clock, market } = this.#options;
    const untilUs = clock.nowUs();
    this.#isTurning = true;
    try {
      for (let steps = 0; steps < STEPS_PER_TURN; steps++) {
        const nextUs = Math.min(market.nextAtUs, this.#heap.nextAtUs);
        if (nextUs > untilUs) {
          this.#servedUs = Math.max(this.#servedUs, untilUs);
          return false;
        }
        // What was due before it was ordered happens now: time does not go back.
        this.#servedUs = Math.max(this.#servedUs, nextUs);
        if (market.nextAtUs === nextUs) market.step();
        else this.#heap.pop()();
      }
      return true;
    } finally {
      this.#isTurning = false;
    }
  }

  #leave(): void {
    const leaving = this.#leaving;
    this.#leaving = [];
    for (const send of leaving) send();
  }

  #soon(): void {
    if (this.#isStopped) return;
    this.#immediate ??= setImmediate(() => this.#turn());
  }

  /** Until something is due, and never longer than a turn. */
  #wait(): void {
    if (this.#isStopped || this.#immediate !== undefined) return;
    const nowUs = this.#options.clock.nowUs();
    const nextUs = Math.min(this.#options.market.nextAtUs, this.#heap.nextAtUs);
    if (nextUs <= nowUs) return this.#soon();
    const atUs = Math.min(nextUs, nowUs + TURN_EVERY_MS * MICROS_PER_MS);
    if (atUs >= this.#timerAtUs) return;
    clearTimeout(this.#timer);
    this.#timerAtUs = atUs;
    this.#timer = setTimeout(() => this.#turn(), Math.max(1, (atUs - nowUs) / MICROS_PER_MS));
  }
}

/** A market in which nobody else trades. */
export const NO_MARKET = { nextAtUs: Infinity, step: (): void => undefined };
