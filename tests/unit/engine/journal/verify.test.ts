import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openBlock, sealBlock } from "../../../../server/engine/journal/block.ts";
import type { Block } from "../../../../server/engine/journal/block.ts";
import { MANIFEST_FILE } from "../../../../server/engine/journal/manifest.ts";
import { listSegments, segmentPath } from "../../../../server/engine/journal/segment.ts";
import { verifyJournal } from "../../../../server/engine/journal/verify.ts";
import type { WriteOptions } from "./fixture.ts";
import { SEGMENTED, alterRecords, temporaryDirectory, writeJournal } from "./fixture.ts";

interface DamageCase {
  readonly name: string;
  readonly given?: WriteOptions;
  readonly when: (directory: string) => Promise<void> | void;
  readonly expected: object;
}

const firstSegment = (directory: string) => segmentPath(directory, 1);

function flip(record: Buffer | undefined, at: number): Buffer {
  const flipped = Buffer.from(record ?? []);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

function open(record: Buffer | undefined): Block {
  const block = record === undefined ? undefined : openBlock(record);
  if (block === undefined) throw new Error("no block");
  return block;
}

/** The same block with one word in it changed, sealed anew. */
function forge(record: Buffer | undefined): Buffer {
  const block = open(record);
  const body = Buffer.from(block.body);
  body.write("other", body.indexOf("delta"));
  return sealBlock({ ...block, body });
}

function editManifest(directory: string, edit: (text: string) => string): void {
  const path = join(directory, MANIFEST_FILE);
  writeFileSync(path, edit(readFileSync(path, "utf8")));
}

const CASES: DamageCase[] = [
  {
    name: "a flipped bit in a block's events",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(21, flip(blocks.get(21), 150))),
    expected: { code: "BAD_HASH", segment: 1, firstSeq: 21 },
  },
  {
    name: "a flipped bit in a block's own hash",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(21, flip(blocks.get(21), 3))),
    expected: { code: "BAD_HASH", segment: 1, firstSeq: 21 },
  },
  {
    name: "a flipped bit in the count of a block",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(11, flip(blocks.get(11), 75))),
    expected: { code: "BAD_HASH", segment: 1, firstSeq: 11 },
  },
  {
    name: "a block that is shorter than a header",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(11, Buffer.alloc(40))),
    expected: { code: "UNREADABLE", segment: 1 },
  },
  {
    name: "a removed block in the middle",
    when: (directory) => alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.remove(31)),
    expected: { code: "MISSING_BLOCK", segment: 1, firstSeq: 31 },
  },
  {
    name: "a removed first block",
    when: (directory) => alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.remove(1)),
    expected: { code: "MISSING_BLOCK", segment: 1, firstSeq: 1 },
  },
  {
    name: "a tail that was cut off a run that had ended",
    when: (directory) => alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.remove(51)),
    expected: { code: "TORN_TAIL", segment: 1, firstSeq: 51 },
  },
  {
    name: "a whole block put in the place of another",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) =>
        blocks.put(21, blocks.get(11) ?? Buffer.alloc(0)),
      ),
    expected: { code: "BROKEN_CHAIN", segment: 1, firstSeq: 21 },
  },
  {
    name: "what follows a block that was rewritten with a hash of its own",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(21, forge(blocks.get(21)))),
    expected: { code: "BROKEN_CHAIN", segment: 1, firstSeq: 31 },
  },
  {
    name: "a last block that was rewritten with a hash of its own",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.put(51, forge(blocks.get(51)))),
    expected: { code: "BROKEN_CHAIN", segment: 1, text: expect.stringContaining("the manifest names") },
  },
  {
    name: "a block that was added after the end",
    when: (directory) =>
      alterRecords(firstSegment(directory), "blocks", (blocks) => {
        const last = open(blocks.get(51));
        blocks.put(61, sealBlock({ ...last, prevHash: last.hash, firstSeq: 61 }));
      }),
    expected: { code: "BROKEN_CHAIN", segment: 1, firstSeq: 61 },
  },
  {
    name: "an altered snapshot",
    given: { snapshotsAt: [30] },
    when: (directory) =>
      alterRecords(firstSegment(directory), "snapshots", (snapshots) =>
        snapshots.put(30, flip(snapshots.get(30), 45)),
      ),
    expected: { code: "BAD_HASH", segment: 1, firstSeq: 30 },
  },
  {
    name: "a removed segment in the middle",
    given: SEGMENTED,
    when: (directory) => rmSync(segmentPath(directory, 2), { recursive: true }),
    expected: { code: "MISSING_SEGMENT", segment: 2 },
  },
  {
    name: "a removed last segment of a run that had ended",
    given: SEGMENTED,
    when: (directory) =>
      rmSync(segmentPath(directory, listSegments(directory).at(-1) ?? 0), { recursive: true }),
    expected: { code: "MISSING_SEGMENT", text: expect.stringMatching(/segment (\d) of \1 is missing/) },
  },
  {
    name: "a data file that was cut in half",
    when: (directory) => {
      const file = join(firstSegment(directory), "blocks.log");
      truncateSync(file, Math.floor(statSync(file).size / 2));
    },
    expected: { code: "TORN_TAIL", segment: 1 },
  },
  {
    name: "a data file of something else",
    when: (directory) =>
      writeFileSync(join(firstSegment(directory), "blocks.log"), "nothing of ours".repeat(2_000)),
    expected: { code: "UNREADABLE", segment: 1, text: expect.stringContaining("no record at byte 0") },
  },
  {
    name: "a data file that is gone",
    when: (directory) => rmSync(join(firstSegment(directory), "blocks.log")),
    expected: { code: "UNREADABLE", segment: 1 },
  },
  {
    name: "a segment of another run",
    when: (directory) => {
      const path = join(firstSegment(directory), "segment.json");
      writeFileSync(path, readFileSync(path, "utf8").replace("run-1", "run-2"));
    },
    expected: { code: "BROKEN_CHAIN", segment: 1, text: expect.stringContaining("belongs to run run-2") },
  },
  {
    name: "the first of two damages",
    given: SEGMENTED,
    when: async (directory) => {
      alterRecords(firstSegment(directory), "blocks", (blocks) => blocks.remove(5));
      rmSync(join(segmentPath(directory, 2), "blocks.log"));
    },
    expected: { code: "MISSING_BLOCK", segment: 1, firstSeq: 5 },
  },
  {
    name: "another seed in the manifest",
    when: (directory) => editManifest(directory, (text) => text.replace('"seed": 7', '"seed": 8')),
    expected: { code: "BROKEN_CHAIN", segment: 1 },
  },
  {
    name: "another configuration in the manifest",
    when: (directory) => editManifest(directory, (text) => text.replace('"value": 1.5', '"value": 1.6')),
    expected: { code: "BAD_MANIFEST", text: expect.stringContaining("does not fit configHash") },
  },
  {
    name: "a manifest that is gone",
    when: (directory) => rmSync(join(directory, MANIFEST_FILE)),
    expected: { code: "BAD_MANIFEST", text: expect.stringContaining("is missing") },
  },
];

describe("verifying a journal", () => {
  for (const { name, given, when, expected } of CASES)
    it(`names ${name}`, async () => {
      const directory = await writeJournal(given);
      expect(await verifyJournal(directory)).toMatchObject({ ok: true, ended: true });
      await when(directory);
      expect(await verifyJournal(directory)).toMatchObject({ ok: false, ...expected });
    });

  it("says of a run without an end that it did not end, and that what is there is whole", async () => {
    const directory = await writeJournal({ events: 60, ends: false, snapshotsAt: [20] });
    expect(await verifyJournal(directory)).toEqual({
      ok: true,
      runId: "run-1",
      firstSeq: 1,
      ended: false,
      events: 60,
      effects: 20,
      segments: 1,
      snapshots: 1,
    });
  });

  it("takes no notice of a segment that a crash left half made", async () => {
    const directory = await writeJournal({ events: 60, ends: false });
    mkdirSync(segmentPath(directory, 2));
    writeFileSync(join(segmentPath(directory, 2), "blocks.log"), "");
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, events: 60, segments: 1 });
  });

  it("takes a run without any event", async () => {
    expect(await verifyJournal(await writeJournal({ events: 0 }))).toMatchObject({
      ok: true,
      ended: true,
      events: 0,
    });
  });

  it("refuses a directory without a journal", async () => {
    await expect(verifyJournal(temporaryDirectory())).rejects.toMatchObject({ code: "NO_JOURNAL" });
  });
});
