import { describe, expect, it } from "vitest";
import { LINES_KEPT_MAX, type TabMessage } from "../../../../components/stream/protocol.ts";
import { createLiveStore } from "../../../../components/stream/store.ts";
import { line, seqs } from "./fixtures.ts";

function tab() {
  const frames: (() => void)[] = [];
  const wanted: (readonly string[])[] = [];
  const { store, receive } = createLiveStore({
    nextFrame: (flush) => void frames.push(flush),
    want: (topics) => void wanted.push(topics),
    nowMs: () => 5,
  });
  return {
    store,
    receive,
    wanted,
    waiting: () => frames.length,
    frame: () => {
      for (const flush of frames.splice(0)) flush();
    },
  };
}

const state = (topic: string, value: unknown): TabMessage => ({
  type: "state",
  topic,
  value,
  atMs: 1,
  lagMs: 0,
});
const lines = (...seqOf: number[]): TabMessage => ({ type: "lines", topic: "fills", lines: seqOf.map(line) });

describe("the live values of a tab", () => {
  it("change at most once a frame, for all topics together", () => {
    const { store, receive, frame, waiting } = tab();
    let told = 0;
    store.subscribe("desk", () => (told += 1));
    store.subscribe("system", () => (told += 1));
    for (let value = 0; value < 10; value++) {
      receive(state("desk", value));
      receive(state("system", value));
    }
    expect(waiting()).toBe(1);
    expect(store.state("desk")).toBeUndefined();
    frame();
    expect(told).toBe(2);
    expect(store.state("desk")?.value).toBe(9);
  });

  it("are the same object until they change", () => {
    const { store, receive, frame } = tab();
    store.subscribe("desk", () => undefined);
    receive(state("desk", {}));
    receive(lines(1));
    frame();
    expect(store.state("desk")).toBe(store.state("desk"));
    expect(store.lines("fills")).toBe(store.lines("fills"));
  });

  it("never lose a line, nor show one twice", () => {
    const { store, receive, frame } = tab();
    store.subscribe("fills", () => undefined);
    receive(lines(1, 2));
    receive(lines(2, 3));
    frame();
    receive(lines(1, 2, 3, 4));
    frame();
    expect(seqs(store.lines("fills") ?? [])).toEqual([1, 2, 3, 4]);
  });

  it("begin anew after a resync", () => {
    const { store, receive, frame } = tab();
    store.subscribe("fills", () => undefined);
    receive(lines(8, 9));
    receive({ type: "resync", topic: "fills" });
    receive(lines(2));
    frame();
    expect(seqs(store.lines("fills") ?? [])).toEqual([2]);
  });

  it("keep a bounded number of lines, the newest", () => {
    const { store, receive, frame } = tab();
    store.subscribe("fills", () => undefined);
    receive(lines(...Array.from({ length: LINES_KEPT_MAX + 20 }, (_, at) => at + 1)));
    frame();
    expect(store.lines("fills")).toHaveLength(LINES_KEPT_MAX);
    expect(store.lines("fills")?.at(-1)?.cursor.seq).toBe(LINES_KEPT_MAX + 20);
  });

  it("are wanted while somebody listens", () => {
    const { store, wanted } = tab();
    const [first, second] = [
      store.subscribe("desk", () => undefined),
      store.subscribe("desk", () => undefined),
    ];
    const other = store.subscribe("system", () => undefined);
    first();
    other();
    second();
    expect(wanted).toEqual([["desk"], ["desk", "system"], ["desk"], []]);
  });

  it("are gone when the session is, those that wait for a frame too", () => {
    const { store, receive, frame } = tab();
    let told = 0;
    store.subscribe("desk", () => (told += 1));
    store.subscribe("fills", () => undefined);
    receive(state("desk", 1));
    receive(lines(1));
    frame();
    receive(state("desk", 2));
    receive(lines(2));
    receive({ type: "connection", connection: { status: "denied", sinceMs: 3 } });
    expect(told).toBe(2);
    frame();
    expect(store.state("desk")).toBeUndefined();
    expect(store.lines("fills")).toBeUndefined();
  });

  it("tell of the connection at once", () => {
    const { store, receive } = tab();
    let told = 0;
    store.onConnection(() => (told += 1));
    receive({ type: "connection", connection: { status: "lost", sinceMs: 3, why: "cut" } });
    expect(told).toBe(1);
    expect(store.connection().status).toBe("lost");
  });
});
