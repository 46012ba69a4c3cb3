/** A log topic on its way to a browser, over the ring that a web process keeps, in any order of what can happen. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LogFeed, MESSAGE_LINES_MAX } from "../../../server/api/logFeed.ts";
import { compareCursors, type Cursor, type NoticeLine } from "../../../server/contract/lines.ts";
import { LOG_RING_MAX } from "../../../server/contract/link.ts";
import { successor } from "../../../server/link/lineRing.ts";
import { Mirror } from "../../../server/link/mirror.ts";

function line(seq: number): NoticeLine {
  const cursor = { epoch: 1, seq, at: 0 };
  return { type: "notice", cursor, atUs: seq, code: "SEALED", severity: "info", scope: "v", text: "sealed" };
}

/** Engine, store and browser around a feed; lines are numbered 1, 2, 3 … */
class Bench {
  readonly mirror = new Mirror();
  told = 0;
  /** What the store answers; undefined: it cannot. */
  hasStore = true;
  /** Answers of the store that are held back. */
  readonly asked: (() => void)[] = [];
  readonly read: (number | "resync")[] = [];
  woken = 0;
  feed: LogFeed | undefined;

  open(after: Cursor | undefined): void {
    this.feed = new LogFeed({
      topic: "alerts",
      after,
      link: { follow: (_topic, from, listener) => this.mirror.follow(from, listener) },
      readMissed: (range) =>
        new Promise((resolve) => {
          const all = Array.from({ length: this.told }, (_, i) => line(i + 1));
          const missed = all.filter(
            ({ cursor }) =>
              compareCursors(cursor, range.after) > 0 && compareCursors(cursor, range.before) < 0,
          );
          const has = this.hasStore;
          this.asked.push(() => resolve(has ? missed : undefined));
        }),
      wake: () => (this.woken += 1),
    });
  }

  tell(count: number): void {
    const lines = Array.from({ length: count }, (_, i) => line(this.told + i + 1));
    this.told += count;
    this.mirror.lines(lines);
  }

  /** The link was away for so many lines that the engine has dropped them. */
  lose(count: number): void {
    if (this.told === 0) return;
    this.told += count;
    this.mirror.resync(successor(line(this.told).cursor));
  }

  async answer(): Promise<void> {
    for (const give of this.asked.splice(0)) give();
    await new Promise((resolve) => setImmediate(resolve));
  }

  take(messages = 1): void {
    for (let taken = 0; taken < messages; taken++) {
      const message = this.feed?.take();
      if (message === undefined) return;
      if (message.kind === "resync") this.read.push("resync");
      else {
        if (message.lines.length > MESSAGE_LINES_MAX) throw new Error("a message is longer than it may be");
        this.read.push(...message.lines.map(({ cursor }) => cursor.seq));
      }
    }
  }

  async drain(): Promise<void> {
    for (let before = -1; before !== this.read.length || this.asked.length > 0;) {
      before = this.read.length;
      await this.answer();
      this.take(Infinity);
    }
  }
}

function upTo(last: number, first = 1): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

describe("a log topic on its way to a browser", () => {
  it("begins with the newest lines alone for a browser that asks for no place", async () => {
    const bench = new Bench();
    bench.tell(LOG_RING_MAX);
    bench.open(undefined);
    await bench.drain();
    expect(bench.read).toEqual(upTo(LOG_RING_MAX, LOG_RING_MAX - MESSAGE_LINES_MAX + 1));
    bench.tell(3);
    await bench.drain();
    expect(bench.read.slice(-3)).toEqual(upTo(LOG_RING_MAX + 3, LOG_RING_MAX + 1));
  });

  it("serves a browser that does not read from the ring, and keeps little for it", async () => {
    const bench = new Bench();
    bench.tell(1);
    bench.open(line(1).cursor);
    for (let i = 0; i < 90; i++) bench.tell(100);
    const { woken } = bench;
    expect(woken).toBeLessThan(30);
    await bench.drain();
    expect(bench.read).toEqual(upTo(9_001, 2));
  });

  it("comes to an end with a whole ring that waits for a browser that is back", async () => {
    const bench = new Bench();
    bench.tell(LOG_RING_MAX);
    bench.open(line(1).cursor);
    await bench.drain();
    expect(bench.read).toEqual(upTo(LOG_RING_MAX, 2));
  });

  it("says that lines are missing when neither ring nor store has them, and goes on", async () => {
    const bench = new Bench();
    bench.hasStore = false;
    bench.tell(5);
    bench.open(line(3).cursor);
    bench.lose(20);
    bench.tell(2);
    await bench.drain();
    expect(bench.read).toEqual(["resync", 26, 27]);
  });

  it("begins anew when the engine of another desk answers", async () => {
    const bench = new Bench();
    bench.tell(5);
    bench.open(line(2).cursor);
    bench.take();
    bench.mirror.startOver();
    bench.told = 0;
    bench.tell(2);
    await bench.drain();
    expect(bench.read).toEqual([3, 4, 5, "resync", 1, 2]);
  });

  it("tells nothing any more once it is closed, not even what the store answers then", async () => {
    const bench = new Bench();
    bench.tell(5);
    bench.open(line(3).cursor);
    bench.take();
    bench.lose(5);
    const { woken } = bench;
    bench.feed?.close();
    await bench.answer();
    bench.tell(5);
    expect(bench.woken).toBe(woken);
    expect(bench.read).toEqual([4, 5]);
  });

  it("has every line once and in order, whatever comes between", async () => {
    const Act = fc.oneof(
      fc.record({ act: fc.constant("tell" as const), count: fc.integer({ min: 1, max: 900 }) }),
      fc.record({ act: fc.constant("lose" as const), count: fc.integer({ min: 1, max: 400 }) }),
      fc.record({ act: fc.constant("take" as const), count: fc.integer({ min: 1, max: 3 }) }),
      fc.record({ act: fc.constant("answer" as const), count: fc.constant(1) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(Act, { maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        async (acts, from) => {
          const bench = new Bench();
          bench.tell(50);
          bench.open(line(from).cursor);
          for (const { act, count } of acts)
            if (act === "answer") await bench.answer();
            else bench[act](count);
          await bench.drain();
          expect(bench.read).toEqual(upTo(bench.told, from + 1));
        },
      ),
      { numRuns: 150 },
    );
  });
});
