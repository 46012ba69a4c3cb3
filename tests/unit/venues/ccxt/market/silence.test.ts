import { expect, it } from "vitest";
import { Silence } from "../../../../../server/venues/ccxt/market/silence.ts";

function open(afterMaxMs: number) {
  let nowMs = 0;
  const silence = new Silence({ nowUs: () => nowMs * 1_000, afterMs: 10, afterMaxMs });
  /** Until it is too long, answered by a whole book. */
  const wait = (): number => {
    const fromMs = nowMs;
    while (!silence.isTooLong) nowMs++;
    silence.asked();
    silence.restarted();
    return nowMs - fromMs;
  };
  silence.ended();
  return { silence, wait, pass: (ms: number) => (nowMs += ms) };
}

it("lets each silence that goes on last twice as long, up to a bound, and starts over with a word", () => {
  const { silence, wait } = open(50);
  expect([wait(), wait(), wait(), wait(), wait()]).toEqual([10, 20, 40, 50, 50]);
  silence.ended();
  expect(wait()).toBe(10);
});

it("believes a heartbeat for as long as the first silence, however often it was asked", () => {
  const { silence, wait, pass } = open(80);
  wait();
  wait();
  pass(9);
  expect(silence.isShort).toBe(true);
  pass(1);
  expect([silence.isShort, silence.isTooLong]).toEqual([false, false]);
});

it("is too long before anything was ever said", () => {
  const silence = new Silence({ nowUs: () => 0, afterMs: 10, afterMaxMs: 10 });
  expect(silence.isTooLong).toBe(true);
});
