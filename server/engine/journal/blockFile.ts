/**
 * A file of records that only grows: `length ‖ ~length ‖ record`, each length in four bytes. What a crash
 * leaves of the last record is not whole and counts as not there; a length that does not fit its complement
 * anywhere else is damage.
 */
import { closeSync, fdatasync, fstatSync, openSync, readSync, write } from "node:fs";
import { promisify } from "node:util";
import { firstSeqOf, FIRST_SEQ_END } from "./block.ts";

const writeAsync = promisify(write);

/** Resolves when the content of an open file is on the disk. */
export type SyncFile = (file: number) => Promise<void>;
const syncToDisk: SyncFile = promisify(fdatasync);

const LENGTH_BYTES = 8;

/** A block is sealed at 1 MB of events; one large event can add to that. More is no block of ours. */
const RECORD_BYTES_MAX = 64 * 1024 * 1024;

/** Read at once while looking for records: some hundred small blocks. */
const SCAN_BYTES = 256 * 1024;

export class BlockFileWriter {
  readonly file: number;
  bytes = 0;
  readonly #sync: SyncFile;

  constructor(path: string, sync: SyncFile = syncToDisk) {
    this.#sync = sync;
    this.file = openSync(path, "wx");
  }

  /** Resolves when all of them are durable. After a failure the file must not be written to again. */
  async append(records: readonly Buffer[]): Promise<void> {
    const buffer = Buffer.concat(records.flatMap((record) => [lengthOf(record), record]));
    for (let at = 0; at < buffer.length;) {
      const { bytesWritten } = await writeAsync(this.file, buffer, at, buffer.length - at, this.bytes + at);
      at += bytesWritten;
    }
    await this.#sync(this.file);
    this.bytes += buffer.length;
  }

  async close(): Promise<void> {
    await this.#sync(this.file);
    closeSync(this.file);
  }
}

function lengthOf({ length }: Buffer): Buffer {
  const header = Buffer.alloc(LENGTH_BYTES);
  header.writeUInt32BE(length, 0);
  header.writeUInt32BE(~length >>> 0, 4);
  return header;
}

/** Every so many records one is remembered: a live run writes millions of them a day. */
const REMEMBERED_EVERY = 256;

/** What has been found of a file, for whoever opens it again: it never changes, it grows. */
export interface BlockIndex {
  /** Of the records at places 0, 256, 512 … */
  readonly offsets: number[];
  readonly firstSeqs: number[];
  /** Whole records, and where they end. */
  count: number;
  scannedTo: number;
}

export function createBlockIndex(): BlockIndex {
  return { offsets: [], firstSeqs: [], count: 0, scannedTo: 0 };
}

/**
 * What was read last while looking for records. Readers that come one after the other share one: a tail that is looked
 * at twenty times a second would else leave megabytes of garbage behind each second.
 */
export interface ScanBuffer {
  readonly bytes: Buffer;
  /** Whose file the bytes are of. */
  owner: BlockFileReader | undefined;
  at: number;
  length: number;
}

export function createScanBuffer(): ScanBuffer {
  return { bytes: Buffer.allocUnsafeSlow(SCAN_BYTES), owner: undefined, at: 0, length: 0 };
}

interface Head {
  readonly length: number;
  readonly firstSeq: number;
}

export class BlockFileReader {
  readonly #file: number;
  readonly #index: BlockIndex;
  readonly #scanned: ScanBuffer;
  /** The next record of a walk, so that it costs no search. */
  #next = { place: 0, offset: 0 };

  constructor(path: string, index: BlockIndex, scanned: ScanBuffer) {
    this.#file = openSync(path, "r");
    this.#index = index;
    this.#scanned = scanned;
  }

  /** Undefined at the end of what is whole. */
  at(place: number): Buffer | undefined {
    if (place >= this.#index.count) this.#scan();
    if (place >= this.#index.count) return undefined;
    const offset = this.#offsetOf(place);
    const { length } = this.#known(offset);
    const record = Buffer.allocUnsafeSlow(length);
    if (readSync(this.#file, record, 0, length, offset + LENGTH_BYTES) < length)
      throw new Error(`the file has become shorter than ${offset + LENGTH_BYTES + length} bytes`);
    this.#next = { place: place + 1, offset: offset + LENGTH_BYTES + length };
    return record;
  }

  /** Place of the last record that starts at or before an event, by its own word; 0 when none does. */
  placeOf(seq: number): number {
    this.#scan();
    const { firstSeqs, offsets, count } = this.#index;
    const remembered = Math.max(
      0,
      firstSeqs.findLastIndex((firstSeq) => firstSeq <= seq),
    );
    let place = remembered * REMEMBERED_EVERY;
    let offset = offsets[remembered] ?? 0;
    for (; place + 1 < count; place++) {
      const next = offset + LENGTH_BYTES + this.#known(offset).length;
      if (this.#known(next).firstSeq > seq) break;
      offset = next;
    }
    return place;
  }

  close(): void {
    closeSync(this.#file);
  }

  #offsetOf(place: number): number {
    const remembered = Math.floor(place / REMEMBERED_EVERY);
    let at = { place: remembered * REMEMBERED_EVERY, offset: this.#index.offsets[remembered] ?? 0 };
    if (this.#next.place <= place && this.#next.place > at.place) at = this.#next;
    for (; at.place < place; at = { place: at.place + 1, offset: this.#after(at.offset) });
    return at.offset;
  }

  #after(offset: number): number {
    return offset + LENGTH_BYTES + this.#known(offset).length;
  }

  /** Of a record that has been found before. */
  #known(offset: number): Head {
    const head = this.#head(offset, this.#index.scannedTo);
    if (head === undefined) throw new Error(`the file has become shorter than ${offset} bytes`);
    return head;
  }

  /** Finds what has been added since. */
  #scan(): void {
    const index = this.#index;
    const { size } = fstatSync(this.#file);
    for (;;) {
      const at = index.scannedTo;
      const head = this.#head(at, size);
      if (head === undefined || at + LENGTH_BYTES + head.length > size) return;
      if (index.count % REMEMBERED_EVERY === 0) {
        index.offsets.push(at);
        index.firstSeqs.push(head.firstSeq);
      }
      index.count += 1;
      index.scannedTo = at + LENGTH_BYTES + head.length;
    }
  }

  /** Undefined where the file ends, or where it had grown before its content reached the disk: zeros. */
  #head(at: number, size: number): Head | undefined {
    const wanted = LENGTH_BYTES + FIRST_SEQ_END;
    if (at + wanted > size) return undefined;
    const scanned = this.#scanned;
    if (scanned.owner !== this || at < scanned.at || at + wanted > scanned.at + scanned.length) {
      scanned.length = readSync(this.#file, scanned.bytes, 0, SCAN_BYTES, at);
      scanned.at = at;
      scanned.owner = this;
    }
    const head = scanned.bytes.subarray(at - scanned.at, at - scanned.at + wanted);
    const length = head.readUInt32BE(0);
    const complement = head.readUInt32BE(4);
    if (length === 0 && complement === 0) return undefined;
    if (~length >>> 0 !== complement || length < FIRST_SEQ_END || length > RECORD_BYTES_MAX)
      throw new Error(`there is no record at byte ${at}`);
    return { length, firstSeq: firstSeqOf(head.subarray(LENGTH_BYTES)) };
  }
}
