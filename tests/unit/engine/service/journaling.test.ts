import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FIXTURE_START_US, fixtureConfig, readyEvents } from "../../../../server/bench/deskFixture.ts";
import { walkBooks } from "../../../../server/bench/marketWalk.ts";
import { EngineRun } from "../../../../server/engine/engineRun.ts";
import { pruneSegments } from "../../../../server/engine/journal/pruned.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { listSegments } from "../../../../server/engine/journal/segment.ts";
import { createJournal } from "../../../../server/engine/journal/writer.ts";
import { Journaling } from "../../../../server/engine/service/journaling.ts";
import { replayJournal } from "../../../../server/replay/verify.ts";

const CONFIG = fixtureConfig({ venues: 2, symbols: 1 });
const TURN_EVENTS = 20;

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "crossdesk-journaling-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A live run in several segments that has ended; its clock stands still, so that no snapshot is due by time. */
async function writeSegments(): Promise<number[]> {
  const writer = createJournal(
    directory,
    { runId: "run1", what: "live", codeVersion: "1", config: CONFIG, startedAtUs: FIXTURE_START_US },
    { segmentBytesMax: 16 * 1024 },
  );
  const run = new EngineRun(CONFIG, { journal: writer });
  const journaling = new Journaling({ run, writer, wallUs: () => 0 });
  const events = [
    ...readyEvents(CONFIG),
    ...walkBooks({ venues: 2, events: 1_500, startAtUs: FIXTURE_START_US }),
  ];
  for (let at = 0; at < events.length; at += TURN_EVENTS) {
    for (const event of events.slice(at, at + TURN_EVENTS)) run.handle(event);
    journaling.afterTurn();
    await journaling.durable();
  }
  await journaling.end();
  return listSegments(directory);
}

describe("the journal of a run that goes on", () => {
  it("begins every segment with a snapshot, so that what is left of a pruned one replays", async () => {
    const segments = await writeSegments();
    expect(segments.length).toBeGreaterThan(3);
    expect(await replayJournal(directory)).toMatchObject({ firstSeq: 1, fromSeq: 0, sameHash: true });

    await pruneSegments(directory, 3);
    const reader = openJournal(directory);
    const firstSeq = reader.firstSeq();
    reader.close();
    const result = await replayJournal(directory);
    expect(result).toMatchObject({ firstSeq, sameHash: true, divergedAt: undefined });
    expect(result.fromSeq).toBeGreaterThanOrEqual(firstSeq - 1);
    expect(result.fromSeq).toBeLessThan(firstSeq + 3 * TURN_EVENTS);
  });
});
