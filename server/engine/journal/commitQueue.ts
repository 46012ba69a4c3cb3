/**
 * What is sealed waits here for the disk. One commit is under way at a time and takes everything that
 * waits, so commits grow with the load instead of queueing. Order is kept across segments too: the
 * next one begins when the last one is durable, and what a crash leaves is always a prefix of the run.
 */
import type { SyncFile } from "./blockFile.ts";
import { SegmentWriter } from "./segment.ts";
import type { SegmentItem } from "./segment.ts";
import { HASH_BYTES } from "./block.ts";
import { describeWriteFailure, diskFull, freeBytes } from "./journalError.ts";

/** Beyond this the caller is asked to wait: about 100,000 book events, half a second of a fast backtest. */
export const QUEUE_BYTES_SOFT = 8 * 1024 * 1024;
/** Nobody waits when asked to: a defect of the caller, found before it eats the memory. */
export const QUEUE_BYTES_MAX = 64 * 1024 * 1024;

/** A segment is copied, shipped and pruned as a whole. */
export const SEGMENT_BYTES_MAX = 1024 * 1024 * 1024;
/** Of a record in the file of blocks. */
const LENGTH_BYTES = 8;

/** Left free: a desk that stops for want of disk still has to write down that it stops. */
const DISK_RESERVE_BYTES = 16 * 1024 * 1024;

export interface JournalOptions {
  /** Of a segment, beside its first: older ones make room. All of them, where nothing is said. */
  readonly snapshotsKept?: number | undefined;
  readonly segmentBytesMax?: number | undefined;
  /** What is free on the disk of a directory; undefined when nobody knows. */
  readonly freeBytes?: ((directory: string) => number | undefined) | undefined;
  /** Instead of `fdatasync`: a slow or failing disk, for a test. */
  readonly sync?: SyncFile | undefined;
}

export class CommitQueue {
  readonly #directory: string;
  readonly #segmentBytesMax: number;
  readonly #snapshotsKept: number;
  readonly #freeBytes: (directory: string) => number | undefined;
  readonly #sync: SyncFile | undefined;
  readonly #waiting: SegmentItem[] = [];
  #waitingBytes = 0;
  #segment: SegmentWriter;
  /** Where a next segment would go on. */
  #nextSeq = 1;
  #lastHash: string;
  #pushed = 0;
  #committed = 0;
  #working = false;
  /** The commit, or the change of segments, that is under way; never rejects. */
  #turn: Promise<void> = Promise.resolve();
  #failure: Error | undefined;

  constructor(directory: string, runId: string, genesisHash: Buffer, options: JournalOptions = {}) {
    this.#directory = directory;
    this.#segmentBytesMax = options.segmentBytesMax ?? SEGMENT_BYTES_MAX;
    this.#snapshotsKept = options.snapshotsKept ?? Infinity;
    this.#freeBytes = options.freeBytes ?? freeBytes;
    this.#sync = options.sync;
    this.#lastHash = genesisHash.toString("hex");
    this.#segment = this.#openSegment(runId, 1);
  }

  get segments(): number {
    return this.#segment.meta.segment;
  }

  /** False: more is waiting than should; drain before going on. */
  get hasRoom(): boolean {
    return this.#waitingBytes < QUEUE_BYTES_SOFT;
  }

  push(item: SegmentItem): void {
    this.throwFailure();
    if (this.#waitingBytes > QUEUE_BYTES_MAX)
      throw new Error("the journal is not drained when it asks for it");
    this.#waiting.push(item);
    this.#waitingBytes += item.record.length;
    this.#pushed++;
    if (!this.#working) void this.#work();
  }

  /** Resolves when everything that was pushed before is durable; rejects when it cannot be. */
  async drained(): Promise<void> {
    const target = this.#pushed;
    while (this.#committed < target && this.#failure === undefined) await this.#turn;
    this.throwFailure();
  }

  /** Closes the environment whatever happened to the queue before. */
  async close(): Promise<void> {
    while (this.#working) await this.#turn;
    await this.#segment.close();
  }

  /** What went wrong in the background, at the next occasion in the foreground. */
  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #work(): Promise<void> {
    this.#working = true;
    while (this.#waiting.length > 0) {
      this.#turn = this.#takeTurn();
      await this.#turn;
    }
    this.#working = false;
  }

  async #takeTurn(): Promise<void> {
    try {
      const batch = this.#takeBatch();
      if (batch.length === 0) await this.#nextSegment();
      else await this.#commit(batch);
    } catch (error) {
      this.#failure = describeWriteFailure(error, this.#directory);
      this.#waiting.length = 0;
      this.#waitingBytes = 0;
    }
  }

  /** What fits into the segment; at least one item when it is new, however large that is. */
  #takeBatch(): SegmentItem[] {
    let room = this.#segmentBytesMax - this.#segment.bytes();
    const isNew = this.#segment.meta.firstSeq === this.#nextSeq;
    let count = 0;
    for (const item of this.#waiting) {
      if (item.kind === "block") room -= item.record.length + LENGTH_BYTES;
      if (room < 0 && !(isNew && count === 0)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #commit(batch: readonly SegmentItem[]): Promise<void> {
    const bytes = batch.reduce((sum, item) => sum + item.record.length, 0);
    this.#requireDisk(bytes);
    await this.#segment.commit(batch, this.#snapshotsKept);
    this.#waitingBytes -= bytes;
    this.#committed += batch.length;
    for (const item of batch) {
      if (item.kind !== "block") continue;
      this.#nextSeq = item.key + item.events;
      this.#lastHash = item.record.toString("hex", 0, HASH_BYTES);
    }
  }

  async #nextSegment(): Promise<void> {
    const { runId, segment } = this.#segment.meta;
    await this.#segment.close();
    this.#segment = this.#openSegment(runId, segment + 1);
  }

  #openSegment(runId: string, segment: number): SegmentWriter {
    this.#requireDisk(0);
    const meta = { runId, segment, firstSeq: this.#nextSeq, prevHash: this.#lastHash };
    return new SegmentWriter(this.#directory, meta, this.#sync);
  }

  #requireDisk(bytes: number): void {
    const free = this.#freeBytes(this.#directory);
    if (free !== undefined && free < bytes + DISK_RESERVE_BYTES) throw diskFull(this.#directory);
  }
}
