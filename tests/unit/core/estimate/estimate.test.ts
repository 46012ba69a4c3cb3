import { describe, expect, it } from "vitest";
import {
  createGated,
  readGated,
  revise,
  statusOf,
  type Gate,
  type Gated,
} from "../../../../server/core/estimate/estimate.ts";

const GATE: Gate = { nCold: 10, nTrusted: 100, nPrior: 50, stderrFracMax: 0.2, staleAfterS: 60 };
const AGAINST = { prior: 1, low: 0.1, high: 10 };
const START_US = 1_000_000_000;

/** Seen once, or again after some seconds. */
function see(
  state: Gated,
  change: Partial<{ atS: number; value: number; stderr: number; nEff: number }> = {},
  against = AGAINST,
): Gated {
  const { atS = 0, value = 4, stderr = 0.1, nEff = 100 } = change;
  revise(state, { atUs: START_US + atS * 1e6, value, stderr, nEff }, against, GATE);
  return state;
}

describe("an estimate behind its gate", () => {
  it("is COLD and nothing at all before enough was seen", () => {
    expect(statusOf(createGated(), GATE, START_US)).toBe("COLD");
    const state = see(createGated(), { nEff: 9 });
    expect(readGated(state, GATE, START_US)).toEqual({
      state: "COLD",
      value: undefined,
      stderr: undefined,
      nEff: 9,
      ageMs: 0,
    });
  });

  it("is blended with its prior in log space while WARM", () => {
    const state = see(createGated(), { nEff: 50 });
    expect(statusOf(state, GATE, START_US)).toBe("WARM");
    // Half of the weight is the prior's: the geometric mean of 4 and 1.
    expect(state.value).toBeCloseTo(2, 12);
  });

  it("stands for itself when TRUSTED", () => {
    const state = see(createGated());
    expect(readGated(state, GATE, START_US + 2_000_000)).toEqual({
      state: "TRUSTED",
      value: 4,
      stderr: 0.1,
      nEff: 100,
      ageMs: 2_000,
    });
  });

  it.each([
    { name: "while its error is too large", change: { stderr: 0.9 } },
    { name: "beyond what is plausible", change: { value: 11 } },
    { name: "below what is plausible", change: { value: 0.09, stderr: 0.001 } },
  ])("is not trusted $name", ({ change }) => {
    expect(statusOf(see(createGated(), change), GATE, START_US)).toBe("WARM");
  });

  it("is held to what is plausible", () => {
    expect(see(createGated(), { value: 1_000 }).value).toBe(10);
    expect(see(createGated(), { value: 1e-9 }).value).toBe(0.1);
  });

  it.each([
    { name: "up", value: 100, expected: 4 * 1.2 },
    { name: "down", value: 0.1, expected: 4 / 1.2 },
  ])("moves $name by a fifth in a minute at most", ({ value, expected }) => {
    const state = see(see(createGated()), { atS: 60, value });
    expect(state.value).toBeCloseTo(expected, 12);
  });

  it("is STALE when nothing was seen for too long, and keeps its value for when something is", () => {
    const state = see(createGated());
    expect(statusOf(state, GATE, START_US + 60_000_000)).toBe("TRUSTED");
    expect(readGated(state, GATE, START_US + 60_000_001)).toMatchObject({ state: "STALE", value: 4 });
  });

  it("is COLD again once too little is left of what was seen", () => {
    expect(statusOf(see(see(createGated()), { atS: 1, nEff: 5 }), GATE, START_US)).toBe("COLD");
  });
});
