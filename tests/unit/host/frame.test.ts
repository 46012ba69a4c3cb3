import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeFrame, FRAME_BYTES_MAX, FrameError, FrameReader } from "../../../server/host/frame.ts";

function readAll(reader: FrameReader): unknown[] {
  const messages: unknown[] = [];
  for (let next = reader.next(); next !== undefined; next = reader.next()) messages.push(next.message);
  return messages;
}

function roundTrip(message: unknown): unknown {
  const reader = new FrameReader();
  reader.push(encodeFrame(message));
  return readAll(reader)[0];
}

describe("a frame", () => {
  const values = [
    { name: "a bigint beyond 64 bits", value: 2n ** 80n },
    { name: "a negative bigint beyond 64 bits", value: -(2n ** 80n) },
    { name: "a bigint beyond 64 bits by one", value: 2n ** 63n },
    { name: "a bigint of a few hundred digits", value: 7n ** 500n },
    { name: "a small bigint, which stays one", value: 5n },
    { name: "an integer beyond 32 bits, which stays a number", value: 1_750_000_000_000_000 },
    { name: "a fraction", value: 0.1 },
    { name: "text beyond ASCII", value: "1 µs → ok" },
    { name: "null in a column", value: [1, null, 2] },
  ];
  for (const { name, value } of values)
    it(`carries ${name}`, () => {
      expect(roundTrip({ value })).toStrictEqual({ value });
    });

  it("carries what it was given as plain objects", () => {
    const message = { type: "lines", lines: [{ cursor: { epoch: 1, seq: 2, at: 3 }, atoms: 12n }] };
    expect(roundTrip(message)).toStrictEqual(message);
  });

  it("carries a field that is undefined as undefined", () => {
    expect(roundTrip({ after: undefined })).toEqual({ after: undefined });
  });

  it("comes out whole, whatever the pieces of the stream", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.bigInt(), fc.double({ noNaN: true }), fc.array(fc.nat()))),
        fc.array(fc.integer({ min: 1, max: 64 })),
        (contents, cuts) => {
          const messages = contents.map((content) => ({ content: Object.is(content, -0) ? 0 : content }));
          let rest = Buffer.concat(messages.map((message) => encodeFrame(message)));
          const reader = new FrameReader();
          const read: unknown[] = [];
          for (const cut of [...cuts, Infinity]) {
            reader.push(rest.subarray(0, cut));
            rest = rest.subarray(cut);
            read.push(...readAll(reader));
          }
          expect(read).toStrictEqual(messages);
        },
      ),
    );
  });

  it("larger than a peer takes is refused before it is sent", () => {
    expect(() => encodeFrame("x".repeat(FRAME_BYTES_MAX))).toThrow(RangeError);
  });

  const header = (length: number): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt32BE(length);
    return bytes;
  };
  const bad = [
    { name: "announces more than is allowed", bytes: header(FRAME_BYTES_MAX + 1) },
    { name: "is empty", bytes: header(0) },
    { name: "is not MessagePack", bytes: Buffer.from([0, 0, 0, 2, 0xc1, 0xc1]) },
    { name: "has more in it than one message", bytes: Buffer.from([0, 0, 0, 2, 1, 1]) },
  ];
  for (const { name, bytes } of bad)
    it(`that ${name} is an error of the stream`, () => {
      const reader = new FrameReader();
      reader.push(bytes);
      expect(() => reader.next()).toThrow(FrameError);
    });
});
