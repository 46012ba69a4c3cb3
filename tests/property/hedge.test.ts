/** What holds of every hedge and arbitrage, whatever the books: optima against brute force, signs, units. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { createArbitrage, sizeArbitrage } from "../../server/core/hedge/arbitrage.ts";
import { hedgeExcess, internalisationBand } from "../../server/core/hedge/band.ts";
import { hedgedAsk, hedgedBid } from "../../server/core/hedge/hedgedQuote.ts";
import { createHedgeSplit, splitHedge } from "../../server/core/hedge/hedgeSplit.ts";
import { takePrice, type TakerVenue } from "../../server/core/hedge/takerVenue.ts";
import {
  documentCrossShift,
  documentHalfSpread,
  documentSkew,
  documentTierShift,
} from "../../server/core/quote/strategyDocument.ts";
import { takerVenue } from "../unit/core/hedge/fixtures.ts";

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true, noDefaultInfinity: true });

/** Steps between levels and their sizes; few and small, so that every split can be tried. */
const side = fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 })), {
  minLength: 1,
  maxLength: 3,
});

const venue = fc
  .record({
    bid: fc.integer({ min: 990, max: 1_010 }),
    bids: side,
    asks: side,
    takerFrac: number(-0.001, 0.003),
  })
  .map(({ bid, bids, asks, takerFrac }) =>
    takerVenue(levelsFrom(bid + 1, -1, bids), levelsFrom(bid, 1, asks), { takerFrac, lotBase: 1 }),
  );

function levelsFrom(
  start: number,
  direction: number,
  steps: readonly (readonly [number, number])[],
): number[] {
  let ticks = start;
  return steps.flatMap(([step, lots]) => [(ticks += direction * step), lots]);
}

/** Cash of taking `lots` at one venue, fees included; undefined when it does not show them. */
function cashOf(at: TakerVenue, taking: "buy" | "sell", lots: number): number | undefined {
  if (lots === 0) return 0;
  const price = takePrice(at, taking, lots);
  if (price === undefined) return undefined;
  return taking === "buy" ? -lots * price * (1 + at.takerFrac) : lots * price * (1 - at.takerFrac);
}

it("splits a hedge so that no other split costs less", () => {
  fc.assert(
    fc.property(
      venue,
      venue,
      fc.constantFrom("buy", "sell"),
      fc.integer({ min: 1, max: 12 }),
      (a, b, taking, lots) => {
        const split = createHedgeSplit(2);
        splitHedge([a, b], taking, lots, split);
        const taken = lots - split.unfilledBase;
        let best = -Infinity;
        for (let atA = 0; atA <= taken; atA++) {
          const cashA = cashOf(a, taking, atA);
          const cashB = cashOf(b, taking, taken - atA);
          if (cashA !== undefined && cashB !== undefined) best = Math.max(best, cashA + cashB);
        }
        expect(split.cash).toBeCloseTo(best, 9);
        expect((split.lots[0] ?? 0) + (split.lots[1] ?? 0)).toBe(taken);
      },
    ),
  );
});

it("sizes an arbitrage so that no other size earns more", () => {
  fc.assert(
    fc.property(venue, venue, (buy, sell) => {
      const out = createArbitrage();
      sizeArbitrage(buy, sell, { edgeMin: 0, sizeMaxBase: Infinity }, out);
      let best = 0;
      for (let lots = 1; lots <= 12; lots++) {
        const paid = cashOf(buy, "buy", lots);
        const received = cashOf(sell, "sell", lots);
        if (paid !== undefined && received !== undefined) best = Math.max(best, paid + received);
      }
      expect(out.profit).toBeCloseTo(best, 9);
      if (out.sizeBase > 0) {
        const cash = (cashOf(buy, "buy", out.sizeBase) ?? NaN) + (cashOf(sell, "sell", out.sizeBase) ?? NaN);
        expect(cash).toBeCloseTo(out.profit, 9);
      }
    }),
  );
});

const terms = fc.record({
  makerFrac: number(-0.001, 0.002),
  takerFrac: number(0, 0.003),
  profitFrac: number(0, 0.005),
  slippageFrac: number(0, 0.005),
});

it("asks more of a hedged quote with every cost", () => {
  fc.assert(
    fc.property(
      terms,
      fc.constantFrom("makerFrac", "takerFrac", "profitFrac", "slippageFrac"),
      number(1e-6, 0.001),
      (given, name, more) => {
        const dearer = { ...given, [name]: given[name] + more };
        expect(hedgedBid(100, dearer)).toBeLessThan(hedgedBid(100, given));
        expect(hedgedAsk(100, dearer)).toBeGreaterThan(hedgedAsk(100, given));
      },
    ),
  );
});

const band = fc.record({
  takingCost: number(0.01, 10),
  slope: number(0.001, 1),
  fillVariancePerS: number(0.001, 10),
  gamma: number(1e-4, 1),
  sigma: number(0.01, 10),
});

it("hedges towards flat, down to the band and no further", () => {
  fc.assert(
    fc.property(number(-1e3, 1e3), number(0, 100), (q, bandBase) => {
      const left = q + hedgeExcess(q, bandBase);
      expect(Math.abs(left)).toBeCloseTo(Math.min(Math.abs(q), bandBase), 9);
      expect(left * q).toBeGreaterThanOrEqual(0);
    }),
  );
});

it("has a band in base units whatever the units of price and time", () => {
  fc.assert(
    fc.property(band, (given) => {
      const expected = internalisationBand(given);
      const price = 1_000;
      const inCents = internalisationBand({
        ...given,
        takingCost: given.takingCost * price,
        slope: given.slope * price,
        sigma: given.sigma * price,
        gamma: given.gamma / price,
      });
      const perMinute = internalisationBand({
        ...given,
        fillVariancePerS: given.fillVariancePerS * 60,
        sigma: given.sigma * Math.sqrt(60),
      });
      expect(inCents / expected).toBeCloseTo(1, 9);
      expect(perMinute / expected).toBeCloseTo(1, 9);
    }),
  );
});

it("widens the band with what taking costs, and narrows it with risk aversion", () => {
  fc.assert(
    fc.property(band, number(1.01, 10), (given, factor) => {
      const base = internalisationBand(given);
      expect(internalisationBand({ ...given, takingCost: given.takingCost * factor })).toBeGreaterThan(base);
      const averse = { ...given, gamma: given.gamma * factor, slope: given.slope * Math.sqrt(factor) };
      expect(internalisationBand(averse)).toBeLessThan(base);
    }),
  );
});

it("quotes by the document's rules with signs that reduce inventory, in proportion to the price", () => {
  fc.assert(
    fc.property(number(-1.5, 1.5), number(0.1, 1e5), number(0, 0.01), (share, fair, sigmaFrac) => {
      const quotesAt = (scale: number) => {
        const price = fair * scale;
        const half = documentHalfSpread({
          fair: price,
          baseSpreadFrac: 0.002,
          sigma: sigmaFrac * price,
          horizonS: 1,
        });
        const centre =
          price + documentSkew(price, share, 0.001) + documentCrossShift(price, price * 1.001, 0.3);
        return {
          bid: centre - half + documentTierShift(price, share, "buy"),
          ask: centre + half + documentTierShift(price, share, "sell"),
          flatBid: price * 1.0003 - half,
          flatAsk: price * 1.0003 + half,
        };
      };
      const quotes = quotesAt(1);
      expect(quotes.bid).toBeLessThan(quotes.ask);
      const slack = fair * 1e-12;
      if (share > 0)
        expect(Math.max(quotes.bid - quotes.flatBid, quotes.ask - quotes.flatAsk)).toBeLessThan(slack);
      if (share < 0)
        expect(Math.min(quotes.bid - quotes.flatBid, quotes.ask - quotes.flatAsk)).toBeGreaterThan(-slack);
      const scaled = quotesAt(1_000);
      expect(scaled.bid / quotes.bid).toBeCloseTo(1_000, 6);
      expect(scaled.ask / quotes.ask).toBeCloseTo(1_000, 6);
    }),
  );
});
