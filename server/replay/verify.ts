/** A journal run again: the same events must give the same effects and arrive at the same hash. */
import type { Effect } from "../contract/effects.ts";
import { EngineRun } from "../engine/engineRun.ts";
import { encodeEffects } from "../engine/hash/runChain.ts";
import { openJournal, type JournalReader } from "../engine/journal/reader.ts";
import { CODE_VERSION } from "../engine/version.ts";

/** Events between two looks at the progress. */
const SLICE = 8_192;

export interface ReplayOptions {
  /** Start from the newest snapshot and run only the tail. */
  readonly fromSnapshot?: boolean | undefined;
  readonly onProgress?: ((events: number) => void) | undefined;
}

export interface ReplayResult {
  readonly runId: string;
  readonly events: number;
  readonly effects: number;
  /** Number of the first event that the journal still has: 1 unless older segments were pruned. */
  readonly firstSeq: number;
  /** Event after which the replay took up the run; 0: from the start. */
  readonly fromSeq: number;
  readonly stateHash: string;
  /** What the run itself ended with; undefined for one that was cut short. */
  readonly recordedHash: string | undefined;
  readonly sameHash: boolean | undefined;
  /** The first event whose effects differ from what was journaled. */
  readonly divergedAt:
    | { readonly seq: number; readonly journaled: readonly Effect[]; readonly replayed: readonly Effect[] }
    | undefined;
  /** Differences of code, Node or architecture between the run and this replay. */
  readonly environment: readonly string[];
}

/** Throws a JournalError for a damaged journal. */
export async function replayJournal(directory: string, options: ReplayOptions = {}): Promise<ReplayResult> {
  const journal = openJournal(directory);
  try {
    return replayThrough(journal, options);
  } finally {
    journal.close();
  }
}

function replayThrough(journal: JournalReader, options: ReplayOptions): ReplayResult {
  const { manifest } = journal;
  const newest = options.fromSnapshot === true ? journal.snapshots().next().value : undefined;
  // A run that took up the state of an earlier one begins with it, a pruned journal with its first snapshot.
  const start = newest ?? journal.initialState();
  const run = new EngineRun(manifest.config, { snapshot: start?.bytes });
  const fromSeq = run.seq;
  let divergedAt: ReplayResult["divergedAt"];
  for (const { seq, event, effects } of journal.entries(fromSeq + 1)) {
    const replayed = run.handle(event);
    if (divergedAt === undefined && !sameEffects(effects, replayed))
      divergedAt = { seq, journaled: effects, replayed };
    if (seq % SLICE === 0) options.onProgress?.(seq);
  }
  const stateHash = run.stateHash();
  const recordedHash = manifest.end?.stateHash;
  return {
    runId: manifest.runId,
    events: run.seq,
    effects: run.effects,
    firstSeq: journal.firstSeq(),
    fromSeq,
    stateHash,
    recordedHash,
    sameHash: recordedHash === undefined ? undefined : recordedHash === stateHash,
    divergedAt,
    environment: differences(manifest),
  };
}

function sameEffects(journaled: readonly Effect[], replayed: readonly Effect[]): boolean {
  if (journaled.length !== replayed.length) return false;
  return journaled.length === 0 || Buffer.compare(encodeEffects(journaled), encodeEffects(replayed)) === 0;
}

function differences(manifest: JournalReader["manifest"]): string[] {
  const pairs = [
    ["code", manifest.codeVersion, CODE_VERSION],
    ["Node", manifest.node, process.version],
    ["architecture", manifest.arch, process.arch],
  ] as const;
  return pairs
    .filter(([, then, now]) => then !== now)
    .map(([what, then, now]) => `${what}: ${then} then, ${now} now`);
}
