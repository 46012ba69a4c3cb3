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
import { EffectChain, runHash, type EffectChainState } from "./hash/effectChain.ts";
import type { JournalWriter } from "./journal/writer.ts";

interface RunSnapshot {
  readonly seq: number;
  readonly state: EngineState;
  readonly chain: EffectChainState;
}

export class EngineRun {
  readonly engine: Engine;
  readonly #chain: EffectChain;
  readonly #journal: JournalWriter | undefined;
  #seq: number;

  /** Throws a ConfigError when the configuration cannot work. */
  constructor(config: EngineConfig, options: { readonly journal?: JournalWriter | undefined; readonly snapshot?: Uint8Array | undefined } = {}) {
    const from = options.snapshot === undefined ? undefined : (decodeState(options.snapshot) as RunSnapshot);
    this.engine = from === undefined ? createEngine(config) : { config, state: from.state };
    this.#chain = new EffectChain(from?.chain);
    this.#seq = from?.seq ?? 0;
    this.#journal = options.journal;
  }

  /** Number of the last event that was consumed. */
  get seq(): number {
    return this.#seq;
  }

  get effects(): number {
    return this.#chain.count;
  }

  /** False: the journal's disk is behind; wait for it before the next slice of events. */
  get journalHasRoom(): boolean {
    return this.#room;
  }
  #room = true;

  handle(event: EngineEvent): readonly Effect[] {
    this.#seq += 1;
    const effects = step(this.engine, event);
    for (const effect of effects) this.#chain.append(this.#seq, effect);
    if (this.#journal !== undefined) this.#room = this.#journal.append(event, effects);
    return effects;
  }

  /** Everything that the next event depends on. */
  snapshot(): Uint8Array {
    const snapshot: RunSnapshot = { seq: this.#seq, state: this.engine.state, chain: this.#chain.state() };
    return encodeState(snapshot);
  }

  /** Hash of the state and of every effect so far. */
  stateHash(): string {
    return runHash(this.engine.state, this.#chain);
  }
}
