import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { withMemoryWatched } from "../../../../server/bench/soak/memoryWatch.ts";

const MINUTE_MS = 60_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const lasting = (ms: number): Promise<string> => new Promise((resolve) => setTimeout(resolve, ms, "done"));

it("tells how much each part takes and how it grows after the first ten minutes", async () => {
  const sample = () => {
    const minutes = performance.now() / MINUTE_MS - startedMinutes;
    // Grows fast at first, then by 1 MB a minute.
    const bytes = (minutes < 10 ? minutes * 20 : 200 + (minutes - 10)) * 1e6;
    return { bytes: bytes + 50e6, byPart: new Map([["web", bytes]]) };
  };
  const startedMinutes = performance.now() / MINUTE_MS;
  const watched = withMemoryWatched({ sample, onFinding: () => undefined }, () => lasting(20 * MINUTE_MS));
  await vi.advanceTimersByTimeAsync(20 * MINUTE_MS);
  expect(await watched).toEqual({
    result: "done",
    memory: { web: { mb: 210, mbPerHour: 60 }, total: { mb: 260, mbPerHour: 60 } },
  });
});

it("samples no longer once its work has failed", async () => {
  const sample = vi.fn<() => undefined>();
  const watched = withMemoryWatched({ sample, onFinding: () => undefined }, () =>
    lasting(6_000).then(() => Promise.reject(new Error("broken"))),
  ).catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(6_000);
  expect(await watched).toBe("broken");
  expect(sample).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

it("says once that a sample has failed, and lets the work go on", async () => {
  const findings: string[] = [];
  const sample = (): undefined => {
    throw new Error("EACCES");
  };
  const watched = withMemoryWatched({ sample, onFinding: (text) => void findings.push(text) }, () =>
    lasting(MINUTE_MS),
  );
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  expect((await watched).result).toBe("done");
  expect(findings).toEqual(["memory cannot be read: EACCES"]);
});
