/**
 * Watches the journal's disk: whether it answers, and whether there is room left. What it finds is an event of the
 * engine, which pulls the quotes and lets them come back; here nothing is decided.
 */
import type { StorageStatus } from "../../contract/events.ts";

/** A commit takes some 5 ms: a disk that is silent for so long does not follow what the desk does. */
export const STALLED_AFTER_MS = 250;

/** A disk that stalls once often stalls again: quotes come back after a second without. */
const STEADY_MS = 1_000;

const LOOK_MS = 50;

/** What one look may count: while this thread itself stood still the disk may have answered long ago. */
const LOOK_COUNTS_MS = 2 * LOOK_MS;

/** Every second: the demo's journal grows by 40 kB in that time. */
const ROOM_EVERY_LOOKS = 20;

/** Three hours of the demo's journal, time for a person to come; room returns with half as much again. */
export const DISK_LOW_BYTES = 512 * 1024 * 1024;
export const DISK_WELL_BYTES = 768 * 1024 * 1024;

export interface StorageWatchOptions {
  readonly wallUs: () => number;
  /** Since when a commit has been under way; undefined when none is. */
  readonly committingSinceUs: () => number | undefined;
  /** Undefined when nobody knows. */
  readonly freeBytes: () => number | undefined;
  readonly onChange: (status: StorageStatus, text: string) => void;
}

export class StorageWatch {
  readonly #options: StorageWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #status: StorageStatus = "OK";
  #looks = 0;
  #lookedAtUs: number;
  /** The commit that is waited for, by its beginning, and for how long it has been. */
  #commitUs: number | undefined;
  #silentMs = 0;
  #stalledAtUs = -Infinity;
  #isLow = false;
  #freeBytes: number | undefined;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
    this.#lookedAtUs = options.wallUs();
  }

  start(): void {
    this.look();
    this.#timer = setInterval(() => this.look(), LOOK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  look(): void {
    const nowUs = this.#options.wallUs();
    this.#lookAtCommit(nowUs);
    if (this.#looks++ % ROOM_EVERY_LOOKS === 0) this.#lookAtRoom();
    const isStalled = nowUs - this.#stalledAtUs < STEADY_MS * 1e3;
    const status = isStalled ? "JOURNAL_STALLED" : this.#isLow ? "DISK_LOW" : "OK";
    if (status === this.#status) return;
    this.#status = status;
    this.#options.onChange(status, this.#describe(status));
  }

  #lookAtCommit(nowUs: number): void {
    const sinceUs = this.#options.committingSinceUs();
    const passedMs = (nowUs - this.#lookedAtUs) / 1e3;
    this.#lookedAtUs = nowUs;
    if (sinceUs === undefined || sinceUs !== this.#commitUs) this.#silentMs = 0;
    else this.#silentMs += Math.min(passedMs, LOOK_COUNTS_MS);
    this.#commitUs = sinceUs;
    if (this.#silentMs >= STALLED_AFTER_MS) this.#stalledAtUs = nowUs;
  }

  #lookAtRoom(): void {
    this.#freeBytes = this.#options.freeBytes();
    if (this.#freeBytes === undefined) return;
    this.#isLow = this.#freeBytes < (this.#isLow ? DISK_WELL_BYTES : DISK_LOW_BYTES);
  }

  #describe(status: StorageStatus): string {
    switch (status) {
      case "OK":
        return "the journal's disk is well again";
      case "DISK_LOW":
        return `${megabytes(this.#freeBytes ?? 0)} MB are free on the journal's disk: quotes are pulled until ${megabytes(DISK_WELL_BYTES)} are`;
      case "JOURNAL_STALLED":
        return `the journal's disk has not answered for ${Math.round(this.#silentMs)} ms: quotes are pulled until it does`;
    }
  }
}

function megabytes(bytes: number): number {
  return Math.floor(bytes / (1024 * 1024));
}
