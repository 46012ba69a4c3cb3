import { describe, expect, it } from "vitest";
import {
  DISK_LOW_BYTES,
  DISK_WELL_BYTES,
  STALLED_AFTER_MS,
  StorageWatch,
} from "../../../../server/engine/service/storageWatch.ts";

function watch() {
  const disk: { committingSinceUs: number | undefined; freeBytes: number | undefined } = {
    committingSinceUs: undefined,
    freeBytes: 10 * DISK_WELL_BYTES,
  };
  const told: string[] = [];
  let nowUs = 0;
  const looked = new StorageWatch({
    wallUs: () => nowUs,
    committingSinceUs: () => disk.committingSinceUs,
    freeBytes: () => disk.freeBytes,
    onChange: (status) => void told.push(status),
  });
  /** Looks every 50 ms, as the timer does. */
  const pass = (ms: number): void => {
    for (let left = ms; left > 0; left -= 50) {
      nowUs += 50_000;
      looked.look();
    }
  };
  const sleep = (ms: number): void => {
    nowUs += ms * 1e3;
    looked.look();
  };
  return { disk, told, pass, sleep, nowUs: () => nowUs };
}

describe("the watch over the journal's disk", () => {
  it("says nothing of commits that follow each other", () => {
    const { disk, told, pass, nowUs } = watch();
    for (let commit = 0; commit < 20; commit++) {
      disk.committingSinceUs = nowUs();
      pass(STALLED_AFTER_MS - 50);
    }
    expect(told).toEqual([]);
  });

  it("finds a commit that takes too long, and is content again a second after it has ended", () => {
    const { disk, told, pass, nowUs } = watch();
    disk.committingSinceUs = nowUs();
    pass(STALLED_AFTER_MS + 50);
    expect(told).toEqual(["JOURNAL_STALLED"]);
    disk.committingSinceUs = undefined;
    pass(950);
    expect(told).toHaveLength(1);
    pass(100);
    expect(told).toEqual(["JOURNAL_STALLED", "OK"]);
  });

  it("waits for a whole second without a stall", () => {
    const { disk, told, pass, nowUs } = watch();
    for (let stall = 0; stall < 3; stall++) {
      disk.committingSinceUs = nowUs();
      pass(400);
      disk.committingSinceUs = undefined;
      pass(600);
    }
    expect(told).toEqual(["JOURNAL_STALLED"]);
  });

  it("does not take its own thread's pause for the disk's", () => {
    const { disk, told, pass, sleep, nowUs } = watch();
    disk.committingSinceUs = nowUs();
    pass(50);
    sleep(2_000);
    disk.committingSinceUs = undefined;
    pass(500);
    expect(told).toEqual([]);
  });

  it("finds a disk that runs full, and room only once there is half as much again", () => {
    const { disk, told, pass } = watch();
    disk.freeBytes = DISK_LOW_BYTES - 1;
    pass(1_000);
    expect(told).toEqual(["DISK_LOW"]);
    disk.freeBytes = DISK_LOW_BYTES + 1;
    pass(2_000);
    expect(told).toEqual(["DISK_LOW"]);
    disk.freeBytes = DISK_WELL_BYTES;
    pass(1_000);
    expect(told).toEqual(["DISK_LOW", "OK"]);
  });

  it("goes from a stall to what is left of it: a full disk", () => {
    const { disk, told, pass, nowUs } = watch();
    disk.freeBytes = 0;
    disk.committingSinceUs = nowUs();
    pass(1_000);
    disk.committingSinceUs = undefined;
    pass(1_500);
    expect(told).toEqual(["DISK_LOW", "JOURNAL_STALLED", "DISK_LOW"]);
  });

  it("stays with what it knew where the file system does not say", () => {
    const { disk, told, pass } = watch();
    disk.freeBytes = 0;
    pass(1_000);
    disk.freeBytes = undefined;
    pass(2_000);
    expect(told).toEqual(["DISK_LOW"]);
  });
});
