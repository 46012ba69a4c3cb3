/**
 * Reads a journal and believes nothing: every block must carry its own hash, follow the one before it,
 * and start where that one ended. The first record that does not is a JournalError that names it. A
 * run that has not ended is read up to its last durable block.
 */
import type { Step } from "../encode/tuples.ts";
import { readSteps } from "../encode/tuples.ts";
import { openBlock, openSnapshot } from "./block.ts";
import { JournalError } from "./journalError.ts";
import type { DamageCode } from "./journalError.ts";
import { genesisHash, readManifest } from "./manifest.ts";
import type { Manifest, RunEnd } from "./manifest.ts";
import { SegmentReader, listSegments, readSegmentMeta } from "./segment.ts";

export interface JournalEntry extends Step {
  readonly seq: number;
}

export interface JournalSnapshot {
  /** It is the state after this event. */
  readonly seq: number;
  readonly bytes: Uint8Array;
}

export interface JournalBlock {
  readonly segment: number;
  readonly firstSeq: number;
  readonly steps: readonly Step[];
  readonly effects: number;
}

/** Throws a JournalError: NO_JOURNAL, BAD_MANIFEST. */
export function openJournal(directory: string): JournalReader {
  return new JournalReader(directory, readManifest(directory));
}

export class JournalReader {
  readonly manifest: Manifest;
  readonly #directory: string;
  /** Closed environments whose memory is still being unmapped. */
  readonly #closing: Promise<void>[] = [];

  constructor(directory: string, manifest: Manifest) {
    this.#directory = directory;
    this.manifest = manifest;
  }

  /** Every event from `fromSeq` on, with its effects: snapshot + 1 for the tail of a snapshot. */
  *entries(fromSeq = 1): Generator<JournalEntry, void, void> {
    for (const block of this.blocks(fromSeq))
      for (const [at, step] of block.steps.entries()) {
        const seq = block.firstSeq + at;
        if (seq >= fromSeq) yield { seq, event: step.event, effects: step.effects };
      }
  }

  /** The blocks from the one that holds `fromSeq`, each of them checked before it is given out. */
  *blocks(fromSeq = 1): Generator<JournalBlock, void, void> {
    const segments = this.segments();
    let position: Position | undefined;
    for (const number of segments.slice(this.#segmentOf(segments, fromSeq))) {
      const segment = new SegmentReader(this.#directory, number);
      try {
        position = this.#enter(segment, position);
        const start = fromSeq > position.seq ? segment.blockAtOrBefore(fromSeq) : undefined;
        // In the middle of a segment the chain is taken up from the block itself.
        if (start !== undefined && start > position.seq) position = { seq: start, hash: undefined };
        for (;;) {
          const read = readBlock(segment, position);
          if (read === undefined) break;
          yield read.block;
          position = read.next;
        }
      } finally {
        this.#closing.push(segment.close());
      }
    }
    if (this.manifest.end !== undefined) checkEnd(this.manifest.end, position, segments.length);
  }

  /** Numbers of the segments. Throws MISSING_SEGMENT. */
  segments(): number[] {
    const found = listSegments(this.#directory);
    const wanted = Math.max(this.manifest.end?.segments ?? 1, found.at(-1) ?? 0);
    for (let segment = 1; segment <= wanted; segment++)
      if (!found.includes(segment))
        throw new JournalError(
          "MISSING_SEGMENT",
          `segment ${segment} of ${wanted} is missing in ${this.#directory}`,
          { segment },
        );
    return found;
  }

  /** Snapshots from newest to oldest. Throws BAD_HASH at one that was altered. */
  *snapshots(): Generator<JournalSnapshot, void, void> {
    for (const number of this.segments().reverse()) {
      const segment = new SegmentReader(this.#directory, number);
      try {
        for (const seq of segment.snapshotSeqs()) {
          const record = segment.snapshot(seq);
          const bytes = record === undefined ? undefined : openSnapshot(seq, record);
          if (bytes === undefined)
            throw damage("BAD_HASH", number, seq, `the snapshot after event ${seq} was altered`);
          yield { seq, bytes };
        }
      } finally {
        this.#closing.push(segment.close());
      }
    }
  }

  /** Resolves when every file is released. */
  async close(): Promise<void> {
    await Promise.all(this.#closing.splice(0));
  }

  /** Checks a segment's own record of where it belongs, and says where its blocks must begin. */
  #enter(segment: SegmentReader, position: Position | undefined): Position {
    const { runId, firstSeq, prevHash, segment: number } = segment.meta;
    const expected = position ?? (number === 1 ? { seq: 1, hash: genesisHash(this.manifest) } : undefined);
    const hash = Buffer.from(prevHash, "hex");
    if (runId !== this.manifest.runId)
      throw damage("BROKEN_CHAIN", number, firstSeq, `the segment belongs to run ${runId}`);
    if (expected?.hash !== undefined && !expected.hash.equals(hash))
      throw damage("BROKEN_CHAIN", number, firstSeq, "the segment does not follow what is before it");
    if (expected !== undefined && expected.seq !== firstSeq)
      throw damage("MISSING_BLOCK", number, expected.seq, `the segment starts at event ${firstSeq}`);
    return { seq: firstSeq, hash };
  }

  /** Index of the last segment that starts at or before an event. */
  #segmentOf(segments: readonly number[], seq: number): number {
    let at = 0;
    for (const [next, segment] of segments.entries())
      if (next > 0 && seq > 1 && readSegmentMeta(this.#directory, segment).firstSeq <= seq) at = next;
    return at;
  }
}

/** Where the next block must begin and what it must follow; undefined hash: whatever it says itself. */
interface Position {
  readonly seq: number;
  readonly hash: Buffer | undefined;
}

/** Undefined at the end of the segment. */
function readBlock(
  segment: SegmentReader,
  position: Position,
): { readonly block: JournalBlock; readonly next: Position } | undefined {
  const number = segment.meta.segment;
  const firstSeq = position.seq;
  const record = segment.block(firstSeq);
  if (record === undefined) {
    const later = segment.blockAtOrAfter(firstSeq);
    if (later === undefined) return undefined;
    throw damage("MISSING_BLOCK", number, firstSeq, `the next block there is starts at event ${later}`);
  }
  const block = openBlock(record);
  if (block === undefined)
    throw damage("BAD_HASH", number, firstSeq, "the block's content does not fit its hash");
  if (block.firstSeq !== firstSeq || (position.hash !== undefined && !block.prevHash.equals(position.hash)))
    throw damage("BROKEN_CHAIN", number, firstSeq, "the block does not follow the one before it");
  const steps = decode(block.body, number, firstSeq);
  const effects = steps.reduce((sum, step) => sum + step.effects.length, 0);
  if (steps.length !== block.events || effects !== block.effects || steps.length === 0)
    throw damage("UNREADABLE", number, firstSeq, "the block does not hold what it says it holds");
  return {
    block: { segment: number, firstSeq, steps, effects },
    next: { seq: firstSeq + block.events, hash: Buffer.from(block.hash) },
  };
}

function decode(body: Buffer, segment: number, firstSeq: number): Step[] {
  try {
    return readSteps(body);
  } catch (error) {
    throw damage("UNREADABLE", segment, firstSeq, error instanceof Error ? error.message : String(error));
  }
}

function checkEnd(end: RunEnd, position: Position | undefined, segments: number): void {
  const found = (position?.seq ?? 1) - 1;
  if (found < end.events)
    throw damage(
      "TORN_TAIL",
      segments,
      found + 1,
      `the run ended at event ${end.events}; what follows ${found} is gone`,
    );
  if (found > end.events || segments > end.segments)
    throw damage("BROKEN_CHAIN", segments, end.events + 1, "there are records after the end of the run");
  if (position?.hash !== undefined && position.hash.toString("hex") !== end.lastHash)
    throw damage("BROKEN_CHAIN", segments, found, "the last block is not the one that the manifest names");
}

function damage(code: DamageCode, segment: number, firstSeq: number, what: string): JournalError {
  const place = { segment, firstSeq };
  return new JournalError(code, `journal damaged at event ${firstSeq} in segment ${segment}: ${what}`, place);
}
