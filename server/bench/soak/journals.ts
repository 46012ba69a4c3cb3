/**
 * The past of a desk as its journals tell it, run by run: each is run again, must do what it did, and must
 * have begun with exactly the state that the one before it left.
 */
import type { EngineEvent } from "../../contract/events.ts";
import type { Effect } from "../../contract/effects.ts";
import type { Line } from "../../contract/lines.ts";
import { epochOfClientId } from "../../core/orders/clientId.ts";
import type { Engine } from "../../core/state.ts";
import { EngineRun } from "../../engine/engineRun.ts";
import { encodeEffects } from "../../engine/hash/runChain.ts";
import { openJournal, type JournalReader } from "../../engine/journal/reader.ts";
import { JournalError } from "../../engine/journal/journalError.ts";
import { listRuns, runDirectory } from "../../engine/service/runs.ts";
import { Projection } from "../../projection/projection.ts";

export interface Past {
  readonly lines: readonly Line[];
  /** As the last run has left it so far. */
  readonly engine: Engine | undefined;
  readonly runs: number;
  readonly events: number;
}

/** Reads on where it was: a desk keeps its last runs only, and its newest one goes on. */
export class Journals implements Past {
  readonly lines: Line[] = [];
  runs = 0;
  events = 0;
  readonly #home: string;
  readonly #onFinding: (text: string) => void;
  /** Epoch of the run that has placed it. */
  readonly #clientIds = new Map<string, number>();
  #last: RunAgain | undefined;

  constructor(home: string, onFinding: (text: string) => void) {
    this.#home = home;
    this.#onFinding = onFinding;
  }

  get engine(): Engine | undefined {
    return this.#last?.run.engine;
  }

  /** Whether everything up to this event has been read. */
  has(epoch: number, seq: number): boolean {
    const last = this.#last;
    return last !== undefined && (last.epoch > epoch || (last.epoch === epoch && last.run.seq >= seq));
  }

  readOn(): void {
    for (const epoch of listRuns(this.#home).filter((one) => one >= (this.#last?.epoch ?? 0))) {
      const reader = openIfThere(this.#home, epoch);
      // A run that died before its first commit has sent nothing.
      if (reader === undefined) continue;
      try {
        if (!reader.hasContent()) continue;
        if (this.#last?.epoch !== epoch) this.#last = this.#begin(reader, epoch);
        this.#runOn(reader, this.#last);
      } finally {
        reader.close();
      }
    }
  }

  #begin(reader: JournalReader, epoch: number): RunAgain {
    const tell = (text: string): void => this.#onFinding(`run ${epoch}: ${text}`);
    const { config } = reader.manifest;
    if (config.epoch !== epoch) tell(`it counts itself as run ${config.epoch}`);
    const start = reader.initialState()?.bytes;
    const before = this.#last?.run;
    if (before === undefined ? start !== undefined : !isSame(start, before.handover()))
      tell("it did not begin with what the run before it had left");
    const run = new EngineRun(config, { snapshot: start });
    this.runs += 1;
    return { epoch, run, projection: new Projection(run.engine, epoch), tell, hasDiverged: false };
  }

  #runOn(reader: JournalReader, again: RunAgain): void {
    const { run, projection, tell } = again;
    for (const { seq, event, effects } of reader.entries(run.seq + 1)) {
      const redone = run.handle(event);
      this.events += 1;
      if (!again.hasDiverged && !isSame(encodeEffects(effects), encodeEffects(redone))) {
        again.hasDiverged = true;
        tell(`event ${seq} had other effects than it has now`);
      }
      for (const line of projection.after(seq, event, redone)) this.lines.push(line);
      // A recovery that had to leave something out says so behind the place that it goes on from.
      if (event.type === "restart" && event.reason.includes(";")) tell(event.reason);
      this.#lookAtIds(event, effects, again);
    }
    const { end } = reader.manifest;
    if (end !== undefined && end.stateHash !== run.stateHash()) tell("it ended with another hash");
  }

  #lookAtIds(event: EngineEvent, effects: readonly Effect[], { epoch, run, tell }: RunAgain): void {
    if (event.type === "orderRejected" && event.reason === "DUPLICATE_ID")
      tell(`${event.clientId} had been used before`);
    for (const effect of effects) {
      if (effect.type === "notice" && effect.code === "SECOND_WRITER") tell(effect.text);
      if (effect.type !== "place") continue;
      const { clientId } = effect;
      const before = this.#clientIds.get(clientId);
      if (before !== undefined) tell(`${clientId} was placed in run ${before} too`);
      if (epochOfClientId(clientId, run.engine.config.deskCode) !== epoch)
        tell(`${clientId} bears another epoch`);
      this.#clientIds.set(clientId, epoch);
    }
  }
}

/** A run as it is gone through once more. */
interface RunAgain {
  readonly epoch: number;
  readonly run: EngineRun;
  readonly projection: Projection;
  readonly tell: (text: string) => void;
  hasDiverged: boolean;
}

function openIfThere(home: string, epoch: number): JournalReader | undefined {
  try {
    return openJournal(runDirectory(home, epoch));
  } catch (error) {
    if (error instanceof JournalError && error.code === "NO_JOURNAL") return undefined;
    throw error;
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
