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
  /** As the last run left it. */
  readonly engine: Engine | undefined;
  readonly runs: number;
  readonly events: number;
}

export async function readPast(home: string, onFinding: (text: string) => void): Promise<Past> {
  const lines: Line[] = [];
  const clientIds = new Map<string, number>();
  let last: EngineRun | undefined;
  let runs = 0;
  let events = 0;
  for (const epoch of listRuns(home)) {
    const reader = openIfThere(home, epoch);
    // A run that died before its first commit has sent nothing.
    if (reader === undefined) continue;
    try {
      if (!reader.hasContent()) continue;
      const tell = (text: string): void => onFinding(`run ${epoch}: ${text}`);
      last = runAgain(reader, last, { epoch, lines, clientIds, tell });
      runs += 1;
      events += last.seq;
    } finally {
      reader.close();
    }
  }
  return { lines, engine: last?.engine, runs, events };
}

interface Telling {
  readonly epoch: number;
  readonly lines: Line[];
  /** Epoch of the run that has placed it. */
  readonly clientIds: Map<string, number>;
  readonly tell: (text: string) => void;
}

function openIfThere(home: string, epoch: number): JournalReader | undefined {
  try {
    return openJournal(runDirectory(home, epoch));
  } catch (error) {
    if (error instanceof JournalError && error.code === "NO_JOURNAL") return undefined;
    throw error;
  }
}

function runAgain(reader: JournalReader, before: EngineRun | undefined, telling: Telling): EngineRun {
  const { epoch, lines, tell } = telling;
  const { config, end } = reader.manifest;
  if (config.epoch !== epoch) tell(`it counts itself as run ${config.epoch}`);
  const start = reader.initialState()?.bytes;
  if (before === undefined ? start !== undefined : !isSame(start, before.handover()))
    tell("it did not begin with what the run before it had left");
  const run = new EngineRun(config, { snapshot: start });
  const projection = new Projection(run.engine, epoch);
  let hasDiverged = false;
  for (const { seq, event, effects } of reader.entries(1)) {
    const redone = run.handle(event);
    if (!hasDiverged && !isSame(encodeEffects(effects), encodeEffects(redone))) {
      hasDiverged = true;
      tell(`event ${seq} had other effects than it has now`);
    }
    for (const line of projection.after(seq, event, redone)) lines.push(line);
    // A recovery that had to leave something out says so behind the place that it goes on from.
    if (event.type === "restart" && event.reason.includes(";")) tell(event.reason);
    lookAtIds(event, effects, run.engine, telling);
  }
  if (end !== undefined && end.stateHash !== run.stateHash()) tell("it ended with another hash");
  return run;
}

function lookAtIds(
  event: EngineEvent,
  effects: readonly Effect[],
  { config }: Engine,
  { epoch, clientIds, tell }: Telling,
): void {
  if (event.type === "orderRejected" && event.reason === "DUPLICATE_ID")
    tell(`${event.clientId} had been used before`);
  for (const effect of effects) {
    if (effect.type === "notice" && effect.code === "SECOND_WRITER") tell(effect.text);
    if (effect.type !== "place") continue;
    const { clientId } = effect;
    if (clientIds.has(clientId)) tell(`${clientId} was placed in run ${clientIds.get(clientId)} too`);
    if (epochOfClientId(clientId, config.deskCode) !== epoch) tell(`${clientId} bears another epoch`);
    clientIds.set(clientId, epoch);
  }
}

function isSame(a: Uint8Array | undefined, b: Uint8Array): boolean {
  return a !== undefined && Buffer.compare(a, b) === 0;
}
