import { describe, expect, it, vi } from "vitest";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { DecisionLoop, TURN_EVENTS_MAX } from "../../../../server/engine/service/loop.ts";
import { Mailbox } from "../../../../server/engine/service/mailbox.ts";

function loop(given: { readonly usPerEvent?: number; readonly nowUs?: () => number } = {}) {
  const served: EngineEvent[] = [];
  const turns: number[] = [];
  const failures: unknown[] = [];
  const wall = { us: 0 };
  let breaksAt = Infinity;
  const clockSteps: number[] = [];
  const mailbox: Mailbox = new Mailbox({
    accounts: 1,
    accountOf: [0],
    wallUs: () => wall.us,
    onOverload: () => undefined,
    onPost: () => decisions.wake(),
  });
  const decisions: DecisionLoop = new DecisionLoop({
    mailbox,
    nowUs: given.nowUs ?? (() => 50),
    wallUs: () => wall.us,
    fromUs: 100,
    clockStepMs: () => clockSteps.shift(),
    serve: (event) => {
      served.push(event);
      wall.us += given.usPerEvent ?? 0;
      if (served.length === breaksAt) throw new Error("broken");
    },
    afterTurn: () => void turns.push(served.length),
    onFailure: (error) => void failures.push(error),
  });
  const post = (count: number): void => {
    for (let i = 0; i < count; i++) mailbox.postVenue({ type: "feed", instrument: 0, status: "alive" });
  };
  const settled = (count: number) => vi.waitUntil(() => served.length >= count && mailbox.waiting === 0);
  return {
    decisions,
    mailbox,
    served,
    turns,
    failures,
    post,
    settled,
    clockSteps,
    breakAt: (at: number) => (breaksAt = at),
  };
}

describe("the decision loop", () => {
  it("serves nothing before the caller's turn is over", () => {
    const { post, served } = loop();
    post(1);
    expect(served).toEqual([]);
  });

  it("yields after so many events, and goes on by itself", async () => {
    const { post, settled, turns } = loop();
    post(TURN_EVENTS_MAX + 10);
    await settled(TURN_EVENTS_MAX + 10);
    expect(turns).toEqual([TURN_EVENTS_MAX, TURN_EVENTS_MAX + 10]);
  });

  it("yields after a millisecond when events are slow", async () => {
    const { post, settled, turns } = loop({ usPerEvent: 400 });
    post(6);
    await settled(6);
    expect(turns).toEqual([3, 6]);
  });

  it("serves a step of the clock before what was waiting", async () => {
    const { post, settled, served, clockSteps } = loop();
    post(2);
    clockSteps.push(8_000);
    await settled(3);
    expect(served.map(({ type }) => type)).toEqual(["clockStep", "feed", "feed"]);
    expect(served[0]).toMatchObject({ stepMs: 8_000 });
  });

  it("stamps events when it serves them, never older than what was there", async () => {
    const times = [50, 150, 120];
    const { post, settled, served } = loop({ nowUs: () => times.shift() ?? 200 });
    post(4);
    await settled(4);
    expect(served.map((event) => event.atUs)).toEqual([100, 150, 150, 200]);
  });

  it("serves nothing more after an event that broke it", async () => {
    const { post, breakAt, failures, served, mailbox } = loop();
    breakAt(2);
    post(5);
    await vi.waitUntil(() => failures.length > 0);
    post(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect([served.length, failures.length, mailbox.waiting]).toEqual([2, 1, 4]);
  });
});
