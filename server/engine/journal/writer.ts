/**
 * Writes the journal of one run: every event with its effects, numbered from 1. Appending encodes at
 * once and never touches the disk; blocks are sealed by size or by `flush` and committed in the
 * background. An intent is therefore on its way to the disk before its order is, and nobody waits.
 */
import { readdirSync } from "node:fs";
import type { Effect } from "../../contract/effects.ts";
import type { EngineEvent } from "../../contract/events.ts";
import { makeFolderDurably } from "../../host/durableFile.ts";
import { MsgpackWriter } from "../encode/msgpackWriter.ts";
import { writeEffect, writeEvent } from "../encode/tuples.ts";
import { HASH_BYTES, sealBlock, sealSnapshot } from "./block.ts";
import { CommitQueue } from "./commitQueue.ts";
import type { JournalOptions } from "./commitQueue.ts";
import { LOCK_FILE, lockDirectory } from "./directoryLock.ts";
import { JournalError, describeWriteFailure } from "./journalError.ts";
import { MANIFEST_FILE, genesisHash, startManifest, writeManifest } from "./manifest.ts";
import type { Manifest, RunStart } from "./manifest.ts";

/** Amortises one hash and one record without holding back more than a few milliseconds of a busy desk. */
export const EVENTS_PER_BLOCK = 500;
/** A block of large events (open orders, definitions) is sealed earlier: a reader holds one in memory. */
export const BLOCK_BYTES_MAX = 1024 * 1024;

/**
 * Starts a journal in a directory that is empty or not there yet. Throws a JournalError: IN_USE,
 * NOT_EMPTY, DISK_FULL, NOT_WRITABLE.
 */
export function createJournal(
  directory: string,
  start: RunStart,
  options: JournalOptions = {},
): JournalWriter {
  const manifest = startManifest(start);
  try {
    makeFolderDurably(directory);
    const unlock = lockDirectory(directory);
    try {
      requireEmpty(directory);
      writeManifest(directory, manifest);
      const queue = new CommitQueue(directory, manifest.runId, genesisHash(manifest), options);
      return new JournalWriter(directory, manifest, queue, unlock);
    } catch (error) {
      unlock();
      throw error;
    }
  } catch (error) {
    throw describeWriteFailure(error, directory);
  }
}

export class JournalWriter {
  readonly #directory: string;
  readonly #manifest: Manifest;
  readonly #queue: CommitQueue;
  readonly #unlock: () => void;
  readonly #body = new MsgpackWriter();
  #prevHash: Buffer;
  #lastSeq = 0;
  #blockEvents = 0;
  #blockEffects = 0;
  #effects = 0;
  #closed = false;

  /** For `createJournal`, which has the lock. */
  constructor(directory: string, manifest: Manifest, queue: CommitQueue, unlock: () => void) {
    this.#directory = directory;
    this.#manifest = manifest;
    this.#queue = queue;
    this.#unlock = unlock;
    this.#prevHash = genesisHash(manifest);
  }

  /** Number of the last event that was appended; 0 before the first. */
  get lastSeq(): number {
    return this.#lastSeq;
  }

  /** Number of the segment that is written to. */
  get segments(): number {
    return this.#queue.segments;
  }

  /**
   * Takes the next event. False: the disk is behind, `await drained()` before going on. Throws the
   * JournalError of an earlier commit that failed.
   */
  append(event: EngineEvent, effects: readonly Effect[]): boolean {
    this.#requireOpen();
    const start = this.#body.length;
    try {
      writeEvent(this.#body, event);
      for (const effect of effects) writeEffect(this.#body, effect);
    } catch (error) {
      // What is there before stays readable.
      this.#body.truncate(start);
      throw error;
    }
    this.#lastSeq++;
    this.#blockEvents++;
    this.#blockEffects += effects.length;
    this.#effects += effects.length;
    if (this.#blockEvents >= EVENTS_PER_BLOCK || this.#body.length >= BLOCK_BYTES_MAX) this.#seal();
    return this.#queue.hasRoom;
  }

  /** Stores the state after event `seq`, in order with the events. Answers like `append`. */
  putSnapshot(seq: number, bytes: Uint8Array): boolean {
    this.#requireOpen();
    if (!Number.isInteger(seq) || seq < 0 || seq > this.#lastSeq)
      throw new Error(`a snapshot after event ${seq} while the last event is ${this.#lastSeq}`);
    this.#seal();
    this.#queue.push({ kind: "snapshot", key: seq, record: sealSnapshot(seq, bytes) });
    return this.#queue.hasRoom;
  }

  /** Seals what was appended and resolves when all of it is durable. */
  async flush(): Promise<void> {
    this.#requireOpen();
    this.#seal();
    await this.#queue.drained();
  }

  /** Resolves when every sealed block is durable. */
  async drained(): Promise<void> {
    await this.#queue.drained();
  }

  /** Ends the journal. Without `end` the run stays unfinished in its manifest, as after a crash. */
  async close(end?: { readonly stateHash: string }): Promise<void> {
    if (this.#closed) throw new Error("the journal is closed");
    this.#closed = true;
    try {
      this.#seal();
      await this.#queue.drained();
    } finally {
      await this.#queue.close();
      this.#unlock();
    }
    if (end !== undefined) this.#writeEnd(end.stateHash);
  }

  #writeEnd(stateHash: string): void {
    const { segments } = this.#queue;
    const lastHash = this.#prevHash.toString("hex");
    const end = { events: this.#lastSeq, effects: this.#effects, stateHash, segments, lastHash };
    try {
      writeManifest(this.#directory, { ...this.#manifest, end });
    } catch (error) {
      throw describeWriteFailure(error, this.#directory);
    }
  }

  #seal(): void {
    if (this.#blockEvents === 0) return;
    const firstSeq = this.#lastSeq - this.#blockEvents + 1;
    const events = this.#blockEvents;
    const content = { prevHash: this.#prevHash, firstSeq, events, effects: this.#blockEffects };
    const record = sealBlock({ ...content, body: this.#body.written() });
    this.#prevHash = record.subarray(0, HASH_BYTES);
    this.#body.truncate(0);
    this.#blockEvents = 0;
    this.#blockEffects = 0;
    this.#queue.push({ kind: "block", key: firstSeq, record, events });
  }

  #requireOpen(): void {
    if (this.#closed) throw new Error("the journal is closed");
    this.#queue.throwFailure();
  }
}

function requireEmpty(directory: string): void {
  const found = readdirSync(directory).filter((name) => name !== LOCK_FILE);
  if (found.length === 0) return;
  const what = found.includes(MANIFEST_FILE) ? "already holds a journal" : `is not empty (${found[0]})`;
  throw new JournalError("NOT_EMPTY", `${directory} ${what}: choose another directory`);
}
