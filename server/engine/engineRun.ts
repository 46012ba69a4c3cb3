/**
 * One run of the engine, the same under every profile: events go in one at a time, effects come out,
 * both are chained into the run's hash and, if wanted, into a journal.
 */
import type { EngineConfig } from "../contract/config.ts";
import type { Effect } from "../contract/effects.ts";
import type { EngineEvent } from "../contract/events.ts";
import { createEngine } from "../core/setup.ts";
import type { Engine, EngineState } from "../core/state.ts";
import { step } from "../core/step.ts";
import { decodeState, encodeState } from "./hash/canonical.ts";
import { RunChain, runHash, type RunChainState } from "./hash/runChain.ts";
import type { JournalWriter } from "./journal/writer.ts";

interface RunSnapshot {
  readonly state: EngineState;
  readonly chain: RunChainState;
}

export class EngineRun {
  readonly engine: Engine;
  readonly #chain: RunChain;
  readonly #journal: JournalWriter | undefined;

  /** Throws a ConfigError when the configuration cannot work. */
  constructor(
    config: EngineConfig,
    options: {
      readonly journal?: JournalWriter | undefined;
      readonly snapshot?: Uint8Array | undefined;
    } = {},
  ) {
    const from = options.snapshot === undefined ? undefined : (decodeState(options.snapshot) as RunSnapshot);
    this.engine = from === undefined ? createEngine(config) : { config, state: from.state };
    this.#chain = new RunChain(from?.chain);
    this.#journal = options.journal;
  }

  /** Number of the last event that was consumed. */
  get seq(): number {
    return this.#chain.events;
  }

  get effects(): number {
    return this.#chain.effects;
  }

  /** False: the journal's disk is behind; wait for it before the next slice of events. */
  get journalHasRoom(): boolean {
    return this.#room;
  }
  #room = true;

  handle(event: EngineEvent): readonly Effect[] {
    const effects = this.#stepOrRecord(event);
    this.#chain.append(event, effects);
    if (this.#journal !== undefined) this.#room = this.#journal.append(event, effects);
    return effects;
  }

  /** The event that breaks an invariant is the one that a replay must be able to reach. */
  #stepOrRecord(event: EngineEvent): readonly Effect[] {
    try {
      return step(this.engine, event);
    } catch (error) {
      this.#journal?.append(event, []);
      throw error;
    }
  }

  /** Everything that the next event depends on. */
  snapshot(): Uint8Array {
    const snapshot: RunSnapshot = { state: this.engine.state, chain: this.#chain.state() };
    return encodeState(snapshot);
  }

  /** Hash of the state, and of every event and effect so far. */
  stateHash(): string {
    return runHash(this.engine.state, this.#chain);
  }
}
