import { describe, expect, it } from "vitest";
import { halfSpreadCore } from "../../../../server/core/quote/glft.ts";
import {
  finiteHorizonQuotes,
  HORIZON_STEPS_MAX,
  horizonSteps,
} from "../../../../server/core/quote/glftOde.ts";
import { spectralQuotes, type SpectralProblem } from "../../../../server/core/quote/glftSpectral.ts";

/** GLFT 2013 figure 1, in ticks and seconds. */
const PAPER: SpectralProblem = {
  flow: { A: 0.9, k: 0.3, orderSize: 1, cost: 0 },
  gamma: 0.01,
  sigma: 0.3,
  ordersMax: 30,
};

describe("quotes with an end in sight", () => {
  it.each([
    { q: -10, distance: 2.632802 },
    { q: 0, distance: 3.3130454 },
    { q: 10, distance: 3.9929326 },
  ])("stand at $distance ticks with $q orders and 600 s to go", ({ q, distance }) => {
    expect(finiteHorizonQuotes(PAPER, 600).bid[q + 30]).toBeCloseTo(distance, 7);
  });

  it("know no inventory in the last moment, when there is nothing left to lose", () => {
    const { bid } = finiteHorizonQuotes(PAPER, 0);
    const core = halfSpreadCore(PAPER.gamma, 1, PAPER.flow.k);
    for (const distance of bid) expect(distance).toBeCloseTo(core, 12);
  });

  it("solve v' = M·v: a small step backwards changes ln(v_n/v_n+1) as M says", () => {
    const { alpha, eta } = { alpha: 1.35e-4, eta: 0.3256783558 };
    const atS = 40;
    const stepS = 1e-3;
    const [before, at, after] = [atS - stepS, atS, atS + stepS].map(
      (seconds) => finiteHorizonQuotes(PAPER, seconds).bid,
    );
    // L_n = k·δ_n up to a constant is ln(v_n/v_n+1); with v' = −M·v its slope is (Mv)_n+1/v_n+1 − (Mv)_n/v_n.
    const core = halfSpreadCore(PAPER.gamma, 1, 0.3);
    const ratio = (n: number): number => Math.exp(-0.3 * ((at?.[n + 30] ?? NaN) - core));
    const rate = (n: number): number => alpha * n * n - eta * (ratio(n) + 1 / ratio(n - 1));
    for (const n of [-7, 0, 4]) {
      const slope = ((after?.[n + 30] ?? NaN) - (before?.[n + 30] ?? NaN)) / (2 * stepS);
      expect(slope).toBeCloseTo((rate(n + 1) - rate(n)) / 0.3, 8);
    }
  });

  it("become the stationary ones when the end is far away", () => {
    const stationary = spectralQuotes(PAPER).bid;
    for (const [at, distance] of finiteHorizonQuotes(PAPER, 3_000).bid.entries())
      expect(distance).toBeCloseTo(stationary[at] ?? NaN, 10);
  });

  it("refuse a horizon that would take minutes to compute", () => {
    expect(horizonSteps(PAPER, 1e9)).toBeGreaterThan(HORIZON_STEPS_MAX);
    expect(() => finiteHorizonQuotes(PAPER, 1e9)).toThrow("use the spectral quotes");
  });
});
