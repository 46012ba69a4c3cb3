/** The file below a journal: what is whole is found, what a crash left of the last record is not. */
import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sealBlock } from "../../../../server/engine/journal/block.ts";
import {
  BlockFileReader,
  BlockFileWriter,
  createBlockIndex,
  createScanBuffer,
} from "../../../../server/engine/journal/blockFile.ts";
import { temporaryDirectory } from "./fixture.ts";

/** Larger than what is read at once among small ones. */
const BODY_BYTES = [10, 400_000, 0, 3_000, 70_000];

function blockAt(place: number): Buffer {
  const body = Buffer.alloc(BODY_BYTES[place % BODY_BYTES.length] ?? 0, place);
  return sealBlock({ prevHash: Buffer.alloc(32), firstSeq: 1 + 10 * place, events: 10, effects: 0, body });
}

/** Not by toEqual: it looks at every byte of 400,000 as if it could be anything. */
function holds(reader: BlockFileReader | undefined, place: number, block = blockAt(place)): boolean {
  return reader?.at(place)?.equals(block) === true;
}

async function written(blocks: number, fromPlace = 0): Promise<string> {
  const path = join(temporaryDirectory(), "blocks.log");
  const writer = new BlockFileWriter(path);
  for (let place = 0; place < blocks; place++) await writer.append([blockAt(fromPlace + place)]);
  await writer.close();
  return path;
}

describe("a file of blocks", () => {
  it("gives every record back at its place, and nothing behind the last", async () => {
    const reader = new BlockFileReader(await written(12), createBlockIndex(), createScanBuffer());
    for (let place = 0; place < 12; place++) expect(holds(reader, place)).toBe(true);
    expect(reader.at(12)).toBeUndefined();
    reader.close();
  });

  it.each([
    [0, 0],
    [1, 0],
    [10, 0],
    [11, 1],
    [60, 5],
    [1_000, 11],
  ])("finds for event %i the block at place %i", async (seq, place) => {
    const reader = new BlockFileReader(await written(12), createBlockIndex(), createScanBuffer());
    expect(reader.placeOf(seq)).toBe(place);
    reader.close();
  });

  it("is read rightly by two that share what was scanned last", async () => {
    const scanned = createScanBuffer();
    const [one, other] = [await written(4), await written(9, 3)].map(
      (path) => new BlockFileReader(path, createBlockIndex(), scanned),
    );
    expect([one?.placeOf(Infinity), other?.placeOf(Infinity)]).toEqual([3, 8]);
    for (const place of [0, 2, 3]) {
      expect(holds(one, place)).toBe(true);
      expect(holds(other, place + 5, blockAt(3 + place + 5))).toBe(true);
    }
    for (const reader of [one, other]) reader?.close();
  });

  it("shows a reader what was added since, from where it had stopped", async () => {
    const path = join(temporaryDirectory(), "blocks.log");
    const writer = new BlockFileWriter(path);
    const index = createBlockIndex();
    const scanned = createScanBuffer();
    for (let place = 0; place < 5; place++) {
      await writer.append([blockAt(2 * place), blockAt(2 * place + 1)]);
      const reader = new BlockFileReader(path, index, scanned);
      expect(reader.placeOf(Infinity)).toBe(2 * place + 1);
      expect(holds(reader, 2 * place)).toBe(true);
      reader.close();
    }
    await writer.close();
  });

  it("takes the last record for absent wherever a crash cut it", async () => {
    const path = await written(3);
    const whole = readFileSync(path).length;
    const last = 8 + blockAt(2).length;
    for (const missing of [1, 7, last - 9, last - 8, last - 1, last]) {
      const copy = await written(3);
      truncateSync(copy, whole - missing);
      const reader = new BlockFileReader(copy, createBlockIndex(), createScanBuffer());
      expect([holds(reader, 1), reader.at(2)]).toEqual([true, undefined]);
      reader.close();
    }
  });

  it("takes zeros at the end for a record that did not reach the disk", async () => {
    const path = await written(2);
    appendFileSync(path, Buffer.alloc(4_096));
    const reader = new BlockFileReader(path, createBlockIndex(), createScanBuffer());
    expect([holds(reader, 1), reader.at(2)]).toEqual([true, undefined]);
    reader.close();
  });

  it("refuses a length that does not fit its complement", async () => {
    const path = await written(1);
    appendFileSync(path, Buffer.from("nothing of ours".repeat(20)));
    const reader = new BlockFileReader(path, createBlockIndex(), createScanBuffer());
    expect(() => reader.at(1)).toThrow("no record at byte");
    reader.close();
  });
});
