import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { endsTidily, withTidyEnd } from "../../../server/cli/tidyEnd.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.spyOn(process, "kill").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A command that has much to tidy up; `done` lets it end. */
function begin() {
  let done = (): void => undefined;
  let signal = new AbortController().signal;
  const onEnding = vi.fn<() => void>();
  const ended = withTidyEnd((own) => {
    signal = own;
    return new Promise<void>((resolve) => (done = resolve));
  }, onEnding);
  return { onEnding, signal, end: () => (done(), ended) };
}

const press = (signal: "SIGINT" | "SIGTERM" | "SIGHUP") => process.emit(signal, signal);

it("nothing is tidied up as long as no command has begun", () => {
  expect(endsTidily(new Error("a defect"))).toBe(false);
});

describe("a command that has something to tidy up", () => {
  it.each([
    { after: 0, isKilled: false },
    { after: 30, isKilled: false },
    { after: 999, isKilled: false },
    { after: 1_000, isKilled: true },
    { after: 20_000, isKilled: true },
  ])(
    "is ended there by a second Ctrl-C $after ms after the first: $isKilled",
    async ({ after, isKilled }) => {
      const { signal, onEnding, end } = begin();
      press("SIGINT");
      expect(signal.aborted).toBe(true);
      vi.advanceTimersByTime(after);
      press("SIGINT");
      expect(vi.mocked(process.kill).mock.calls).toEqual(isKilled ? [[process.pid, "SIGINT"]] : []);
      expect(onEnding).toHaveBeenCalledOnce();
      await end();
    },
  );

  it("is told of a terminal that goes away, and no later one ends it", async () => {
    const { signal, onEnding, end } = begin();
    press("SIGHUP");
    expect(signal.aborted).toBe(true);
    vi.advanceTimersByTime(5_000);
    press("SIGHUP");
    press("SIGTERM");
    expect(process.kill).not.toHaveBeenCalled();
    expect(onEnding).toHaveBeenCalledOnce();
    await end();
  });

  it.each([
    { error: Object.assign(new Error("write EPIPE"), { code: "EPIPE" }), isTold: false },
    { error: Object.assign(new Error("write EIO"), { code: "EIO" }), isTold: false },
    { error: new Error("thrown in a socket"), isTold: true },
  ])("is told of $error.message, and so is a person: $isTold", async ({ error, isTold }) => {
    const { signal, end } = begin();
    expect(endsTidily(error)).toBe(true);
    expect(signal.aborted).toBe(true);
    expect(vi.mocked(process.stderr.write).mock.calls.flat().join("").includes(error.message)).toBe(isTold);
    await end();
    // Its last words may be lost as well.
    expect(endsTidily(error)).toBe(true);
  });

  it("leaves signals to others afterwards", async () => {
    const counts = () => ["SIGINT", "SIGTERM", "SIGHUP"].map((name) => process.listenerCount(name));
    const before = counts();
    const { end } = begin();
    expect(counts()).not.toEqual(before);
    await end();
    expect(counts()).toEqual(before);
  });
});
