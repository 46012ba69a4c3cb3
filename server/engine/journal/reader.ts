/**
 * Reads a journal and believes nothing: every block must carry its own hash, follow the one before it,
 * and start where that one ended. The first record that does not is a JournalError that names it. A
 * run that has not ended is read up to its last durable block, a pruned one from its first kept segment.
 */
import type { Step } from "../encode/tuples.ts";
import { readSteps } from "../encode/tuples.ts";
import { claimedLastSeq, firstSeqOf, openBlock, openSnapshot } from "./block.ts";
import { createBlockIndex, createScanBuffer, type BlockIndex, type ScanBuffer } from "./blockFile.ts";
import { JournalError } from "./journalError.ts";
import type { DamageCode } from "./journalError.ts";
import { genesisHash, readManifest } from "./manifest.ts";
import type { Manifest, RunEnd } from "./manifest.ts";
import { readPrunedStart } from "./pruned.ts";
import { SegmentReader, listSegments, readSegmentMeta } from "./segment.ts";

export interface JournalEntry extends Step {
  readonly seq: number;
}

export interface JournalSnapshot {
  readonly segment: number;
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
  /** By segment: a journal that is read as it grows is not searched from its start each time. */
  readonly #indexes = new Map<number, BlockIndex>();
  readonly #opened = new Map<number, SegmentReader>();
  #scanned: ScanBuffer | undefined;

  constructor(directory: string, manifest: Manifest) {
    this.#directory = directory;
    this.manifest = manifest;
  }

  /** Number of the first event that is kept: 1 unless older segments were pruned. */
  firstSeq(): number {
    return readPrunedStart(this.#directory)?.firstSeq ?? 1;
  }

  /** Every event from `fromSeq` on that is kept, with its effects: snapshot + 1 for the tail of a snapshot. */
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
      const segment = this.#open(number);
      position = this.#enter(segment, position);
      let place = fromSeq > position.seq ? segment.placeOf(fromSeq) : 0;
      // In the middle of a segment the chain is taken up from the block itself.
      if (place > 0) position = undefined;
      for (; ; place++) {
        const read = readBlock(segment, place, position);
        if (read === undefined) break;
        yield read.block;
        position = read.next;
      }
    }
    if (this.manifest.end !== undefined) checkEnd(this.manifest.end, position, segments.at(-1) ?? 0);
  }

  /** Numbers of the segments, from the first that was not pruned. Throws MISSING_SEGMENT. */
  segments(): number[] {
    const listed = listSegments(this.#directory);
    // Read after the list was made: what is pruned meanwhile had been written down before.
    const first = readPrunedStart(this.#directory)?.segment ?? 1;
    const found = listed.filter((segment) => segment >= first);
    const wanted = Math.max(this.manifest.end?.segments ?? first, found.at(-1) ?? 0);
    for (let segment = first; segment <= wanted; segment++)
      if (!found.includes(segment))
        throw new JournalError(
          "MISSING_SEGMENT",
          `segment ${segment} of ${wanted} is missing in ${this.#directory}`,
          { segment },
        );
    return found;
  }

  /**
   * Snapshots from newest to oldest, none after event `lastSeq`. One that was altered (BAD_HASH) is thrown, or told
   * to `onAltered` and passed over.
   */
  *snapshots(
    lastSeq = Infinity,
    onAltered: (fault: JournalError) => void = raise,
  ): Generator<JournalSnapshot, void, void> {
    for (const number of this.segments().reverse()) {
      const segment = this.#open(number);
      for (const seq of segment.snapshotSeqs()) {
        if (seq > lastSeq) continue;
        const record = segment.snapshot(seq);
        // A live run has made room since.
        if (record === undefined) continue;
        const bytes = openSnapshot(seq, record);
        if (bytes !== undefined) yield { segment: number, seq, bytes };
        else onAltered(damage("BAD_HASH", number, seq, `the snapshot after event ${seq} was altered`));
      }
    }
  }

  /**
   * The earliest state that the run can be run again from: what it took up from an earlier one, or the first
   * snapshot of what is left of a pruned journal; undefined for a run that began with nothing. Throws UNREADABLE
   * when it should be there and is not.
   */
  initialState(): JournalSnapshot | undefined {
    if (this.firstSeq() > 1) return this.#oldestSnapshot();
    if (this.manifest.parentRun === undefined) return undefined;
    const segment = this.#open(1);
    const record = segment.snapshot(0);
    const bytes = record === undefined ? undefined : openSnapshot(0, record);
    if (bytes === undefined)
      throw damage("UNREADABLE", 1, 0, "the state that the run began with is missing or was altered");
    return { segment: 1, seq: 0, bytes };
  }

  /** Whether anything of the run became durable. */
  hasContent(): boolean {
    if (listSegments(this.#directory).length === 0) return this.manifest.end !== undefined;
    if (this.firstSeq() > 1) return true;
    const segment = this.#open(1);
    return segment.snapshotSeqs().length > 0 || segment.blockAt(0) !== undefined;
  }

  /** Number of the last durable event, by the last block's own word; 0 before the first. */
  lastSeq(): number {
    const last = listSegments(this.#directory).at(-1);
    if (last === undefined) return 0;
    const segment = this.#open(last);
    const record = segment.blockAt(segment.placeOf(Number.MAX_SAFE_INTEGER));
    const block = record === undefined ? undefined : openBlock(record);
    return block === undefined ? segment.meta.firstSeq - 1 : block.firstSeq + block.events - 1;
  }

  /** As `lastSeq`, also where the last block was altered; undefined when the journal no longer tells. */
  claimedLastSeq(): number | undefined {
    const last = listSegments(this.#directory).at(-1);
    if (last === undefined) return undefined;
    const segment = this.#open(last);
    const record = segment.blockAt(segment.placeOf(Number.MAX_SAFE_INTEGER));
    return record === undefined ? undefined : claimedLastSeq(record);
  }

  /** Releases the files; whoever reads on opens them again. */
  close(): void {
    for (const segment of this.#opened.values()) segment.close();
    this.#opened.clear();
  }

  #oldestSnapshot(): JournalSnapshot {
    const segments = this.segments();
    for (const number of segments) {
      const segment = this.#open(number);
      const seq = segment.snapshotSeqs().at(-1);
      const record = seq === undefined ? undefined : segment.snapshot(seq);
      if (seq === undefined || record === undefined) continue;
      const bytes = openSnapshot(seq, record);
      if (bytes === undefined)
        throw damage("BAD_HASH", number, seq, `the snapshot after event ${seq} was altered`);
      return { segment: number, seq, bytes };
    }
    const what = "the journal was pruned and no snapshot is left to run it again from";
    throw damage("UNREADABLE", segments[0] ?? 0, this.firstSeq(), what);
  }

  #open(number: number): SegmentReader {
    const opened = this.#opened.get(number);
    if (opened !== undefined) return opened;
    const index = this.#indexes.get(number) ?? createBlockIndex();
    this.#indexes.set(number, index);
    this.#scanned ??= createScanBuffer();
    const segment = new SegmentReader(this.#directory, number, { index, scanned: this.#scanned });
    this.#opened.set(number, segment);
    return segment;
  }

  /** Checks a segment's own record of where it belongs, and says where its blocks must begin. */
  #enter(segment: SegmentReader, position: Position | undefined): Position {
    const { runId, firstSeq, prevHash, segment: number } = segment.meta;
    const expected = position ?? this.#beginningOf(number);
    const hash = Buffer.from(prevHash, "hex");
    if (runId !== this.manifest.runId)
      throw damage("BROKEN_CHAIN", number, firstSeq, `the segment belongs to run ${runId}`);
    if (expected !== undefined && !expected.hash.equals(hash))
      throw damage("BROKEN_CHAIN", number, firstSeq, "the segment does not follow what is before it");
    if (expected !== undefined && expected.seq !== firstSeq)
      throw damage("MISSING_BLOCK", number, expected.seq, `the segment starts at event ${firstSeq}`);
    return { seq: firstSeq, hash };
  }

  /** What the first segment must follow; of any other only the one before it can tell. */
  #beginningOf(segment: number): Position | undefined {
    if (segment === 1) return { seq: 1, hash: genesisHash(this.manifest) };
    const pruned = readPrunedStart(this.#directory);
    if (pruned?.segment !== segment) return undefined;
    return { seq: pruned.firstSeq, hash: Buffer.from(pruned.prevHash, "hex") };
  }

  /** Index of the last segment that starts at or before an event; older ones may be pruned meanwhile. */
  #segmentOf(segments: readonly number[], seq: number): number {
    if (seq <= 1) return 0;
    for (const [at, segment] of [...segments.entries()].reverse())
      if (at > 0 && readSegmentMeta(this.#directory, segment).firstSeq <= seq) return at;
    return 0;
  }
}

/** Where the next block must begin and what it must follow. */
interface Position {
  readonly seq: number;
  readonly hash: Buffer;
}

/** Undefined at the end of the segment; without a position the chain is taken up here. */
function readBlock(
  segment: SegmentReader,
  place: number,
  position: Position | undefined,
): { readonly block: JournalBlock; readonly next: Position } | undefined {
  const number = segment.meta.segment;
  const record = segment.blockAt(place);
  if (record === undefined) return undefined;
  const block = openBlock(record);
  const firstSeq = position?.seq ?? firstSeqOf(record);
  if (block === undefined)
    throw damage("BAD_HASH", number, firstSeq, "the block's content does not fit its hash");
  if (block.firstSeq > firstSeq)
    throw damage(
      "MISSING_BLOCK",
      number,
      firstSeq,
      `the next block there is starts at event ${block.firstSeq}`,
    );
  if (block.firstSeq !== firstSeq || (position !== undefined && !block.prevHash.equals(position.hash)))
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
  if (position !== undefined && position.hash.toString("hex") !== end.lastHash)
    throw damage("BROKEN_CHAIN", segments, found, "the last block is not the one that the manifest names");
}

function raise(fault: JournalError): never {
  throw fault;
}

function damage(code: DamageCode, segment: number, firstSeq: number, what: string): JournalError {
  const place = { segment, firstSeq };
  return new JournalError(code, `journal damaged at event ${firstSeq} in segment ${segment}: ${what}`, place);
}
