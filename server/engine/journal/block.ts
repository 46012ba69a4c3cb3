/**
 * One record is one block: `hash ‖ prevHash ‖ firstSeq ‖ events ‖ effects ‖ body`, with
 * hash = SHA-256 of all that follows it. A block therefore says what it must follow, how much is in
 * it, and whether a bit of it has changed.
 */
import { createHash } from "node:crypto";

export const HASH_BYTES = 32;

export interface Block {
  readonly hash: Buffer;
  readonly prevHash: Buffer;
  readonly firstSeq: number;
  readonly events: number;
  readonly effects: number;
  /** The steps, encoded. */
  readonly body: Buffer;
}

const FIRST_SEQ_AT = 2 * HASH_BYTES;
export const FIRST_SEQ_END = FIRST_SEQ_AT + 8;
const EVENTS_AT = FIRST_SEQ_END;
const EFFECTS_AT = EVENTS_AT + 4;
const BODY_AT = EFFECTS_AT + 4;

export interface BlockContent {
  readonly prevHash: Uint8Array;
  readonly firstSeq: number;
  readonly events: number;
  readonly effects: number;
  readonly body: Uint8Array;
}

/** Copies the content into a record of its own. */
export function sealBlock(content: BlockContent): Buffer {
  const record = Buffer.allocUnsafeSlow(BODY_AT + content.body.length);
  record.set(content.prevHash, HASH_BYTES);
  record.writeDoubleBE(content.firstSeq, FIRST_SEQ_AT);
  record.writeUInt32BE(content.events, EVENTS_AT);
  record.writeUInt32BE(content.effects, EFFECTS_AT);
  record.set(content.body, BODY_AT);
  record.set(hashOf(record.subarray(HASH_BYTES)), 0);
  return record;
}

/** Undefined when the record is not what was sealed. */
export function openBlock(record: Buffer): Block | undefined {
  if (record.length < BODY_AT) return undefined;
  const hash = record.subarray(0, HASH_BYTES);
  if (!hashOf(record.subarray(HASH_BYTES)).equals(hash)) return undefined;
  return {
    hash,
    prevHash: record.subarray(HASH_BYTES, FIRST_SEQ_AT),
    firstSeq: record.readDoubleBE(FIRST_SEQ_AT),
    events: record.readUInt32BE(EVENTS_AT),
    effects: record.readUInt32BE(EFFECTS_AT),
    body: record.subarray(BODY_AT),
  };
}

/** What the beginning of a record says, unproven: where to look for an event. */
export function firstSeqOf(record: Buffer): number {
  return record.readDoubleBE(FIRST_SEQ_AT);
}

/** Number of the last event in a record, by its own word and unproven; undefined when it cannot be. */
export function claimedLastSeq(record: Buffer): number | undefined {
  if (record.length < BODY_AT) return undefined;
  const lastSeq = firstSeqOf(record) + record.readUInt32BE(EVENTS_AT) - 1;
  return Number.isSafeInteger(lastSeq) && lastSeq > 0 ? lastSeq : undefined;
}

/** A snapshot's record: `hash ‖ seq ‖ bytes`. */
export function sealSnapshot(seq: number, bytes: Uint8Array): Buffer {
  const record = Buffer.allocUnsafeSlow(HASH_BYTES + 8 + bytes.length);
  record.writeDoubleBE(seq, HASH_BYTES);
  record.set(bytes, HASH_BYTES + 8);
  record.set(hashOf(record.subarray(HASH_BYTES)), 0);
  return record;
}

/** Undefined when the record is not what was sealed for this number. */
export function openSnapshot(seq: number, record: Buffer): Uint8Array | undefined {
  if (record.length < HASH_BYTES + 8 || record.readDoubleBE(HASH_BYTES) !== seq) return undefined;
  if (!hashOf(record.subarray(HASH_BYTES)).equals(record.subarray(0, HASH_BYTES))) return undefined;
  return new Uint8Array(record.subarray(HASH_BYTES + 8));
}

function hashOf(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
