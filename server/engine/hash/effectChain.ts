/**
 * A rolling hash over every effect of a run, in order. Two runs with the same digest wanted the same
 * things at the same events, whatever their buffers were, and a run that resumes from a snapshot goes
 * on with the chain where it was.
 */
import { createHash } from "node:crypto";
import type { Effect } from "../../contract/effects.ts";
import { MsgpackWriter } from "../encode/msgpackWriter.ts";
import { writeEffect } from "../encode/tuples.ts";
import { stateHash } from "./canonical.ts";

/** Effects between two folds. Part of the definition of the hash: it also bounds what a snapshot carries. */
export const EFFECTS_PER_FOLD = 1_024;

const GENESIS = "00".repeat(32);

/** Plain data that fits into a snapshot. */
export interface EffectChainState {
  readonly chainHex: string;
  /** Effects since the last fold, encoded. */
  readonly pending: Uint8Array;
  /** All effects so far. */
  readonly count: number;
}

export class EffectChain {
  #chain: Buffer;
  #count: number;
  readonly #pending = new MsgpackWriter();

  constructor(from: EffectChainState = { chainHex: GENESIS, pending: new Uint8Array(0), count: 0 }) {
    this.#chain = Buffer.from(from.chainHex, "hex");
    this.#pending.raw(from.pending);
    this.#count = from.count;
  }

  get count(): number {
    return this.#count;
  }

  /** `seq` is the number of the event that caused the effect. */
  append(seq: number, effect: Effect): void {
    this.#pending.number(seq);
    writeEffect(this.#pending, effect);
    this.#count++;
    if (this.#count % EFFECTS_PER_FOLD !== 0) return;
    this.#chain = this.#fold();
    this.#pending.truncate(0);
  }

  /** The hash of everything so far, as hex; changes nothing. */
  digest(): string {
    return this.#fold().toString("hex");
  }

  state(): EffectChainState {
    return {
      chainHex: this.#chain.toString("hex"),
      pending: new Uint8Array(this.#pending.written()),
      count: this.#count,
    };
  }

  #fold(): Buffer {
    return createHash("sha256").update(this.#chain).update(this.#pending.written()).digest();
  }
}

/** What a run publishes as its `stateHash`: where it ended and everything it wanted on the way. */
export function runHash(state: unknown, chain: EffectChain): string {
  return createHash("sha256").update(stateHash(state), "hex").update(chain.digest(), "hex").digest("hex");
}

/** The bytes of some effects as the chain hashes them, to compare two lists of them. */
export function encodeEffects(effects: readonly Effect[]): Uint8Array {
  const writer = new MsgpackWriter();
  for (const effect of effects) writeEffect(writer, effect);
  return new Uint8Array(writer.written());
}
