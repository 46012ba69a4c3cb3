import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sizeSkew, withinLimit } from "../../../../server/core/quote/inventory.ts";

describe("size skew", () => {
  it.each([
    { name: "flat", q: 0, qStar: 0, beta: 1, bid: 2, ask: 2 },
    { name: "long", q: 6, qStar: 0, beta: 1, bid: 0.8, ask: 2 },
    { name: "short", q: -9, qStar: 0, beta: 1, bid: 2, ask: 0.2 },
    { name: "at the limit", q: 10, qStar: 0, beta: 1, bid: 0, ask: 2 },
    { name: "beyond the limit", q: 14, qStar: 0, beta: 1, bid: 0, ask: 2 },
    { name: "at its target", q: 3, qStar: 3, beta: 1, bid: 2, ask: 2 },
    { name: "short of its target", q: 0, qStar: 2, beta: 1, bid: 2, ask: 1.6 },
    { name: "long with β = 2", q: 5, qStar: 0, beta: 2, bid: 0.5, ask: 2 },
    { name: "long with β = 0", q: 5, qStar: 0, beta: 0, bid: 2, ask: 2 },
  ])("shrinks only the side that adds when $name", ({ q, qStar, beta, bid, ask }) => {
    const sizes = sizeSkew({ base: 2, q, qStar, qMax: 10, beta });
    expect(sizes.bid).toBeCloseTo(bid, 12);
    expect(sizes.ask).toBeCloseTo(ask, 12);
  });

  it.each([0, -1, NaN])("refuses a limit of %d rather than quote without one", (qMax) => {
    expect(() => sizeSkew({ base: 2, q: 0, qStar: 0, qMax, beta: 1 })).toThrow("limit must be positive");
  });
});

describe("the inventory limit", () => {
  // [q, open on the side of the order, order, limit]
  it.each([
    { q: 12, open: 0, order: -3, limit: 10, ok: true },
    { q: 9, open: 0, order: 2, limit: 10, ok: false },
    { q: 9, open: 1.5, order: 0.6, limit: 10, ok: false },
    { q: -11, open: 0, order: 4, limit: 10, ok: true },
    { q: 3, open: 0, order: -8, limit: 10, ok: true },
    { q: 12, open: 0, order: -25, limit: 10, ok: false },
  ])("judges $order with q = $q and $open open as $ok", ({ q, open, order, limit, ok }) => {
    expect(withinLimit(q, q + order + Math.sign(order) * open, limit)).toBe(ok);
  });

  it.each([
    { name: "the limit itself", q: 8, worst: 10, ok: true },
    { name: "a reduction that stays beyond the limit", q: 20, worst: 15, ok: true },
    { name: "no change beyond the limit", q: 20, worst: 20, ok: false },
    { name: "a flip beyond the other limit, although nearer to flat", q: 20, worst: -11, ok: false },
    { name: "an unknown worst case", q: 0, worst: NaN, ok: false },
    { name: "growth from flat beyond the limit", q: 0, worst: 10.5, ok: false },
  ])("gives $ok for $name", ({ q, worst, ok }) => {
    expect(withinLimit(q, worst, 10)).toBe(ok);
  });

  it("passes only the first of three venues that would each sell 12 from a position of 6", () => {
    const verdicts = [0, 12, 24].map((open) => withinLimit(6, 6 - 12 - open, 10));
    expect(verdicts).toEqual([true, false, false]);
  });

  it("never lets exposure beyond the limit grow or change its sign", () => {
    const amount = fc.double({ min: -100, max: 100, noNaN: true });
    fc.assert(
      fc.property(amount, amount, (q, worst) => {
        if (!withinLimit(q, worst, 10) || Math.abs(worst) <= 10) return;
        expect(worst * q).toBeGreaterThan(0);
        expect(Math.abs(worst)).toBeLessThan(Math.abs(q));
      }),
      { numRuns: 500 },
    );
  });
});
