import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Connection, StreamMessage } from "../../../../components/stream/protocol.ts";
import { createSource } from "../../../../components/stream/source.ts";
import { line, opener, seqs } from "./fixtures.ts";

function watched() {
  const opened = opener();
  const told = {
    states: [] as [string, unknown][],
    lines: [] as number[],
    resyncs: [] as string[],
    connections: [] as Connection["status"][],
    carried: [] as (readonly string[])[],
  };
  const source = createSource(
    opened.open,
    {
      carries: (topics) => told.carried.push(topics),
      state: (topic, value) => told.states.push([topic, value]),
      lines: (_, lines) => told.lines.push(...seqs(lines)),
      resync: (topic) => told.resyncs.push(topic),
      connection: ({ status }) => told.connections.push(status),
    },
    () => 1_000,
  );
  return { ...opened, told, source };
}

const lines = (...seqOf: number[]): StreamMessage => ({
  kind: "lines",
  topic: "fills",
  lines: seqOf.map(line),
});

describe("the source of the stream", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("asks for all topics of a page with one stream", () => {
    const { source, inputs } = watched();
    source.want(["desk"]);
    source.want(["desk", "system"]);
    source.want(["desk", "fills", "system"]);
    vi.advanceTimersByTime(50);
    expect(inputs.map(({ topics }) => topics)).toEqual([["desk", "fills", "system"]]);
  });

  it("stays open while the topics are the same", () => {
    const { source, inputs } = watched();
    source.want(["desk", "system"]);
    vi.advanceTimersByTime(50);
    source.want(["system", "desk", "desk"]);
    vi.advanceTimersByTime(50);
    expect(inputs).toHaveLength(1);
  });

  it("comes back after a cut with the cursor it has reached, without gap or repetition", () => {
    const { source, inputs, handlers, told } = watched();
    source.want(["fills"]);
    vi.advanceTimersByTime(50);
    handlers().message(lines(1, 2, 3));
    handlers().ended("lost", "cut");
    vi.advanceTimersByTime(5_000);
    expect(inputs.at(-1)?.cursors).toEqual({ fills: "7.3.0" });
    handlers().message(lines(2, 3, 4));
    handlers().message(lines(5));
    expect(told.lines).toEqual([1, 2, 3, 4, 5]);
    expect(told.connections).toEqual(["connecting", "open", "lost", "open"]);
  });

  it("hears nothing of a stream that it has replaced", () => {
    const { source, told, all } = watched();
    source.want(["desk"]);
    vi.advanceTimersByTime(50);
    source.want(["desk", "market BTC"]);
    vi.advanceTimersByTime(50);
    expect(all()).toHaveLength(2);
    all()[0]?.message({ kind: "state", topic: "desk", value: "old" });
    all()[1]?.message({ kind: "state", topic: "desk", value: "new" });
    expect(told.states).toEqual([["desk", "new"]]);
  });

  it("forgets its place after a resync and takes what comes then", () => {
    const { source, told, handlers } = watched();
    source.want(["fills"]);
    vi.advanceTimersByTime(50);
    handlers().message(lines(8, 9));
    handlers().message({ kind: "resync", topic: "fills" });
    handlers().message(lines(3));
    expect(told.resyncs).toEqual(["fills"]);
    expect(told.lines).toEqual([8, 9, 3]);
  });

  it("forgets its place in a topic that nobody wanted for a while", () => {
    const { source, inputs, handlers } = watched();
    source.want(["desk", "fills"]);
    vi.advanceTimersByTime(50);
    handlers().message(lines(4));
    source.want(["desk"]);
    vi.advanceTimersByTime(50);
    source.want(["desk", "fills"]);
    vi.advanceTimersByTime(50);
    expect(inputs.at(-1)?.cursors).toEqual({});
  });

  it("waits longer after each failure, four seconds at most, and starts over once it is open", () => {
    const { source, inputs, handlers } = watched();
    source.want(["desk"]);
    vi.advanceTimersByTime(50);
    const waits: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      const before = inputs.length;
      handlers().ended("lost", "refused");
      let waited = 0;
      for (; inputs.length === before && waited < 10_000; waited += 50) vi.advanceTimersByTime(50);
      waits.push(waited);
    }
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 4_000, 4_000]);
    handlers().opened();
    handlers().ended("lost", "cut");
    const before = inputs.length;
    vi.advanceTimersByTime(250);
    expect(inputs).toHaveLength(before + 1);
  });

  it("opens at once with a new key, and not again with the same", () => {
    const { source, inputs, handlers } = watched();
    source.want(["desk"], "old");
    vi.advanceTimersByTime(50);
    handlers().ended("denied", "no session");
    source.want(["desk"], "new");
    vi.advanceTimersByTime(50);
    source.want(["desk"], "new");
    vi.advanceTimersByTime(5_000);
    expect(inputs.map(({ key }) => key)).toEqual(["old", "new"]);
  });

  it("says when there is no session", () => {
    const { source, handlers, told } = watched();
    source.want(["desk"]);
    vi.advanceTimersByTime(50);
    handlers().ended("denied", "no session");
    expect(told.connections.at(-1)).toBe("denied");
  });

  it("forgets its place when there is no session, and begins anew with the next one", () => {
    const { source, inputs, handlers, told } = watched();
    source.want(["fills"]);
    vi.advanceTimersByTime(50);
    handlers().message(lines(1, 2));
    handlers().ended("denied", "no session");
    expect(told.carried.at(-1)).toEqual([]);
    vi.advanceTimersByTime(250);
    expect(inputs.at(-1)).toEqual({ topics: ["fills"], cursors: {} });
    expect(told.carried.at(-1)).toEqual(["fills"]);
    handlers().message(lines(1, 2, 3));
    expect(told.lines).toEqual([1, 2, 1, 2, 3]);
  });

  it("opens nothing while nobody wants anything, and nothing after it was closed", () => {
    const { source, inputs } = watched();
    source.want([]);
    vi.advanceTimersByTime(5_000);
    expect(inputs).toHaveLength(0);
    source.want(["desk"]);
    source.close();
    vi.advanceTimersByTime(5_000);
    expect(inputs).toHaveLength(0);
  });
});
