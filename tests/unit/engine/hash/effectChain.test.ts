import { describe, expect, it } from "vitest";
import type { Effect } from "../../../../server/contract/effects.ts";
import { decodeState, encodeState } from "../../../../server/engine/hash/canonical.ts";
import { EFFECTS_PER_FOLD, EffectChain, runHash } from "../../../../server/engine/hash/effectChain.ts";
import type { EffectChainState } from "../../../../server/engine/hash/effectChain.ts";

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
    requestExpiresAtUs: 1_700_000_000_000_000,
  };
}

function chainOf(effects: readonly (readonly [number, Effect])[]): EffectChain {
  const chain = new EffectChain();
  for (const [seq, effect] of effects) chain.append(seq, effect);
  return chain;
}

const effects = Array.from({ length: 10 }, (_, at) => [at + 1, placeAt(at + 1)] as const);
const digest = chainOf(effects).digest();

describe("the chain of effects", () => {
  it("is the same for the same effects", () => {
    expect(chainOf(structuredClone(effects)).digest()).toBe(digest);
  });

  const changes: { readonly name: string; readonly changed: readonly (readonly [number, Effect])[] }[] = [
    { name: "two effects change places", changed: effects.with(3, [4, placeAt(5)]).with(4, [5, placeAt(4)]) },
    { name: "an effect is one lot larger", changed: effects.with(5, [6, placeAt(6, 11)]) },
    { name: "an effect belongs to another event", changed: effects.with(5, [7, placeAt(6)]) },
    { name: "an effect is missing", changed: effects.slice(0, -1) },
    { name: "an effect comes twice", changed: [...effects, [10, placeAt(10)]] },
  ];
  for (const { name, changed } of changes)
    it(`changes when ${name}`, () => {
      expect(chainOf(changed).digest()).not.toBe(digest);
    });

  it("remembers what it has folded", () => {
    const many = Array.from({ length: EFFECTS_PER_FOLD + 1 }, (_, at) => [at, placeAt(at)] as const);
    expect(chainOf(many.with(0, [0, placeAt(0, 11)])).digest()).not.toBe(chainOf(many).digest());
  });

  it("does not change by being asked", () => {
    const chain = chainOf(effects.slice(0, 5));
    chain.digest();
    chain.state();
    for (const [seq, effect] of effects.slice(5)) chain.append(seq, effect);
    expect(chain.digest()).toBe(digest);
  });

  const total = EFFECTS_PER_FOLD + 20;
  for (const cut of [0, 1, EFFECTS_PER_FOLD - 1, EFFECTS_PER_FOLD, EFFECTS_PER_FOLD + 1])
    it(`goes on after ${cut} effects from its state in a snapshot`, () => {
      const whole = new EffectChain();
      const before = new EffectChain();
      for (let seq = 0; seq < total; seq++) whole.append(seq, placeAt(seq));
      for (let seq = 0; seq < cut; seq++) before.append(seq, placeAt(seq));
      const resumed = new EffectChain(decodeState(encodeState(before.state())) as EffectChainState);
      for (let seq = cut; seq < total; seq++) resumed.append(seq, placeAt(seq));
      expect(resumed.digest()).toBe(whole.digest());
      expect(resumed.count).toBe(total);
    });

  it("names the field of an effect that has no form", () => {
    expect(() => new EffectChain().append(1, placeAt(1, Number.NaN))).toThrow("place.sizeLots: NaN");
  });
});

describe("the hash of a run", () => {
  it("depends on the state and on the effects", () => {
    const hashes = [
      runHash({ q: 1 }, chainOf(effects)),
      runHash({ q: 2 }, chainOf(effects)),
      runHash({ q: 1 }, chainOf(effects.slice(1))),
    ];
    expect(new Set(hashes).size).toBe(3);
    expect(runHash({ q: 1 }, chainOf(effects))).toBe(hashes[0]);
    expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
