import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Side } from "../../../../server/contract/units.ts";
import { bringIn, createAttribution, fill, mark, read } from "../../../../server/core/ledger/attribution.ts";
import type {
  AttributedFill,
  Attribution,
  AttributionView,
  FillCategory,
} from "../../../../server/core/ledger/attribution.ts";
import { valueOf } from "../../../../server/core/ledger/compensatedSum.ts";

function readMarked(attribution: Attribution): AttributionView {
  const view = read(attribution);
  if (view === undefined) throw new Error("not marked yet");
  return view;
}

function sumOfParts({ total: _total, turnoverQuote: _turnover, ...parts }: AttributionView): number {
  return Object.values(parts).reduce((sum, part) => sum + part, 0);
}

function fillOf(
  category: FillCategory,
  side: Side,
  quantityBase: number,
  priceQuote: number,
): AttributedFill {
  return { category, side, quantityBase, priceQuote, feeQuote: 0, feeBase: 0 };
}

describe("attribution of profit and loss", () => {
  it("splits the worked example into its parts", () => {
    // Vector pnl_attribution; revaluation is its adverse selection −0.3 plus inventory 0.2997, without the funding.
    const a = createAttribution();
    mark(a, 100);
    fill(a, { ...fillOf("maker", "buy", 2, 99.95), feeQuote: -0.01 });
    mark(a, 99.9);
    fill(a, { ...fillOf("maker", "buy", 1, 99.86), feeBase: 0.001 });
    mark(a, 99.8);
    fill(a, { ...fillOf("hedge", "sell", 1.5, 99.77), feeQuote: 0.0748 });
    mark(a, 100.1);
    fill(a, { ...fillOf("arbitrage", "buy", 1, 100.02), feeQuote: 0.05 });
    fill(a, { ...fillOf("arbitrage", "sell", 1, 100.2), feeQuote: 0.05 });
    fill(a, { ...fillOf("maker", "sell", 1, 100.15), feeQuote: -0.005 });
    mark(a, 100.05);
    mark(a, 100.2);
    const expected: AttributionView = {
      spreadCapture: 0.19,
      hedging: -0.045,
      arbitrage: 0.18,
      reducing: 0,
      makerFees: -0.0849,
      takerFees: -0.1748,
      revaluation: -0.0003,
      total: 0.065,
      turnoverQuote: 199.9 + 99.86 + 149.655 + 100.02 + 100.2 + 100.15,
    };
    const view = readMarked(a);
    for (const [name, value] of Object.entries(expected))
      expect([name, view[name as keyof AttributionView]]).toEqual([name, expect.closeTo(value, 10)]);
    expect(valueOf(a.quantityBase)).toBeCloseTo(0.499, 12);
    expect(valueOf(a.cashQuote)).toBeCloseTo(-49.9548 + 0.02, 10);
  });

  it.each([
    { category: "maker", part: "spreadCapture", fees: "makerFees" },
    { category: "hedge", part: "hedging", fees: "takerFees" },
    { category: "arbitrage", part: "arbitrage", fees: "takerFees" },
    { category: "reduce", part: "reducing", fees: "takerFees" },
  ] as const)(
    "books the edge of a $category fill as $part and its fees as $fees",
    ({ category, part, fees }) => {
      const a = createAttribution();
      mark(a, 100);
      fill(a, { ...fillOf(category, "sell", 2, 101), feeQuote: 0.5, feeBase: 2 ** -6 });
      const zero = {
        spreadCapture: 0,
        hedging: 0,
        arbitrage: 0,
        reducing: 0,
        makerFees: 0,
        takerFees: 0,
        revaluation: 0,
      };
      expect(readMarked(a)).toEqual({
        ...zero,
        [part]: 2,
        [fees]: -2.0625,
        total: -0.0625,
        turnoverQuote: 202,
      });
    },
  );

  it("is undefined before the first mark, and then values what was filled before by that mark", () => {
    const early = createAttribution();
    const late = createAttribution();
    const first = { ...fillOf("maker", "buy", 1, 99), feeBase: 0.01 };
    fill(early, first);
    bringIn(early, 3);
    expect(read(early)).toBeUndefined();
    mark(early, 100);
    expect(Object.values(early.parts).map((part) => part.unpricedBase)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    mark(late, 100);
    fill(late, first);
    bringIn(late, 3);
    for (const a of [early, late]) mark(a, 101);
    expect(read(early)).toEqual(read(late));
    expect(readMarked(early)).toMatchObject({ spreadCapture: 1, makerFees: -1 });
    expect(readMarked(early).revaluation).toBeCloseTo(3.99, 12);
  });

  it("never counts inventory that is brought in, only what it earns afterwards", () => {
    const a = createAttribution();
    mark(a, 100);
    bringIn(a, 5);
    expect(readMarked(a).total).toBe(0);
    mark(a, 102);
    bringIn(a, -5);
    mark(a, 110);
    expect(readMarked(a)).toMatchObject({ revaluation: 10, total: 10, turnoverQuote: 0 });
  });

  it("does not change when it is read", () => {
    const a = createAttribution();
    mark(a, 100);
    fill(a, fillOf("maker", "buy", 1, 99));
    mark(a, 103);
    const before = structuredClone(a);
    read(a);
    expect(a).toEqual(before);
  });

  it.each([0, -1, NaN, Infinity])("takes a mark of %d as a broken invariant", (price) => {
    expect(() => mark(createAttribution(), price)).toThrow(/invariant/);
  });

  it("sums to cash + inventory at the mark, within 1e-9 of the turnover, over any events", () => {
    const price = fc.double({ min: 0.01, max: 100_000, noNaN: true });
    const quantityBase = fc.double({ min: 1e-8, max: 1_000, noNaN: true });
    const event = fc.oneof(
      fc.record({ type: fc.constant("mark" as const), price }),
      fc.record({
        type: fc.constant("fill" as const),
        category: fc.constantFrom<FillCategory>("maker", "hedge", "arbitrage", "reduce"),
        side: fc.constantFrom<Side>("buy", "sell"),
        quantityBase,
        offFrac: fc.double({ min: -0.01, max: 0.01, noNaN: true }),
        feeFrac: fc.double({ min: -0.001, max: 0.01, noNaN: true }),
        inBase: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(price, fc.array(event, { maxLength: 200 }), (start, events) => {
        const a = createAttribution();
        mark(a, start);
        let at = start;
        let highest = start;
        for (const e of events) {
          if (e.type === "mark") {
            at = e.price;
            highest = Math.max(highest, at);
            mark(a, at);
          } else {
            const priceQuote = at * (1 + e.offFrac);
            const feeQuote = e.inBase ? 0 : e.feeFrac * e.quantityBase * priceQuote;
            const feeBase = e.inBase ? e.feeFrac * e.quantityBase : 0;
            fill(a, { ...fillOf(e.category, e.side, e.quantityBase, priceQuote), feeQuote, feeBase });
          }
        }
        const view = readMarked(a);
        // Marks here jump by any factor, so inventory may be worth far more than was ever traded.
        const scale = view.turnoverQuote + Math.abs(valueOf(a.quantityBase)) * highest;
        expect(Math.abs(sumOfParts(view) - view.total)).toBeLessThanOrEqual(1e-9 * scale);
        expect(view.total).toBe(valueOf(a.cashQuote) + valueOf(a.quantityBase) * at);
      }),
      { numRuns: 200, seed: 5 },
    );
  });

  it("holds the identity to 1e-9 of the turnover after 100,000 fills of an ordinary day", () => {
    const a = createAttribution();
    mark(a, 64_000);
    for (let i = 0; i < 100_000; i++) {
      const priceQuote = 64_000 + ((i * 7_919) % 1_000) * 0.01;
      mark(a, priceQuote + 0.37);
      const side = i % 2 === 0 ? "buy" : "sell";
      fill(a, { ...fillOf("maker", side, 0.00123, priceQuote), feeQuote: -1e-4, feeBase: 1.3e-7 });
    }
    const view = readMarked(a);
    expect(Math.abs(sumOfParts(view) - view.total)).toBeLessThanOrEqual(1e-15 * view.turnoverQuote);
  });
});
