import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import type { EngineEvent } from "../../../../server/contract/events.ts";
import { decodeState, encodeState } from "../../../../server/engine/hash/canonical.ts";
import type { RunChainState } from "../../../../server/engine/hash/runChain.ts";
import { EVENTS_PER_FOLD, RunChain, runHash } from "../../../../server/engine/hash/runChain.ts";

const START_US = 1_700_000_000_000_000;

interface Step {
  readonly event: EngineEvent;
  readonly effects: readonly Effect[];
}

function bookAt(seq: number, sizeLots = 10): EngineEvent {
  return {
    type: "book",
    atUs: START_US + seq,
    instrument: 0,
    kind: "delta",
    bids: [100 + seq, sizeLots],
    asks: [],
  };
}

function placeAt(seq: number, sizeLots = 10): Effect {
  return {
    type: "place",
    account: 0,
    instrument: 0,
    clientId: `qabc0001${seq}`,
    side: "buy",
    priceTicks: 6_500_000 + seq,
    sizeLots,
    timeInForce: "POST_ONLY",
    selfTrade: "EXPIRE_TAKER",
    requestExpiresAtUs: START_US,
  };
}

function stepAt(seq: number): Step {
  return { event: bookAt(seq), effects: [placeAt(seq), placeAt(seq + 1_000)] };
}

function chainOf(steps: readonly Step[]): RunChain {
  const chain = new RunChain();
  for (const { event, effects } of steps) chain.append(event, effects);
  return chain;
}

const steps = Array.from({ length: 10 }, (_, at) => stepAt(at + 1));
const digest = chainOf(steps).digest();

describe("the chain of a run", () => {
  it("is the same for the same events and effects", () => {
    expect(chainOf(structuredClone(steps)).digest()).toBe(digest);
  });

  const [first, second] = stepAt(4).effects as readonly [Effect, Effect];
  const changes: { readonly name: string; readonly changed: readonly Step[] }[] = [
    { name: "an event is one lot larger", changed: steps.with(3, { ...stepAt(4), event: bookAt(4, 11) }) },
    {
      name: "an event is one microsecond later",
      changed: steps.with(3, { ...stepAt(4), event: { ...bookAt(4), atUs: START_US + 5 } }),
    },
    { name: "two events change places", changed: steps.with(3, stepAt(5)).with(4, stepAt(4)) },
    { name: "two effects change places", changed: steps.with(3, { ...stepAt(4), effects: [second, first] }) },
    {
      name: "an effect is one lot larger",
      changed: steps.with(3, { ...stepAt(4), effects: [placeAt(4, 11), second] }),
    },
    {
      name: "an effect belongs to the next event",
      changed: steps
        .with(3, { ...stepAt(4), effects: [first] })
        .with(4, { ...stepAt(5), effects: [second, ...stepAt(5).effects] }),
    },
    { name: "an effect is missing", changed: steps.with(9, { ...stepAt(10), effects: [] }) },
    { name: "an event comes twice", changed: [...steps, stepAt(10)] },
  ];
  for (const { name, changed } of changes)
    it(`changes when ${name}`, () => {
      expect(chainOf(changed).digest()).not.toBe(digest);
    });

  it("remembers what it has folded", () => {
    const many = Array.from({ length: EVENTS_PER_FOLD + 1 }, (_, at) => stepAt(at));
    const changed = many.with(0, { ...stepAt(0), event: bookAt(0, 11) });
    expect(chainOf(changed).digest()).not.toBe(chainOf(many).digest());
  });

  it("does not change by being asked", () => {
    const chain = chainOf(steps.slice(0, 5));
    chain.digest();
    chain.state();
    for (const { event, effects } of steps.slice(5)) chain.append(event, effects);
    expect(chain.digest()).toBe(digest);
  });

  const total = EVENTS_PER_FOLD + 20;
  for (const cut of [0, 1, EVENTS_PER_FOLD - 1, EVENTS_PER_FOLD, EVENTS_PER_FOLD + 1])
    it(`goes on after ${cut} events from its state in a snapshot`, () => {
      const all = Array.from({ length: total }, (_, at) => stepAt(at));
      const before = chainOf(all.slice(0, cut));
      const resumed = new RunChain(decodeState(encodeState(before.state())) as RunChainState);
      for (const { event, effects } of all.slice(cut)) resumed.append(event, effects);
      expect(resumed.digest()).toBe(chainOf(all).digest());
      expect([resumed.events, resumed.effects]).toEqual([total, 2 * total]);
    });

  it("names the field of an effect that has no form", () => {
    expect(() => new RunChain().append(bookAt(1), [placeAt(1, Number.NaN)])).toThrow("place.sizeLots: NaN");
  });
});

describe("the hash of a run", () => {
  it("depends on the state and on the chain", () => {
    const hashes = [
      runHash({ q: 1 }, chainOf(steps)),
      runHash({ q: 2 }, chainOf(steps)),
      runHash({ q: 1 }, chainOf(steps.slice(1))),
    ];
    expect(new Set(hashes).size).toBe(3);
    expect(runHash({ q: 1 }, chainOf(steps))).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
