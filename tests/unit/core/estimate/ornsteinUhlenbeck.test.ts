import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createOrnsteinUhlenbeck,
  dickeyFullerCritical,
  fitOrnsteinUhlenbeck,
  readOrnsteinUhlenbeck,
  sampleOrnsteinUhlenbeck,
  type OrnsteinUhlenbeck,
} from "../../../../server/core/estimate/ornsteinUhlenbeck.ts";
import { stateHash } from "../../../../server/engine/hash/canonical.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const SECOND_US = 1_000_000;
const START_US = 1_700_000_000 * SECOND_US;
const GRID = { stepS: 1, horizonS: 1_800 };

interface Process {
  readonly theta: number;
  readonly mu: number;
  readonly sigma: number;
}

/** Exact steps of one second; θ = 0 is a random walk. */
function pathOf(seed: number, n: number, { theta, mu, sigma }: Process): number[] {
  const { normal } = randomStream(seed, "path");
  const b = Math.exp(-theta);
  const step = theta === 0 ? sigma : sigma * Math.sqrt((1 - b * b) / (2 * theta));
  let x = mu;
  return Array.from({ length: n }, () => (x = mu + b * (x - mu) + step * normal()));
}

function fed(path: readonly number[], grid = GRID): { state: OrnsteinUhlenbeck; atUs: number } {
  const state = createOrnsteinUhlenbeck();
  let atUs = START_US;
  for (const price of path) sampleOrnsteinUhlenbeck(state, (atUs += grid.stepS * SECOND_US), price, grid);
  return { state, atUs };
}

describe("the Ornstein–Uhlenbeck estimate", () => {
  it("finds speed, mean and volatility of a process that reverts, within its errors", () => {
    const truth = { theta: 0.05, mu: 60_000, sigma: 4 };
    let inside = 0;
    let significant = 0;
    const thetas: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const { state, atUs } = fed(pathOf(seed, 3_000, truth));
      const reading = readOrnsteinUhlenbeck(state, 1, atUs);
      if (!reading.significant) continue;
      significant += 1;
      thetas.push(state.fit?.thetaCorrected ?? NaN);
      expect(reading.theta.state).toBe("TRUSTED");
      const near = (["theta", "mu", "sigma"] as const).filter(
        (name) =>
          Math.abs((reading[name].value ?? NaN) - truth[name]) <= 1.96 * (reading[name].stderr ?? NaN),
      );
      inside += near.length;
    }
    expect(significant).toBeGreaterThanOrEqual(39);
    expect(inside / (3 * significant)).toBeGreaterThan(0.85);
    const mean = thetas.reduce((sum, theta) => sum + theta, 0) / thetas.length;
    expect(Math.abs(mean / truth.theta - 1)).toBeLessThan(0.1);
  });

  it("finds a random walk significant in one case of a hundred or fewer", () => {
    let significant = 0;
    for (let seed = 0; seed < 200; seed++) {
      const { state, atUs } = fed(pathOf(seed, 1_200, { theta: 0, mu: 60_000, sigma: 4 }));
      const reading = readOrnsteinUhlenbeck(state, 1, atUs);
      if (reading.significant) significant += 1;
      else
        expect([reading.theta.value, reading.mu.value, reading.sigma.value]).toEqual([
          undefined,
          undefined,
          undefined,
        ]);
    }
    expect(significant).toBeLessThanOrEqual(4);
  });

  it("takes the bias of 4/T off the speed", () => {
    const { state } = fed(pathOf(1, 400, { theta: 0.1, mu: 0, sigma: 1 }), { stepS: 1, horizonS: Infinity });
    const fit = state.fit;
    expect((fit?.theta ?? NaN) - (fit?.thetaCorrected ?? NaN)).toBeCloseTo(4 / 399, 12);
  });

  it("does not lose its digits to the level of the price, and scales with it and with the unit of time", () => {
    const path = pathOf(2, 900, { theta: 0.1, mu: 0, sigma: 1 });
    const base = fed(path).state.fit;
    const high = fed(path.map((x) => x + 1e6)).state.fit;
    expect((high?.theta ?? NaN) / (base?.theta ?? NaN)).toBeCloseTo(1, 6);
    expect((high?.mu ?? NaN) - 1e6).toBeCloseTo(base?.mu ?? NaN, 4);
    const scaled = fed(path.map((x) => x * 1_000)).state.fit;
    expect((scaled?.sigma ?? NaN) / (base?.sigma ?? NaN)).toBeCloseTo(1_000, 6);
    expect((scaled?.theta ?? NaN) / (base?.theta ?? NaN)).toBeCloseTo(1, 9);
    const slow = fed(path, { stepS: 4, horizonS: 4 * GRID.horizonS }).state.fit;
    expect((slow?.theta ?? NaN) * 4).toBeCloseTo(base?.theta ?? NaN, 9);
    expect((slow?.sigma ?? NaN) * 2).toBeCloseTo(base?.sigma ?? NaN, 9);
  });

  it("makes no pair across a step that was missed, or a clock that was set back", () => {
    const path = pathOf(3, 300, { theta: 0.1, mu: 100, sigma: 1 });
    const { state, atUs } = fed(path);
    const weight = state.weight;
    sampleOrnsteinUhlenbeck(state, atUs + 5 * SECOND_US, 1e6, GRID);
    expect(state.weight).toBeLessThan(weight);
    sampleOrnsteinUhlenbeck(state, atUs + 4 * SECOND_US, 5, GRID);
    expect(state.weight).toBeLessThan(weight);
    expect(fitOrnsteinUhlenbeck(state, 1)?.theta).toBeCloseTo(state.fit?.theta ?? NaN, 9);
  });

  it("withdraws when the process stops reverting, and is STALE when nothing comes", () => {
    const { state, atUs } = fed(pathOf(4, 3_000, { theta: 0.1, mu: 0, sigma: 1 }));
    expect(readOrnsteinUhlenbeck(state, 1, atUs + 601 * SECOND_US)).toMatchObject({
      significant: false,
      theta: { state: "STALE" },
    });
    let later = atUs;
    let price = 0;
    for (let i = 0; i < 3_000; i++) sampleOrnsteinUhlenbeck(state, (later += SECOND_US), (price += 5), GRID);
    expect(readOrnsteinUhlenbeck(state, 1, later)).toMatchObject({
      significant: false,
      theta: { state: "COLD", value: undefined },
    });
    expect(stateHash(state)).toMatch(/^[0-9a-f]{64}$/);
  });

  it("asks for more of a short sample", () => {
    expect(dickeyFullerCritical(100)).toBeCloseTo(-3.4975, 3);
    fc.assert(
      fc.property(fc.integer({ min: 25, max: 1_000 }), (n) => {
        expect(dickeyFullerCritical(n)).toBeLessThan(dickeyFullerCritical(n + 1));
      }),
    );
  });
});
