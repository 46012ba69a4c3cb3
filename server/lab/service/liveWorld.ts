/**
 * The market of others, the exchanges and the way to them on the real clock. Virtual time follows the clock:
 * whatever is due is served in the order of virtual time, so that a late turn changes when something is done
 * and never what happens.
 */
import type { DeskFile } from "../../contract/deskFile.ts";
import type { OrderEffect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import type { MarketDriver, MarketRecord } from "../ports.ts";
import type { FaultPlan } from "../world/faults.ts";
import { zeroFaultCounts } from "../world/faults.ts";
import type { Network, NetworkOptions } from "../world/network.ts";
import { createNetwork } from "../world/network.ts";
import { TimeHeap } from "../world/timeHeap.ts";

export interface LiveWorldOptions extends Pick<
  NetworkOptions,
  "exchanges" | "latency" | "seed" | "fillsSince"
> {
  readonly config: DeskFile["config"];
  readonly driver: MarketDriver;
  readonly faults: FaultPlan;
  readonly clock: { nowUs(): number };
  readonly deliver: (event: EngineEvent) => void;
  /** The driver has no more records. */
  readonly onMarketEnd: () => void;
}

export class LiveWorld {
  readonly #options: LiveWorldOptions;
  readonly #network: Network;
  readonly #heap = new TimeHeap<() => void>();
  #record: MarketRecord | undefined;
  #nowUs: number;
  #marketEnded = false;

  constructor(options: LiveWorldOptions) {
    this.#options = options;
    this.#nowUs = options.clock.nowUs();
    this.#network = createNetwork({
      ...options,
      counts: zeroFaultCounts(),
      agenda: { nowUs: () => this.#nowUs, at: (atUs, rank, task) => this.#heap.push(atUs, rank, task) },
    });
    this.#record = options.driver.next();
    // What was before anyone could connect only shapes the books.
    while (this.#record !== undefined && this.#record.exchangeAtUs < this.#nowUs) {
      this.#network.preload(this.#record);
      this.#record = options.driver.next();
    }
    this.#network.open();
  }

  /** Where virtual time stands: the clock, less what has not been served yet. */
  get nowUs(): number {
    return this.#nowUs;
  }

  get marketEnded(): boolean {
    return this.#marketEnded;
  }

  /** Serves what is due, at most this many steps. False when more is due. */
  advance(stepsMax: number): boolean {
    const untilUs = this.#options.clock.nowUs();
    if (this.#options.driver.isEndless) this.#record ??= this.#options.driver.next();
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const record = this.#record;
      const recordAtUs = record === undefined ? Infinity : record.exchangeAtUs;
      const nextUs = Math.min(recordAtUs, this.#heap.nextAtUs);
      if (nextUs > untilUs) {
        this.#nowUs = untilUs;
        this.#noteMarketEnd();
        return true;
      }
      this.#nowUs = nextUs;
      if (record !== undefined && recordAtUs === nextUs) this.#apply(record);
      else this.#heap.pop()();
    }
    return false;
  }

  /** Sends a request of the desk on its way, at the present instant of virtual time. */
  send(effect: OrderEffect): void {
    this.#network.send(effect);
  }

  /** Sends every book anew. */
  resubscribeAll(): void {
    for (const instrument of this.#options.config.instruments.keys()) this.#network.resubscribe(instrument);
  }

  #apply(record: MarketRecord): void {
    this.#network.applyMarket(record);
    const next = this.#options.driver.next();
    if (next !== undefined && next.exchangeAtUs < record.exchangeAtUs)
      throw new Error(`invariant: the market went back from ${record.exchangeAtUs} to ${next.exchangeAtUs}`);
    this.#record = next;
  }

  #noteMarketEnd(): void {
    const { isEndless = false } = this.#options.driver;
    if (this.#record !== undefined || isEndless || this.#marketEnded) return;
    this.#marketEnded = true;
    this.#options.onMarketEnd();
  }
}
