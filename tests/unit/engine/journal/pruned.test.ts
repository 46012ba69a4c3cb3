import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pruneSegments, readPrunedStart } from "../../../../server/engine/journal/pruned.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { listSegments, readSegmentMeta, segmentPath } from "../../../../server/engine/journal/segment.ts";
import { verifyJournal } from "../../../../server/engine/journal/verify.ts";
import { createJournal } from "../../../../server/engine/journal/writer.ts";
import { alterRecords, effectsAt, eventAt, SEGMENTED, START, STATE_HASH } from "./fixture.ts";
import { temporaryDirectory, writeJournal } from "./fixture.ts";

const EVERY_TENTH = Array.from({ length: 30 }, (_, at) => 10 * (at + 1));

async function prunedJournal(firstKept: number): Promise<string> {
  const directory = await writeJournal({ ...SEGMENTED, snapshotsAt: EVERY_TENTH });
  await pruneSegments(directory, firstKept);
  return directory;
}

describe("a pruned journal", () => {
  it("is whole from its first kept segment on, and says where that begins", async () => {
    const whole = await writeJournal({ ...SEGMENTED, snapshotsAt: EVERY_TENTH });
    const { firstSeq } = readSegmentMeta(whole, 3);
    const segments = listSegments(whole).length;
    await pruneSegments(whole, 3);
    expect(listSegments(whole)[0]).toBe(3);
    expect(await verifyJournal(whole)).toMatchObject({
      ok: true,
      ended: true,
      firstSeq,
      events: 300 - firstSeq + 1,
      segments: segments - 2,
    });
    const reader = openJournal(whole);
    const entries = [...reader.entries()];
    expect(entries[0]?.seq).toBe(firstSeq);
    expect(entries.at(-1)).toEqual({ seq: 300, event: eventAt(300), effects: effectsAt(300, 8_000) });
    expect([...reader.entries(290)].map(({ seq }) => seq)[0]).toBe(290);
    expect(reader.hasContent()).toBe(true);
    reader.close();
  });

  it("can be run again from the first snapshot that it has left", async () => {
    const directory = await prunedJournal(3);
    const reader = openJournal(directory);
    const { firstSeq } = readSegmentMeta(directory, 3);
    const state = reader.initialState();
    expect(state?.seq).toBe(Math.ceil((firstSeq - 1) / 10) * 10);
    expect(Buffer.from(state?.bytes ?? []).toString()).toBe(`state after ${state?.seq}`);
    reader.close();
  });

  it("without any snapshot says that it cannot be run again", async () => {
    const directory = await writeJournal(SEGMENTED);
    await pruneSegments(directory, 2);
    const reader = openJournal(directory);
    expect(() => reader.initialState()).toThrow("pruned and no snapshot is left");
    reader.close();
  });

  it("goes on being written, is pruned further, and ends as any other", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START, { segmentBytesMax: 64 * 1024 });
    const write = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq <= to; seq++) writer.append(eventAt(seq), effectsAt(seq, 8_000));
      await writer.flush();
    };
    for (let from = 1; from <= 200; from += 10) await write(from, from + 9);
    await pruneSegments(directory, 2);
    await write(201, 210);
    await pruneSegments(directory, 4);
    await writer.close({ stateHash: STATE_HASH });
    expect(listSegments(directory)[0]).toBe(4);
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, ended: true });
  });

  it("is pruned to the end what a crash had begun, and until then begins where it was meant to", async () => {
    const directory = await writeJournal(SEGMENTED);
    const { firstSeq, prevHash } = readSegmentMeta(directory, 3);
    writeFileSync(join(directory, "pruned.json"), JSON.stringify({ segment: 3, firstSeq, prevHash }));
    rmSync(segmentPath(directory, 1), { recursive: true });
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, firstSeq });
    await pruneSegments(directory, 3);
    expect(existsSync(segmentPath(directory, 2))).toBe(false);
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, firstSeq });
  });

  it("never begins earlier again", async () => {
    const directory = await prunedJournal(4);
    await pruneSegments(directory, 2);
    expect(readPrunedStart(directory)?.segment).toBe(4);
  });

  it.each([
    {
      name: "a segment that nobody pruned is missing",
      damage: (directory: string) => rmSync(segmentPath(directory, 4), { recursive: true }),
      code: "MISSING_SEGMENT",
    },
    {
      name: "its first segment is missing too",
      damage: (directory: string) => rmSync(segmentPath(directory, 3), { recursive: true }),
      code: "MISSING_SEGMENT",
    },
    {
      name: "its first segment does not follow what was pruned",
      damage: (directory: string) => {
        const path = join(segmentPath(directory, 3), "segment.json");
        const meta = JSON.parse(readFileSync(path, "utf8")) as object;
        writeFileSync(path, JSON.stringify({ ...meta, prevHash: "ab".repeat(32) }));
      },
      code: "BROKEN_CHAIN",
    },
    {
      name: "a block of its first segment was altered",
      damage: (directory: string) => {
        const { firstSeq } = readSegmentMeta(directory, 3);
        alterRecords(segmentPath(directory, 3), "blocks", (blocks) => {
          const block = blocks.get(firstSeq);
          if (block === undefined) throw new Error("there is a block");
          block[block.length - 1] = (block.at(-1) ?? 0) ^ 1;
          blocks.put(firstSeq, block);
        });
      },
      code: "BAD_HASH",
    },
    {
      name: "what was pruned ended otherwise than its first segment says",
      damage: (directory: string) => {
        const start = readPrunedStart(directory);
        const other = { ...start, prevHash: "ab".repeat(32) };
        writeFileSync(join(directory, "pruned.json"), JSON.stringify(other));
      },
      code: "BROKEN_CHAIN",
    },
    {
      name: "what says where it begins cannot be read",
      damage: (directory: string) => writeFileSync(join(directory, "pruned.json"), "{"),
      code: "UNREADABLE",
    },
    {
      name: "what says where it begins is gone",
      damage: (directory: string) => rmSync(join(directory, "pruned.json")),
      code: "MISSING_SEGMENT",
    },
  ])("is damaged when $name", async ({ damage, code }) => {
    const directory = await prunedJournal(3);
    damage(directory);
    expect(await verifyJournal(directory)).toMatchObject({ ok: false, code });
  });
});
