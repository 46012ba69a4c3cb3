/**
 * A file of records that only grows: `length ‖ ~length ‖ record`, each length in four bytes. What a crash
 * leaves of the last record is not whole and counts as not there; a length that does not fit its complement
 * anywhere else is damage.
 */
import { closeSync, fdatasync, fstatSync, openSync, readSync, write } from "node:fs";
import { promisify } from "node:util";
import { firstSeqOf, FIRST_SEQ_END } from "./block.ts";

const writeAsync = promisify(write);
const syncAsync = promisify(fdatasync);

const LENGTH_BYTES = 8;

/** A block is sealed at 1 MB of events; one large event can add to that. More is no block of ours. */
const RECORD_BYTES_MAX = 64 * 1024 * 1024;

/** Read at once while looking for records: some hundred small blocks. */
const SCAN_BYTES = 256 * 1024;

export class BlockFileWriter {
  readonly file: number;
  bytes = 0;

  constructor(path: string) {
    this.file = openSync(path, "wx");
  }

  /** Resolves when all of them are durable. After a failure the file must not be written to again. */
  async append(records: readonly Buffer[]): Promise<void> {
    const buffer = Buffer.concat(records.flatMap((record) => [lengthOf(record), record]));
    for (let at = 0; at < buffer.length;) {
      const { bytesWritten } = await writeAsync(this.file, buffer, at, buffer.length - at, this.bytes + at);
      at += bytesWritten;
    }
    await syncAsync(this.file);
    this.bytes += buffer.length;
  }

  async close(): Promise<void> {
    await syncAsync(this.file);
    closeSync(this.file);
  }
}

function lengthOf({ length }: Buffer): Buffer {
  const header = Buffer.alloc(LENGTH_BYTES);
  header.writeUInt32BE(length, 0);
  header.writeUInt32BE(~length >>> 0, 4);
  return header;
}

/** Where the records stand that have been found, for whoever opens the file again: it never changes, it grows. */
export interface BlockIndex {
  readonly offsets: number[];
  readonly lengths: number[];
  readonly firstSeqs: number[];
  scannedTo: number;
}

export function createBlockIndex(): BlockIndex {
  return { offsets: [], lengths: [], firstSeqs: [], scannedTo: 0 };
}

export class BlockFileReader {
  readonly #file: number;
  readonly #index: BlockIndex;
  readonly #chunk = Buffer.alloc(SCAN_BYTES);
  #chunkAt = 0;
  #chunkLength = 0;

  constructor(path: string, index: BlockIndex) {
    this.#file = openSync(path, "r");
    this.#index = index;
  }

  /** Undefined at the end of what is whole. */
  at(place: number): Buffer | undefined {
    if (place >= this.#index.offsets.length) this.#scan();
    const offset = this.#index.offsets[place];
    const length = this.#index.lengths[place];
    if (offset === undefined || length === undefined) return undefined;
    const record = Buffer.allocUnsafeSlow(length);
    if (readSync(this.#file, record, 0, length, offset) < length)
      throw new Error(`the file has become shorter than ${offset + length} bytes`);
    return record;
  }

  placeOf(seq: number): number {
    this.#scan();
    const { firstSeqs } = this.#index;
    let low = 0;
    let high = firstSeqs.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((firstSeqs[middle] ?? 0) <= seq) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Finds what has been added since. */
  #scan(): void {
    const { offsets, lengths, firstSeqs } = this.#index;
    const { size } = fstatSync(this.#file);
    for (;;) {
      const at = this.#index.scannedTo;
      const head = this.#head(at, size);
      if (head === undefined) return;
      const length = head.readUInt32BE(0);
      const isWhole = ~length >>> 0 === head.readUInt32BE(4);
      // Zeros at the end: the file had grown before its content reached the disk.
      if (length === 0 && head.readUInt32BE(4) === 0) return;
      if (!isWhole || length < FIRST_SEQ_END || length > RECORD_BYTES_MAX)
        throw new Error(`there is no record at byte ${at}`);
      if (at + LENGTH_BYTES + length > size) return;
      offsets.push(at + LENGTH_BYTES);
      lengths.push(length);
      firstSeqs.push(firstSeqOf(head.subarray(LENGTH_BYTES)));
      this.#index.scannedTo = at + LENGTH_BYTES + length;
    }
  }

  /** Length and beginning of a record; undefined where the file ends. */
  #head(at: number, size: number): Buffer | undefined {
    const wanted = LENGTH_BYTES + FIRST_SEQ_END;
    if (at + wanted > size) return undefined;
    if (at < this.#chunkAt || at + wanted > this.#chunkAt + this.#chunkLength) {
      this.#chunkLength = readSync(this.#file, this.#chunk, 0, SCAN_BYTES, at);
      this.#chunkAt = at;
    }
    return this.#chunk.subarray(at - this.#chunkAt, at - this.#chunkAt + wanted);
  }
}
