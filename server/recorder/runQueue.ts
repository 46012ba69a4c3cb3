/** Which run is recorded next: one after the other, from the one that the database's position names. */
import { UserError } from "../contract/errors.ts";
import { JournalError } from "../engine/journal/journalError.ts";
import { runDirectory } from "../engine/service/runs.ts";
import type { Log } from "../host/log.ts";
import { RunTail } from "./tail.ts";
import type { Position } from "./writer.ts";

export class RunQueue {
  readonly #home: string;
  readonly #log: Log;
  #finished = 0;
  /** The run that was last reported as unreadable. */
  #unreadable = 0;

  constructor(home: string, log: Log) {
    this.#home = home;
    this.#log = log;
  }

  /** The run has ended and all of it is in the store. */
  finish(epoch: number): void {
    this.#finished = Math.max(this.#finished, epoch);
  }

  startOver(): void {
    this.#finished = 0;
  }

  /**
   * Undefined while there is nothing to read. Throws a UserError when the database holds the records of
   * another desk: two histories under one numbering would be one lie.
   */
  async openNext(runs: readonly number[], stored: Position | undefined): Promise<RunTail | undefined> {
    const newest = runs.at(-1);
    if (stored !== undefined && newest !== undefined && newest < stored.epoch)
      throw this.#otherDesk(stored, `only ${newest} runs`);
    for (const epoch of runs) {
      if (epoch <= this.#finished || epoch < (stored?.epoch ?? 0)) continue;
      const isStored = epoch === stored?.epoch;
      const tail = await this.#open(epoch, isStored ? stored.seq : 0);
      if (tail === undefined) continue;
      if (isStored && tail.runId !== stored.runId)
        throw this.#otherDesk(stored, `another run ${epoch}, ${tail.runId}`);
      return tail;
    }
    return undefined;
  }

  async #open(epoch: number, afterSeq: number): Promise<RunTail | undefined> {
    try {
      return await RunTail.open(runDirectory(this.#home, epoch), { epoch, afterSeq, log: this.#log });
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      if (epoch !== this.#unreadable) this.#log.error(`run ${epoch} cannot be recorded: ${error.message}`);
      this.#unreadable = epoch;
      return undefined;
    }
  }

  #otherDesk({ epoch, runId }: Position, found: string): UserError {
    return new UserError(
      `the database holds records up to run ${epoch} (${runId}) and ${this.#home} has ${found}: give this desk a database of its own, or put the home back that the records come from`,
    );
  }
}
