import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listSegments, segmentPath } from "../../../../server/engine/journal/segment.ts";
import { verifyJournal } from "../../../../server/engine/journal/verify.ts";
import { createJournal } from "../../../../server/engine/journal/writer.ts";
import {
  applyRetention,
  choosePieces,
  type Piece,
  type RetentionLimits,
} from "../../../../server/engine/service/retention.ts";
import { listRuns, runDirectory } from "../../../../server/engine/service/runs.ts";
import { effectsAt, eventAt, START } from "../journal/fixture.ts";

const LIMITS: RetentionLimits = { ageMaxMs: 1_000, bytesMax: 100, freeBytesMin: 50 };
const NOW_MS = 10_000;

/** Runs 1 and 2 with three segments each of 20 bytes, written just now. */
function pieces(change: (piece: Piece) => Partial<Piece> = () => ({})): Piece[] {
  return [1, 2].flatMap((epoch) =>
    [1, 2, 3].map((segment) => {
      const piece = { epoch, segment, bytes: 20, writtenAtMs: NOW_MS };
      return { ...piece, ...change(piece) };
    }),
  );
}

describe("what retention takes away", () => {
  it.each([
    { name: "what is over the size, oldest first", given: pieces(), gone: ["1/1"] },
    {
      name: "what is too old",
      given: pieces(({ epoch, segment }) => (epoch === 1 && segment < 3 ? { writtenAtMs: 8_000 } : {})),
      gone: ["1/1", "1/2"],
    },
    {
      name: "nothing behind a segment that may stay",
      given: pieces((piece) => ({
        bytes: 1,
        ...(piece.epoch === 1 && piece.segment === 2 ? { writtenAtMs: 0 } : {}),
      })),
      gone: [],
    },
    { name: "as much as the disk needs", given: pieces(), freeBytes: 5, gone: ["1/1", "1/2", "1/3"] },
    {
      name: "nothing that has to stay, however full the disk is",
      given: pieces(),
      freeBytes: 0,
      keptFrom: { epoch: 1, segment: 2 },
      gone: ["1/1"],
    },
    {
      name: "of the run that goes on what is before its place",
      given: pieces(() => ({ bytes: 100 })),
      keptFrom: { epoch: 2, segment: 3 },
      gone: ["1/1", "1/2", "1/3", "2/1", "2/2"],
    },
  ])("is $name", ({ given, freeBytes, keptFrom = { epoch: 2, segment: 1 }, gone }) => {
    const chosen = choosePieces(given, keptFrom, { wallMs: NOW_MS, freeBytes }, LIMITS);
    expect(chosen.map(({ epoch, segment }) => `${epoch}/${segment}`)).toEqual(gone);
  });
});

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "crossdesk-retention-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Each segment holds ten events or so, and a snapshot behind every tenth. */
async function writeRun(epoch: number): Promise<string> {
  const directory = runDirectory(home, epoch);
  const writer = createJournal(directory, { ...START, runId: `run${epoch}` }, { segmentBytesMax: 32 * 1024 });
  for (let seq = 1; seq <= 60; seq++) {
    writer.append(eventAt(seq), effectsAt(seq, 8_000));
    if (seq % 10 !== 0) continue;
    await writer.flush();
    writer.putSnapshot(seq, Buffer.from("state"));
  }
  await writer.close();
  return directory;
}

const NOTHING_STAYS: RetentionLimits = { ageMaxMs: 0, bytesMax: 0, freeBytesMin: Infinity };

function apply(limits: RetentionLimits = NOTHING_STAYS): Promise<readonly Piece[]> {
  const wallMs = () => Date.now() + 1_000;
  return applyRetention({ home, epoch: 2, wallMs, freeBytes: () => 0, limits });
}

function recordedUpTo(epoch: number, seq: number): void {
  writeFileSync(join(home, "recorder.json"), JSON.stringify({ epoch, seq }));
}

describe("retention of a desk's journals", () => {
  it("touches nothing as long as no recorder has said how far it is", async () => {
    await writeRun(1);
    await writeRun(2);
    expect(await apply()).toEqual([]);
    writeFileSync(join(home, "recorder.json"), "{");
    expect(await apply()).toEqual([]);
    recordedUpTo(0, 0);
    expect(await apply()).toEqual([]);
  });

  it("keeps everything from the recorder's snapshot on, and what is left is whole", async () => {
    await writeRun(1);
    const directory = await writeRun(2);
    const before = listSegments(directory);
    recordedUpTo(2, 45);
    await apply();
    expect(listRuns(home)).toEqual([2]);
    expect(listSegments(directory)[0]).toBeGreaterThan(1);
    const verdict = await verifyJournal(directory);
    expect(verdict).toMatchObject({ ok: true });
    // The state after event 40 is the newest that the recorder could begin from.
    expect(verdict.ok && verdict.firstSeq).toBeLessThanOrEqual(41);
    expect(existsSync(segmentPath(directory, before.at(-1) ?? 0))).toBe(true);
  });

  it("keeps a run whole that the recorder has begun without reaching a snapshot", async () => {
    await writeRun(1);
    const directory = await writeRun(2);
    const before = listSegments(directory);
    recordedUpTo(2, 5);
    await apply();
    expect([listRuns(home), listSegments(directory)]).toEqual([[2], before]);
  });

  it("keeps the run that goes on whole while the recorder is in the one before", async () => {
    const first = await writeRun(1);
    const second = await writeRun(2);
    const before = listSegments(second);
    recordedUpTo(1, 60);
    await apply();
    expect(listSegments(second)).toEqual(before);
    expect(await verifyJournal(first)).toMatchObject({ ok: true });
  });

  it("believes no position in a run that is not there yet", async () => {
    await writeRun(1);
    await writeRun(2);
    recordedUpTo(3, 1);
    expect(await apply()).toEqual([]);
  });

  it("takes the old parts of an old run and leaves the rest readable", async () => {
    const first = await writeRun(1);
    await writeRun(2);
    recordedUpTo(2, 60);
    for (const segment of listSegments(first).slice(0, 2)) makeOld(segmentPath(first, segment));
    const gone = await apply({ ageMaxMs: 3_600_000, bytesMax: Infinity, freeBytesMin: 0 });
    expect(gone.map(({ epoch, segment }) => [epoch, segment])).toEqual([
      [1, 1],
      [1, 2],
    ]);
    expect(listSegments(first)[0]).toBe(3);
    expect(await verifyJournal(first)).toMatchObject({ ok: true });
  });
});

function makeOld(directory: string): void {
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true }))
    utimesSync(join(entry.parentPath, entry.name), 1, 1);
}
