import { expect, it } from "vitest";
import { DeltaBuffer } from "../../../../../server/venues/ccxt/market/deltaBuffer.ts";
import { book, range } from "./samples.ts";

const delta = (id: number) => book("delta", range(id, id));

it("keeps what comes between its beginning and its end", () => {
  const buffer = new DeltaBuffer();
  buffer.keep(delta(1));
  expect(buffer.end()).toEqual([]);
  buffer.begin([delta(2)]);
  buffer.begin([delta(9)]);
  buffer.keep(delta(3));
  expect(buffer.end()).toEqual([delta(2), delta(3)]);
  expect(buffer.end()).toEqual([]);
});

it("forgets the oldest beyond ten thousand", () => {
  const buffer = new DeltaBuffer();
  buffer.begin();
  for (let id = 1; id <= 10_001; id++) buffer.keep(delta(id));
  const kept = buffer.end();
  expect([kept.length, kept[0]]).toEqual([10_000, delta(2)]);
});
