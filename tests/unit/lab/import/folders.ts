/** Source folders made by a test, in the shapes that the importers know. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { ImportResult } from "../../../../server/lab/import/importRecording.ts";
import { importRecording } from "../../../../server/lab/import/importRecording.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";
import { readAll, temporaryDir } from "../recording/fixtures.ts";

/** Contents by path; text becomes gzip where the name says so. */
export type Files = Readonly<Record<string, string | Buffer>>;

export function makeFolder(files: Files): string {
  const dir = temporaryDir();
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name);
    mkdirSync(dirname(path), { recursive: true });
    const packed = typeof content === "string" && name.endsWith(".gz") ? gzipSync(content) : content;
    writeFileSync(path, packed);
  }
  return dir;
}

export interface Imported extends ImportResult {
  readonly events: readonly RecordedEvent[];
  /** Counts of the defects by code. */
  readonly defects: Readonly<Record<string, number>>;
}

export async function importFiles(files: Files): Promise<Imported> {
  const result = await importRecording(makeFolder(files), { storeDir: join(temporaryDir(), "store") });
  const recording = openRecording(result.dir);
  onTestFinished(() => recording.close());
  const defects: Record<string, number> = {};
  for (const { code, count } of result.manifest.defects) defects[code] = (defects[code] ?? 0) + count;
  return { ...result, events: readAll(recording), defects };
}

/** A zip of one stored file: local header, content, directory, end. */
export function zip(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, Buffer.from(name), content]);
  const directory = Buffer.concat([
    Buffer.from("PK\x01\x02\x14\x00", "latin1"),
    common,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}
