import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { crc32, krakenChecksum } from "../../../../server/core/book/checksum.ts";

describe("crc32", () => {
  it.each([
    { text: "", expected: 0 },
    { text: "123456789", expected: 0xcbf43926 },
    { text: "The quick brown fox jumps over the lazy dog", expected: 0x414fa339 },
  ])("of $text is the known value", ({ text, expected }) => {
    expect(crc32(text)).toBe(expected);
  });
});

describe("krakenChecksum", () => {
  const level = (price: string, qty: string) => ({ price, qty });

  it("takes asks before bids, without points and leading zeros", () => {
    const bids = [level("0.04965", "0.00000500")];
    const asks = [level("0.05005", "0.00000500"), level("10.00", "1.0")];
    expect(krakenChecksum(bids, asks)).toBe(crc32("5005" + "500" + "1000" + "10" + "4965" + "500"));
  });

  it("counts trailing zeros and leaves out what lies behind the tenth level", () => {
    const side = Array.from({ length: 10 }, (_, i) => level(`1${i}.0`, "1.00"));
    expect(krakenChecksum([...side, level("5.0", "7.00")], side)).toBe(krakenChecksum(side, side));
    expect(krakenChecksum(side, [level("10.0", "1.0"), ...side.slice(1)])).not.toBe(
      krakenChecksum(side, side),
    );
  });

  it("is that of every book in frames recorded from the venue", () => {
    const books = new Map<string, Record<"a" | "b", Map<string, string>>>();
    let checked = 0;
    for (const [, ...rest] of recordedFrames()) {
      const pair = rest.at(-1) as string;
      const book = books.get(pair) ?? { a: new Map<string, string>(), b: new Map<string, string>() };
      books.set(pair, book);
      for (const part of rest.slice(0, -2) as Readonly<Record<string, unknown>>[]) {
        for (const side of ["a", "b"] as const)
          for (const [price, qty] of (part[side] ?? part[`${side}s`] ?? []) as [string, string][])
            if (Number(qty) === 0) book[side].delete(price);
            else book[side].set(price, qty);
        if (part["c"] === undefined) continue;
        checked++;
        expect(krakenChecksum(sorted(book.b, -1), sorted(book.a, 1)), `${pair} ${checked}`).toBe(
          Number(part["c"]),
        );
      }
    }
    expect(checked).toBe(125);
  });
});

/** Book frames of three pairs in April 2021: snapshots cut to 60 levels, then the first changes of each. */
function recordedFrames(): unknown[][] {
  const text = readFileSync(new URL("fixtures/krakenBook.jsonl", import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown[]);
}

function sorted(side: ReadonlyMap<string, string>, direction: 1 | -1): { price: string; qty: string }[] {
  return [...side]
    .map(([price, qty]) => ({ price, qty }))
    .toSorted((a, b) => (Number(a.price) - Number(b.price)) * direction);
}
