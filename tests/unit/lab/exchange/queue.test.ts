import { describe, expect, it, test } from "vitest";
import { frontAfterDepth, wholeLotsAhead } from "../../../../server/lab/exchange/queue.ts";

describe("frontAfterDepth", () => {
  it("agrees with hftbacktest's probabilistic queue of power 2", () => {
    const front = frontAfterDepth(30, { prevLots: 80, newLots: 60, tradedLots: 5, exponent: 2 });
    // p = 50² / (50² + 30²) = 0.735…, 15 lots cancelled
    expect(front).toBeCloseTo(26.029411764705884, 10);
  });

  const cases = [
    { name: "an increase joins behind", front: 30, prev: 80, next: 100, traded: 0, expected: 30 },
    { name: "what traded is no cancel", front: 30, prev: 80, next: 75, traded: 5, expected: 30 },
    {
      name: "a level that is gone leaves nobody ahead",
      front: 30,
      prev: 80,
      next: 0,
      traded: 0,
      expected: 0,
    },
    {
      name: "the last in the queue moves up by all that left",
      front: 80,
      prev: 80,
      next: 60,
      traded: 0,
      expected: 60,
    },
    { name: "the first in the queue stays first", front: 0, prev: 80, next: 60, traded: 0, expected: 0 },
    { name: "never more than the level shows", front: 70, prev: 80, next: 50, traded: 40, expected: 50 },
    {
      name: "an unknown front becomes all that shows",
      front: Infinity,
      prev: 0,
      next: 60,
      traded: 0,
      expected: 60,
    },
    {
      name: "an unknown front is not moved by cancels",
      front: Infinity,
      prev: 80,
      next: 60,
      traded: 0,
      expected: 60,
    },
    { name: "never below nothing", front: 90, prev: 100, next: 5, traded: 0, expected: 0 },
  ];
  test.each(cases)("$name", ({ front, prev, next, traded, expected }) => {
    const change = { prevLots: prev, newLots: next, tradedLots: traded, exponent: 2 };
    expect(frontAfterDepth(front, change)).toBeCloseTo(expected, 9);
  });

  it("takes more cancels to stand behind us the larger the exponent", () => {
    const change = { prevLots: 80, newLots: 60, tradedLots: 0 };
    const square = frontAfterDepth(30, { ...change, exponent: 2 });
    const cube = frontAfterDepth(30, { ...change, exponent: 3 });
    expect(cube).toBeGreaterThan(square);
  });
});

describe("wholeLotsAhead", () => {
  test.each([
    [0, 0],
    [2.3, 3],
    [3, 3],
    [3 + 1e-12, 3],
    [Infinity, Infinity],
  ])("%d lots of others ahead trade as %d", (front, ahead) => {
    expect(wholeLotsAhead(front)).toBe(ahead);
  });
});
