/**
 * One LMDB environment of a journal, `segments/000001/`, with blocks and snapshots, both keyed by number.
 * Its `segment.json` is written when the environment is ready for readers: without it there is no segment.
 */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { open } from "lmdb";
import type { Database, RootDatabase } from "lmdb";
import { z } from "zod";
import { writeDurably } from "./durableFile.ts";
import { findFileFault } from "./segmentFile.ts";
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
  readonly #dataFile: string;
  readonly #env: RootDatabase<Buffer, string>;
  readonly #blocks: Database<Buffer, number>;
  readonly #snapshots: Database<Buffer, number>;

  constructor(directory: string, meta: SegmentMeta) {
    const path = segmentPath(directory, meta.segment);
    this.meta = meta;
    this.#dataFile = join(path, DATA_FILE);
    // Without overlapping syncs a commit resolves when it is on the disk, not before.
    this.#env = open<Buffer, string>(path, { ...ENVIRONMENT, overlappingSync: false });
    this.#blocks = this.#env.openDB(BLOCKS);
    this.#snapshots = this.#env.openDB(SNAPSHOTS);
    writeDurably(join(path, META_FILE), `${JSON.stringify(meta, undefined, 2)}\n`);
  }

  /** Size of the file on the disk. */
  bytes(): number {
    return statSync(this.#dataFile).size;
  }

  /** One transaction; resolves when it is durable. */
  async commit(items: readonly SegmentItem[]): Promise<void> {
    const writes: Promise<unknown>[] = [];
    for (const item of items)
      writes.push((item.kind === "block" ? this.#blocks : this.#snapshots).put(item.key, item.record));
    await Promise.all(writes);
  }

  close(): Promise<void> {
    return this.#env.close();
  }
}

export class SegmentReader {
  readonly meta: SegmentMeta;
  readonly #env: RootDatabase<Buffer, string>;
  readonly #blocks: Database<Buffer, number>;
  readonly #snapshots: Database<Buffer, number>;

  /** Throws a JournalError with code UNREADABLE. */
  constructor(directory: string, segment: number) {
    this.meta = readSegmentMeta(directory, segment);
    const path = segmentPath(directory, segment);
    const fault = findFileFault(join(path, DATA_FILE));
    if (fault !== undefined) throw unreadable(segment, `${join(path, DATA_FILE)} ${fault}`);
    try {
      this.#env = open<Buffer, string>(path, { ...ENVIRONMENT, readOnly: true });
      this.#blocks = this.#env.openDB(BLOCKS);
      this.#snapshots = this.#env.openDB(SNAPSHOTS);
    } catch (error) {
      throw unreadable(segment, `${path} cannot be read`, error);
    }
  }

  block(firstSeq: number): Buffer | undefined {
    return this.#read(() => this.#blocks.get(firstSeq));
  }

  /** Number of the block that holds an event or, failing that, of the nearest one before it. */
  blockAtOrBefore(seq: number): number | undefined {
    return this.#read(() => [...this.#blocks.getKeys({ start: seq, reverse: true, limit: 1 })][0]);
  }

  blockAtOrAfter(seq: number): number | undefined {
    return this.#read(() => [...this.#blocks.getKeys({ start: seq, limit: 1 })][0]);
  }

  /** Numbers of the snapshots, newest first. */
  snapshotSeqs(): number[] {
    return this.#read(() => [...this.#snapshots.getKeys({ reverse: true })]);
  }

  snapshot(seq: number): Buffer | undefined {
    return this.#read(() => this.#snapshots.get(seq));
  }

  close(): Promise<void> {
    return this.#env.close();
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

const SEGMENTS_FOLDER = "segments";
const DATA_FILE = "data.mdb";
const META_FILE = "segment.json";
const ENVIRONMENT = { encoding: "binary", maxDbs: 2 } as const;
const BLOCKS = { name: "blocks", encoding: "binary" } as const;
const SNAPSHOTS = { name: "snapshots", encoding: "binary" } as const;

function unreadable(segment: number, text: string, cause?: unknown): JournalError {
  const why = cause instanceof Error ? ` (${cause.message.replace(/\s*\n\s*/g, " ")})` : "";
  return new JournalError("UNREADABLE", `${text}${why}: restore it from a copy`, { segment }, cause);
}
