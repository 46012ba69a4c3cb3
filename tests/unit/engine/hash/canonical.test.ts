import { describe, expect, it } from "vitest";
import { decodeState, encodeState, stateHash } from "../../../../server/engine/hash/canonical.ts";

class Book {
  readonly bids: number[] = [];
}

describe("the canonical bytes of a state", () => {
  it("give back maps, sets, typed arrays and bigints in their order", () => {
    const state = {
      cash: -(10n ** 30n),
      orders: new Map<unknown, unknown>([
        ["q2", { sizeLots: 5 }],
        ["q1", { sizeLots: 3 }],
        [7, [1n, "x"]],
      ]),
      seen: new Set(["b", "a"]),
      prices: new Float64Array([0.1, 1e300, -5]),
      sizes: new Int32Array([-1, 2 ** 31 - 1]),
      raw: new Uint8Array([0, 255]),
      last: null,
      list: [undefined, true],
    };
    const decoded = decodeState(encodeState(state)) as typeof state;
    expect(decoded).toStrictEqual(state);
    expect([...decoded.orders.keys()]).toEqual(["q2", "q1", 7]);
    expect([...decoded.seen]).toEqual(["b", "a"]);
    expect(Object.keys(decoded)).toEqual(Object.keys(state));
  });

  it("take a typed array that is a part of a larger buffer", () => {
    const part = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
    expect(decodeState(encodeState(part))).toEqual(new Float64Array([2, 3]));
  });

  it("keep the place of an undefined field, so that a restored state goes on like the first", () => {
    const state: { a: number | undefined; b: number } = { a: undefined, b: 1 };
    const restored = decodeState(encodeState(state)) as typeof state;
    state.a = 2;
    restored.a = 2;
    expect(encodeState(restored)).toEqual(encodeState(state));
  });

  it("do not care whether two places share one object", () => {
    const shared = { x: 1 };
    expect(encodeState([shared, shared])).toEqual(encodeState([{ x: 1 }, { x: 1 }]));
  });

  it("are fixed for all time: stored hashes depend on them", () => {
    const state = { a: [1, -1, 0.5, 2n], m: new Map([["k", new Set([true])]]), f: new Float64Array([1]) };
    expect(stateHash(state)).toBe("f61770049499cb8866ec845f24f8e2a7d6b8a2f18e5621ce6fa770021ba3f09d");
  });

  const different: { readonly name: string; readonly a: unknown; readonly b: unknown }[] = [
    { name: "the order of keys", a: { x: 1, y: 2 }, b: { y: 2, x: 1 } },
    { name: "the order of a map", a: new Map([["x", 1], ["y", 2]]), b: new Map([["y", 2], ["x", 1]]) }, // prettier-ignore
    { name: "a number and a bigint", a: 1, b: 1n },
    { name: "a number and its text", a: 1, b: "1" },
    { name: "an object and a map", a: { x: 1 }, b: new Map([["x", 1]]) },
    { name: "a list and a set", a: [1], b: new Set([1]) },
    { name: "a list and a typed array", a: [1], b: new Float64Array([1]) },
    { name: "two kinds of typed array", a: new Int32Array(2), b: new Float64Array(1) },
    { name: "null and undefined", a: null, b: undefined },
    { name: "one bit of a float", a: 0.1 + 0.2, b: 0.3 },
  ];
  for (const { name, a, b } of different)
    it(`tell apart ${name}`, () => {
      expect(stateHash(a)).not.toBe(stateHash(b));
    });
});

describe("what cannot be part of a state", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const cases: { readonly name: string; readonly state: unknown; readonly says: string }[] = [
    { name: "NaN", state: { books: [{ mid: Number.NaN }] }, says: "state.books[0].mid is NaN" },
    { name: "−0", state: { a: [1, -0] }, says: "state.a[1] is −0" },
    { name: "an infinity", state: { best: Number.NEGATIVE_INFINITY }, says: "state.best is -Infinity" },
    { name: "NaN in a typed array", state: { r: new Float64Array([1, NaN]) }, says: "state.r[1] is NaN" },
    { name: "−0 in a typed array", state: { r: new Float64Array([-0]) }, says: "state.r[0] is −0" },
    { name: "NaN in a map", state: new Map([["q1", { p: NaN }]]), says: "state.q1.p is NaN" },
    { name: "broken text", state: { id: "\udc00" }, says: "state.id is text with half a surrogate pair" },
    { name: "an instance of a class", state: { book: new Book() }, says: "state.book is a Book" },
    {
      name: "a typed array of another kind",
      state: { b: new BigInt64Array(1) },
      says: "state.b is a BigInt64Array",
    },
    { name: "a date", state: [new Date(0)], says: "state[0] is a Date" },
    { name: "a function", state: { step: () => 1 }, says: "state.step is a function" },
    { name: "itself", state: cycle, says: "in itself" },
  ];
  for (const { name, state, says } of cases)
    it(`is ${name}, and the place is named`, () => {
      expect(() => encodeState(state)).toThrow(says);
    });
});
