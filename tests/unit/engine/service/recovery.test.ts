import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FIXTURE_START_US, fixtureConfig, readyEvents } from "../../../../server/bench/deskFixture.ts";
import { walkBooks } from "../../../../server/bench/marketWalk.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { LOG_TOPICS } from "../../../../server/contract/lines.ts";
import { EngineRun } from "../../../../server/engine/engineRun.ts";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";
import { MANIFEST_FILE } from "../../../../server/engine/journal/manifest.ts";
import { segmentPath } from "../../../../server/engine/journal/segment.ts";
import { createJournal, type JournalWriter } from "../../../../server/engine/journal/writer.ts";
import { takeUp } from "../../../../server/engine/service/recovery.ts";
import { runDirectory } from "../../../../server/engine/service/runs.ts";
import { alterRecords } from "../journal/fixture.ts";

const CONFIG = fixtureConfig({ venues: 2, symbols: 1 });
const EVENTS: readonly EngineEvent[] = [
  ...readyEvents(CONFIG),
  ...walkBooks({ venues: 2, events: 100, startAtUs: FIXTURE_START_US }),
];

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "crossdesk-recovery-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

interface Written {
  readonly run: EngineRun;
  readonly writer: JournalWriter;
  handle(events: readonly EngineEvent[]): Promise<void>;
}

function beginRun(
  epoch: number,
  from?: { readonly parentRun: string; readonly snapshot: Uint8Array },
): Written {
  const config = { ...CONFIG, epoch };
  const writer = createJournal(runDirectory(home, epoch), {
    runId: `run${epoch}`,
    parentRun: from?.parentRun,
    what: "live",
    codeVersion: "1",
    config,
    startedAtUs: FIXTURE_START_US,
  });
  if (from !== undefined) writer.putSnapshot(0, from.snapshot);
  const run = new EngineRun(config, { journal: writer, snapshot: from?.snapshot });
  return {
    run,
    writer,
    // A block of each call: damage hits one and leaves those before it.
    handle: async (events) => {
      for (const event of events) run.handle(event);
      await writer.flush();
    },
  };
}

function hashTakenUp(snapshot: Uint8Array | undefined): string {
  return stateHash(new EngineRun(CONFIG, { snapshot }).engine.state);
}

describe("taking up the state of an earlier run", () => {
  it("finds nothing at the first start, nor after one that died before it wrote anything", async () => {
    expect(await takeUp(home, CONFIG)).toBeUndefined();
    mkdirSync(runDirectory(home, 1), { recursive: true });
    writeFileSync(join(home, "epoch"), "1\n");
    expect(await takeUp(home, CONFIG)).toBeUndefined();
    const begun = beginRun(2);
    await begun.writer.close();
    expect(await takeUp(home, CONFIG)).toBeUndefined();
  });

  it("says that it goes on while it reads what no snapshot spares it", async () => {
    const { writer, handle } = beginRun(1);
    await handle([
      ...readyEvents(CONFIG),
      ...walkBooks({ venues: 2, events: 4_200, startAtUs: FIXTURE_START_US }),
    ]);
    await writer.close();
    let times = 0;
    await takeUp(home, CONFIG, () => (times += 1));
    expect(times).toBe(1);
  });

  it("gives the state as it was after the last durable event", async () => {
    const { run, writer, handle } = beginRun(1);
    await handle(EVENTS);
    const taken = await takeUp(home, CONFIG);
    expect(taken).toMatchObject({
      epoch: 1,
      seq: EVENTS.length,
      parentRun: "run1",
      faults: [],
      leftOut: undefined,
    });
    expect(taken?.atUs).toBe(run.engine.state.nowUs);
    expect(hashTakenUp(taken?.snapshot)).toBe(stateHash(run.engine.state));
    expect(new EngineRun(CONFIG, { snapshot: taken?.snapshot }).seq).toBe(0);
    await writer.close();
  });

  it("tells what happened since the snapshot that it used, and from where on that is all", async () => {
    const { run, writer, handle } = beginRun(1);
    await handle(EVENTS.slice(0, 10));
    expect((await takeUp(home, CONFIG))?.lines.get("alerts")?.floor).toBeUndefined();
    writer.putSnapshot(run.seq, run.snapshot());
    await handle(EVENTS.slice(10));
    const taken = await takeUp(home, CONFIG);
    for (const topic of LOG_TOPICS) {
      const ring = taken?.lines.get(topic);
      expect(ring?.floor).toMatchObject({ epoch: 1, seq: 10 });
      expect(ring?.slice(ring.start, Infinity)?.every((line) => line.cursor.seq > 10)).toBe(true);
    }
    expect(hashTakenUp(taken?.snapshot)).toBe(stateHash(run.engine.state));
    await writer.close();
  });

  it("takes the newest run that has begun, and that one's own first state before its first event", async () => {
    const first = beginRun(1);
    await first.handle(EVENTS);
    await first.writer.close();
    const taken = await takeUp(home, CONFIG);
    if (taken === undefined) throw new Error("there is nothing to take up");
    const second = beginRun(2, taken);
    await second.writer.flush();
    expect(await takeUp(home, CONFIG)).toMatchObject({ epoch: 2, seq: 0, parentRun: "run2" });
    const atUs = first.run.engine.state.nowUs;
    await second.handle([{ type: "restart", atUs, reason: "a test" }]);
    const again = await takeUp(home, CONFIG);
    expect(again).toMatchObject({ epoch: 2, seq: 1 });
    expect(hashTakenUp(again?.snapshot)).toBe(stateHash(second.run.engine.state));
    await second.writer.close();
  });

  it("uses what is readable of a damaged run, and says from where on it is not", async () => {
    const { writer, handle } = beginRun(1);
    await handle(EVENTS.slice(0, 50));
    await handle(EVENTS.slice(50));
    await writer.close();
    alterRecords(segmentPath(runDirectory(home, 1), 1), "blocks", (blocks) =>
      blocks.put(51, Buffer.alloc(80)),
    );
    const taken = await takeUp(home, CONFIG);
    expect(taken?.seq).toBe(50);
    expect(taken?.faults).toEqual([expect.stringContaining("damaged at event 51")]);
    expect(taken?.leftOut).toMatch(/damaged at event 51.*all behind event 50 .* no longer tells/);
    const untouched = new EngineRun(CONFIG);
    for (const event of EVENTS.slice(0, 50)) untouched.handle(event);
    expect(hashTakenUp(taken?.snapshot)).toBe(stateHash(untouched.engine.state));
  });

  it("counts the events that it had to leave out", async () => {
    const { writer, handle } = beginRun(1);
    await handle(EVENTS.slice(0, 50));
    await handle(EVENTS.slice(50, 70));
    await handle(EVENTS.slice(70));
    await writer.close();
    alterRecords(segmentPath(runDirectory(home, 1), 1), "blocks", (blocks) => {
      const block = blocks.get(51);
      if (block === undefined) throw new Error("there is a block");
      block[block.length - 1] = (block.at(-1) ?? 0) ^ 1;
      blocks.put(51, block);
    });
    expect((await takeUp(home, CONFIG))?.leftOut).toContain(
      `${EVENTS.length - 50} events are left out, 51 to ${EVENTS.length}`,
    );
  });

  it("does without a damaged snapshot when the events are there", async () => {
    const { run, writer, handle } = beginRun(1);
    await handle(EVENTS.slice(0, 50));
    writer.putSnapshot(run.seq, run.snapshot());
    await handle(EVENTS.slice(50));
    await writer.close();
    alterRecords(segmentPath(runDirectory(home, 1), 1), "snapshots", (snapshots) =>
      snapshots.put(50, Buffer.alloc(80)),
    );
    const taken = await takeUp(home, CONFIG);
    expect(taken?.seq).toBe(EVENTS.length);
    expect(taken?.faults).toHaveLength(1);
    expect(taken?.leftOut).toContain("no event is left out");
    expect(hashTakenUp(taken?.snapshot)).toBe(stateHash(run.engine.state));
  });

  it("goes to the next older snapshot when the newest is damaged", async () => {
    const { run, writer, handle } = beginRun(1);
    for (const until of [20, 50]) {
      await handle(EVENTS.slice(run.seq, until));
      writer.putSnapshot(run.seq, run.snapshot());
    }
    await handle(EVENTS.slice(50));
    await writer.close();
    alterRecords(segmentPath(runDirectory(home, 1), 1), "snapshots", (snapshots) =>
      snapshots.put(50, Buffer.alloc(80)),
    );
    const taken = await takeUp(home, CONFIG);
    expect(taken?.faults).toEqual([expect.stringContaining("after event 50 was altered")]);
    expect(taken?.lines.get("alerts")?.floor).toMatchObject({ seq: 20 });
    expect(hashTakenUp(taken?.snapshot)).toBe(stateHash(run.engine.state));
  });

  it("leaves out the event that broke the run", async () => {
    const { run, writer, handle } = beginRun(1);
    await handle(EVENTS);
    const before = stateHash(run.engine.state);
    expect(() => run.handle({ type: "timer", atUs: 1 })).toThrow("older than the engine");
    await writer.close();
    const taken = await takeUp(home, CONFIG);
    expect(taken?.seq).toBe(EVENTS.length);
    expect(taken?.faults).toEqual([expect.stringContaining(`event ${EVENTS.length + 1} of run 1 broke it`)]);
    expect(hashTakenUp(taken?.snapshot)).toBe(before);
  });

  it("refuses a past that it cannot read, rather than begin anew", async () => {
    const first = beginRun(1);
    await first.handle(EVENTS);
    await first.writer.close();
    writeFileSync(join(runDirectory(home, 1), MANIFEST_FILE), "{");
    await expect(takeUp(home, CONFIG)).rejects.toThrow(/run 1 cannot be taken up .* move .* away/);
  });

  it("refuses a run whose first state is gone", async () => {
    const { writer, handle } = beginRun(2, { parentRun: "run1", snapshot: new EngineRun(CONFIG).handover() });
    await handle(EVENTS);
    await writer.close();
    alterRecords(segmentPath(runDirectory(home, 2), 1), "snapshots", (snapshots) => snapshots.remove(0));
    await expect(takeUp(home, CONFIG)).rejects.toThrow("cannot be taken up");
  });

  it("refuses when runs have been and no journal is left", async () => {
    writeFileSync(join(home, "epoch"), "4\n");
    await expect(takeUp(home, CONFIG)).rejects.toThrow("journals of 4 runs are gone");
  });

  it("refuses a desk file that names other instruments, and takes one with other fees", async () => {
    const { writer, handle } = beginRun(1);
    await handle(EVENTS);
    await writer.close();
    const other = fixtureConfig({ venues: 1, symbols: 1 });
    await expect(takeUp(home, other)).rejects.toThrow(
      "desk.json names other assets, accounts or instruments",
    );
    const fees = { name: "cheaper", makerFrac: 0, takerFrac: 0, paidIn: "quote" } as const;
    const cheaper = { ...CONFIG, accounts: CONFIG.accounts.map((account) => ({ ...account, fees })) };
    expect(await takeUp(home, cheaper)).toMatchObject({ epoch: 1 });
  });
});
