import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { endWithin } from "../../../../server/bench/soak/endWithin.ts";

const messageOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: Error) => error.message,
  );
const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("is what its work comes to, and leaves nothing behind", async () => {
  const listening = process.listenerCount("uncaughtException");
  expect(await endWithin(60_000, async () => "done")).toBe("done");
  await expect(endWithin(60_000, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
  expect(process.listenerCount("uncaughtException")).toBe(listening);
});

it("ends when its work does not", async () => {
  const ended = messageOf(endWithin(720_000, never));
  await vi.advanceTimersByTimeAsync(720_000);
  expect(await ended).toBe("it has not ended within 12 minutes");
});

it("ends with what nobody has caught", async () => {
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  try {
    const ended = messageOf(endWithin(60_000, never));
    process.emit("uncaughtException", new Error("out of a timer"));
    expect(await ended).toBe("out of a timer");
  } finally {
    for (const listener of others) process.on("uncaughtException", listener);
  }
});
