/**
 * Journals into PostgreSQL, run by run, as they grow. The journal is the truth and stays where it is, so
 * there is nothing to lose here: while the database is away, the recorder waits at its position.
 */
import { setTimeout as delay } from "node:timers/promises";
import { JournalError } from "../engine/journal/journalError.ts";
import { listRuns } from "../engine/service/runs.ts";
import type { Log } from "../host/log.ts";
import { messageOf, StoreError } from "../store/errors.ts";
import { Lag } from "./lag.ts";
import { RunQueue } from "./runQueue.ts";
import { writeRecorderStatus, type RecorderStatus } from "./statusFile.ts";
import { rowsOf, type Row } from "./tables.ts";
import type { RunTail } from "./tail.ts";
import { isSamePosition, RecordWriter, type Position } from "./writer.ts";

export interface RecorderOptions {
  readonly home: string;
  readonly url: string;
  readonly log: Log;
  /** Milliseconds of the wall clock. */
  readonly wallMs: () => number;
}

export interface Recorder {
  /** Records what is durable by now, then ends. */
  stop(): Promise<void>;
  status(): RecorderStatus;
  /** Settles when it has ended; rejects with a UserError when it cannot go on. */
  readonly done: Promise<void>;
}

/** What happened is on the pages' history within this and a commit. */
const POLL_MS = 50;

/** A position that only moves over market data need not be written each time. */
const POSITION_EVERY_MS = 1_000;
const STATUS_EVERY_MS = 1_000;

const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 2_000;

/** A stop waits for the rest this long; what is left is recorded after the next start. */
const DRAIN_MAX_MS = 10_000;

export function startRecorder(options: RecorderOptions): Recorder {
  const recording = new Recording(options);
  const done = recording.run();
  return {
    stop: async () => {
      recording.requestStop();
      await done;
    },
    status: () => recording.status,
    done,
  };
}

/** What was read and is not in the store yet. */
interface Batch {
  readonly tail: RunTail;
  readonly from: Position;
  seq: number;
  readonly rows: Row[];
  /** The journal was read to its end, and a later run had begun before. */
  isOver: boolean;
}

class Recording {
  status: RecorderStatus;
  readonly #options: RecorderOptions;
  readonly #runs: RunQueue;
  readonly #waiting: Lag;
  readonly #stop = new AbortController();
  #stopAtMs = Infinity;
  #writer: RecordWriter | undefined;
  /** What the database said last. */
  #stored: Position | undefined;
  #batch: Batch | undefined;
  #wroteAtMs = 0;
  #retryMs = RETRY_MIN_MS;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#runs = new RunQueue(options.home, options.log);
    this.#waiting = new Lag(options.home);
    const sinceMs = options.wallMs();
    this.status = { epoch: 0, seq: 0, atMs: 0, lagEvents: 0, database: "down", sinceMs };
  }

  requestStop(): void {
    if (this.#stop.signal.aborted) return;
    this.#stopAtMs = this.#options.wallMs() + DRAIN_MAX_MS;
    this.#stop.abort();
  }

  async run(): Promise<void> {
    try {
      while (await this.#turn());
      this.#tellStatus();
    } catch (error) {
      this.#tellStatus({ failure: messageOf(error) });
      throw error;
    } finally {
      await this.#writer?.close();
    }
  }

  /** False when there is nothing left to do after a stop. */
  async #turn(): Promise<boolean> {
    // What became durable before the stop is read in a turn that begins after it.
    const isStopping = this.#stop.signal.aborted;
    try {
      const hasMore = await this.#advance(isStopping);
      this.#retryMs = RETRY_MIN_MS;
      if (isStopping) return hasMore && this.#options.wallMs() < this.#stopAtMs;
      if (this.#options.wallMs() - this.status.atMs >= STATUS_EVERY_MS) this.#tellStatus();
      if (!hasMore) await this.#pause(POLL_MS);
      return true;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      await this.#loseDatabase(error);
      if (isStopping) return false;
      await this.#pause(this.#retryMs);
      this.#retryMs = Math.min(RETRY_MAX_MS, this.#retryMs * 2);
      return true;
    }
  }

  /** Reads on and writes what was read; whether there may be more at once. */
  async #advance(isStopping: boolean): Promise<boolean> {
    const writer = this.#writer ?? (await this.#connect());
    // Listed before a run is read to its end: where a later one has begun, this one's last word is on the disk.
    const runs = listRuns(this.#options.home);
    const batch = (this.#batch ??= await this.#begin(runs));
    if (batch === undefined) return false;
    let atEnd = false;
    if (batch.rows.length === 0) {
      const read = await batch.tail.read();
      for (const line of read.lines) batch.rows.push(...rowsOf(line));
      batch.seq = read.seq;
      atEnd = read.atEnd;
      batch.isOver = atEnd && runs.some((epoch) => epoch > batch.from.epoch);
    }
    const isDue = isStopping || batch.isOver || this.#options.wallMs() - this.#wroteAtMs >= POSITION_EVERY_MS;
    if (batch.rows.length > 0 || (isDue && batch.seq > batch.from.seq)) await this.#write(writer, batch);
    else if (batch.isOver) this.#finish(batch);
    return !atEnd || batch.isOver;
  }

  async #begin(runs: readonly number[]): Promise<Batch | undefined> {
    const tail = await this.#runs.openNext(runs, this.#stored);
    if (tail === undefined) return undefined;
    const { epoch, runId } = tail;
    const seq = this.#stored?.epoch === epoch ? this.#stored.seq : 0;
    return { tail, from: { epoch, seq, runId }, seq, rows: [], isOver: false };
  }

  async #write(writer: RecordWriter, batch: Batch): Promise<void> {
    await writer.write(batch.from, batch.seq, batch.rows);
    this.#wroteAtMs = this.#options.wallMs();
    this.#stored = { ...batch.from, seq: batch.seq };
    if (batch.isOver) this.#finish(batch);
    else this.#batch = { ...batch, from: this.#stored, rows: [] };
  }

  #finish({ from }: Batch): void {
    this.#runs.finish(from.epoch);
    this.#batch = undefined;
  }

  async #connect(): Promise<RecordWriter> {
    // Kept at once: it holds the database's lock, and whatever fails next has to give that back.
    const writer = (this.#writer = await RecordWriter.open(this.#options.url));
    const stored = await writer.position();
    // The last commit may have been made though nobody could say so: what was read is read again from there.
    if (!isSamePosition(stored, this.#stored)) {
      this.#batch = undefined;
      this.#runs.startOver();
    }
    this.#stored = stored;
    this.status = { ...this.status, database: "up", sinceMs: this.#options.wallMs() };
    this.#options.log.info("the database is up", stored && { epoch: stored.epoch, seq: stored.seq });
    return writer;
  }

  async #loseDatabase(error: StoreError): Promise<void> {
    await this.#writer?.close();
    this.#writer = undefined;
    const { database, failure } = this.status;
    if (database === "up" || failure !== error.message)
      this.#options.log.warn(`recording waits: ${error.message}`, { code: error.code, cause: error.cause });
    if (database === "up")
      this.status = { ...this.status, database: "down", sinceMs: this.#options.wallMs() };
    this.#tellStatus({ failure: error.message });
  }

  #tellStatus(trouble?: { readonly failure: string }): void {
    const { home, wallMs } = this.#options;
    const { epoch, seq } = this.#stored ?? { epoch: 0, seq: 0 };
    const { database, sinceMs } = this.status;
    const fault = this.#batch?.tail.fault;
    this.status = {
      epoch,
      seq,
      atMs: wallMs(),
      lagEvents: this.#lag(epoch, seq),
      database,
      sinceMs,
      ...(trouble ?? (fault === undefined ? {} : { failure: fault })),
    };
    writeRecorderStatus(home, this.status);
  }

  #lag(epoch: number, seq: number): number {
    try {
      return this.#waiting.count(epoch, seq);
    } catch (error) {
      // A damaged journal is for the tail to report; the last count is as good as any.
      if (error instanceof JournalError) return this.status.lagEvents;
      throw error;
    }
  }

  async #pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.#stop.signal });
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error;
    }
  }
}
