import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halfSpreadCore, skewSlope, type VenueFlow } from "../../../../server/core/quote/glft.ts";
import {
  distancesAt,
  ORDERS_MAX,
  pooledFlow,
  spectralQuotes,
  type SpectralProblem,
} from "../../../../server/core/quote/glftSpectral.ts";
import { inventorySd } from "../../../../server/core/quote/inventoryDynamics.ts";

/** GLFT 2013 figure 1, in ticks and seconds. */
const PAPER: SpectralProblem = {
  flow: { A: 0.9, k: 0.3, orderSize: 1, cost: 0 },
  gamma: 0.01,
  sigma: 0.3,
  ordersMax: 30,
};

const logUniform = (low: number, high: number) =>
  fc
    .double({ min: Math.log(low), max: Math.log(high), noNaN: true, noDefaultInfinity: true })
    .map((exponent) => Math.exp(exponent));

const flows = fc.record({
  A: logUniform(1e-3, 10),
  k: logUniform(0.01, 10),
  orderSize: logUniform(0.01, 10),
  cost: fc.constant(0),
});

const problems: fc.Arbitrary<SpectralProblem> = fc.record({
  flow: flows,
  gamma: logUniform(1e-5, 1),
  sigma: logUniform(0.01, 3),
  ordersMax: fc.integer({ min: 1, max: 60 }),
});

function relativeError(actual: number | undefined, expected: number): number {
  return Math.abs((actual ?? NaN) / expected - 1);
}

describe("the exact stationary quotes", () => {
  it("satisfy the eigenvalue equation of the paper at every inventory", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { flow, gamma, sigma, ordersMax } = problem;
        const { bid, lambda0 } = spectralQuotes(problem);
        const x = (gamma * flow.orderSize) / flow.k;
        const eta = flow.A * (1 + x) ** -(1 + 1 / x);
        const alpha = (flow.k * gamma * sigma ** 2 * flow.orderSize) / 2;
        // δ gives the ratios f_n+1/f_n back: αn² − η·(f_n+1 + f_n−1)/f_n = λ₀.
        const c1 = halfSpreadCore(gamma, flow.orderSize, flow.k);
        const up = (n: number): number =>
          n < ordersMax ? Math.exp(flow.k * (c1 - (bid[n + ordersMax] ?? NaN))) : 0;
        for (let n = -ordersMax; n <= ordersMax; n++) {
          const left = alpha * n * n - eta * (up(n) + up(-n));
          expect(Math.abs(left - lambda0)).toBeLessThan(1e-9 * (alpha * n * n + 2 * eta));
        }
      }),
      { numRuns: 50 },
    );
  });

  it("stand on the ground eigenvector: all of it is positive, and the gap is too", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { bid, spectralGap } = spectralQuotes(problem);
        expect(bid.every(Number.isFinite)).toBe(true);
        expect(spectralGap).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it("move away from the price with every order that is held, on the side that adds to it", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { bid } = spectralQuotes(problem);
        for (let at = 1; at < bid.length; at++) expect(bid[at]).toBeGreaterThan(bid[at - 1] ?? NaN);
      }),
      { numRuns: 50 },
    );
  });

  it("come to the closed form where inventory is small and its risk is too", () => {
    const problem = { ...PAPER, sigma: 0.01, ordersMax: ORDERS_MAX };
    const { flow, gamma, sigma } = problem;
    const slope = skewSlope({ gamma, sigma, venues: [flow] });
    const table = spectralQuotes(problem);
    for (const q of [-2, 0, 3]) {
      const { bid, ask } = distancesAt(table, q);
      const closed = halfSpreadCore(gamma, 1, flow.k) + slope / 2;
      expect(relativeError(bid, closed + slope * q)).toBeLessThan(1e-5);
      expect(relativeError(ask, closed - slope * q)).toBeLessThan(1e-5);
    }
  });

  it("scale with the price and do not know the unit of time", () => {
    fc.assert(
      fc.property(problems, (problem) => {
        const { flow, gamma, sigma } = problem;
        const dearer = {
          ...problem,
          flow: { ...flow, k: flow.k / 1_000 },
          gamma: gamma / 1_000,
          sigma: sigma * 1_000,
        };
        const inMinutes = { ...problem, flow: { ...flow, A: flow.A * 60 }, sigma: sigma * Math.sqrt(60) };
        const { bid } = spectralQuotes(problem);
        const scaled = spectralQuotes(dearer);
        const slower = spectralQuotes(inMinutes);
        for (const [at, distance] of bid.entries()) {
          const tolerance = 1e-9 * (Math.abs(distance) + 1 / flow.k);
          expect(Math.abs((scaled.bid[at] ?? NaN) / 1_000 - distance)).toBeLessThan(tolerance);
          expect(Math.abs((slower.bid[at] ?? NaN) - distance)).toBeLessThan(tolerance);
        }
      }),
      { numRuns: 30 },
    );
  });

  it("keep every digit where the eigenvector itself would vanish", () => {
    const steep = { ...PAPER, gamma: 1, sigma: 5, ordersMax: ORDERS_MAX };
    const { bid } = spectralQuotes(steep);
    expect(bid.every(Number.isFinite)).toBe(true);
    // f falls by η/(αn²) with every order there: far below what a double can hold in the end.
    const { flow, gamma, sigma } = steep;
    const eta = flow.A * (1 + gamma / flow.k) ** -(1 + flow.k / gamma);
    const alpha = (flow.k * gamma * sigma ** 2) / 2;
    const outermost = halfSpreadCore(gamma, 1, flow.k) + Math.log((alpha * ORDERS_MAX ** 2) / eta) / flow.k;
    expect(relativeError(bid[2 * ORDERS_MAX - 1], outermost)).toBeLessThan(1e-6);
  });

  it.each([0, 2.5, ORDERS_MAX + 1])("refuse a table of %s orders", (ordersMax) => {
    expect(() => spectralQuotes({ ...PAPER, ordersMax })).toThrow("whole number");
  });

  it("refuse parameters without risk", () => {
    expect(() => spectralQuotes({ ...PAPER, sigma: 0 })).toThrow("positive");
  });
});

describe("the distances at an inventory", () => {
  const table = spectralQuotes({ ...PAPER, flow: { ...PAPER.flow, orderSize: 0.1 } });

  it("are those of whole orders there, and between two of them between theirs", () => {
    expect(distancesAt(table, 0.2).bid).toBeCloseTo(table.bid[32] ?? NaN, 12);
    expect(distancesAt(table, 0.2).ask).toBeCloseTo(table.bid[28] ?? NaN, 12);
    const middle = ((table.bid[32] ?? NaN) + (table.bid[33] ?? NaN)) / 2;
    expect(distancesAt(table, 0.25).bid).toBeCloseTo(middle, 12);
  });

  it("stay what they are at the end of the table beyond it", () => {
    expect(distancesAt(table, 99)).toEqual({ bid: table.bid[59], ask: table.bid[0] });
    expect(distancesAt(table, -99)).toEqual({ bid: table.bid[0], ask: table.bid[59] });
  });
});

describe("one flow in place of several venues", () => {
  const venues: VenueFlow[] = [
    { A: 0.5, k: 0.05, orderSize: 0.01, cost: 2 },
    { A: 0.3, k: 0.04, orderSize: 0.02, cost: -1 },
    { A: 0.2, k: 0.08, orderSize: 0.01, cost: 0 },
  ];

  it("has their skew slope and their inventory", () => {
    const risk = { gamma: 0.01, sigma: 5 };
    const pooled = [pooledFlow(venues, risk.gamma)];
    const slope = skewSlope({ ...risk, venues });
    expect(relativeError(skewSlope({ ...risk, venues: pooled }), slope)).toBeLessThan(1e-12);
    expect(relativeError(inventorySd(slope, pooled), inventorySd(slope, venues))).toBeLessThan(1e-12);
  });

  it("is the venue itself when there is one, its cost inside A", () => {
    const [first] = venues;
    const pooled = pooledFlow(venues.slice(0, 1), 0.01);
    expect(relativeError(pooled.A, 0.5 * Math.exp(-0.05 * 2))).toBeLessThan(1e-12);
    expect(pooled).toMatchObject({ k: first?.k, orderSize: first?.orderSize, cost: 0 });
  });
});
