import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteReader, ByteWriter, SIGNED_MAX } from "../../../../server/lab/recording/bytes.ts";

it("every integer up to 53 bits comes back as it was written", () => {
  const unsigned = fc.oneof(fc.maxSafeNat(), fc.nat(300));
  const signed = fc.oneof(fc.integer(), fc.integer({ min: 1 - SIGNED_MAX, max: SIGNED_MAX - 1 }));
  fc.assert(
    fc.property(fc.array(fc.tuple(unsigned, signed), { maxLength: 40 }), (pairs) => {
      const writer = new ByteWriter();
      for (const [plain, either] of pairs) {
        writer.varint(plain);
        writer.signed(either);
      }
      const reader = new ByteReader(writer.view());
      for (const [plain, either] of pairs) {
        expect(reader.varint()).toBe(plain);
        expect(reader.signed()).toBe(either);
      }
      expect(reader.done).toBe(true);
    }),
    { numRuns: 200 },
  );
});

it("small values take one byte", () => {
  const writer = new ByteWriter();
  writer.varint(127);
  writer.signed(-64);
  expect(writer.length).toBe(2);
});

it("grows beyond its first buffer without losing a byte", () => {
  const writer = new ByteWriter();
  for (let at = 0; at < 200_000; at++) writer.byte(at % 251);
  expect(writer.view().every((value, at) => value === at % 251)).toBe(true);
});

it.each([-1, 0.5, Number.NaN, 2 ** 53])("refuses to write %s as an unsigned integer", (value) => {
  expect(() => new ByteWriter().varint(value)).toThrow(/no unsigned integer/);
});

it("refuses to write a signed integer that could not be told from its neighbour", () => {
  expect(() => new ByteWriter().signed(SIGNED_MAX)).toThrow(/out of range/);
});

it("refuses bytes that end inside a value", () => {
  expect(() => new ByteReader(Uint8Array.of(0x80)).varint()).toThrow(RangeError);
  expect(() => new ByteReader(Uint8Array.of(0x80, 1), 0, 1).varint()).toThrow(RangeError);
});

it("refuses a value of more than 53 bits", () => {
  expect(() => new ByteReader(new Uint8Array(9).fill(0xff, 0, 8)).varint()).toThrow(RangeError);
});
