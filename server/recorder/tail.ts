/**
 * One run's journal, read as it grows, and the engine run again over it: the lines that it told are told
 * once more, under the same cursors, whatever snapshot this begins from.
 */
import { EngineRun } from "../engine/engineRun.ts";
import { encodeEffects } from "../engine/hash/runChain.ts";
import { JournalError } from "../engine/journal/journalError.ts";
import { openJournal, type JournalEntry, type JournalReader } from "../engine/journal/reader.ts";
import type { Effect } from "../contract/effects.ts";
import type { Line } from "../contract/lines.ts";
import type { Log } from "../host/log.ts";
import { Projection } from "../projection/projection.ts";

/** A transaction of some 100 ms and a few MB: what a crash or a lost connection makes us write again. */
const LINES_PER_READ = 5_000;

/** Half a second of work: between two reads the recorder answers to its stop. */
const EVENTS_PER_READ = 20_000;

export interface TailRead {
  readonly lines: readonly Line[];
  /** Number of the last event that was read. */
  readonly seq: number;
  /** There was no more to read. */
  readonly atEnd: boolean;
}

export class RunTail {
  readonly epoch: number;
  readonly runId: string;
  readonly #reader: JournalReader;
  readonly #run: EngineRun;
  readonly #afterSeq: number;
  readonly #log: Log;
  #projection: Projection | undefined;
  #fault: string | undefined;
  /** What was pruned before it was recorded: of a database that was set back, the journal has no more. */
  readonly #gap: string | undefined;
  #isBroken = false;
  #hasDiverged = false;

  private constructor(reader: JournalReader, run: EngineRun, epoch: number, afterSeq: number, log: Log) {
    this.epoch = epoch;
    this.runId = reader.manifest.runId;
    this.#reader = reader;
    this.#run = run;
    this.#afterSeq = Math.max(afterSeq, run.seq);
    this.#log = log;
    if (run.seq <= afterSeq) return;
    this.#gap = `events ${afterSeq + 1} to ${run.seq} of run ${epoch} were pruned from the journal and are not in this database`;
    log.error(this.#gap);
  }

  /**
   * Tells what follows event `afterSeq`. Undefined while nothing of the run is durable. Throws a
   * JournalError for a journal that cannot be read.
   */
  static async open(
    directory: string,
    { epoch, afterSeq, log }: { readonly epoch: number; readonly afterSeq: number; readonly log: Log },
  ): Promise<RunTail | undefined> {
    const reader = openIfThere(directory);
    if (reader === undefined) return undefined;
    try {
      if (!reader.hasContent()) return undefined;
      const run = new EngineRun(reader.manifest.config, { snapshot: stateUpTo(reader, afterSeq, log) });
      return new RunTail(reader, run, epoch, afterSeq, log);
    } finally {
      reader.close();
    }
  }

  /** Why reading ends before the journal does, or began behind a gap; undefined when all of it is read. */
  get fault(): string | undefined {
    return this.#fault ?? this.#gap;
  }

  async read(): Promise<TailRead> {
    const lines: Line[] = [];
    let atEnd = true;
    const lastSeq = this.#run.seq + EVENTS_PER_READ;
    try {
      for (const entry of this.#isBroken ? [] : this.#reader.entries(this.#run.seq + 1)) {
        for (const line of this.#redo(entry)) lines.push(line);
        if (lines.length < LINES_PER_READ && entry.seq < lastSeq) continue;
        atEnd = false;
        break;
      }
      if (!this.#isBroken) this.#fault = undefined;
    } catch (error) {
      if (!(error instanceof JournalError) && !this.#isBroken) throw error;
      this.#note(error instanceof Error ? error.message : String(error));
    } finally {
      this.#reader.close();
    }
    return { lines, seq: Math.max(this.#run.seq, this.#afterSeq), atEnd };
  }

  #redo({ seq, event, effects }: JournalEntry): readonly Line[] {
    if (seq === this.#afterSeq + 1) this.#projection = new Projection(this.#run.engine, this.epoch);
    // The event that broke an invariant ended its run, and it would break this replica too.
    this.#isBroken = true;
    const redone = this.#run.handle(event);
    this.#isBroken = false;
    if (!this.#hasDiverged && !isSame(effects, redone)) {
      this.#hasDiverged = true;
      const text = `event ${seq} of run ${this.epoch} had another outcome than now: was it written by another version?`;
      this.#log.warn(text);
    }
    return this.#projection?.after(seq, event, redone) ?? [];
  }

  #note(fault: string): void {
    if (fault !== this.#fault)
      this.#log.error(`run ${this.epoch} cannot be read beyond event ${this.#run.seq}: ${fault}`);
    this.#fault = fault;
  }
}

function openIfThere(directory: string): JournalReader | undefined {
  try {
    return openJournal(directory);
  } catch (error) {
    if (error instanceof JournalError && error.code === "NO_JOURNAL") return undefined;
    throw error;
  }
}

/**
 * The newest state at or before an event, or the first that a pruned journal still has; undefined: the run began with
 * nothing, and is run again from there.
 */
function stateUpTo(reader: JournalReader, seq: number, log: Log): Uint8Array | undefined {
  const passOver = ({ message }: JournalError): void => log.warn(`a snapshot is passed over: ${message}`);
  try {
    for (const { bytes } of reader.snapshots(seq, passOver)) return bytes;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    passOver(error);
  }
  return reader.initialState()?.bytes;
}

function isSame(journaled: readonly Effect[], redone: readonly Effect[]): boolean {
  if (journaled.length !== redone.length) return false;
  return journaled.length === 0 || Buffer.compare(encodeEffects(journaled), encodeEffects(redone)) === 0;
}
