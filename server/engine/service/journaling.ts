/** The journal of the run that goes on: group commits a few milliseconds apart, and snapshots at intervals. */
import type { EngineRun } from "../engineRun.ts";
import type { JournalWriter } from "../journal/writer.ts";

/** A busy desk commits this often; each commit takes all that has come since. */
const COMMIT_MS = 5;

/** Whichever comes first: a start replays what follows the newest snapshot, a second of work at most. */
export const SNAPSHOT_MS = 30_000;
export const SNAPSHOT_EVENTS = 100_000;

/** A disk that has not answered for this long is taken for gone: what the desk does must not go unrecorded. */
const STALL_MAX_MS = 5_000;

export interface JournalingOptions {
  readonly run: EngineRun;
  readonly writer: JournalWriter;
  readonly wallUs: () => number;
}

export class Journaling {
  /** Hears that a commit in the background has failed; set by the service that runs on it. */
  onFailure: (error: unknown) => void = (error) => {
    throw error;
  };
  readonly #options: JournalingOptions;
  #durableSeq = 0;
  #timer: NodeJS.Timeout | undefined;
  #committingSinceUs: number | undefined;
  #snapshotSeq = 0;
  #ended = false;
  #snapshotAtUs: number;
  /** That of the newest snapshot. */
  #segment = 1;

  constructor(options: JournalingOptions) {
    this.#options = options;
    this.#snapshotAtUs = options.wallUs();
  }

  /** Number of the last event that is known to be on the disk. */
  get durableSeq(): number {
    return this.#durableSeq;
  }

  /** Since when a commit has been under way, by the wall clock; undefined when none is. */
  get committingSinceUs(): number | undefined {
    return this.#committingSinceUs;
  }

  /** After every turn of the loop; throws when the disk does not follow. */
  afterTurn(): void {
    const { run, writer, wallUs } = this.#options;
    const nowUs = wallUs();
    if (this.#committingSinceUs !== undefined && nowUs - this.#committingSinceUs > STALL_MAX_MS * 1e3)
      throw new Error(`the journal's disk has not answered for ${STALL_MAX_MS} ms`);
    // A segment begins with one: when those before it are pruned, the run can be replayed from there.
    const isDue =
      run.seq - this.#snapshotSeq >= SNAPSHOT_EVENTS ||
      nowUs - this.#snapshotAtUs >= SNAPSHOT_MS * 1e3 ||
      writer.segments !== this.#segment;
    if (isDue && run.seq > this.#snapshotSeq) this.#putSnapshot(nowUs);
    if (run.seq > this.#durableSeq) this.#schedule();
  }

  /** Resolves when every event so far is on the disk. */
  async durable(): Promise<void> {
    const { run, writer } = this.#options;
    const { seq } = run;
    await writer.flush();
    this.#durableSeq = Math.max(this.#durableSeq, seq);
  }

  /** Ends the run in its manifest, with a snapshot: the next start has nothing to replay. */
  async end(): Promise<void> {
    const { run, writer, wallUs } = this.#options;
    this.#halt();
    this.#putSnapshot(wallUs());
    await writer.close({ stateHash: run.stateHash() });
  }

  /** Leaves the run as a crash would: what could be written is written. */
  async abandon(): Promise<void> {
    this.#halt();
    await this.#options.writer.close();
  }

  #halt(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #putSnapshot(nowUs: number): void {
    const { run, writer } = this.#options;
    writer.putSnapshot(run.seq, run.snapshot());
    this.#snapshotSeq = run.seq;
    this.#snapshotAtUs = nowUs;
    this.#segment = writer.segments;
  }

  #schedule(): void {
    if (this.#ended || this.#timer !== undefined || this.#committingSinceUs !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#commit().catch((error: unknown) => this.onFailure(error));
    }, COMMIT_MS);
  }

  async #commit(): Promise<void> {
    this.#committingSinceUs = this.#options.wallUs();
    await this.durable();
    this.#committingSinceUs = undefined;
    if (this.#options.run.seq > this.#durableSeq) this.#schedule();
  }
}
