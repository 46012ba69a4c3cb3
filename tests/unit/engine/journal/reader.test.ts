import { describe, expect, it } from "vitest";
import { decodeState, encodeState } from "../../../../server/engine/hash/canonical.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { listSegments, segmentPath } from "../../../../server/engine/journal/segment.ts";
import { createJournal } from "../../../../server/engine/journal/writer.ts";
import { SEGMENTED, START, alterRecords, eventAt, temporaryDirectory, writeJournal } from "./fixture.ts";

describe("reading a journal", () => {
  const starts = [1, 2, 10, 11, 55, 60, 61];
  for (const fromSeq of starts)
    it(`gives the events from ${fromSeq} on and none before`, async () => {
      const reader = openJournal(await writeJournal({ events: 60, perBlock: 10 }));
      const seqs = [...reader.entries(fromSeq)].map((entry) => entry.seq);
      reader.close();
      expect(seqs).toEqual(Array.from({ length: 61 - fromSeq }, (_, at) => fromSeq + at));
    });

  it("finds the right segment to begin in", async () => {
    const directory = await writeJournal(SEGMENTED);
    expect(listSegments(directory).length).toBeGreaterThan(2);
    const reader = openJournal(directory);
    for (const fromSeq of [2, 150, 299]) {
      const entries = [...reader.entries(fromSeq)];
      expect(entries[0]).toMatchObject({ seq: fromSeq, event: eventAt(fromSeq) });
      expect(entries.length).toBe(301 - fromSeq);
    }
    reader.close();
  });

  it("follows a run that is still being written", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    const seen: number[] = [];
    for (let seq = 1; seq <= 3; seq++) {
      writer.append(eventAt(seq), []);
      await writer.flush();
      const reader = openJournal(directory);
      for (const entry of reader.entries(seq)) seen.push(entry.seq);
      reader.close();
    }
    await writer.close();
    expect(seen).toEqual([1, 2, 3]);
  });

  it("stops at the first damaged record, after what is before it", async () => {
    const directory = await writeJournal({ events: 60, perBlock: 10 });
    alterRecords(segmentPath(directory, 1), "blocks", (blocks) => blocks.remove(31));
    const reader = openJournal(directory);
    const seen: number[] = [];
    expect(() => {
      for (const entry of reader.entries()) seen.push(entry.seq);
    }).toThrow(expect.objectContaining({ code: "MISSING_BLOCK", place: { segment: 1, firstSeq: 31 } }));
    reader.close();
    expect(seen.at(-1)).toBe(30);
  });
});

describe("snapshots", () => {
  it("come newest first, over all segments", async () => {
    const directory = await writeJournal({ ...SEGMENTED, snapshotsAt: [8, 200, 300] });
    const reader = openJournal(directory);
    const found = [...reader.snapshots()].map(({ seq, bytes }) => [seq, Buffer.from(bytes).toString()]);
    reader.close();
    expect(found).toEqual([
      [300, "state after 300"],
      [200, "state after 200"],
      [8, "state after 8"],
    ]);
  });

  it("and the tail after one give the state that the whole journal gives", async () => {
    const directory = temporaryDirectory();
    const writer = createJournal(directory, START);
    const state = { sumUs: 0n };
    for (let seq = 1; seq <= 40; seq++) {
      writer.append(eventAt(seq), []);
      state.sumUs += BigInt(eventAt(seq).atUs);
      if (seq === 25) writer.putSnapshot(seq, encodeState(state));
    }
    await writer.close();

    const reader = openJournal(directory);
    const [snapshot] = reader.snapshots();
    if (snapshot === undefined) throw new Error("no snapshot");
    const resumed = decodeState(snapshot.bytes) as { sumUs: bigint };
    for (const { event } of reader.entries(snapshot.seq + 1)) resumed.sumUs += BigInt(event.atUs);
    reader.close();
    expect(resumed).toEqual(state);
  });

  it("that were altered are refused", async () => {
    const directory = await writeJournal({ snapshotsAt: [20, 40] });
    alterRecords(segmentPath(directory, 1), "snapshots", (snapshots) => {
      const record = Buffer.from(snapshots.get(40) ?? []);
      record[record.length - 1] = 0;
      snapshots.put(40, record);
    });
    const reader = openJournal(directory);
    expect(() => [...reader.snapshots()]).toThrow(
      expect.objectContaining({
        code: "BAD_HASH",
        message: expect.stringContaining("after event 40 was altered"),
      }),
    );
    reader.close();
  });

  it("that were altered are passed over where whoever asks hears of them", async () => {
    const directory = await writeJournal({ snapshotsAt: [20, 40] });
    alterRecords(segmentPath(directory, 1), "snapshots", (snapshots) => snapshots.put(40, Buffer.alloc(80)));
    const reader = openJournal(directory);
    const faults: string[] = [];
    const found = [...reader.snapshots(Infinity, ({ message }) => faults.push(message))];
    reader.close();
    expect(found.map(({ seq }) => seq)).toEqual([20]);
    expect(faults).toEqual([expect.stringContaining("after event 40 was altered")]);
  });
});
