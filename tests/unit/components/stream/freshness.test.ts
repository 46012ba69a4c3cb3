import { describe, expect, it } from "vitest";
import { liveState } from "../../../../components/stream/freshness.ts";
import type { Connection } from "../../../../components/stream/protocol.ts";

const OPEN: Connection = { status: "open", sinceMs: 1 };
const LOST: Connection = { status: "lost", sinceMs: 1, why: "cut" };
const ENTRY = { value: {}, atMs: 10, lagMs: 40 };
const LATE = { ...ENTRY, lagMs: 4_200 };

describe("the state of a panel that shows a live topic", () => {
  it.each([
    { name: "loads at first", given: [undefined, OPEN, false, false], expected: { status: "loading" } },
    {
      name: "is live with a fresh value",
      given: [ENTRY, OPEN, false, false],
      expected: { status: "live", atMs: 10 },
    },
    {
      name: "is stale with an old one, and blames the engine while the server answers",
      given: [ENTRY, OPEN, true, false],
      expected: { status: "stale", sinceMs: 10, why: "the engine is silent" },
    },
    {
      name: "is stale with values that come late, and says how far the stream is behind",
      given: [LATE, OPEN, true, false],
      expected: { status: "stale", sinceMs: 10, why: "the stream is 4.2 s behind" },
    },
    {
      name: "is stale with an old one, and blames the connection when that is cut",
      given: [ENTRY, LOST, true, false],
      expected: { status: "stale", why: "no connection to the web server" },
    },
    {
      name: "is an error when nothing ever came",
      given: [undefined, LOST, true, false],
      expected: { status: "error", what: "The web server does not answer." },
    },
    {
      name: "has ended with its recording",
      given: [ENTRY, OPEN, false, true],
      expected: { status: "ended" },
    },
    {
      name: "is refused without a session, whatever is known",
      given: [ENTRY, { status: "denied", sinceMs: 1 }, false, false],
      expected: { status: "denied" },
    },
  ] as const)("$name", ({ given: [entry, connection, isLate, hasEnded], expected }) => {
    expect(liveState(entry, connection, isLate, hasEnded)).toMatchObject(expected);
  });
});
