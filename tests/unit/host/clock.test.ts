import { describe, expect, it } from "vitest";
import { CLOCK_STEP_MS, createClock, createStepWatch } from "../../../server/host/clock.ts";

/** A machine whose clocks a test sets; every reading of the wall clock takes 0.1 ms. */
function machine({ wallMs, monotonicMs }: { wallMs: number; monotonicMs: number }) {
  const state = { wallMs, monotonicMs };
  return {
    pass(ms: number) {
      state.wallMs += ms;
      state.monotonicMs += ms;
    },
    stepWall(ms: number) {
      state.wallMs += ms;
    },
    stepBack(ms: number) {
      state.monotonicMs -= ms;
    },
    wallMs() {
      state.wallMs += 0.1;
      state.monotonicMs += 0.1;
      return Math.floor(state.wallMs);
    },
    monotonicMs: () => state.monotonicMs,
    realMs: () => state.wallMs,
  };
}

const START_MS = 1_750_000_000_000;

describe("the desk's clock", () => {
  it("starts at the wall clock, better than its millisecond", () => {
    const source = machine({ wallMs: START_MS + 0.37, monotonicMs: 5 });
    const clock = createClock(undefined, source);
    expect(Math.abs(clock.nowUs() - source.realMs() * 1_000)).toBeLessThanOrEqual(101);
  });

  it("gives integer microseconds of the time that passed", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const clock = createClock(undefined, source);
    const first = clock.nowUs();
    source.pass(12.345678);
    const second = clock.nowUs();
    expect(Number.isInteger(second)).toBe(true);
    expect(Math.abs(second - first - 12_345)).toBeLessThanOrEqual(1);
  });

  it("is not moved by a step of the wall clock", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const clock = createClock(undefined, source);
    const first = clock.nowUs();
    source.stepWall(-3_600_000);
    source.pass(10);
    expect(Math.abs(clock.nowUs() - first - 10_000)).toBeLessThanOrEqual(1);
  });

  it("never decreases, whatever the machine says", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 500 });
    const clock = createClock(undefined, source);
    const first = clock.nowUs();
    source.stepBack(100);
    expect(clock.nowUs()).toBe(first);
  });

  it("runs from its spec's origin at its spec's speed", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const spec = { originUs: 1_000_000_000, wallOriginUs: START_MS * 1_000, speed: 10 };
    const clock = createClock(spec, source);
    source.pass(2_000);
    const elapsedUs = (source.realMs() - START_MS) * 1_000;
    expect(Math.abs(clock.nowUs() - 1_000_000_000 - elapsedUs * 10)).toBeLessThanOrEqual(1_010);
  });

  it("waits at its origin until the wall clock has come to it", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const spec = { originUs: 7, wallOriginUs: (START_MS + 1_000) * 1_000, speed: 1 };
    const clock = createClock(spec, source);
    expect(clock.nowUs()).toBe(7);
  });

  it("agrees with another process's clock of the same spec, started later", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const spec = { originUs: 1_000_000_000, wallOriginUs: START_MS * 1_000, speed: 10 };
    const early = createClock(spec, source);
    source.pass(4_321.7);
    const late = createClock(spec, source);
    expect(Math.abs(early.nowUs() - late.nowUs())).toBeLessThanOrEqual(2_000);
  });

  it("starts on a machine whose wall clock stands still", () => {
    const clock = createClock(undefined, { wallMs: () => START_MS, monotonicMs: () => 5 });
    expect(clock.nowUs()).toBe(START_MS * 1_000);
  });
});

describe("the watch over the wall clock", () => {
  it("finds what the monotonic clock slept through, once", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const stepMs = createStepWatch(source);
    source.pass(60_000);
    expect(stepMs()).toBeUndefined();
    source.stepWall(28_800_000);
    expect(stepMs()).toBeCloseTo(28_800_000, -2);
    expect(stepMs()).toBeUndefined();
  });

  it("finds a clock that was set back", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const stepMs = createStepWatch(source);
    source.stepWall(-5_000);
    expect(stepMs()).toBeCloseTo(-5_000, -2);
  });

  it("takes drift and small corrections for what they are, however long they add up", () => {
    const source = machine({ wallMs: START_MS, monotonicMs: 5 });
    const stepMs = createStepWatch(source);
    for (let look = 0; look < 10; look++) {
      source.stepWall(CLOCK_STEP_MS - 10);
      expect(stepMs()).toBeUndefined();
    }
  });
});
