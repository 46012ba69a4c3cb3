/** An engine on a machine that gives it trouble: a disk that is slow, broken or full, a clock that steps. */
import { fdatasync } from "node:fs";
import { isDeepStrictEqual, promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NoticeLine } from "../../../../server/contract/lines.ts";
import { openJournal } from "../../../../server/engine/journal/reader.ts";
import { segmentPath } from "../../../../server/engine/journal/segment.ts";
import { runDirectory } from "../../../../server/engine/service/runs.ts";
import { DISK_LOW_BYTES, DISK_WELL_BYTES } from "../../../../server/engine/service/storageWatch.ts";
import { replayJournal } from "../../../../server/replay/verify.ts";
import { alterRecords } from "../journal/fixture.ts";
import { ServiceDesk } from "./serviceDesk.ts";

const syncToDisk = promisify(fdatasync);

/** The machine's own disk may be slow enough to be told. */
const answersAtOnce = (): Promise<void> => Promise.resolve();

let desk: ServiceDesk;
let notices: NoticeLine[];
beforeEach(() => {
  desk = new ServiceDesk();
  desk.openMarket();
  notices = [];
});
afterEach(() => desk.close());

/** The line behind what is told from here on. */
function followNotices(): void {
  desk.link?.follow("alerts", undefined, {
    lines: (lines) => void notices.push(...lines.filter((line) => line.type === "notice")),
    resync: () => undefined,
  });
}

const said = (code: string): NoticeLine[] => notices.filter((notice) => notice.code === code);

async function reasons(): Promise<(string | undefined)[]> {
  const view = await desk.view();
  return view.markets.flatMap(({ instruments }) =>
    instruments.flatMap(({ sides }) => sides.map(({ reason }) => reason?.code)),
  );
}

/** On a busy machine a channel is silent at times, and quotes are pulled for that first. */
async function pulledFor(reason: string): Promise<void> {
  await desk.until(async () => isDeepStrictEqual(await reasons(), Array(4).fill(reason)));
  await desk.until(() => desk.exchanges.openOrders() === 0);
}

/** What decided it is in the journal: the run replays to what it did. */
async function replays(epoch: number): Promise<void> {
  expect(await desk.engine?.stop("a test")).toEqual({ how: "stopped", notSealed: [] });
  expect(await replayJournal(runDirectory(desk.home, epoch))).toMatchObject({
    sameHash: true,
    divergedAt: undefined,
  });
}

describe("an engine whose disk does not answer", () => {
  it("pulls its quotes, and quotes again by itself once the disk does", async () => {
    let held: Promise<void> = Promise.resolve();
    let release = (): void => undefined;
    await desk.start({ disk: { sync: () => held } });
    followNotices();
    await desk.quoting();
    held = new Promise((resolve) => (release = resolve));
    await pulledFor("JOURNAL_STALLED");
    release();
    await desk.until(() => desk.exchanges.openOrders() >= 4);
    await desk.until(() => said("STORAGE").length === 2);
    expect(said("STORAGE").map(({ text }) => text)).toEqual([
      expect.stringContaining("has not answered for"),
      "the journal's disk is well again",
    ]);
    expect((await desk.view()).state).toBe("ACTIVE");
    await replays(1);
  });

  it("cancels everything and ends when the disk refuses", async () => {
    let refuses = false;
    const sync = (file: number): Promise<void> =>
      refuses ? Promise.reject(new Error("EIO")) : syncToDisk(file);
    const engine = await desk.start({ disk: { sync } });
    await desk.quoting();
    refuses = true;
    expect(await engine.ended).toMatchObject({ how: "failed" });
    expect(desk.exchanges.openOrders()).toBe(0);
  });
});

describe("an engine whose disk runs full", () => {
  it("pulls its quotes at the low mark, and quotes again by itself once there is room", async () => {
    let free = 10 * DISK_WELL_BYTES;
    await desk.start({ disk: { freeBytes: () => free, sync: answersAtOnce } });
    followNotices();
    await desk.quoting();
    free = DISK_LOW_BYTES - 1;
    await pulledFor("DISK_LOW");
    free = DISK_WELL_BYTES;
    await desk.until(() => desk.exchanges.openOrders() >= 4);
    expect(said("STORAGE")[0]?.text).toBe(
      "511 MB are free on the journal's disk: quotes are pulled until 768 are",
    );
    await replays(1);
  });

  it("finds that out again after a restart", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    await desk.start({ disk: { freeBytes: () => DISK_LOW_BYTES - 1 } });
    await desk.ready();
    await desk.until(async () => (await desk.command({ type: "arm", scope: { level: "desk" } })).accepted);
    await desk.until(async () => (await reasons()).every((reason) => reason === "DISK_LOW"));
    expect(desk.exchanges.openOrders()).toBe(0);
  });
});

describe("an engine whose host was suspended", () => {
  it("pulls its quotes, asks every venue, and quotes again", async () => {
    let suspendedMs = 0;
    const time = { wallMs: () => Date.now() + suspendedMs, monotonicMs: () => performance.now() };
    await desk.start({ time });
    followNotices();
    await desk.quoting();
    desk.exchanges.sent.length = 0;
    suspendedMs = 3_600_000;
    await desk.until(() => said("CLOCK_STEP").length > 0);
    expect(said("CLOCK_STEP")).toHaveLength(1);
    const asked = desk.exchanges.sent.filter(
      (effect) => effect.type === "query" && effect.what === "openOrders",
    );
    expect(new Set(asked.map(({ account }) => account))).toEqual(new Set([0, 1]));
    expect(desk.exchanges.sent.filter(({ type }) => type === "cancel").length).toBeGreaterThanOrEqual(4);
    await desk.ready();
    await desk.until(() => desk.exchanges.openOrders() >= 4);
    await replays(1);
  });
});

describe("an engine that takes up a damaged journal", () => {
  it("says how much is left out as danger, and for as long as it lives", async () => {
    await desk.start();
    await desk.quoting();
    desk.crash();
    const directory = runDirectory(desk.home, 1);
    const reader = openJournal(directory);
    const blocks = [...reader.blocks()];
    const lastSeq = reader.lastSeq();
    reader.close();
    const { firstSeq } = blocks[Math.floor(blocks.length / 2)] ?? { firstSeq: 0 };
    alterRecords(segmentPath(directory, 1), "blocks", (records) => {
      const record = records.get(firstSeq);
      if (record === undefined) throw new Error("there is a block");
      record[record.length - 1] = (record.at(-1) ?? 0) ^ 1;
      records.put(firstSeq, record);
    });
    await desk.start();
    followNotices();
    const leftOut = expect.stringContaining(
      `${lastSeq - firstSeq + 1} events are left out, ${firstSeq} to ${lastSeq}`,
    ) as string;
    await desk.ready();
    expect(await desk.link?.ask({ ask: "system" })).toMatchObject({ leftOut });
    await desk.until(() => said("RECOVERY_GAP").length > 0);
    expect(said("RECOVERY_GAP")).toMatchObject([{ severity: "danger", text: leftOut }]);
    expect(desk.exchanges.openOrders()).toBe(0);
  });

  it("says nothing of a journal that was whole", async () => {
    await desk.start();
    await desk.ready();
    desk.crash();
    await desk.start();
    followNotices();
    await desk.ready();
    expect((await desk.link?.ask({ ask: "system" }))?.leftOut).toBeUndefined();
    await desk.until(() => said("RESTART").length > 0);
    expect(said("RECOVERY_GAP")).toEqual([]);
  });
});
