import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Turns } from "../../../../../server/lab/wire/host/turns.ts";

const heard: string[] = [];
let records: number[];
let turns: Turns;

beforeEach(() => {
  vi.useFakeTimers();
  heard.length = 0;
  records = [];
  turns = new Turns({
    clock: { nowUs: () => performance.now() * 1_000 },
    market: {
      get nextAtUs() {
        return records[0] ?? Infinity;
      },
      step: () => void heard.push(`record ${records.shift()} at ${turns.nowUs()}`),
    },
    makeSafe: () => void heard.push("safe"),
    afterTurn: (isBehind) => isBehind && heard.push("behind"),
  });
});

afterEach(() => {
  turns.stop();
  vi.useRealTimers();
});

const startUs = () => Math.round(performance.now() * 1_000);
const events = () => heard.filter((text) => text !== "safe" && text !== "behind");

it("serves the market first and the rest in the order of their instants, each at its own, however late", () => {
  const now = startUs();
  records = [now + 2_000, now + 5_000];
  turns.start();
  for (const us of [5_000, 1_000, 5_001])
    turns.at(now + us, () => heard.push(`task +${us} at +${turns.nowUs() - now}`));
  vi.advanceTimersByTime(20);
  expect(events()).toEqual([
    "task +1000 at +1000",
    `record ${now + 2_000} at ${now + 2_000}`,
    `record ${now + 5_000} at ${now + 5_000}`,
    "task +5000 at +5000",
    "task +5001 at +5001",
  ]);
});

it("lets nothing leave before what happened in its turn is safe", () => {
  const now = startUs();
  turns.start();
  heard.length = 0;
  turns.at(now, () => {
    heard.push("a");
    turns.whenSafe(() => heard.push("a leaves"));
  });
  turns.at(now, () => heard.push("b"));
  vi.advanceTimersByTime(1);
  expect(heard.slice(0, 4)).toEqual(["a", "b", "safe", "a leaves"]);
});

it("does not go back for what was ordered too late", () => {
  const now = startUs();
  turns.start();
  vi.advanceTimersByTime(10);
  turns.at(now, () => heard.push(String(turns.nowUs() >= now + 8_000)));
  vi.advanceTimersByTime(1);
  expect(events()).toEqual(["true"]);
});

it("takes a breath when more is due than fits a turn", () => {
  const now = startUs();
  turns.start();
  for (let n = 0; n < 3_000; n++) turns.at(now, () => heard.push("task"));
  heard.length = 0;
  vi.advanceTimersByTime(1);
  expect(heard.indexOf("safe")).toBe(2_048);
  expect(events()).toHaveLength(3_000);
  expect(heard.filter((text) => text === "behind")).toHaveLength(1);
});

it("serves nothing once it is stopped, and what waited to leave has left", () => {
  turns.start();
  turns.whenSafe(() => heard.push("leaves"));
  turns.at(startUs() + 1_000, () => heard.push("never"));
  turns.stop();
  vi.advanceTimersByTime(100);
  expect(events()).toEqual(["leaves"]);
});
