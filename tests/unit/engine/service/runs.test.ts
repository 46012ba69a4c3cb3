import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  listRuns,
  pruneRuns,
  readEpoch,
  runDirectory,
  RUNS_KEPT,
  takeNextEpoch,
} from "../../../../server/engine/service/runs.ts";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "crossdesk-runs-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function makeRuns(last: number): void {
  for (let epoch = 1; epoch <= last; epoch++) mkdirSync(runDirectory(home, epoch), { recursive: true });
}

describe("run epochs", () => {
  it("begin at 1 and are on the disk when they are given out", () => {
    expect(takeNextEpoch(home, 0)).toBe(1);
    expect(readEpoch(home)).toBe(1);
    expect(takeNextEpoch(home, 0)).toBe(2);
  });

  it("exceed every run that is there, and what a venue has seen", () => {
    makeRuns(7);
    expect(takeNextEpoch(home, 0)).toBe(8);
    expect(takeNextEpoch(home, 41)).toBe(42);
    expect(takeNextEpoch(home, 0)).toBe(43);
  });

  it.each(["", "seven", "-1"])("are not guessed from a file that holds %j", (content) => {
    writeFileSync(join(home, "epoch"), content);
    expect(() => takeNextEpoch(home, 0)).toThrow("holds no run epoch");
  });

  it("refuse a floor that is no number, and to go beyond four digits", () => {
    expect(() => takeNextEpoch(home, Number.NaN)).toThrow("CROSSDESK_EPOCH_MIN");
    expect(() => takeNextEpoch(home, 36 ** 4 - 1)).toThrow("desk code");
  });
});

describe("old runs", () => {
  const record = (epoch: number) =>
    writeFileSync(join(home, "recorder.json"), JSON.stringify({ epoch, seq: 1 }));

  it("stay as long as no recorder has said how far it is", () => {
    makeRuns(20);
    expect(pruneRuns(home, 20)).toEqual([]);
    writeFileSync(join(home, "recorder.json"), "{");
    expect(pruneRuns(home, 20)).toEqual([]);
  });

  it("go once they are recorded, except the newest few", () => {
    makeRuns(10);
    record(9);
    expect(pruneRuns(home, 10)).toEqual([1, 2, 3]);
    expect(listRuns(home)).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(listRuns(home).filter((epoch) => epoch < 9)).toHaveLength(RUNS_KEPT);
  });

  it("never include the one whose state is in use, however far the recorder is", () => {
    makeRuns(20);
    record(20);
    pruneRuns(home, 2);
    expect(existsSync(runDirectory(home, 2))).toBe(true);
    expect(listRuns(home)).toHaveLength(20);
  });
});
