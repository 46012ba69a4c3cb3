import { expect, it } from "vitest";
import { Backoff } from "../../../../../server/venues/ccxt/market/backoff.ts";

const options = { firstMs: 100, maxMs: 1_000, stableAfterMs: 5_000 };

it("tries again at once, then waits twice as long each time, up to a bound", () => {
  const backoff = new Backoff(options);
  expect(Array.from({ length: 7 }, () => backoff.failed(0))).toEqual([0, 100, 200, 400, 800, 1_000, 1_000]);
});

it("starts over after something held, and not after it only flickered", () => {
  const backoff = new Backoff(options);
  for (let i = 0; i < 4; i++) backoff.failed(0);
  backoff.up(1_000_000);
  expect(backoff.failed(2_000_000)).toBe(800);
  backoff.up(3_000_000);
  expect(backoff.failed(8_000_000)).toBe(0);
});
