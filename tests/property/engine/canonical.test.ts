import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeState, encodeState } from "../../../server/engine/hash/canonical.ts";

const finite = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .map((value) => (Object.is(value, -0) ? 0 : value));

const primitive = fc.oneof(
  finite,
  fc.integer(),
  fc.string({ unit: "grapheme" }),
  fc.boolean(),
  fc.bigInt(),
  fc.constant(null),
);

const { state } = fc.letrec<{ state: unknown }>((tie) => ({
  state: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    primitive,
    fc.array(tie("state"), { maxLength: 5 }),
    fc.dictionary(fc.string({ maxLength: 8 }), tie("state"), { maxKeys: 5, noNullPrototype: true }),
    fc.array(fc.tuple(primitive, tie("state")), { maxLength: 5 }).map((entries) => new Map(entries)),
    fc.array(tie("state"), { maxLength: 5 }).map((members) => new Set(members)),
    fc.array(finite, { maxLength: 20 }).map((values) => new Float64Array(values)),
    fc.array(fc.integer(), { maxLength: 20 }).map((values) => new Int32Array(values)),
    fc.uint8Array({ maxLength: 20 }).map((values) => new Uint8Array(values)),
  ),
}));

describe("any state", () => {
  it("comes back from its bytes, and gives the same bytes again", () => {
    fc.assert(
      fc.property(state, (given) => {
        const bytes = encodeState(given);
        const decoded = decodeState(bytes);
        expect(decoded).toStrictEqual(given);
        expect(encodeState(decoded)).toEqual(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it("has other bytes than any other state", () => {
    fc.assert(
      fc.property(state, state, (a, b) => {
        fc.pre(!isSame(a, b));
        expect(Buffer.from(encodeState(a)).equals(encodeState(b))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

function isSame(a: unknown, b: unknown): boolean {
  try {
    expect(a).toStrictEqual(b);
    return true;
  } catch {
    return false;
  }
}
