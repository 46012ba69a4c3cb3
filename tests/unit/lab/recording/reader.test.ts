/** What is wrong with a recording on disk, each with the line that the operator reads. */
import { closeSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { UserError } from "../../../../server/contract/errors.ts";
import type { RecordedEvent } from "../../../../server/lab/recording/events.ts";
import { BLOCK_RECORDS_MAX, HEADER_BYTES, LENGTH_BYTES } from "../../../../server/lab/recording/layout.ts";
import { openRecording } from "../../../../server/lab/recording/reader.ts";
import { readAll, record, temporaryDir } from "./fixtures.ts";

/** Three blocks. */
function makeDir(): string {
  const events = Array.from({ length: 2 * BLOCK_RECORDS_MAX + 1 }, (_, at): RecordedEvent => {
    return { kind: "print", instrument: 0, receivedAtUs: 1_000 + at, priceTicks: 1 + ((at * 7_919) % 1_000) };
  });
  return record(events).dir;
}

function secondBlockOffset(market: Buffer): number {
  return HEADER_BYTES + LENGTH_BYTES + market.readUInt32LE(HEADER_BYTES) + LENGTH_BYTES;
}

function overwrite(path: string, offset: number, bytes: Buffer): void {
  const file = openSync(path, "r+");
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

interface Damage {
  readonly name: string;
  readonly make: (dir: string, path: string) => void;
  readonly says: RegExp;
}

it.each<Damage>([
  {
    name: "cut off in its second block",
    make: cutInSecondBlock,
    says: /market\.bin is damaged in block 2: /,
  },
  {
    name: "cut off in its index",
    make: (_, path) => truncateSync(path, readFileSync(path).length - 30),
    says: /damaged in its index/,
  },
  { name: "cut off in its header", make: (_, path) => truncateSync(path, 5), says: /no market\.bin/ },
  { name: "another file", make: (_, path) => writeFileSync(path, Buffer.alloc(500)), says: /no market\.bin/ },
  { name: "missing its data", make: (_, path) => rmSync(path), says: /market\.bin is missing/ },
  {
    name: "of a later format",
    make: (_, path) => overwrite(path, 8, Buffer.of(2)),
    says: /market\.bin has format version 2, this build reads 1/,
  },
  {
    name: "written to in its index",
    make: (_, path) => overwrite(path, readFileSync(path).length - 40, Buffer.of(255)),
    says: /damaged in its index/,
  },
  {
    name: "of a manifest that is no JSON",
    make: (dir) => writeFileSync(join(dir, "manifest.json"), "{"),
    says: /manifest\.json is damaged: it is no JSON/,
  },
  {
    name: "of a foreign manifest",
    make: (dir) => writeFileSync(join(dir, "manifest.json"), "{}"),
    says: /does not belong to a recording/,
  },
  {
    name: "of a manifest of a later version",
    make: (dir) => editManifest(dir, { version: 2 }),
    says: /manifest\.json has format version 2/,
  },
  {
    name: "of a manifest with a wrong field",
    make: (dir) => editManifest(dir, { fromUs: "yesterday" }),
    says: /manifest\.json is damaged at fromUs/,
  },
])("a recording $name is refused when it is opened", ({ make, says }) => {
  const dir = makeDir();
  make(dir, join(dir, "market.bin"));
  expect(() => openRecording(dir)).toThrow(UserError);
  expect(() => openRecording(dir)).toThrow(says);
});

it("a damaged block is named when it is reached, and the blocks before it are read", () => {
  const dir = makeDir();
  const path = join(dir, "market.bin");
  overwrite(path, secondBlockOffset(readFileSync(path)) + 100, Buffer.from("damage"));
  const recording = openRecording(dir);
  const cursor = recording.read();
  for (let at = 0; at < BLOCK_RECORDS_MAX; at++) expect(cursor.next()).toBeDefined();
  expect(() => cursor.next()).toThrow(
    /market\.bin is damaged in block 2 of 3; delete the recording and import it again/,
  );
  recording.close();
});

it("one flipped bit anywhere in a block is noticed", () => {
  const dir = makeDir();
  const path = join(dir, "market.bin");
  const market = readFileSync(path);
  const start = HEADER_BYTES + LENGTH_BYTES;
  const stride = Math.floor(market.readUInt32LE(HEADER_BYTES) / 40);
  for (let offset = start; offset < start + 40 * stride; offset += stride) {
    overwrite(path, offset, Buffer.of((market[offset] ?? 0) ^ 1));
    const recording = openRecording(dir);
    expect(() => recording.read().next()).toThrow(/damaged in block 1 of 3/);
    recording.close();
    overwrite(path, offset, market.subarray(offset, offset + 1));
  }
});

it("a range that does not touch a damaged block is read", () => {
  const dir = makeDir();
  const path = join(dir, "market.bin");
  overwrite(path, secondBlockOffset(readFileSync(path)) + 100, Buffer.from("damage"));
  const recording = openRecording(dir);
  expect(readAll(recording, { fromUs: 1_000 + 2 * BLOCK_RECORDS_MAX + 1 })).toEqual([]);
  expect(readAll(recording, { toUs: 1_000 })).toHaveLength(1);
  recording.close();
});

it("a folder without a manifest is no recording", () => {
  expect(() => openRecording(temporaryDir())).toThrow(/is no recording/);
});

function cutInSecondBlock(_: string, path: string): void {
  truncateSync(path, secondBlockOffset(readFileSync(path)) + 10);
}

function editManifest(dir: string, changes: object): void {
  const path = join(dir, "manifest.json");
  const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
  writeFileSync(path, JSON.stringify(Object.assign({}, manifest, changes)));
}
