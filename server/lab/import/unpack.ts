/** A file of a source as text: gzip, or the one entry of a zip. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { constants, crc32, gunzipSync } from "node:zlib";
import type { Entry } from "yauzl";
import { fromBufferPromise } from "yauzl";
import { UserError } from "../../contract/errors.ts";

export interface PackedFile {
  /** Path in the source folder, with `/`. */
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export interface SourceFile {
  readonly name: string;
  /** The name inside a zip. */
  readonly entry?: string | undefined;
  readonly text: Buffer;
}

/** All files of a source are in memory during an import; a larger one is split by day first. */
const FILE_BYTES_MAX = 1 << 30;

export function readPacked(dir: string, name: string): PackedFile {
  const path = join(dir, name);
  if (statSync(path).size > FILE_BYTES_MAX) throw tooLarge(name);
  const bytes = readFileSync(path);
  return { name, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

export async function unpack(file: PackedFile): Promise<SourceFile> {
  return file.name.endsWith(".zip") ? unzip(file) : { name: file.name, text: gunzip(file) };
}

function gunzip({ name, bytes }: PackedFile): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: FILE_BYTES_MAX });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(name);
    const line = cutLine(bytes);
    const where =
      line === undefined
        ? `${name}: the gzip data are damaged`
        : `${name}:${line}: the gzip data are cut off`;
    throw new UserError(`${where}; fetch the file again`, { cause });
  }
}

/** The line in which gzip data that were cut off end; undefined when they are damaged in another way. */
function cutLine(bytes: Buffer): number | undefined {
  try {
    const rest = gunzipSync(bytes, { maxOutputLength: FILE_BYTES_MAX, finishFlush: constants.Z_SYNC_FLUSH });
    return 1 + rest.reduce((lines, byte) => (byte === 10 ? lines + 1 : lines), 0);
  } catch {
    return undefined;
  }
}

async function unzip({ name, bytes }: PackedFile): Promise<SourceFile> {
  try {
    const zip = await fromBufferPromise(bytes);
    const entries: Entry[] = [];
    for await (const entry of zip.eachEntry()) entries.push(entry);
    const entry = entries[0];
    if (entry === undefined || entries.length > 1)
      throw new UserError(`${name}: expected one file in the zip`);
    if (entry.uncompressedSize > FILE_BYTES_MAX) throw tooLarge(name);
    const text = await buffer(await zip.openReadStreamPromise(entry));
    // yauzl compares the sizes and leaves the checksum to its caller.
    if (crc32(text) !== entry.crc32) throw new Error("the checksum does not match");
    return { name, entry: entry.fileName, text };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${name}: the zip is cut off or damaged; fetch the file again`, { cause });
  }
}

function tooLarge(name: string): UserError {
  return new UserError(`${name} is larger than ${FILE_BYTES_MAX} bytes: split it by day`);
}
