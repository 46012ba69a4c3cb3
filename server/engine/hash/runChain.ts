/**
 * A rolling hash over every event of a run and every effect that it caused, in order. Two runs with
 * the same digest saw the same things and wanted the same things, whatever their buffers were, and a
 * run that resumes from a snapshot goes on with the chain where it was.
 */
import { createHash } from "node:crypto";
import type { Effect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { MsgpackWriter } from "../encode/msgpackWriter.ts";
import { writeEffect, writeEvent } from "../encode/tuples.ts";
import { stateHash } from "./canonical.ts";

/** Events between two folds. Part of the definition of the hash: it also bounds what a snapshot carries. */
export const EVENTS_PER_FOLD = 256;

const GENESIS = "00".repeat(32);

/** Plain data that fits into a snapshot. */
export interface RunChainState {
  readonly chainHex: string;
  /** Events and effects since the last fold, encoded. */
  readonly pending: Uint8Array;
  readonly events: number;
  readonly effects: number;
}

export class RunChain {
  #chain: Buffer;
  #events: number;
  #effects: number;
  readonly #pending = new MsgpackWriter();

  constructor(
    from: RunChainState = { chainHex: GENESIS, pending: new Uint8Array(0), events: 0, effects: 0 },
  ) {
    this.#chain = Buffer.from(from.chainHex, "hex");
    this.#pending.raw(from.pending);
    this.#events = from.events;
    this.#effects = from.effects;
  }

  /** Events so far: the number of the last one. */
  get events(): number {
    return this.#events;
  }

  get effects(): number {
    return this.#effects;
  }

  append(event: EngineEvent, effects: readonly Effect[]): void {
    writeEvent(this.#pending, event);
    for (const effect of effects) writeEffect(this.#pending, effect);
    this.#events += 1;
    this.#effects += effects.length;
    if (this.#events % EVENTS_PER_FOLD !== 0) return;
    this.#chain = this.#fold();
    this.#pending.truncate(0);
  }

  /** The hash of everything so far, as hex; changes nothing. */
  digest(): string {
    return this.#fold().toString("hex");
  }

  state(): RunChainState {
    return {
      chainHex: this.#chain.toString("hex"),
      pending: new Uint8Array(this.#pending.written()),
      events: this.#events,
      effects: this.#effects,
    };
  }

  #fold(): Buffer {
    return createHash("sha256").update(this.#chain).update(this.#pending.written()).digest();
  }
}

/** What a run publishes as its `stateHash`: where it ended, and everything that it saw and wanted on the way. */
export function runHash(state: unknown, chain: RunChain): string {
  return createHash("sha256").update(stateHash(state), "hex").update(chain.digest(), "hex").digest("hex");
}

/** The bytes of some effects as the chain hashes them, to compare two lists of them. */
export function encodeEffects(effects: readonly Effect[]): Uint8Array {
  const writer = new MsgpackWriter();
  for (const effect of effects) writeEffect(writer, effect);
  return new Uint8Array(writer.written());
}
