import { describe, expect, it } from "vitest";
import {
  hasCaughtUp,
  lagWords,
  RECORDER_SILENCE_MAX_MS,
  recordTrouble,
  type RecordAnswer,
} from "../../../../components/bar/record.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 14, 30, 0);
const SINCE_MS = Date.UTC(2026, 10, 22, 14, 22, 5);

type Recorder = NonNullable<RecordAnswer["recorder"]>;

function answer(recorder: Partial<Recorder> | undefined, downText?: string): RecordAnswer {
  const said: Recorder | undefined = recorder && {
    epoch: 3,
    seq: 900,
    atMs: NOW_MS - 400,
    lagEvents: 12,
    database: "up",
    sinceMs: SINCE_MS,
    ...recorder,
  };
  return downText === undefined
    ? {
        recorder: said,
        atMs: NOW_MS,
        status: "up",
        position: { epoch: 3, seq: 900, runId: "run-000003", updatedAtMs: NOW_MS },
        text: undefined,
      }
    : { recorder: said, atMs: NOW_MS, status: "down", position: undefined, text: downText };
}

describe("what the bar says of the record", () => {
  it("is nothing while the recorder writes", () => {
    expect(recordTrouble(answer({}))).toBeUndefined();
    expect(lagWords(answer({}))).toBe("recorder 12 events behind at 14:29:59 UTC");
    expect(lagWords(answer({ lagEvents: 1 }))).toContain("1 event behind");
    expect(lagWords(answer(undefined))).toBe("nothing is recorded yet");
  });

  it.each([
    {
      name: "since when the database is away",
      given: answer({ database: "down", failure: "gone" }, "the database does not answer"),
      expected: "The database has been away since 14:22:05 UTC: the database does not answer.",
    },
    {
      name: "that it is away before the recorder has noticed",
      given: answer({}, "the database does not answer"),
      expected: "The database is away: the database does not answer.",
    },
    {
      name: "that it is away and nobody records",
      given: answer(undefined, "the database refuses us"),
      expected: "The database is away: the database refuses us.",
    },
    {
      name: "that the recorder waits, and for what",
      given: answer({ database: "down", failure: "another recorder writes to this database" }),
      expected:
        "The recorder has waited for the database since 14:22:05 UTC: another recorder writes to this database.",
    },
    {
      name: "that the recorder has failed, however long ago",
      given: answer({ failure: "run 3 is damaged at event 17", atMs: SINCE_MS }),
      expected: "The recorder has failed: run 3 is damaged at event 17.",
    },
    {
      name: "that the recorder is silent",
      given: answer({ atMs: NOW_MS - RECORDER_SILENCE_MAX_MS - 1 }),
      expected: "The recorder has been silent since 14:29:49 UTC.",
    },
    {
      name: "that nothing is recorded yet",
      given: answer(undefined),
      expected: "The recorder has not written anything yet.",
    },
  ])("is $name, and that trading goes on", ({ given, expected }) => {
    expect(recordTrouble(given)).toBe(
      `${expected} Trading goes on; what happens is kept in the journal and recorded later.`,
    );
  });

  it("has caught up when trouble is over and what happened meanwhile is written", () => {
    expect(hasCaughtUp(answer({ database: "down" }))).toBe(false);
    expect(hasCaughtUp(answer({ lagEvents: 20_000 }))).toBe(false);
    expect(hasCaughtUp(answer({}))).toBe(true);
  });
});
