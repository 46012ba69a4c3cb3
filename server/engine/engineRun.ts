/**
 * One run of the engine, the same under every profile: events go in one at a time, effects come out,
 * both are chained into the run's hash and, if wanted, into a journal.
 */
import type { EngineConfig } from "../contract/config.ts";
import { UserError } from "../contract/errors.ts";
import type { Effect } from "../contract/effects.ts";
import type { EngineEvent } from "../contract/events.ts";
import { createEngine } from "../core/setup.ts";
import type { Engine, EngineState } from "../core/state.ts";
import { step } from "../core/step.ts";
import { decodeState, encodeState } from "./hash/canonical.ts";
import { RunChain, runHash, type RunChainState } from "./hash/runChain.ts";
import type { JournalWriter } from "./journal/writer.ts";

/** Raised with every change of what EngineState holds: a state that was written otherwise is not guessed at. */
const STATE_VERSION = 9;

interface RunSnapshot {
  readonly version: number;
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
    const from = options.snapshot === undefined ? undefined : openSnapshot(options.snapshot);
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
    const snapshot: RunSnapshot = {
      version: STATE_VERSION,
      state: this.engine.state,
      chain: this.#chain.state(),
    };
    return encodeState(snapshot);
  }

  /** What a next run starts from: the same state, and a chain that begins with it. */
  handover(): Uint8Array {
    const snapshot: RunSnapshot = {
      version: STATE_VERSION,
      state: this.engine.state,
      chain: new RunChain().state(),
    };
    return encodeState(snapshot);
  }

  /** Hash of the state, and of every event and effect so far. */
  stateHash(): string {
    return runHash(this.engine.state, this.#chain);
  }
}

function openSnapshot(bytes: Uint8Array): RunSnapshot {
  const snapshot = decodeState(bytes) as Partial<RunSnapshot>;
  const { version, state, chain } = snapshot;
  if (version !== STATE_VERSION || state === undefined || chain === undefined)
    throw new UserError(
      `the journal's state is of version ${version ?? "0"} and this code reads ${STATE_VERSION}: end the desk with the code that wrote it, then move its home away and start anew`,
    );
  return { version, state, chain };
}
