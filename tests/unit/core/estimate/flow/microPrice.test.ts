import { describe, expect, it } from "vitest";
import {
  createMicroPrice,
  loseState,
  microPriceOffsetTicks,
  observeState,
  readMicroPrice,
  solveMicroPrice,
  type MicroPrice,
} from "../../../../../server/core/estimate/flow/microPrice.ts";
import type { BestQuotes } from "../../../../../server/core/estimate/flow/orderFlowImbalance.ts";
import { encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const HALF_LIFE_S = 3_600;

/** A one-tick book of 18 lots whose sizes do a random walk; the side that is used up gives way by a tick. */
function play(steps: number, seed: number, state: MicroPrice = createMicroPrice()) {
  const { uniform } = randomStream(seed, "micro-price");
  let bid = 10_000;
  let bidSize = 9;
  let atUs = 0;
  for (let step = 0; step < steps; step++) {
    bidSize += uniform() < 0.5 ? 1 : -1;
    if (bidSize <= 0 || bidSize >= 18) {
      bid += bidSize <= 0 ? -1 : 1;
      bidSize = 9;
    }
    atUs += 10_000;
    observeState(state, atUs, top(bid, bidSize));
  }
  return { state, atUs };
}

function top(bid: number, bidSize: number): BestQuotes {
  return { bid, bidSize, ask: bid + 1, askSize: 18 - bidSize };
}

function offsetAt(state: MicroPrice, atUs: number, bidSize: number): number {
  observeState(state, atUs, top(10_000, bidSize));
  return microPriceOffsetTicks(state) ?? NaN;
}

describe("the micro-price", () => {
  it("is COLD until enough transitions were seen and solved for", () => {
    const { state, atUs } = play(150, 1);
    solveMicroPrice(state, atUs, HALF_LIFE_S);
    expect(readMicroPrice(state, atUs)).toMatchObject({ state: "COLD", value: undefined });
    const more = play(1_500, 1);
    expect(readMicroPrice(more.state, more.atUs).state).toBe("COLD");
    solveMicroPrice(more.state, more.atUs, HALF_LIFE_S);
    expect(readMicroPrice(more.state, more.atUs).state).toBe("WARM");
  });

  it("finds the chance that the lighter side gives way", () => {
    const { state, atUs } = play(60_000, 7);
    solveMicroPrice(state, atUs, HALF_LIFE_S);
    // A fair walk from x ends at 18 before 0 with probability x/18; then the book is balanced: E = x/18 − ½ ticks.
    for (const bidSize of [1, 4, 6]) {
      const bucketMiddle = Math.floor((bidSize / 18) * 9) * 2 + 0.5;
      const expected = bucketMiddle / 18 - 0.5;
      expect(Math.abs(offsetAt(state, atUs, bidSize) - expected)).toBeLessThan(0.06);
    }
    expect(readMicroPrice(state, atUs).state).toBe("TRUSTED");
  });

  it("rises with the bid's share, is 0 in balance, and turns its sign in the mirror", () => {
    const { state, atUs } = play(30_000, 3);
    solveMicroPrice(state, atUs, HALF_LIFE_S);
    const offsets = Array.from({ length: 17 }, (_, at) => offsetAt(state, atUs, at + 1));
    for (const [at, offset] of offsets.entries()) {
      expect(offset).toBeGreaterThanOrEqual(offsets[at - 1] ?? -1);
      expect(offset).toBeCloseTo(-(offsets[16 - at] ?? NaN), 12);
    }
    expect(offsets[8]).toBe(0);
  });

  it("gives an error that its spread over many runs stays below, and not by much", () => {
    const runs = Array.from({ length: 40 }, (_, seed) => {
      const { state, atUs } = play(4_000, seed);
      solveMicroPrice(state, atUs, HALF_LIFE_S);
      return { offset: offsetAt(state, atUs, 4), stderr: readMicroPrice(state, atUs).stderr ?? NaN };
    });
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / runs.length;
    const centre = mean(runs.map(({ offset }) => offset));
    const sd = Math.sqrt(mean(runs.map(({ offset }) => (offset - centre) ** 2)));
    const stderr = mean(runs.map((run) => run.stderr));
    expect(sd).toBeLessThan(stderr);
    expect(sd).toBeGreaterThan(stderr / 3);
  });

  it("never leaves the spread", () => {
    const state = createMicroPrice();
    // Every lighter bid is followed by a fall of ten ticks.
    for (let i = 0; i < 2_000; i++) {
      observeState(state, i, top(10_000 - 10 * i, 3));
      observeState(state, i, top(10_000 - 10 * (i + 1), 9));
    }
    solveMicroPrice(state, 2_000, HALF_LIFE_S);
    expect(offsetAt(state, 2_000, 3)).toBe(-0.5);
  });

  it("counts nothing across a gap", () => {
    const state = createMicroPrice();
    observeState(state, 0, top(100, 3));
    loseState(state);
    observeState(state, 0, top(200, 9));
    expect(state.transitions).toBe(0);
    observeState(state, 0, top(200, 12));
    observeState(state, 0, top(201, 9));
    expect(state.transitions).toBe(1);
  });

  it("forgets by its half-life", () => {
    const { state, atUs } = play(5_000, 2);
    solveMicroPrice(state, atUs, HALF_LIFE_S);
    const before = state.transitions;
    solveMicroPrice(state, atUs + HALF_LIFE_S * 1e6, HALF_LIFE_S);
    expect(state.transitions / before).toBeCloseTo(0.5, 12);
  });

  it("keeps a state that can be hashed, forgotten to nothing too", () => {
    const { state, atUs } = play(3_000, 5);
    solveMicroPrice(state, atUs, HALF_LIFE_S);
    solveMicroPrice(state, atUs + 1e18, HALF_LIFE_S);
    expect(() => encodeState(state)).not.toThrow();
    expect([...state.moves].some((m) => Object.is(m, -0))).toBe(false);
  });
});
