import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createHub, TAB_SILENCE_MAX_MS } from "../../../../components/stream/hub.ts";
import type { TabMessage } from "../../../../components/stream/protocol.ts";
import { line, opener, seqs } from "./fixtures.ts";

function browser() {
  const opened = opener();
  let nowMs = 0;
  /** Of the origin, the same for all its tabs. */
  const storage: { key: string | undefined } = { key: "k" };
  const hub = createHub(opened.open, { nowMs: () => nowMs, monotonicMs: () => nowMs });
  return {
    ...opened,
    hub,
    storage,
    pass: (ms: number) => {
      nowMs += ms;
      vi.advanceTimersByTime(ms);
    },
    tab: () => {
      const heard: TabMessage[] = [];
      const post = (message: TabMessage): void => void heard.push(message);
      return {
        heard,
        want: (...topics: string[]) => hub.receive(post, { type: "want", topics, key: storage.key }),
        bye: () => hub.receive(post, { type: "bye" }),
        states: () => heard.flatMap((message) => (message.type === "state" ? [message.value] : [])),
        lines: () => heard.flatMap((message) => (message.type === "lines" ? seqs(message.lines) : [])),
      };
    },
  };
}

describe("the hub of a browser's tabs", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("carries nine tabs on one stream", () => {
    const { tab, pass, inputs, handlers } = browser();
    const tabs = Array.from({ length: 9 }, tab);
    for (const one of tabs) one.want("desk", "system");
    pass(50);
    handlers().message({ kind: "state", topic: "desk", value: 1 });
    expect(inputs).toHaveLength(1);
    expect(tabs.map((one) => one.states())).toEqual(Array(9).fill([1]));
  });

  it("tells a later tab nothing of what came before the session ended", () => {
    const { tab, pass, handlers } = browser();
    tab().want("desk", "fills");
    pass(50);
    handlers().message({ kind: "state", topic: "desk", value: "secret" });
    handlers().message({ kind: "lines", topic: "fills", lines: [line(1)] });
    handlers().ended("denied", "no session");
    const later = tab();
    later.want("desk", "fills");
    expect(later.states()).toEqual([]);
    expect(later.lines()).toEqual([]);
  });

  it("counts the age of a value from the engine's time, not from when it came", () => {
    const { tab, pass, handlers } = browser();
    const one = tab();
    one.want("desk");
    pass(1_000);
    handlers().message({ kind: "state", topic: "desk", value: { atUs: 7_000_000 } });
    pass(3_000);
    handlers().message({ kind: "state", topic: "desk", value: { atUs: 7_100_000 } });
    const states = one.heard.flatMap((message) => (message.type === "state" ? [message] : []));
    expect(states[0]).toMatchObject({ atMs: 1_000, lagMs: 0 });
    expect(states[1]?.lagMs).toBeCloseTo(2_900, 0);
    expect(states[1]?.atMs).toBeCloseTo(1_100, 0);
    // Other topics, another stream, the same way; a cut may lead to another one.
    one.want("desk", "system");
    pass(50);
    handlers().opened();
    handlers().message({ kind: "state", topic: "system", value: { atUs: 7_150_000 } });
    handlers().ended("lost", "cut");
    pass(5_000);
    handlers().message({ kind: "state", topic: "system", value: { atUs: 7_200_000 } });
    const lags = one.heard.flatMap((message) =>
      message.type === "state" ? [Math.round(message.lagMs)] : [],
    );
    expect(lags).toEqual([0, 2_900, 2_900, 0]);
  });

  it("takes the key that its tabs find, and opens the stream with it at once", () => {
    const { tab, pass, inputs, handlers, storage } = browser();
    const [one, two] = [tab(), tab()];
    one.want("desk");
    two.want("desk");
    pass(50);
    handlers().ended("denied", "signed out");
    storage.key = "new";
    two.want("desk");
    pass(50);
    one.want("desk");
    pass(50);
    expect(inputs.map(({ key }) => key)).toEqual(["k", "new"]);
    expect(inputs.at(-1)?.topics).toEqual(["desk"]);
  });

  it("gives a tab only what it wants", () => {
    const { tab, pass, handlers } = browser();
    const [desk, market] = [tab(), tab()];
    desk.want("desk");
    market.want("market BTC");
    pass(50);
    handlers().message({ kind: "state", topic: "market BTC", value: "ladder" });
    expect(desk.states()).toEqual([]);
    expect(market.states()).toEqual(["ladder"]);
  });

  it("tells a later tab what is known, with its age", () => {
    const { tab, pass, handlers } = browser();
    tab().want("desk", "fills");
    pass(50);
    handlers().message({ kind: "state", topic: "desk", value: "latest" });
    handlers().message({ kind: "lines", topic: "fills", lines: [1, 2, 3].map(line) });
    pass(400);
    const later = tab();
    later.want("desk", "fills");
    const state = { type: "state", topic: "desk", value: "latest", atMs: 50, lagMs: 0 };
    expect(later.heard).toContainEqual(state);
    expect(later.lines()).toEqual([1, 2, 3]);
    expect(later.heard[0]).toMatchObject({ type: "connection", connection: { status: "open" } });
  });

  it("keeps the lines of a topic that is let go and taken up again at once", () => {
    const { tab, pass, handlers } = browser();
    const one = tab();
    one.want("fills");
    pass(50);
    handlers().message({ kind: "lines", topic: "fills", lines: [1, 2].map(line) });
    one.want();
    one.want("fills");
    pass(50);
    expect(one.lines()).toEqual([1, 2, 1, 2]);
  });

  it("does not show what has grown old unseen", () => {
    const { tab, pass, handlers } = browser();
    const one = tab();
    one.want("desk", "market BTC");
    pass(50);
    handlers().message({ kind: "state", topic: "market BTC", value: "old" });
    one.want("desk");
    pass(5_000);
    const later = tab();
    later.want("market BTC");
    expect(later.states()).toEqual([]);
  });

  it("closes a topic when the last tab that wants it is gone", () => {
    const { tab, pass, inputs } = browser();
    const [one, two] = [tab(), tab()];
    one.want("desk");
    two.want("desk", "fills");
    pass(50);
    two.bye();
    pass(50);
    expect(inputs.at(-1)?.topics).toEqual(["desk"]);
  });

  it("lets go of a tab that died without a word, and takes it back when it was only asleep", () => {
    const { tab, pass, hub, inputs, handlers } = browser();
    const [asleep, awake] = [tab(), tab()];
    asleep.want("fills");
    awake.want("desk");
    pass(TAB_SILENCE_MAX_MS + 1);
    awake.want("desk");
    hub.sweep();
    pass(50);
    expect(inputs.at(-1)?.topics).toEqual(["desk"]);
    asleep.want("fills");
    pass(50);
    handlers().message({ kind: "lines", topic: "fills", lines: [line(9)] });
    expect(asleep.lines()).toEqual([9]);
  });
});
