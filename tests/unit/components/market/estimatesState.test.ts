import { describe, expect, it } from "vitest";
import { estimatesState } from "../../../../components/market/estimatesState.ts";

const LIVE = { status: "live", atMs: 5_000 } as const;

describe("the state of the panels of estimates", () => {
  it("is that of the answer while answers come, whatever the stream does", () => {
    expect(estimatesState(LIVE, false, { status: "stale", sinceMs: 1 })).toEqual(LIVE);
    expect(estimatesState({ status: "loading" }, true, LIVE)).toEqual({ status: "loading" });
  });

  it("turns stale since the last answer when answers stay away", () => {
    expect(estimatesState(LIVE, true, LIVE)).toMatchObject({ status: "stale", sinceMs: 5_000 });
  });

  it("says that a recording has ended", () => {
    const ended = { status: "ended", text: "the recording has ended" } as const;
    expect(estimatesState(LIVE, false, ended)).toEqual(ended);
  });
});
