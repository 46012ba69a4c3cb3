/** Opens a recording and streams it, from any instant on. One block is in memory at a time. */
import fs from "node:fs";
import { join } from "node:path";
import { crc32, inflateRawSync } from "node:zlib";
import { UserError } from "../../contract/errors.ts";
import type { RecordedEvent } from "./events.ts";
import { RecordedBooks } from "./books.ts";
import { ByteReader } from "./bytes.ts";
import { RecordDecoder } from "./codec.ts";
import type { BlockEntry } from "./layout.ts";
import {
  BLOCK_BYTES_REFUSED,
  FOOTER_BYTES,
  HEADER_BYTES,
  LENGTH_BYTES,
  decodeFooter,
  decodeHeader,
  decodeIndex,
} from "./layout.ts";
import type { Manifest } from "./manifest.ts";
import { MANIFEST_FILE, MARKET_FILE, RECORDING_VERSION, parseManifest } from "./manifest.ts";

export interface Recording {
  readonly dir: string;
  readonly manifest: Manifest;
  /**
   * Records with `fromUs` ≤ receivedAtUs ≤ `toUs`. A range that starts inside the recording begins
   * with the books of that instant, stamped `fromUs`: what a subscriber who joins then is sent.
   */
  read(range?: RecordingRange): RecordingCursor;
  close(): void;
}

export interface RecordingRange {
  readonly fromUs?: number | undefined;
  readonly toUs?: number | undefined;
}

export interface RecordingCursor {
  next(): RecordedEvent | undefined;
}

/** UserError when the directory is no recording, of another version, or damaged; damage in a block shows when it is read. */
export function openRecording(dir: string): Recording {
  const manifestPath = join(dir, MANIFEST_FILE);
  if (!fs.existsSync(manifestPath)) throw new UserError(`${dir} is no recording: it has no ${MANIFEST_FILE}`);
  const manifest = parseManifest(fs.readFileSync(manifestPath, "utf8"), manifestPath);
  const path = join(dir, MARKET_FILE);
  if (!fs.existsSync(path)) throw new UserError(`${path} is missing: import the source again`);
  const file = fs.openSync(path, "r");
  try {
    const entries = readIndex(file, path, manifest);
    return {
      dir,
      manifest,
      read: (range = {}) => new FileCursor(file, path, manifest.instruments.length, entries, range),
      close: () => fs.closeSync(file),
    };
  } catch (error) {
    fs.closeSync(file);
    throw error;
  }
}

/** Whether a directory claims to be a recording, whatever its state. */
export function isRecording(dir: string): boolean {
  return fs.existsSync(join(dir, MANIFEST_FILE));
}

class FileCursor implements RecordingCursor {
  readonly #file: number;
  readonly #path: string;
  readonly #instruments: number;
  readonly #entries: readonly BlockEntry[];
  readonly #toUs: number;
  /** Due before anything else is decoded: the books of a range that starts inside, and its first record. */
  #pending: RecordedEvent[] = [];
  #block = 0;
  #decoder: RecordDecoder | undefined;

  constructor(
    file: number,
    path: string,
    instruments: number,
    entries: readonly BlockEntry[],
    { fromUs = 0, toUs = Number.MAX_SAFE_INTEGER }: RecordingRange,
  ) {
    this.#file = file;
    this.#path = path;
    this.#instruments = instruments;
    this.#entries = entries;
    this.#toUs = toUs;
    if (fromUs > (entries[0]?.firstAtUs ?? 0)) this.#seek(fromUs);
  }

  next(): RecordedEvent | undefined {
    const event = this.#pending.length > 0 ? this.#pending.shift() : this.#decode();
    return event === undefined || event.receivedAtUs > this.#toUs ? undefined : event;
  }

  #decode(): RecordedEvent | undefined {
    for (;;) {
      const event = this.#step(this.#decoder);
      if (event !== undefined) return event;
      if (this.#block === this.#entries.length) return undefined;
      this.#decoder = this.#open(this.#block++).body;
    }
  }

  /** Starts in the last block that begins before `fromUs`, the only one that can hold the state before it. */
  #seek(fromUs: number): void {
    const later = this.#entries.findIndex((entry) => entry.firstAtUs >= fromUs);
    this.#block = (later === -1 ? this.#entries.length : later) - 1;
    const books = new RecordedBooks(this.#instruments);
    const { lead, body } = this.#open(this.#block);
    for (let book = this.#step(lead); book !== undefined; book = this.#step(lead)) books.apply(book);
    this.#block++;
    this.#decoder = body;
    let event = this.#decode();
    for (; event !== undefined && event.receivedAtUs < fromUs; event = this.#decode()) books.apply(event);
    this.#pending = books.records(fromUs);
    if (event !== undefined) this.#pending.push(event);
  }

  #step(decoder: RecordDecoder | undefined): RecordedEvent | undefined {
    try {
      return decoder?.next();
    } catch (cause) {
      if (cause instanceof RangeError)
        throw damaged(this.#path, `in block ${this.#block} of ${this.#entries.length}`);
      throw cause;
    }
  }

  #open(at: number): { readonly lead: RecordDecoder; readonly body: RecordDecoder } {
    const entry = this.#entries[at];
    if (entry === undefined) throw new Error(`there is no block ${at}`);
    const where = `in block ${at + 1} of ${this.#entries.length}`;
    const deflated = readBytes(this.#file, entry.offset, entry.bytes);
    if (crc32(deflated) !== entry.crc || entry.inflatedBytes > BLOCK_BYTES_REFUSED)
      throw damaged(this.#path, where);
    const inflated = inflateRawSync(deflated, { maxOutputLength: entry.inflatedBytes });
    if (inflated.length !== entry.inflatedBytes) throw damaged(this.#path, where);
    const leadEnd = LENGTH_BYTES + inflated.readUInt32LE(0);
    const lead = new ByteReader(inflated, LENGTH_BYTES, leadEnd);
    return {
      lead: new RecordDecoder(this.#instruments, entry.firstAtUs, lead),
      body: new RecordDecoder(this.#instruments, entry.firstAtUs, new ByteReader(inflated, leadEnd)),
    };
  }
}

function readIndex(file: number, path: string, manifest: Manifest): BlockEntry[] {
  const size = fs.fstatSync(file).size;
  const version = decodeHeader(readBytes(file, 0, HEADER_BYTES));
  if (version === undefined) throw damaged(path, "at its start: it is no market.bin");
  if (version !== RECORDING_VERSION)
    throw new UserError(
      `${path} has format version ${version}, this build reads ${RECORDING_VERSION}: import the source again`,
    );
  const footer = decodeFooter(readBytes(file, size - FOOTER_BYTES, FOOTER_BYTES));
  if (footer === undefined || size !== manifest.contentBytes) throw damaged(path, findCut(file, size));
  const entries = decodeIndex(readBytes(file, footer.indexOffset, footer.indexBytes), footer.indexCrc);
  if (entries === undefined) throw damaged(path, "in its index");
  return entries;
}

/** Walks the block lengths to the one that does not fit any more. */
function findCut(file: number, size: number): string {
  let offset = HEADER_BYTES;
  for (let block = 1; ; block++) {
    const length = readBytes(file, offset, LENGTH_BYTES);
    const bytes = length.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : length.readUInt32LE(0);
    if (bytes === 0) return "in its index: it was cut off or written to";
    offset += LENGTH_BYTES + bytes;
    if (offset > size) return `in block ${block}: it was cut off or written to`;
  }
}

function damaged(path: string, where: string): UserError {
  return new UserError(`${path} is damaged ${where}; delete the recording and import it again`);
}

/** Fewer bytes than asked for when the file ends before. */
function readBytes(file: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  let filled = 0;
  while (filled < bytes && offset >= 0) {
    const read = fs.readSync(file, buffer, filled, bytes - filled, offset + filled);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
}
