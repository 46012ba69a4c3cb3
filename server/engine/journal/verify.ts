/** Reads a whole journal, snapshots too, and answers with a verdict instead of an exception. */
import { JournalError } from "./journalError.ts";
import type { DamageCode } from "./journalError.ts";
import { openJournal } from "./reader.ts";

export type JournalVerdict =
  | {
      readonly ok: true;
      readonly runId: string;
      /** Number of the first event that is kept: 1 unless older segments were pruned. */
      readonly firstSeq: number;
      /** False: the run goes on or died; what is there is whole. */
      readonly ended: boolean;
      readonly events: number;
      readonly effects: number;
      readonly segments: number;
      readonly snapshots: number;
    }
  | {
      readonly ok: false;
      readonly code: DamageCode;
      readonly segment?: number | undefined;
      readonly firstSeq?: number | undefined;
      readonly text: string;
    };

/** Throws a JournalError with code NO_JOURNAL when there is none. */
export async function verifyJournal(
  directory: string,
  onProgress: (events: number) => void = () => undefined,
): Promise<JournalVerdict> {
  try {
    return await readAll(directory, onProgress);
  } catch (error) {
    if (!(error instanceof JournalError) || !isDamage(error.code)) throw error;
    return { ok: false, code: error.code, ...error.place, text: error.message };
  }
}

async function readAll(directory: string, onProgress: (events: number) => void): Promise<JournalVerdict> {
  const reader = openJournal(directory);
  try {
    let events = 0;
    let effects = 0;
    for (const block of reader.blocks()) {
      events += block.steps.length;
      effects += block.effects;
      onProgress(events);
    }
    let snapshots = 0;
    const walk = reader.snapshots();
    while (walk.next().done !== true) snapshots++;
    const { runId, end } = reader.manifest;
    return {
      ok: true,
      runId,
      firstSeq: reader.firstSeq(),
      ended: end !== undefined,
      events,
      effects,
      segments: reader.segments().length,
      snapshots,
    };
  } finally {
    reader.close();
  }
}

const DAMAGE: readonly string[] = [
  "TORN_TAIL",
  "BAD_HASH",
  "BROKEN_CHAIN",
  "MISSING_BLOCK",
  "MISSING_SEGMENT",
  "BAD_MANIFEST",
  "UNREADABLE",
] satisfies DamageCode[];

function isDamage(code: string): code is DamageCode {
  return DAMAGE.includes(code);
}
