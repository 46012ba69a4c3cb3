import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createToxicity,
  imbalanceRule,
  isWithdrawn,
  judgeToxicity,
  readToxicity,
} from "../../../../server/core/quote/toxicity.ts";

const S = 1e6;
const TOXIC = { cost: 1.2, edgeNet: 1, n: 60 };

describe("toxicity", () => {
  it.each([
    { name: "half of the edge", seen: { cost: 0.5, edgeNet: 1, n: 60 }, verdict: "NORMAL", score: 0.5 },
    { name: "more than half of it", seen: { cost: 0.6, edgeNet: 1, n: 60 }, verdict: "WIDE", score: 0.6 },
    { name: "gains", seen: { cost: -3, edgeNet: 1, n: 60 }, verdict: "NORMAL", score: 0 },
    {
      name: "fills that pay to trade",
      seen: { cost: 0, edgeNet: -1, n: 60 },
      verdict: "WIDE",
      score: undefined,
    },
    { name: "no fills", seen: { cost: 2, edgeNet: undefined, n: 0 }, verdict: "NORMAL", score: undefined },
  ])("reads $name as $verdict", ({ seen, verdict, score }) => {
    expect(readToxicity(createToxicity(), 0, seen)).toMatchObject({ verdict, score, untilUs: undefined });
  });

  it("withdraws the side for 30 s once its fills lose more than they capture", () => {
    const state = createToxicity();
    judgeToxicity(state, 0, { ...TOXIC, n: 49 });
    expect(isWithdrawn(state, 1)).toBe(false);
    judgeToxicity(state, 0, TOXIC);
    expect(readToxicity(state, 29 * S, TOXIC)).toMatchObject({
      verdict: "WITHDRAWN",
      untilUs: 30 * S,
      n: 60,
    });
    expect(isWithdrawn(state, 30 * S - 1)).toBe(true);
    expect(isWithdrawn(state, 30 * S)).toBe(false);
  });

  it("is not prolonged by fills from before, and lets the side back until a new fill speaks against it", () => {
    const state = createToxicity();
    judgeToxicity(state, 0, TOXIC);
    judgeToxicity(state, 4 * S, TOXIC);
    expect(state.untilUs).toBe(30 * S);
    expect(readToxicity(state, 40 * S, TOXIC).verdict).toBe("WIDE");
    judgeToxicity(state, 45 * S, TOXIC);
    expect(state.untilUs).toBe(75 * S);
  });

  it("holds on to the verdict until the score is clearly back", () => {
    const state = createToxicity();
    judgeToxicity(state, 0, { cost: 0.9, edgeNet: 1, n: 60 });
    expect(state.toxic).toBe(false);
    judgeToxicity(state, 0, TOXIC);
    judgeToxicity(state, 31 * S, { cost: 0.9, edgeNet: 1, n: 60 });
    expect(isWithdrawn(state, 32 * S)).toBe(true);
    judgeToxicity(state, 62 * S, { cost: 0.7, edgeNet: 1, n: 60 });
    expect(state).toEqual({ toxic: false, untilUs: undefined });
    judgeToxicity(state, 63 * S, { cost: 0.9, edgeNet: 1, n: 60 });
    expect(isWithdrawn(state, 64 * S)).toBe(false);
  });
});

describe("the strategy document's rule on trade imbalance", () => {
  it("adds 0.1 % of fair value and halves the size on the side that the flow runs into", () => {
    expect(imbalanceRule(0.61, 60_000)).toEqual({
      bidAdd: 0,
      askAdd: 60,
      bidSizeFactor: 1,
      askSizeFactor: 0.5,
    });
    expect(imbalanceRule(-0.61, 60_000)).toEqual({
      bidAdd: 60,
      askAdd: 0,
      bidSizeFactor: 0.5,
      askSizeFactor: 1,
    });
  });

  it("does nothing up to ±0.6, and nothing when the imbalance is not known", () => {
    const nothing = { bidAdd: 0, askAdd: 0, bidSizeFactor: 1, askSizeFactor: 1 };
    for (const imbalance of [0.6, -0.6, 0, undefined])
      expect(imbalanceRule(imbalance, 60_000)).toEqual(nothing);
  });

  it("goes by the operator's numbers and scales with the price", () => {
    const numbers = { threshold: 0.3, addBps: 5, sizeFactor: 0.8 };
    expect(imbalanceRule(0.4, 100, numbers)).toEqual({
      bidAdd: 0,
      askAdd: 0.05,
      bidSizeFactor: 1,
      askSizeFactor: 0.8,
    });
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        (i, fair) => {
          const one = imbalanceRule(i, fair);
          const dear = imbalanceRule(i, fair * 1_000);
          expect(dear.askAdd).toBeCloseTo(one.askAdd * 1_000, 6);
          expect(dear.bidAdd).toBeCloseTo(one.bidAdd * 1_000, 6);
          expect(one.askAdd * one.bidAdd).toBe(0);
        },
      ),
    );
  });
});
