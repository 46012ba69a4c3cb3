import { describe, expect, it } from "vitest";
import { halfSpreadCore, type VenueFlow } from "../../../../server/core/quote/glft.ts";
import {
  halfLifeSeconds,
  inventorySd,
  reversionSpeed,
  slopeForInventorySd,
} from "../../../../server/core/quote/inventoryDynamics.ts";

const PAPER: VenueFlow = { A: 0.9, k: 0.3, orderSize: 1, cost: 0 };
const PAPER_SLOPE = 0.0678658325308838;

const quoting = (slope: number, venues: readonly VenueFlow[]) => ({
  slope,
  venues,
  halfSpreads: venues.map(({ orderSize, k }) => halfSpreadCore(0.01, orderSize, k)),
});

describe("inventory under stationary quotes", () => {
  it("has the deviation, pull and half-life of GLFT's figure 1", () => {
    const kappa = reversionSpeed(quoting(PAPER_SLOPE, [PAPER]));
    expect(inventorySd(PAPER_SLOPE, [PAPER])).toBeCloseTo(4.9556289831561875, 10);
    expect(kappa).toBeCloseTo(0.013564715952231469, 12);
    expect(halfLifeSeconds(kappa)).toBeCloseTo(51.09927719834921, 9);
  });

  it("settles at the deviation that the slope was chosen for, on any number of venues", () => {
    const venues = [
      PAPER,
      { A: 0.2, k: 0.5, orderSize: 3, cost: 0.4 },
      { A: 2, k: 0.1, orderSize: 0.5, cost: -0.1 },
    ];
    expect(inventorySd(slopeForInventorySd(2.5, venues), venues)).toBeCloseTo(2.5, 12);
  });

  it("is pulled back more slowly by e^(−k·cost), because the quotes stand further out", () => {
    const pull = (cost: number) => reversionSpeed(quoting(0.07, [{ ...PAPER, cost }]));
    expect(pull(2) / pull(0)).toBeCloseTo(Math.exp(-0.6), 12);
  });

  it("does not notice that one venue is split into two halves of its flow", () => {
    const half = { ...PAPER, A: PAPER.A / 2 };
    expect(slopeForInventorySd(4, [half, half])).toBeCloseTo(slopeForInventorySd(4, [PAPER]), 14);
    const split = reversionSpeed(quoting(0.07, [half, half]));
    expect(split).toBeCloseTo(reversionSpeed(quoting(0.07, [PAPER])), 14);
  });

  it("weighs a venue by its flow, and a costly venue's flow by e^(−k·cost)", () => {
    const small = { A: 1, k: 0.3, orderSize: 1, cost: 0 };
    const large = { A: 1, k: 0.3, orderSize: 4, cost: 0 };
    // Σ λΔ² / (2·Σ λΔk·sd²) with λ = 1, e^(−0.3·2): by hand.
    const rate = Math.exp(-0.6);
    const expected = (1 + 16 * rate) / (2 * 0.3 * (1 + 4 * rate));
    expect(slopeForInventorySd(1, [small, { ...large, cost: 2 }])).toBeCloseTo(expected, 12);
  });

  it("agrees with a birth-death chain solved exactly, two unlike venues pooled", () => {
    const venues = [
      { A: 0.5, k: 0.3, orderSize: 1, cost: 0 },
      { A: 0.3, k: 0.2, orderSize: 1, cost: 0 },
    ];
    const slope = 0.03;
    // Detailed balance over q: up-rate at q equals Σ λ·e^(−k·s·(q+½)), down-rate at q+1 its mirror.
    const up = (q: number): number =>
      venues.reduce((sum, { A, k }) => sum + A * Math.exp(-k * (1 / k + slope * (q + 0.5))), 0);
    let weight = 1;
    let total = 1;
    let second = 0;
    for (let q = 0; q < 60; q++) {
      weight *= up(q) / up(-q - 1);
      total += 2 * weight;
      second += 2 * weight * (q + 1) ** 2;
    }
    expect(inventorySd(slope, venues) / Math.sqrt(second / total)).toBeCloseTo(1, 2);
  });
});
