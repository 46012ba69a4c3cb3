import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilUp } from "../../../server/supervisor/untilUp.ts";

vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

beforeEach(() => void vi.useFakeTimers({ now: 0 }));
afterEach(() => void vi.useRealTimers());

function waiting(upAtMs: number, diesAtMs = Infinity) {
  const said: string[] = [];
  const end = { text: "waits", atS: 0 };
  const ended = (text: string) => (): void => {
    end.text = text;
    end.atS = Math.round(Date.now() / 1_000);
  };
  const fail = (error: unknown): void => ended(error instanceof Error ? error.message : String(error))();
  let isStopped = false;
  void untilUp({
    what: "the engine",
    isUp: () => Date.now() >= upAtMs,
    hasDied: () => Date.now() >= diesAtMs,
    requireGoingOn: () => {
      if (isStopped) throw new Error("stopped");
    },
    logFolder: "desk/log",
    nowMs: () => Date.now(),
    say: (text) => void said.push(text),
  }).then(ended("up"), fail);
  return { said, end, stop: () => (isStopped = true) };
}

it("waits on for a part that lives, and says so", async () => {
  const { said, end } = waiting(130_000);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(end).toEqual({ text: "up", atS: 130 });
  expect(said).toEqual(
    [60, 90, 120].map((s) => `still waiting for the engine after ${s} s; desk/log says what is done`),
  );
});

it("gives up a part that dies again and again after a minute", async () => {
  const { said, end } = waiting(Infinity, 2_000);
  await vi.advanceTimersByTimeAsync(200_000);
  expect(end).toEqual({ text: "the engine did not come up within 60 s: see desk/log", atS: 60 });
  expect(said).toEqual([]);
});

it("does not wait for ever, and ends at once when it is told to", async () => {
  const [hopeless, stopped] = [waiting(Infinity), waiting(Infinity)];
  await vi.advanceTimersByTimeAsync(10_000);
  stopped.stop();
  await vi.advanceTimersByTimeAsync(400_000);
  expect(stopped.end).toEqual({ text: "stopped", atS: 10 });
  expect(hopeless.end.atS).toBe(300);
});
