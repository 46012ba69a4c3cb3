/**
 * One stretch of a journal, `segments/000001/`: blocks one after the other in a file that only ever grows
 * (blockFile.ts), and each snapshot in a file of its own. Writers never touch what is there, so that any
 * number of readers may look on. (An LMDB environment is not that: opening one sets the transaction number
 * that its writer goes by, and a commit of that instant is lost. Seen, and reproduced with lmdb 3.5.6.)
 */
import { closeSync, existsSync, readFileSync, readdirSync, unlinkSync } from "node:fs";
import { rename, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { makeFolderDurably, writeDurably } from "../../host/durableFile.ts";
import {
  BlockFileReader,
  BlockFileWriter,
  type BlockIndex,
  type ScanBuffer,
  type SyncFile,
} from "./blockFile.ts";
import { JournalError } from "./journalError.ts";

/** What ties a segment to its place in the run. */
const SegmentMeta = z.strictObject({
  runId: z.string(),
  segment: z.int().min(1),
  /** Number of the first event that can stand in it. */
  firstSeq: z.int().min(1),
  /** Hash of the last block before it, or of the manifest's start, as hex. */
  prevHash: z.string(),
});
export type SegmentMeta = z.infer<typeof SegmentMeta>;

export type SegmentItem =
  | { readonly kind: "block"; readonly key: number; readonly record: Buffer; readonly events: number }
  | { readonly kind: "snapshot"; readonly key: number; readonly record: Buffer };

export class SegmentWriter {
  readonly meta: SegmentMeta;
  readonly #path: string;
  readonly #blocks: BlockFileWriter;
  /** Numbers of the durable snapshots, oldest first. */
  readonly #snapshots: number[] = [];
  #isClosed = false;

  /** Its `segment.json` is written when it is ready for readers: without it there is no segment. */
  constructor(directory: string, meta: SegmentMeta, sync: SyncFile | undefined) {
    this.meta = meta;
    this.#path = segmentPath(directory, meta.segment);
    makeFolderDurably(join(this.#path, SNAPSHOTS_FOLDER));
    this.#blocks = new BlockFileWriter(join(this.#path, BLOCKS_FILE), sync);
    try {
      writeDurably(join(this.#path, META_FILE), `${JSON.stringify(meta, undefined, 2)}\n`);
    } catch (error) {
      closeSync(this.#blocks.file);
      throw error;
    }
  }

  /** Size of the file of blocks. */
  bytes(): number {
    return this.#blocks.bytes;
  }

  /** One write and one sync for all blocks, then the snapshots; resolves when everything is durable. */
  async commit(items: readonly SegmentItem[], snapshotsKept: number): Promise<void> {
    const records = items.filter((item) => item.kind === "block").map((item) => item.record);
    if (records.length > 0) await this.#blocks.append(records);
    for (const item of items)
      if (item.kind === "snapshot") {
        await writeSnapshot(snapshotPath(this.#path, item.key), item.record);
        this.#snapshots.push(item.key);
      }
    this.#makeRoom(snapshotsKept);
  }

  /** Never the first, from which the run can be replayed, also when all segments before this one are pruned. */
  #makeRoom(kept: number): void {
    while (this.#snapshots.length > kept + 1)
      for (const oldest of this.#snapshots.splice(1, 1)) unlinkSync(snapshotPath(this.#path, oldest));
  }

  /** Once: by then the number of the file may be another's. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    await this.#blocks.close();
    this.#isClosed = true;
  }
}

/** Whole or not there: a reader that looks in between sees nothing. */
async function writeSnapshot(path: string, record: Buffer): Promise<void> {
  const file = await open(`${path}.new`, "w");
  try {
    await file.writeFile(record);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  // As `syncFolder` does, but the desk's decisions share this thread: they do not wait for the disk.
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export class SegmentReader {
  readonly meta: SegmentMeta;
  readonly #path: string;
  readonly #blocks: BlockFileReader;

  /** Throws a JournalError with code UNREADABLE. `index` is what an earlier reader of it had found, `scanned` for one after the other. */
  constructor(
    directory: string,
    segment: number,
    { index, scanned }: { readonly index: BlockIndex; readonly scanned: ScanBuffer },
  ) {
    this.meta = readSegmentMeta(directory, segment);
    this.#path = segmentPath(directory, segment);
    try {
      this.#blocks = new BlockFileReader(join(this.#path, BLOCKS_FILE), index, scanned);
    } catch (error) {
      throw unreadable(segment, `${join(this.#path, BLOCKS_FILE)} cannot be read`, error);
    }
  }

  /** The record at a place, counted from 0; undefined at the end of what is whole. */
  blockAt(place: number): Buffer | undefined {
    return this.#read(() => this.#blocks.at(place));
  }

  /** Place of the last block that starts at or before an event, by its own word; 0 when none does. */
  placeOf(seq: number): number {
    return this.#read(() => this.#blocks.placeOf(seq));
  }

  /** Numbers of the snapshots, newest first. */
  snapshotSeqs(): number[] {
    return this.#read(() =>
      readdirSync(join(this.#path, SNAPSHOTS_FOLDER))
        .flatMap((name) => (SNAPSHOT_FILE.test(name) ? [Number(name.slice(0, -SNAPSHOT_SUFFIX.length))] : []))
        .sort((a, b) => b - a),
    );
  }

  snapshot(seq: number): Buffer | undefined {
    return this.#read(() => {
      const path = snapshotPath(this.#path, seq);
      return existsSync(path) ? readFileSync(path) : undefined;
    });
  }

  close(): void {
    this.#blocks.close();
  }

  #read<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw unreadable(this.meta.segment, `segment ${this.meta.segment} cannot be read`, error);
    }
  }
}

/** Numbers of the segments that are there, ascending. */
export function listSegments(directory: string): number[] {
  const parent = join(directory, SEGMENTS_FOLDER);
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .filter((name) => /^\d{6}$/.test(name) && existsSync(join(parent, name, META_FILE)))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Throws a JournalError with code UNREADABLE. */
export function readSegmentMeta(directory: string, segment: number): SegmentMeta {
  const path = join(segmentPath(directory, segment), META_FILE);
  try {
    return SegmentMeta.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw unreadable(segment, `${path} cannot be read`, error);
  }
}

/** Six digits: a petabyte of segments of 1 GiB. */
export function segmentPath(directory: string, segment: number): string {
  return join(directory, SEGMENTS_FOLDER, String(segment).padStart(6, "0"));
}

export function snapshotPath(segment: string, seq: number): string {
  return join(segment, SNAPSHOTS_FOLDER, `${String(seq).padStart(15, "0")}${SNAPSHOT_SUFFIX}`);
}

export const BLOCKS_FILE = "blocks.log";
const SEGMENTS_FOLDER = "segments";
const SNAPSHOTS_FOLDER = "snapshots";
const SNAPSHOT_SUFFIX = ".state";
const SNAPSHOT_FILE = /^\d{15}\.state$/;
const META_FILE = "segment.json";

function unreadable(segment: number, text: string, cause?: unknown): JournalError {
  const why = cause instanceof Error ? ` (${cause.message.replace(/\s*\n\s*/g, " ")})` : "";
  return new JournalError("UNREADABLE", `${text}${why}: restore it from a copy`, { segment }, cause);
}
