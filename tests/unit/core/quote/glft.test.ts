import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfSpreadCore, liquidity, skewSlope, type VenueFlow } from "../../../../server/core/quote/glft.ts";

/** GLFT 2013 figure 1, in ticks and seconds. */
const PAPER = { sigma: 0.3, A: 0.9, k: 0.3, gamma: 0.01, orderSize: 1 };

function relativeError(actual: number | undefined, expected: number): number {
  return Math.abs((actual ?? NaN) / expected - 1);
}

function deltas(q: number, cost: number): { bid: number; ask: number; slope: number } {
  const { sigma, gamma, A, k, orderSize } = PAPER;
  const slope = skewSlope({ gamma, sigma, venues: [{ A, k, orderSize, cost }] });
  const half = halfSpreadCore(gamma, orderSize, k) + cost + (slope * orderSize) / 2;
  return { bid: half + slope * q, ask: half - slope * q, slope };
}

describe("the GLFT closed form", () => {
  it.each([
    {
      name: "flat",
      q: 0,
      cost: 0,
      bid: 3.312915198564529,
      ask: 3.312915198564529,
      slope: 0.0678658325308838,
    },
    {
      name: "long 3",
      q: 3,
      cost: 0,
      bid: 3.5165126961571804,
      ask: 3.1093177009718778,
      slope: 0.0678658325308838,
    },
    {
      name: "short 5",
      q: -5,
      cost: 0,
      bid: 2.97358603591011,
      ask: 3.652244361218948,
      slope: 0.0678658325308838,
    },
    {
      name: "nearer to the target that a drift of 0.001 sets",
      q: 2 - 0.001 / (0.01 * 0.3 ** 2),
      cost: 0,
      bid: 3.3732403830364257,
      ask: 3.2525900140926325,
      slope: 0.0678658325308838,
    },
    {
      name: "with a cost",
      q: 2,
      cost: 0.5,
      bid: 3.961861045478163,
      ask: 3.6692550243916418,
      slope: 0.07315150527163028,
    },
  ])("quotes the reference distances when $name", ({ q, cost, bid, ask, slope }) => {
    const actual = deltas(q, cost);
    expect(relativeError(actual.bid, bid)).toBeLessThan(1e-10);
    expect(relativeError(actual.ask, ask)).toBeLessThan(1e-10);
    expect(relativeError(actual.slope, slope)).toBeLessThan(1e-10);
  });

  it("holds in dollars and bitcoins with a maker fee of 1 bp", () => {
    const sigma = (60_000 * 0.5) / Math.sqrt(31_536_000);
    const venue = { A: 0.5, k: 0.05, orderSize: 0.01, cost: 6 };
    const slope = skewSlope({ gamma: 0.01, sigma, venues: [venue] });
    const half = halfSpreadCore(0.01, 0.01, 0.05) + venue.cost + (slope * 0.01) / 2;
    expect(relativeError(slope, 45.78691310547634)).toBeLessThan(1e-10);
    expect(relativeError(half + slope * 0.07, 29.414045109641286)).toBeLessThan(1e-10);
    expect(relativeError(half - slope * 0.07, 23.003877274874597)).toBeLessThan(1e-10);
  });

  it("raises the slope by e^(k·cost/2) on one venue", () => {
    expect(relativeError(deltas(0, 0.7).slope / deltas(0, 0).slope, Math.exp((0.3 * 0.7) / 2))).toBeLessThan(
      1e-10,
    );
  });

  it("pools the liquidity of several venues into one slope", () => {
    const flows: [number, number][] = [
      [0.5, 0.05],
      [0.3, 0.04],
      [0.2, 0.08],
    ];
    const venues = flows.map(([A, k]): VenueFlow => ({ A, k, orderSize: 0.01, cost: 0 }));
    const reference = [9.187799759297272e-5, 4.409043136891548e-5, 5.882394944632055e-5];
    venues.forEach((venue, i) =>
      expect(relativeError(liquidity(venue, 0.01), reference[i] ?? NaN)).toBeLessThan(1e-10),
    );
    const slope = skewSlope({ gamma: 0.01, sigma: 5.342, venues });
    expect(relativeError(slope, 27.064680568107622)).toBeLessThan(1e-10);
    const firstHalf = halfSpreadCore(0.01, 0.01, 0.05) + (slope * 0.01) / 2;
    expect(relativeError(firstHalf + slope * 0.07, 22.009877669338632)).toBeLessThan(1e-10);
    expect(relativeError(firstHalf - slope * 0.07, 18.220822389803565)).toBeLessThan(1e-10);
    const alone = venues.map((venue) => skewSlope({ gamma: 0.01, sigma: 5.342, venues: [venue] }));
    [39.40788481398066, 56.887482107679595, 49.25063065195495].forEach((s, i) =>
      expect(relativeError(alone[i], s)).toBeLessThan(1e-10),
    );
  });

  it("is infinitely steep where nothing trades", () => {
    expect(skewSlope({ gamma: 0.01, sigma: 1, venues: [] })).toBe(Infinity);
  });
});

describe("the risk-neutral limit", () => {
  it.each([0, 1e-300, 1e-18, 1e-12])("is 1/k without loss of digits at γ = %d", (gamma) => {
    expect(relativeError(halfSpreadCore(gamma, 2, 0.3), 1 / 0.3)).toBeLessThan(1e-11);
    expect(
      relativeError(liquidity({ A: 0.9, k: 0.3, orderSize: 2, cost: 0 }, gamma), (0.9 * 0.3 * 2) / Math.E),
    ).toBeLessThan(1e-11);
  });

  it("is approached from below: more risk aversion never widens c1 and never thins the slope", () => {
    const positive = fc.double({ min: 1e-6, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(
        positive,
        positive,
        positive,
        fc.double({ min: 1.01, max: 10, noNaN: true }),
        (gamma, size, k, more) => {
          const venues = [{ A: 1, k, orderSize: size, cost: 0 }];
          expect(halfSpreadCore(gamma * more, size, k)).toBeLessThanOrEqual(
            halfSpreadCore(gamma, size, k) * (1 + 1e-15),
          );
          expect(halfSpreadCore(gamma, size, k)).toBeLessThanOrEqual((1 / k) * (1 + 1e-15));
          expect(skewSlope({ gamma: gamma * more, sigma: 1, venues })).toBeGreaterThan(
            skewSlope({ gamma, sigma: 1, venues }),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});
