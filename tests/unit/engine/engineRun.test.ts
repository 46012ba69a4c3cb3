import { describe, expect, it } from "vitest";
import { answersTo, fixtureConfig, readyEvents } from "../../../server/bench/deskFixture.ts";
import { walkBooks } from "../../../server/bench/marketWalk.ts";
import type { EngineEvent } from "../../../server/contract/events.ts";
import { FIXTURE_START_US } from "../../../server/bench/deskFixture.ts";
import { EngineRun } from "../../../server/engine/engineRun.ts";

const CONFIG = fixtureConfig({ venues: 3, symbols: 1 });

/** Everything a run consumes, its venue's answers included, as a journal would hold it. */
function eventsOfARun(): EngineEvent[] {
  const run = new EngineRun(CONFIG);
  const consumed: EngineEvent[] = [];
  const feed = (event: EngineEvent): void => {
    consumed.push(event);
    for (const effect of run.handle(event)) for (const answer of answersTo(event.atUs, effect)) feed(answer);
  };
  for (const event of readyEvents(CONFIG)) feed(event);
  let nextTimerUs = FIXTURE_START_US;
  for (const book of walkBooks({ venues: 3, events: 4_000, startAtUs: FIXTURE_START_US })) {
    for (; nextTimerUs <= book.atUs; nextTimerUs += 100_000) feed({ type: "timer", atUs: nextTimerUs });
    feed(book);
  }
  return consumed;
}

function hashOf(events: readonly EngineEvent[]): string {
  const run = new EngineRun(CONFIG);
  for (const event of events) run.handle(event);
  return run.stateHash();
}

describe("a run of the engine", () => {
  const events = eventsOfARun();
  const hash = hashOf(events);

  it("arrives at the same hash from the same events", () => {
    expect(hashOf(events)).toBe(hash);
  });

  it("sends orders, so that the hash covers more than books", () => {
    expect(events.filter((event) => event.type === "orderAccepted").length).toBeGreaterThanOrEqual(6);
  });

  it("arrives at another hash when one lot of one event is another", () => {
    const at = events.findIndex(
      (event, i) => i > events.length / 2 && event.type === "book" && event.bids.length > 0,
    );
    const changed = events.map((event, i) => {
      if (i !== at || event.type !== "book") return event;
      const [price, size, ...rest] = event.bids;
      return { ...event, bids: [price ?? 0, (size ?? 0) + 1, ...rest] };
    });
    expect(hashOf(changed)).not.toBe(hash);
  });

  it("arrives at the same hash from a snapshot and the tail, whatever the place of the cut", () => {
    for (const share of [0.01, 0.3, 0.71, 1]) {
      const cut = Math.floor(events.length * share);
      const head = new EngineRun(CONFIG);
      for (const event of events.slice(0, cut)) head.handle(event);
      const tail = new EngineRun(CONFIG, { snapshot: head.snapshot() });
      expect(tail.seq).toBe(cut);
      for (const event of events.slice(cut)) tail.handle(event);
      expect(tail.stateHash()).toBe(hash);
    }
  });

  it("refuses an event that is older than the last", () => {
    const run = new EngineRun(CONFIG);
    run.handle({ type: "timer", atUs: FIXTURE_START_US });
    expect(() => run.handle({ type: "timer", atUs: FIXTURE_START_US - 1 })).toThrow("older than the engine");
  });
});
