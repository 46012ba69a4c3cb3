import { Unpackr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { MsgpackWriter } from "../../../../server/engine/encode/msgpackWriter.ts";

const decoder = new Unpackr({ useRecords: false });

function written(write: (writer: MsgpackWriter) => void): Buffer {
  const writer = new MsgpackWriter();
  write(writer);
  return Buffer.from(writer.written());
}

describe("what is written", () => {
  const values: unknown[] = [
    ...[0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1, 1e300],
    ...[-1, -32, -33, -128, -129, -(2 ** 31), -(2 ** 31) - 1, 0.1, -0.5, Number.MIN_VALUE],
    ...[
      0n,
      -1n,
      2n ** 63n - 1n,
      -(2n ** 63n),
      2n ** 63n,
      2n ** 64n,
      -(2n ** 64n),
      2n ** 71n,
      -(2n ** 71n),
      10n ** 300n,
    ],
    ...[
      "",
      "a",
      "x".repeat(31),
      "x".repeat(32),
      "é".repeat(20),
      "漢字",
      "😀".repeat(100),
      "y".repeat(70_000),
    ],
    ...[true, false, [], [1, [2, ["3"]]], Array.from({ length: 20 }, (_, at) => at)],
    ...[
      {},
      { b: 1, a: { c: "d" } },
      Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`k${at}`, at])),
    ],
  ];
  for (const value of values)
    it(`is read by msgpackr as ${describeValue(value)}`, () => {
      expect(decoder.unpack(written((writer) => writer.value(value)))).toStrictEqual(value);
    });

  it("keeps the order of keys and leaves undefined ones out", () => {
    const read = decoder.unpack(written((writer) => writer.value({ z: 1, gone: undefined, a: 2 }))) as object;
    expect(Object.entries(read)).toEqual([
      ["z", 1],
      ["a", 2],
    ]);
  });

  it("outgrows its first buffer", () => {
    const bytes = new Uint8Array(100_000).fill(7);
    expect(decoder.unpack(written((writer) => writer.binary(bytes)))).toEqual(Buffer.from(bytes));
  });

  it("can be taken back", () => {
    const writer = new MsgpackWriter();
    writer.number(5);
    writer.string("beyond");
    writer.truncate(1);
    expect(Buffer.from(writer.written())).toEqual(Buffer.from([5]));
  });
});

describe("what is refused", () => {
  const cycle: unknown[] = [];
  cycle.push(cycle);
  const values = [
    { name: "NaN", value: Number.NaN },
    { name: "Infinity", value: Number.POSITIVE_INFINITY },
    { name: "−0", value: -0 },
    { name: "null", value: null },
    { name: "half a surrogate pair", value: "a\ud800" },
    { name: "a cycle", value: cycle },
    { name: "undefined in a list", value: [undefined] },
  ];
  for (const { name, value } of values)
    it(`is ${name}`, () => {
      expect(() => new MsgpackWriter().value(value)).toThrow(RangeError);
    });
});

function describeValue(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}n` : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;
}
