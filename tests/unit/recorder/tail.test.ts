import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { Line } from "../../../server/contract/lines.ts";
import { EngineRun } from "../../../server/engine/engineRun.ts";
import { pruneSegments } from "../../../server/engine/journal/pruned.ts";
import { openJournal } from "../../../server/engine/journal/reader.ts";
import { createJournal } from "../../../server/engine/journal/writer.ts";
import { runDirectory } from "../../../server/engine/service/runs.ts";
import type { Log } from "../../../server/host/log.ts";
import { RunTail } from "../../../server/recorder/tail.ts";
import { alterRecords } from "../engine/journal/fixture.ts";
import { segmentPath } from "../../../server/engine/journal/segment.ts";
import { deskConfig, START_US } from "../../support/desk.ts";
import { storyOf, Teller, type Story } from "./fixture.ts";

let story: Story;
let teller: Teller;
let said: string[];
const log: Log = {
  info: () => undefined,
  warn: (text) => void said.push(text),
  error: (text) => void said.push(text),
};

beforeAll(async () => {
  story = await storyOf(6, 1_500);
}, 60_000);
beforeEach(() => {
  said = [];
  teller = new Teller(story);
});
afterEach(async () => {
  await teller.end();
  teller.remove();
});

async function openTail(afterSeq: number, epoch = 1): Promise<RunTail> {
  const tail = await RunTail.open(runDirectory(teller.home, epoch), { epoch, afterSeq, log });
  if (tail === undefined) throw new Error("there is a journal");
  return tail;
}

async function readAll(tail: RunTail): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const read = await tail.read();
    lines.push(...read.lines);
    if (read.atEnd) return lines;
  }
}

describe("the tail of a run", { timeout: 60_000 }, () => {
  it("goes on behind what was pruned before it was recorded, and says what is missing", async () => {
    await teller.begin({ segmentBytesMax: 16 * 1024 });
    for (let at = 0; at < 10; at++) {
      await teller.tell(100);
      teller.snapshot();
    }
    await teller.tell(Infinity);
    const directory = runDirectory(teller.home, 1);
    await pruneSegments(directory, 2);
    const reader = openJournal(directory);
    const { seq } = reader.initialState() ?? { seq: 0 };
    reader.close();
    expect(seq).toBeGreaterThan(50);
    const tail = await openTail(50);
    expect(await readAll(tail)).toEqual(teller.lines.filter(({ cursor }) => cursor.seq > seq));
    expect(tail.fault).toBe(
      `events 51 to ${seq} of run 1 were pruned from the journal and are not in this database`,
    );
    expect(said).toEqual([tail.fault]);
  });

  it("tells what follows a position and nothing of what is before it", async () => {
    await teller.begin();
    await teller.tell(1_000);
    teller.snapshot();
    await teller.tell(Infinity);
    for (const afterSeq of [0, 1, 999, 1_000, 1_001, story.events.length - 1, story.events.length])
      expect(await readAll(await openTail(afterSeq))).toEqual(
        teller.lines.filter(({ cursor }) => cursor.seq > afterSeq),
      );
    expect(said).toEqual([]);
  });

  it("begins with the next older snapshot when the newest is damaged", async () => {
    await teller.begin();
    for (const events of [500, 500]) {
      await teller.tell(events);
      teller.snapshot();
    }
    await teller.tell(500);
    await teller.end();
    alterRecords(segmentPath(runDirectory(teller.home, 1), 1), "snapshots", (snapshots) =>
      snapshots.put(1_000, Buffer.alloc(80)),
    );
    const handled = vi.spyOn(EngineRun.prototype, "handle");
    onTestFinished(() => handled.mockRestore());
    const tail = await openTail(1_200);
    expect(await readAll(tail)).toEqual(teller.lines.filter(({ cursor }) => cursor.seq > 1_200));
    // From 500 on, not from the run's first event.
    expect(handled).toHaveBeenCalledTimes(1_000);
    expect(said).toEqual([expect.stringContaining("a snapshot is passed over")]);
  });

  it("begins a later run with the state that it took up", async () => {
    await teller.begin();
    await teller.tell(2_000);
    await teller.begin();
    await teller.tell(Infinity);
    expect(await readAll(await openTail(0, 2))).toEqual(
      teller.lines.filter(({ cursor }) => cursor.epoch === 2),
    );
  });

  it("is not there before anything of the run is durable", async () => {
    expect(await RunTail.open(runDirectory(teller.home, 1), { epoch: 1, afterSeq: 0, log })).toBeUndefined();
    await teller.begin();
    expect(await RunTail.open(runDirectory(teller.home, 1), { epoch: 1, afterSeq: 0, log })).toBeUndefined();
  });

  it("ends before a damaged record, and says so once", async () => {
    await teller.begin();
    await teller.tell(1_000);
    await teller.tell(1_000);
    await teller.end();
    const directory = runDirectory(teller.home, 1);
    alterRecords(segmentPath(directory, 1), "blocks", (blocks) => blocks.remove(1_001));
    const tail = await openTail(0);
    const lines = await readAll(tail);
    expect(lines).toEqual(teller.lines.filter(({ cursor }) => cursor.seq <= 1_000));
    expect(await tail.read()).toMatchObject({ lines: [], seq: 1_000, atEnd: true });
    expect(tail.fault).toMatch(/event 1001/);
    expect(said).toHaveLength(1);
  });

  it("ends before the event that broke the engine", async () => {
    const directory = mkdtempSync(join(tmpdir(), "crossdesk-broken-"));
    const journal = createJournal(directory, {
      runId: "broken",
      what: "simulation",
      codeVersion: "test",
      config: deskConfig(),
      startedAtUs: 0,
    });
    journal.append({ type: "timer", atUs: START_US }, []);
    journal.append({ type: "feed", atUs: START_US, instrument: 99, status: "alive" }, []);
    await journal.close();
    const tail = await RunTail.open(directory, { epoch: 1, afterSeq: 0, log });
    expect(await tail?.read()).toMatchObject({ seq: 1, atEnd: true });
    expect(await tail?.read()).toMatchObject({ seq: 1, lines: [], atEnd: true });
    expect(tail?.fault).toMatch(/instrument 99/);
    expect(said).toHaveLength(1);
    rmSync(directory, { recursive: true, force: true });
  });

  it("says when this code decides otherwise than the run did", async () => {
    const directory = mkdtempSync(join(tmpdir(), "crossdesk-other-"));
    const journal = createJournal(directory, {
      runId: "other",
      what: "simulation",
      codeVersion: "test",
      config: deskConfig(),
      startedAtUs: 0,
    });
    const wanted = { type: "notice", code: "FLATTEN", scope: "BTC", text: "was wanted then" } as const;
    journal.append({ type: "timer", atUs: START_US }, [wanted]);
    await journal.close();
    const tail = await RunTail.open(directory, { epoch: 1, afterSeq: 0, log });
    await tail?.read();
    expect(said).toEqual([expect.stringMatching(/event 1 of run 1 had another outcome/)]);
    rmSync(directory, { recursive: true, force: true });
  });
});
