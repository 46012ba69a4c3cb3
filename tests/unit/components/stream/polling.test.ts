import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { POLL_MS, polled } from "../../../../components/stream/polling.ts";
import { line, opener } from "./fixtures.ts";

describe("polling in place of a stream", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function polling() {
    const opened = opener();
    const seen: number[] = [];
    const ends: string[] = [];
    const close = polled(opened.open)(
      { topics: ["desk", "fills"], cursors: {}, key: "k" },
      {
        opened: () => undefined,
        message: (message) => {
          if (message.kind === "lines") seen.push(...message.lines.map(({ cursor }) => cursor.seq));
        },
        ended: (why) => void ends.push(why),
      },
    );
    return { ...opened, seen, ends, close };
  }

  it("opens once a second and never holds a connection in between", () => {
    const { inputs, closed } = polling();
    vi.advanceTimersByTime(POLL_MS * 3 - 1);
    expect(inputs).toHaveLength(3);
    expect(closed()).toBe(3);
  });

  it("goes on where the round before ended", () => {
    const { inputs, handlers } = polling();
    handlers().message({ kind: "lines", topic: "fills", lines: [line(4), line(5)] });
    vi.advanceTimersByTime(POLL_MS);
    expect(inputs.at(-1)).toEqual({ topics: ["desk", "fills"], cursors: { fills: "7.5.0" }, key: "k" });
  });

  it("hands a failure on", () => {
    const { ends, handlers } = polling();
    handlers().ended("denied", "no session");
    expect(ends).toEqual(["denied"]);
  });

  it("is silent once it was closed", () => {
    const { inputs, handlers, seen, close } = polling();
    close();
    handlers().message({ kind: "lines", topic: "fills", lines: [line(1)] });
    vi.advanceTimersByTime(POLL_MS * 3);
    expect(seen).toEqual([]);
    expect(inputs).toHaveLength(1);
  });
});
