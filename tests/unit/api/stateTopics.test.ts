import { describe, expect, it } from "vitest";
import { StateTopics, type StateMessage } from "../../../server/api/stateTopics.ts";
import type { EngineLink, StateTopic } from "../../../server/contract/link.ts";

class FakeLink {
  readonly listeners = new Map<string, Set<(value: unknown) => void>>();

  watch = (topic: StateTopic, listener: (value: never) => void): (() => void) => {
    const all = this.listeners.get(topic) ?? new Set();
    this.listeners.set(topic, all);
    all.add(listener as (value: unknown) => void);
    return () => all.delete(listener as (value: unknown) => void);
  };

  push(topic: string, value: unknown): void {
    for (const listener of this.listeners.get(topic) ?? []) listener(value);
  }
}

describe("state topics of a process", () => {
  it("make one message of a value, however many streams want it", () => {
    const link = new FakeLink();
    const states = new StateTopics(link as unknown as EngineLink);
    const seen: StateMessage[] = [];
    states.watch("desk", (message) => seen.push(message));
    states.watch("desk", (message) => seen.push(message));
    link.push("desk", { atUs: 1 });
    link.push("desk", { atUs: 1 });
    expect(seen).toHaveLength(4);
    expect(seen[0]).toBe(seen[1]);
    expect(seen[2]).not.toBe(seen[0]);
    expect(JSON.parse(JSON.stringify(seen[0]))).toEqual({ kind: "state", topic: "desk", value: { atUs: 1 } });
  });

  it("stay below what the engine lets a client watch, and are freed by those who go", () => {
    const states = new StateTopics(new FakeLink() as unknown as EngineLink);
    const ignore = (): void => undefined;
    const ends = Array.from({ length: 100 }, (_, i) => states.watch(`market M${i}`, ignore));
    expect(() => states.watch("market one more", ignore)).toThrow(/close some pages/);
    const second = states.watch("market M0", ignore);
    ends[0]?.();
    ends[0]?.();
    expect(() => states.watch("market one more", ignore)).toThrow(/close some pages/);
    second();
    states.watch("market one more", ignore);
  });
});
