/**
 * Recovery is the normal start: the newest run's journal gives the state that the next run begins with,
 * from its newest snapshot and the events after it. What it wanted done then is not done again: the
 * venues are asked what became of it.
 */
import { instrumentKey, type EngineConfig } from "../../contract/config.ts";
import { UserError } from "../../contract/errors.ts";
import type { Cursor } from "../../contract/lines.ts";
import { appendLines, createLineRings, type LineRings } from "../../link/lineRing.ts";
import { Projection } from "../../projection/projection.ts";
import { EngineRun } from "../engineRun.ts";
import { stateHash } from "../hash/canonical.ts";
import { JournalError } from "../journal/journalError.ts";
import { openJournal } from "../journal/reader.ts";
import type { JournalReader, JournalSnapshot } from "../journal/reader.ts";
import { listRuns, readEpoch, runDirectory } from "./runs.ts";

export interface TakenUp {
  readonly parentRun: string;
  readonly epoch: number;
  /** The highest run epoch that a venue has shown of this desk; 0: none but its own. */
  readonly epochSeen: number;
  readonly seq: number;
  /** Engine time at which the earlier run stood. */
  readonly atUs: number;
  /** What the next run begins with. */
  readonly snapshot: Uint8Array;
  /** The newest lines, and from where on that is all of them: what a client may still ask for. */
  readonly lines: LineRings;
  /** What could not be read or taken over, for people; empty when all of it was. */
  readonly faults: readonly string[];
  /** The same in one text, with how much is missing; undefined when there are no faults. */
  readonly leftOut: string | undefined;
}

/**
 * Undefined at the first start of a desk. Throws a UserError when there is a past that cannot be read:
 * a desk that forgot its orders and inventory must not look like a new one. `onProgress` hears every
 * few thousand events: without a snapshot that can be read there may be millions.
 */
export async function takeUp(
  home: string,
  config: EngineConfig,
  onProgress?: () => void,
): Promise<TakenUp | undefined> {
  const runs = listRuns(home);
  for (const epoch of runs.toReversed()) {
    const taken = await takeUpRun(home, config, epoch, onProgress);
    if (taken !== undefined) return taken;
  }
  // A first run that died before its first commit has left a number and nothing else.
  if (readEpoch(home) > 1 && runs.length === 0)
    throw new UserError(
      `the journals of ${readEpoch(home)} runs are gone from ${home}/journal: restore them from a copy, or move ${home} away to begin anew`,
    );
  return undefined;
}

/** Undefined for a run that ended before anything of it was durable: it has sent nothing either. */
async function takeUpRun(
  home: string,
  config: EngineConfig,
  epoch: number,
  onProgress: (() => void) | undefined,
): Promise<TakenUp | undefined> {
  const directory = runDirectory(home, epoch);
  let reader: JournalReader | undefined;
  try {
    reader = openJournal(directory);
    if (!reader.hasContent()) return undefined;
    requireSameDesk(home, config, reader.manifest.config);
    return readRun(reader, epoch, onProgress);
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    if (error.code === "NO_JOURNAL") return undefined;
    throw new UserError(
      `run ${epoch} cannot be taken up (${error.message}): restore it from a copy, or move ${home} away to begin anew`,
      { cause: error },
    );
  } finally {
    reader?.close();
  }
}

/** Behind every line of an event, and still a cursor that can be written down. */
const LAST_OF_EVENT = 999_999_998;

function readRun(reader: JournalReader, epoch: number, onProgress: (() => void) | undefined): TakenUp {
  const faults: string[] = [];
  const start = newestSnapshot(reader, faults);
  let result = replay(reader, start, { epoch, lastSeq: Infinity, onProgress });
  // The event that broke the run would break this one too: the state before it is what there is.
  if (result.brokenAt !== undefined) {
    faults.push(`event ${result.brokenAt} of run ${epoch} broke it (${result.why}) and is left out`);
    result = replay(reader, start, { epoch, lastSeq: result.brokenAt - 1, onProgress });
  } else if (result.why !== undefined)
    faults.push(`run ${epoch} is taken up at event ${result.run.seq}: ${result.why}`);
  const { run, lines } = result;
  return {
    parentRun: reader.manifest.runId,
    epoch,
    epochSeen: run.engine.state.secondWriter?.epoch ?? 0,
    seq: run.seq,
    atUs: run.engine.state.nowUs,
    snapshot: run.handover(),
    lines,
    faults,
    leftOut: faults.length === 0 ? undefined : [...faults, countLeftOut(reader, run.seq)].join("; "),
  };
}

/** How much of the run is missing in what was taken up, as far as its journal still tells. */
function countLeftOut(reader: JournalReader, takenSeq: number): string {
  let lastSeq: number | undefined;
  try {
    lastSeq = reader.claimedLastSeq();
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
  }
  if (lastSeq === undefined || lastSeq < takenSeq)
    return `all behind event ${takenSeq} is left out, and how much that is the journal no longer tells`;
  if (lastSeq === takenSeq) return "no event is left out";
  return `${lastSeq - takenSeq} events are left out, ${takenSeq + 1} to ${lastSeq}`;
}

function newestSnapshot(reader: JournalReader, faults: string[]): JournalSnapshot | undefined {
  try {
    for (const snapshot of reader.snapshots(Infinity, ({ message }) => faults.push(message))) return snapshot;
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    faults.push(error.message);
  }
  return reader.initialState();
}

interface Replayed {
  readonly run: EngineRun;
  readonly lines: LineRings;
  /** Why it ends before the journal does, and the event that threw, if one did. */
  readonly why: string | undefined;
  readonly brokenAt: number | undefined;
}

/** A fraction of a second of work. */
const PROGRESS_EVENTS = 4_096;

function replay(
  reader: JournalReader,
  start: JournalSnapshot | undefined,
  {
    epoch,
    lastSeq,
    onProgress,
  }: {
    readonly epoch: number;
    readonly lastSeq: number;
    readonly onProgress: (() => void) | undefined;
  },
): Replayed {
  const run = new EngineRun(reader.manifest.config, { snapshot: start?.bytes });
  const projection = new Projection(run.engine, epoch);
  const after: Cursor | undefined = start && { epoch, seq: start.seq, at: LAST_OF_EVENT };
  const lines = createLineRings(after);
  let brokenAt: number | undefined;
  try {
    for (const { seq, event } of reader.entries(run.seq + 1)) {
      if (seq > lastSeq) break;
      if (seq % PROGRESS_EVENTS === 0) onProgress?.();
      brokenAt = seq;
      const effects = run.handle(event);
      appendLines(lines, projection.after(seq, event, effects));
      brokenAt = undefined;
    }
  } catch (error) {
    if (error instanceof JournalError) return { run, lines, why: error.message, brokenAt: undefined };
    if (brokenAt === undefined) throw error;
    return { run, lines, why: error instanceof Error ? error.message : String(error), brokenAt };
  }
  return { run, lines, why: undefined, brokenAt: undefined };
}

/** The state lists accounts, markets and instruments in the order of the configuration it was made under. */
function requireSameDesk(home: string, now: EngineConfig, then: EngineConfig): void {
  if (stateHash(identity(now)) === stateHash(identity(then))) return;
  throw new UserError(
    `${home}/desk.json names other assets, accounts or instruments than its journal: put the former one back, or move ${home} away to begin anew`,
  );
}

function identity(config: EngineConfig): unknown {
  const { deskCode, reportingAsset, assets, accounts, markets, instruments, conversions } = config;
  return [
    deskCode,
    reportingAsset,
    assets.map(({ asset, decimals }) => [asset, decimals]),
    accounts.map(({ account, venue }) => [account, venue]),
    markets.map(({ market, base }) => [market, base]),
    instruments.map((instrument) => instrumentKey(instrument)),
    conversions.map(({ asset }) => asset),
  ];
}
