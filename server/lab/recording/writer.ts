/**
 * Writes a recording into a directory beside the wanted one and renames it at the end: what carries
 * the final name is whole. Used by the importers and by recorders of live feeds.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import { join } from "node:path";
import { crc32, deflateRawSync } from "node:zlib";
import { UserError } from "../../contract/errors.ts";
import type { RecordedEvent } from "./events.ts";
import { RecordedBooks } from "./books.ts";
import { ByteWriter } from "./bytes.ts";
import { RecordEncoder } from "./codec.ts";
import { claimDirectory, releaseDirectory } from "./claim.ts";
import type { BlockEntry } from "./layout.ts";
import { BLOCK_BYTES_MAX, BLOCK_RECORDS_MAX, encodeHeader, encodeIndex, encodeLength } from "./layout.ts";
import { MANIFEST_FILE, MARKET_FILE, Manifest, RECORDING_FORMAT, RECORDING_VERSION } from "./manifest.ts";

/** What the writer cannot know from the records. */
export type RecordingAbout = Pick<
  Manifest,
  "source" | "instruments" | "stretches" | "defects" | "checks" | "assumptions"
>;

/** After `finish` or `abort`, and after an error from either of the others, the writer is closed. */
export interface RecordingWriter {
  /** Receive times never decrease; a delta follows a snapshot. */
  write(event: RecordedEvent): void;
  finish(about: RecordingAbout): Manifest;
  /** Leaves nothing behind; does nothing on a closed writer. */
  abort(): void;
}

/** `dir` must not exist yet; its parent is made. UserError when it does, or when another process writes it. */
export function createRecording(dir: string, instruments: number): RecordingWriter {
  if (fs.existsSync(dir)) throw new UserError(existsText(dir));
  try {
    return new FileWriter(dir, instruments);
  } catch (error) {
    throw explain(error, dir);
  }
}

class FileWriter implements RecordingWriter {
  readonly #dir: string;
  readonly #workDir: string;
  readonly #file: number;
  readonly #instruments: number;
  readonly #hash = createHash("sha256");
  readonly #books: RecordedBooks;
  readonly #entries: BlockEntry[] = [];
  readonly #lead = new ByteWriter();
  readonly #body = new ByteWriter();
  readonly #counts = { snapshot: 0, delta: 0, top: 0, print: 0, alive: 0, gap: 0 };
  #encoder: RecordEncoder | undefined;
  #records = 0;
  #firstAtUs = 0;
  #lastAtUs = 0;
  #offset = 0;
  #open = true;
  #fileOpen = true;

  constructor(dir: string, instruments: number) {
    this.#dir = dir;
    this.#instruments = instruments;
    this.#books = new RecordedBooks(instruments);
    this.#workDir = claimDirectory(dir);
    try {
      this.#file = fs.openSync(join(this.#workDir, MARKET_FILE), "wx");
      this.#append(encodeHeader(RECORDING_VERSION));
    } catch (error) {
      releaseDirectory(this.#workDir);
      throw error;
    }
  }

  write(event: RecordedEvent): void {
    this.#guard(() => {
      if (event.receivedAtUs < this.#lastAtUs) throw new Error(`time goes back at ${event.receivedAtUs}`);
      const encoder = this.#encoder ?? this.#startBlock(event.receivedAtUs);
      encoder.encode(event);
      this.#books.apply(event);
      this.#lastAtUs = event.receivedAtUs;
      this.#records++;
      this.#counts[event.kind === "touch" ? "top" : event.kind]++;
      if (this.#records >= BLOCK_RECORDS_MAX || this.#body.length >= BLOCK_BYTES_MAX) this.#endBlock();
    });
  }

  finish(about: RecordingAbout): Manifest {
    return this.#guard(() => {
      this.#endBlock();
      this.#append(encodeLength(0));
      this.#append(encodeIndex(this.#entries, this.#offset));
      const manifest = Manifest.parse({
        format: RECORDING_FORMAT,
        version: RECORDING_VERSION,
        source: about.source,
        contentSha256: this.#hash.digest("hex"),
        contentBytes: this.#offset,
        instruments: about.instruments,
        fromUs: this.#entries[0]?.firstAtUs ?? 0,
        toUs: this.#lastAtUs,
        counts: this.#counts,
        stretches: about.stretches,
        defects: about.defects,
        checks: about.checks,
        assumptions: about.assumptions,
      } satisfies Manifest);
      fs.fsyncSync(this.#file);
      this.#closeFile();
      fs.writeFileSync(join(this.#workDir, MANIFEST_FILE), `${JSON.stringify(manifest, undefined, 2)}\n`, {
        flush: true,
      });
      releaseDirectory(this.#workDir, this.#dir);
      this.#open = false;
      return manifest;
    });
  }

  abort(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closeFile();
    releaseDirectory(this.#workDir);
  }

  #closeFile(): void {
    if (this.#fileOpen) fs.closeSync(this.#file);
    this.#fileOpen = false;
  }

  /** The books go in front, in a section of their own that only a seek reads. */
  #startBlock(atUs: number): RecordEncoder {
    this.#firstAtUs = atUs;
    this.#records = 0;
    this.#lead.clear();
    this.#body.clear();
    const lead = new RecordEncoder(this.#instruments, atUs, this.#lead);
    for (const record of this.#books.records(atUs)) lead.encode(record);
    this.#encoder = new RecordEncoder(this.#instruments, atUs, this.#body);
    return this.#encoder;
  }

  #endBlock(): void {
    if (this.#encoder === undefined) return;
    this.#encoder = undefined;
    const inflated = Buffer.concat([encodeLength(this.#lead.length), this.#lead.view(), this.#body.view()]);
    const deflated = deflateRawSync(inflated);
    this.#append(encodeLength(deflated.length));
    this.#entries.push({
      firstAtUs: this.#firstAtUs,
      lastAtUs: this.#lastAtUs,
      offset: this.#offset,
      bytes: deflated.length,
      inflatedBytes: inflated.length,
      records: this.#records,
      crc: crc32(deflated),
    });
    this.#append(deflated);
  }

  #append(bytes: Buffer): void {
    this.#hash.update(bytes);
    for (let at = 0; at < bytes.length;) at += fs.writeSync(this.#file, bytes, at);
    this.#offset += bytes.length;
  }

  #guard<T>(act: () => T): T {
    if (!this.#open) throw new Error("the recording is closed");
    try {
      return act();
    } catch (error) {
      this.abort();
      throw explain(error, this.#dir);
    }
  }
}

function existsText(dir: string): string {
  return `${dir} exists already: delete it or choose another directory`;
}

function explain(error: unknown, dir: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOTEMPTY" || code === "EEXIST") return new UserError(existsText(dir), { cause: error });
  if (code === "ENOSPC" || code === "EDQUOT")
    return new UserError(`no space left to write ${dir}: free some and run the command again`, {
      cause: error,
    });
  return error;
}
