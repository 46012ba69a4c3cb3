/**
 * Takes old journals away, segment by segment and oldest first, by age, size and what is left on the disk. What the
 * store does not have yet, and what the recorder or a next start has to begin from, stays whatever happens: then the
 * disk's low mark pulls the quotes instead.
 */
import { readFileSync, type Stats } from "node:fs";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Log } from "../../host/log.ts";
import { openJournal } from "../journal/reader.ts";
import { JournalError } from "../journal/journalError.ts";
import { pruneSegments, readPrunedStart } from "../journal/pruned.ts";
import { listSegments, segmentPath } from "../journal/segment.ts";
import { listRuns, runDirectory } from "./runs.ts";

export interface RetentionLimits {
  readonly ageMaxMs: number;
  /** Of all journals of the desk. */
  readonly bytesMax: number;
  /** With less room on the disk everything goes that may. */
  readonly freeBytesMin: number;
}

export const RETENTION: RetentionLimits = {
  // A week of runs to look into, where there is room for them.
  ageMaxMs: 7 * 24 * 3_600_000,
  // Two days of the demo.
  bytesMax: 8 * 1024 ** 3,
  // Four times the mark at which quotes are pulled.
  freeBytesMin: 2 * 1024 ** 3,
};

/** A segment; ordered by run and number. */
export interface Piece {
  readonly epoch: number;
  readonly segment: number;
  readonly bytes: number;
  /** When it was last written to. */
  readonly writtenAtMs: number;
}

export interface Place {
  readonly epoch: number;
  readonly segment: number;
}

/** Of pieces in order, those that go; none at or after `keptFrom`. */
export function choosePieces(
  pieces: readonly Piece[],
  keptFrom: Place,
  now: { readonly wallMs: number; readonly freeBytes: number | undefined },
  limits: RetentionLimits = RETENTION,
): readonly Piece[] {
  let bytes = pieces.reduce((sum, piece) => sum + piece.bytes, 0);
  let free = now.freeBytes ?? Infinity;
  const gone: Piece[] = [];
  for (const piece of pieces) {
    if (piece.epoch > keptFrom.epoch) break;
    if (piece.epoch === keptFrom.epoch && piece.segment >= keptFrom.segment) break;
    const isOld = now.wallMs - piece.writtenAtMs > limits.ageMaxMs;
    if (!isOld && bytes <= limits.bytesMax && free >= limits.freeBytesMin) break;
    gone.push(piece);
    bytes -= piece.bytes;
    free += piece.bytes;
  }
  return gone;
}

/** The journal grows by some MB between two looks. */
const LOOK_EVERY_MS = 60_000;

/** Looks from time to time; gives its stop, which resolves when nothing is being removed any more. */
export function startRetention(options: RetentionOptions & { readonly log: Log }): () => Promise<void> {
  const { log } = options;
  let looking: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const gone = await applyRetention(options);
      if (gone.length > 0) log.info("old journal segments removed", { gone });
    } catch (error) {
      // Nothing is lost by what stays; the low mark of the disk guards the rest.
      log.warn("old journal segments could not be removed", { error });
    }
    looking = undefined;
  };
  const timer = setInterval(() => void (looking ??= look()), LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await looking;
  };
}

export interface RetentionOptions {
  readonly home: string;
  /** The run that goes on. */
  readonly epoch: number;
  readonly wallMs: () => number;
  readonly freeBytes: () => number | undefined;
  readonly limits?: RetentionLimits | undefined;
}

/** Looks once and removes what may go; gives what it removed. */
export async function applyRetention(options: RetentionOptions): Promise<readonly Piece[]> {
  const { home, epoch, wallMs, freeBytes, limits } = options;
  const keptFrom = findKeptFrom(home, epoch);
  if (keptFrom === undefined) return [];
  const pieces = await listPieces(home);
  const gone = choosePieces(pieces, keptFrom, { wallMs: wallMs(), freeBytes: freeBytes() }, limits);
  for (const run of new Set(gone.map((piece) => piece.epoch))) {
    const firstKept = pieces.find((piece) => piece.epoch === run && !gone.includes(piece));
    const directory = runDirectory(home, run);
    if (firstKept === undefined) await rm(directory, { recursive: true, force: true });
    else await pruneSegments(directory, firstKept.segment);
  }
  return gone;
}

const RecorderPosition = z.object({ epoch: z.int().min(0), seq: z.int().min(0) });

/**
 * The segment with the newest snapshot from which the recorder can go on; everything before it is in the store, and
 * a next start begins there or later. Undefined when nobody can say.
 */
function findKeptFrom(home: string, current: number): Place | undefined {
  const position = readRecorderPosition(home);
  if (position === undefined || position.epoch === 0 || position.epoch > current) return undefined;
  const { epoch, seq } = position;
  return { epoch, segment: findSnapshotSegment(runDirectory(home, epoch), seq) };
}

/** 0, and so before every segment, when there is no such snapshot or the journal cannot be read. */
function findSnapshotSegment(directory: string, seq: number): number {
  try {
    const reader = openJournal(directory);
    try {
      for (const { segment } of reader.snapshots(seq)) return segment;
      return 0;
    } finally {
      reader.close();
    }
  } catch (error) {
    if (error instanceof JournalError) return 0;
    throw error;
  }
}

/** Undefined until the recorder has said how far it is; it writes its file whole, once a second. */
function readRecorderPosition(home: string): z.infer<typeof RecorderPosition> | undefined {
  try {
    return RecorderPosition.safeParse(JSON.parse(readFileSync(join(home, "recorder.json"), "utf8"))).data;
  } catch {
    return undefined;
  }
}

async function listPieces(home: string): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for (const epoch of listRuns(home)) {
    const directory = runDirectory(home, epoch);
    const first = readPrunedStart(directory)?.segment ?? 1;
    for (const segment of listSegments(directory))
      if (segment >= first)
        pieces.push({ epoch, segment, ...(await measure(segmentPath(directory, segment))) });
  }
  return pieces;
}

async function measure(segment: string): Promise<{ bytes: number; writtenAtMs: number }> {
  let bytes = 0;
  let writtenAtMs = 0;
  for (const entry of await readdir(segment, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const found = await statIfThere(join(entry.parentPath, entry.name));
    bytes += found?.size ?? 0;
    writtenAtMs = Math.max(writtenAtMs, found?.mtimeMs ?? 0);
  }
  return { bytes, writtenAtMs };
}

/** Of a segment that is written to, a snapshot may have made room since it was listed. */
async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
