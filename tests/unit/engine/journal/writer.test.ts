import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { QUEUE_BYTES_SOFT } from "../../../../server/engine/journal/commitQueue.ts";
import { LOCK_FILE } from "../../../../server/engine/journal/directoryLock.ts";
import { readManifest } from "../../../../server/engine/journal/manifest.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { listSegments, segmentPath } from "../../../../server/engine/journal/segment.ts";
import { verifyJournal } from "../../../../server/engine/journal/verify.ts";
import { EVENTS_PER_BLOCK, createJournal } from "../../../../server/engine/journal/writer.ts";
import {
  SEGMENTED,
  START,
  STATE_HASH,
  effectsAt,
  eventAt,
  temporaryDirectory,
  writeJournal,
} from "./fixture.ts";

describe("writing a journal", () => {
  it("reads back every event with its effects, in order and numbered from 1", async () => {
    const reader = openJournal(await writeJournal({ events: 25 }));
    const entries = [...reader.entries()];
    reader.close();
    expect(entries).toEqual(
      Array.from({ length: 25 }, (_, at) => ({
        seq: at + 1,
        event: eventAt(at + 1),
        effects: effectsAt(at + 1),
      })),
    );
  });

  it("loses nothing to readers that come and go while it is written", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    let read = 0;
    for (let seq = 1; seq <= 300; seq++) {
      writer.append(eventAt(seq), effectsAt(seq));
      const durable = writer.flush();
      const reader = openJournal(directory);
      for (const entry of reader.entries(read + 1)) expect(entry.seq).toBe(++read);
      reader.close();
      await durable;
    }
    await writer.close({ stateHash: STATE_HASH });
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, events: 300 });
  });

  it("writes how the run ended into its manifest, and gives the directory back", async () => {
    const directory = await writeJournal({ events: 30 });
    expect(readManifest(directory).end).toMatchObject({
      events: 30,
      effects: 10,
      stateHash: STATE_HASH,
      segments: 1,
    });
    expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
  });

  it("seals a block by itself when it is full", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    for (let seq = 1; seq <= EVENTS_PER_BLOCK + 1; seq++) writer.append(eventAt(seq), []);
    await writer.drained();
    const reader = openJournal(directory);
    expect([...reader.blocks()].map((block) => block.steps.length)).toEqual([EVENTS_PER_BLOCK]);
    reader.close();
    await writer.close();
  });

  it("has made durable what was appended before a flush", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    writer.append(eventAt(1), []);
    await writer.flush();
    writer.append(eventAt(2), []);
    const reader = openJournal(directory);
    expect([...reader.entries()].map((entry) => entry.seq)).toEqual([1]);
    reader.close();
    await writer.close();
  });

  it("goes on in a new segment before one exceeds its size", async () => {
    const directory = await writeJournal(SEGMENTED);
    const segments = listSegments(directory);
    expect(segments.length).toBeGreaterThan(2);
    for (const segment of segments)
      expect(statSync(join(segmentPath(directory, segment), "blocks.log")).size).toBeLessThanOrEqual(
        SEGMENTED.segmentBytesMax ?? 0,
      );
    expect(await verifyJournal(directory)).toMatchObject({
      ok: true,
      events: 300,
      segments: segments.length,
    });
  });

  it("fails when the next segment cannot be begun, and still gives the directory back", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START, { segmentBytesMax: 1 });
    writer.append(eventAt(1), []);
    await writer.flush();
    mkdirSync(segmentPath(directory, 2));
    writeFileSync(join(segmentPath(directory, 2), "blocks.log"), "in the way");
    writer.append(eventAt(2), []);
    await expect(writer.flush()).rejects.toThrow("EEXIST");
    await expect(writer.close()).rejects.toThrow("EEXIST");
    expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
  });

  it("asks a writer that is faster than the disk to wait, and takes more after it has", async () => {
    const writer = createJournal(temporaryDirectory(), START);
    const text = "x".repeat(100_000);
    let appended = 0;
    while (writer.append(eventAt(1), [{ type: "notice", code: "PARAMETERS", scope: "desk", text }]))
      appended++;
    expect(appended * text.length).toBeGreaterThan(QUEUE_BYTES_SOFT / 2);
    expect(appended * text.length).toBeLessThan(QUEUE_BYTES_SOFT * 2);
    await writer.drained();
    expect(writer.append(eventAt(2), [])).toBe(true);
    await writer.close();
  });

  it("refuses a snapshot of a moment that has not come", async () => {
    const writer = createJournal(temporaryDirectory(), START);
    writer.append(eventAt(1), []);
    expect(() => writer.putSnapshot(2, new Uint8Array(1))).toThrow("after event 2 while the last event is 1");
    await writer.close();
  });

  it("names the field of a number that has no form, and keeps what was before it", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    writer.append(eventAt(1), []);
    const event = { type: "trade", atUs: 1, instrument: 0, priceTicks: Number.NaN } as const;
    expect(() => writer.append(event, [])).toThrow("trade.priceTicks: NaN");
    await writer.close();
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, events: 1 });
  });
});

describe("the directory of a journal", () => {
  it("is refused while another writer has it, by the number of the process", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    expect(() => createJournal(directory, START)).toThrow(
      `${directory} is in use by process ${process.pid}: stop it`,
    );
    writer.append(eventAt(1), []);
    await writer.close();
  });

  it("is refused when it holds a journal already", async () => {
    const directory = await writeJournal({ events: 1 });
    const before = readFileSync(join(directory, "manifest.json"), "utf8");
    expect(() => createJournal(directory, START)).toThrow(
      `${directory} already holds a journal: choose another`,
    );
    expect(readFileSync(join(directory, "manifest.json"), "utf8")).toBe(before);
  });

  it("is refused when something else is in it", () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "notes.txt"), "mine");
    expect(() => createJournal(directory, START)).toThrow("is not empty (notes.txt)");
    expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
  });

  it("is made when it is not there", async () => {
    const directory = join(temporaryDirectory(), "a", "b");
    await createJournal(directory, START).close();
    expect(existsSync(join(directory, "manifest.json"))).toBe(true);
  });
});

describe("snapshots of a run that goes on", () => {
  it("make room for newer ones, except the state that it began with", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START, { snapshotsKept: 2 });
    writer.putSnapshot(0, new Uint8Array([0]));
    for (let seq = 1; seq <= 5; seq++) {
      writer.append(eventAt(seq), []);
      writer.putSnapshot(seq, new Uint8Array([seq]));
      await writer.flush();
    }
    const reader = openJournal(directory);
    expect([...reader.snapshots()].map(({ seq }) => seq)).toEqual([5, 4, 0]);
    reader.close();
    await writer.close();
  });
});

describe("a disk that is full", () => {
  it("stops a run before it begins, in one line", () => {
    const directory = temporaryDirectory();
    expect(() => createJournal(directory, START, { freeBytes: () => 1_000 })).toThrow(
      expect.objectContaining({
        code: "DISK_FULL",
        message: expect.stringMatching(/is full: free some space/),
      }),
    );
  });

  it("fails the flush, every later append and the close, and still gives the directory back", async () => {
    const directory = temporaryDirectory();
    let free = 1e9;
    const writer = createJournal(directory, START, { freeBytes: () => free });
    free = 1_000;
    writer.append(eventAt(1), []);
    await expect(writer.flush()).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(() => writer.append(eventAt(2), [])).toThrow("is full");
    await expect(writer.close({ stateHash: STATE_HASH })).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(existsSync(join(directory, LOCK_FILE))).toBe(false);
    expect(await verifyJournal(directory)).toMatchObject({ ok: true, ended: false, events: 0 });
  });
});
