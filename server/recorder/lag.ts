/** How many durable events wait to be recorded. */
import { openJournal, type JournalReader } from "../engine/journal/reader.ts";
import { listRuns, runDirectory } from "../engine/service/runs.ts";

export class Lag {
  readonly #home: string;
  /** By run: what has been found in a journal is not searched again. */
  readonly #readers = new Map<number, JournalReader>();

  constructor(home: string) {
    this.#home = home;
  }

  /** From after event `seq` of run `epoch` to the end of the newest run. Throws a JournalError for a damaged one. */
  count(epoch: number, seq: number): number {
    let waiting = 0;
    for (const run of listRuns(this.#home)) {
      if (run < epoch) {
        this.#readers.delete(run);
        continue;
      }
      const newest = this.#newest(run);
      waiting += Math.max(0, run === epoch ? newest - seq : newest);
    }
    return waiting;
  }

  #newest(run: number): number {
    const reader = this.#readers.get(run) ?? openJournal(runDirectory(this.#home, run));
    this.#readers.set(run, reader);
    try {
      return reader.lastSeq();
    } finally {
      reader.close();
    }
  }
}
