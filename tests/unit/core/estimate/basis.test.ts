import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBasis, updateBasis, type BasisState } from "../../../../server/core/estimate/basis.ts";

const HALF_LIFE_S = 600;
const FAIR = 10_000;
const START_US = 1_700_000_000_000_000;

/** Feeds a difference at each step and returns the state. */
function observe(
  state: BasisState,
  fromS: number,
  toS: number,
  stepS: number,
  difference: number,
): BasisState {
  for (let t = fromS; t < toS; t += stepS) at(state, t, difference);
  return state;
}

function at(state: BasisState, seconds: number, difference: number): BasisState {
  updateBasis(
    state,
    { atUs: START_US + Math.round(seconds * 1e6), mid: FAIR + difference, fair: FAIR },
    HALF_LIFE_S,
  );
  return state;
}

describe("the basis of a venue", () => {
  it("is nothing before an observation, and the whole of the first one", () => {
    expect(createBasis().valuePrice).toBe(0);
    expect(at(createBasis(), 0, 3).valuePrice).toBe(3);
  });

  it("starts as the plain average over the time seen, not pulled towards zero", () => {
    const state = observe(createBasis(), 0, 3, 0.5, 4);
    observe(state, 3, 4, 0.5, 8);
    at(state, 4, 0);
    expect(state.valuePrice).toBeCloseTo((3 * 4 + 1 * 8) / 4, 2);
  });

  it("forgets half in one half-life", () => {
    const state = observe(createBasis(), 0, 40 * HALF_LIFE_S, 5, 0);
    observe(state, 40 * HALF_LIFE_S, 41 * HALF_LIFE_S, 5, 10);
    at(state, 41 * HALF_LIFE_S, 10);
    expect(state.valuePrice).toBeCloseTo(5, 6);
    expect(state.weight).toBeCloseTo(1, 9);
  });

  it("does not let a burst of updates outweigh the time it took", () => {
    const calm = observe(createBasis(), 0, 100, 1, 2);
    const burst = observe(createBasis(), 0, 100, 1, 2);
    observe(burst, 100, 100.1, 0.001, 12);
    at(calm, 101, 2);
    at(burst, 100.1, 2);
    at(burst, 101, 2);
    expect(calm.valuePrice).toBeCloseTo(2, 12);
    expect(burst.valuePrice).toBeCloseTo(2.01, 3);
  });

  it("learns no more than 10 s from an observation that a silence followed", () => {
    const silent = at(at(observe(createBasis(), 0, 600, 1, 0), 600, 10), 4_200, 0);
    const brief = at(at(observe(createBasis(), 0, 600, 1, 0), 600, 10), 610, 0);
    // The hour leaves (600 s of past)·2^−6 against 10 s; without the cap nearly all of the value would be the last word.
    expect(brief.valuePrice).toBeCloseTo(0.23, 2);
    expect(silent.valuePrice).toBeCloseTo((10 * 0.01148) / (0.5 * 2 ** -6 + 0.01148), 1);
  });

  it("holds the value at 20 bps and says so, and comes back without having learned the cap", () => {
    const state = observe(createBasis(), 0, 60, 1, 50);
    expect(state).toMatchObject({ valuePrice: 20, capped: true, meanPrice: 50 });
    expect(observe(createBasis(), 0, 60, 1, -50).valuePrice).toBe(-20);
    observe(state, 60, 60 + 20 * HALF_LIFE_S, 5, 1);
    expect(state).toMatchObject({ capped: false });
    expect(state.valuePrice).toBeCloseTo(1, 3);
  });

  it("gives no weight to a clock that was set back", () => {
    const state = observe(createBasis(), 0, 60, 1, 2);
    at(state, 30, 9);
    expect(state.valuePrice).toBeCloseTo(2, 12);
    at(state, 31, 2);
    expect(state.valuePrice).toBeGreaterThan(2);
  });

  it("stays among what was seen, and continues alike from a copy of its state", () => {
    const observation = fc.record({
      afterS: fc.double({ min: 0, max: 30, noNaN: true }),
      difference: fc.double({ min: -15, max: 15, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(observation, { minLength: 1, maxLength: 40 }), (observations) => {
        let state = createBasis();
        let seconds = 0;
        for (const { afterS, difference } of observations) {
          seconds += afterS;
          const copy = at({ ...state }, seconds, difference);
          expect(at(state, seconds, difference)).toEqual(copy);
          state = copy;
        }
        const differences = observations.map((o) => o.difference);
        expect(state.valuePrice).toBeGreaterThanOrEqual(Math.min(...differences) - 1e-9);
        expect(state.valuePrice).toBeLessThanOrEqual(Math.max(...differences) + 1e-9);
      }),
      { numRuns: 100 },
    );
  });
});
