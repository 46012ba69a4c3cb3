/**
 * A world: the market of others, exchanges and one engine in virtual time, as a discrete-event loop. Market
 * records stream straight from the driver; what is on its way between desk and venues waits on the agenda
 * (agenda.ts has the order of service at equal instants). Nothing in here reads a clock.
 */
import type { Effect } from "../../contract/effects.ts";
import { UserError } from "../../contract/errors.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { MarketDriver, MarketRecord } from "../ports.ts";
import type { Rank } from "./agenda.ts";
import { RANK } from "./agenda.ts";
import type { FaultCounts } from "./faults.ts";
import { FaultPlan, zeroFaultCounts } from "./faults.ts";
import type { Network, NetworkOptions } from "./network.ts";
import { createNetwork } from "./network.ts";
import { TimeHeap } from "./timeHeap.ts";

/** After the last market record the world goes on for this long: room for what is on its way to arrive. */
export const DRAIN_US = MICROS_PER_SECOND;

/**
 * More than this within one microsecond is a loop of engine and exchange that time cannot get out of. What a
 * minute of silence holds back of 50 busy feeds comes at once, and is less.
 */
const STEPS_PER_INSTANT_MAX = 300_000;

const TIMER_PERIOD_US = 100_000;
const STEPS_PER_SLICE = 65_536;

export interface WorldOptions extends Pick<NetworkOptions, "config" | "exchanges" | "latency"> {
  readonly driver: MarketDriver;
  readonly engine: (event: EngineEvent) => readonly Effect[];
  /** Of latencies and faults. */
  readonly seed: number;
  readonly faults?: FaultPlan | undefined;
  /** The engine starts here, or with the first record. Earlier records only shape the books. */
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
  readonly timerPeriodUs?: number | undefined;
}

export interface WorldResult {
  /** Market records that happened. */
  readonly records: number;
  /** Events that the engine consumed, and effects that it returned. */
  readonly events: number;
  readonly effects: number;
  readonly startedAtUs: number;
  /** Where virtual time stands: the end of the run once it is over. */
  readonly endedAtUs: number;
  readonly faults: FaultCounts;
}

/** Runs a world to its end; between slices `onProgress` learns how far it is. */
export function runWorld(options: WorldOptions, onProgress?: (soFar: WorldResult) => void): WorldResult {
  const world = new World(options);
  while (!world.advance(STEPS_PER_SLICE)) onProgress?.(world.result());
  return world.result();
}

export class World {
  readonly #driver: MarketDriver;
  readonly #engine: WorldOptions["engine"];
  readonly #network: Network;
  readonly #heap = new TimeHeap<() => void>();
  readonly #faults = zeroFaultCounts();
  readonly #timerPeriodUs: number;
  readonly #startedAtUs: number;
  readonly #toUs: number | undefined;
  #record: MarketRecord | undefined;
  #lastRecordAtUs: number;
  #nowUs: number;
  #records = 0;
  #events = 0;
  #effects = 0;
  #stepsThisInstant = 0;

  /** Throws a UserError when there is nothing to run. */
  constructor(options: WorldOptions) {
    const { driver, engine, toUs, faults = FaultPlan.parse({}), timerPeriodUs = TIMER_PERIOD_US } = options;
    this.#driver = driver;
    this.#engine = engine;
    this.#toUs = toUs;
    this.#timerPeriodUs = timerPeriodUs;
    this.#record = driver.next();
    const startsAtUs = options.fromUs ?? this.#record?.exchangeAtUs;
    if (startsAtUs === undefined)
      throw new UserError("The market has no records: choose another recording or period.");
    if (toUs !== undefined && toUs <= startsAtUs)
      throw new UserError("The run would end before it starts: choose a later end, or an earlier start.");
    this.#startedAtUs = startsAtUs;
    this.#lastRecordAtUs = startsAtUs;
    this.#nowUs = startsAtUs;
    this.#network = createNetwork({
      ...options,
      faults,
      agenda: { nowUs: () => this.#nowUs, at: (atUs, rank, task) => this.#at(atUs, rank, task) },
      counts: this.#faults,
      deliver: (event) => this.#deliver(event),
    });
    this.#warmUp();
    this.#network.open();
    this.#at(Math.ceil(startsAtUs / timerPeriodUs) * timerPeriodUs, RANK.timer, () => this.#tick());
  }

  /** Serves up to this many records, arrivals and deliveries. True when the run is over. */
  advance(stepsMax: number): boolean {
    for (let steps = 0; steps < stepsMax; steps += 1) {
      const record = this.#record;
      const recordAtUs = record === undefined ? Infinity : record.exchangeAtUs;
      const nextUs = Math.min(recordAtUs, this.#heap.nextAtUs);
      const endUs = this.#endUs();
      if (nextUs > endUs) {
        this.#nowUs = endUs;
        return true;
      }
      this.#moveTo(nextUs);
      if (record !== undefined && recordAtUs === nextUs) this.#apply(record);
      else this.#heap.pop()();
    }
    return false;
  }

  /** From now on nothing new goes wrong; outages and delays that have begun end in their time. */
  heal(): void {
    this.#network.heal();
  }

  result(): WorldResult {
    return {
      records: this.#records,
      events: this.#events,
      effects: this.#effects,
      startedAtUs: this.#startedAtUs,
      endedAtUs: this.#nowUs,
      faults: { ...this.#faults },
    };
  }

  /** Books as they stand at the start, for an engine that starts in the middle of the market. */
  #warmUp(): void {
    const seen = new Set<number>();
    for (
      ;
      this.#record !== undefined && this.#record.exchangeAtUs < this.#nowUs;
      this.#record = this.#driver.next()
    ) {
      this.#network.preload(this.#record);
      seen.add(this.#record.instrument);
    }
    for (const instrument of [...seen].toSorted((a, b) => a - b)) this.#network.resubscribe(instrument);
  }

  /** Infinity as long as the market goes on and no end was set. */
  #endUs(): number {
    const toUs = this.#toUs ?? Infinity;
    return this.#record === undefined ? Math.min(toUs, this.#lastRecordAtUs + DRAIN_US) : toUs;
  }

  #moveTo(atUs: number): void {
    this.#stepsThisInstant = atUs === this.#nowUs ? this.#stepsThisInstant + 1 : 0;
    if (this.#stepsThisInstant > STEPS_PER_INSTANT_MAX)
      throw new Error(
        `invariant: time does not get past ${atUs}: engine and exchange keep answering each other`,
      );
    this.#nowUs = atUs;
  }

  #apply(record: MarketRecord): void {
    this.#records += 1;
    this.#lastRecordAtUs = record.exchangeAtUs;
    this.#network.applyMarket(record);
    this.#record = this.#driver.next();
    if (this.#record !== undefined && this.#record.exchangeAtUs < record.exchangeAtUs)
      throw new Error(
        `invariant: the market went back from ${record.exchangeAtUs} to ${this.#record.exchangeAtUs}`,
      );
  }

  #at(atUs: number, rank: Rank, task: () => void): void {
    if (!(atUs >= this.#nowUs)) throw new Error(`invariant: ${atUs} is before virtual time ${this.#nowUs}`);
    this.#heap.push(atUs, rank, task);
  }

  #tick(): void {
    this.#deliver({ type: "timer", atUs: this.#nowUs });
    this.#at(this.#nowUs + this.#timerPeriodUs, RANK.timer, () => this.#tick());
  }

  #deliver(event: EngineEvent): void {
    this.#events += 1;
    for (const effect of this.#engine(event)) {
      this.#effects += 1;
      if (effect.type !== "notice" && effect.type !== "acknowledge") this.#network.send(effect);
    }
  }
}
