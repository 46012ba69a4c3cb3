import { describe, expect, it } from "vitest";
import { fitCensored, rateGivenDecay } from "../../../../../server/core/estimate/intensity/censoredFit.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

/** Models §3.2: A = 0.9, k = 0.3; quotes at 0.5 … 6, withdrawn after at most two seconds. */
const TRUE = { A: 0.9, k: 0.3 };
const LIFE_MAX_S = 2;
const SEARCH = { k: 1, low: 1e-3, high: 1e3, steps: 50 };

function quoteLives(n: number, seed: number) {
  const random = randomStream(seed, "quotes");
  const distance: number[] = [];
  const seconds: number[] = [];
  let count = 0;
  let filled = 0;
  for (let i = 0; i < n; i++) {
    const delta = 0.5 + 5.5 * random.uniform();
    const life = random.exponential() / (TRUE.A * Math.exp(-TRUE.k * delta));
    distance.push(delta);
    seconds.push(Math.min(life, LIFE_MAX_S));
    if (life >= LIFE_MAX_S) continue;
    count += 1;
    filled += delta;
  }
  const fills = { count, meanDistance: filled / count, nEff: count };
  return { exposures: { distance, seconds }, fills };
}

describe("the censored fit", () => {
  it("covers A and k with its 95 % intervals", () => {
    let k = 0;
    let A = 0;
    for (let seed = 0; seed < 400; seed++) {
      const { exposures, fills } = quoteLives(300, seed);
      const fit = fitCensored(exposures, fills, SEARCH);
      if (fit === undefined) continue;
      if (Math.abs(fit.k - TRUE.k) < 1.96 * fit.seK) k += 1;
      if (Math.abs(Math.log(fit.A / TRUE.A)) < 1.96 * fit.seLnA) A += 1;
    }
    for (const hits of [k, A]) {
      expect(hits / 400).toBeGreaterThan(0.92);
      expect(hits / 400).toBeLessThan(0.985);
    }
  });

  it("is far off when quotes that were withdrawn do not count", () => {
    const { exposures, fills } = quoteLives(20_000, 1);
    const fit = fitCensored(exposures, fills, SEARCH);
    expect(Math.abs((fit?.k ?? 0) - TRUE.k)).toBeLessThan(3 * (fit?.seK ?? 0));
    expect(Math.abs(Math.log((fit?.A ?? 0) / TRUE.A))).toBeLessThan(3 * (fit?.seLnA ?? 0));
    const untilFilled = exposures.seconds.map((life) => (life < LIFE_MAX_S ? life : 0));
    const naive = fitCensored({ distance: exposures.distance, seconds: untilFilled }, fills, SEARCH);
    expect(naive?.k).toBeLessThan(0.1);
    expect(naive?.A).toBeGreaterThan(1.2);
  });

  it("is the optimum: the likelihood falls on either side of k", () => {
    const { exposures, fills } = quoteLives(500, 2);
    const best = fitCensored(exposures, fills, SEARCH);
    for (const k of [0.99, 1.01]) {
      const held = (best?.k ?? 0) * k;
      const beside = fitCensored(exposures, fills, { k: held, low: held, high: held, steps: 5 });
      expect(beside?.logLik).toBeLessThan(best?.logLik ?? -Infinity);
    }
  });

  it("comes to the same from far away, and within its steps", () => {
    const { exposures, fills } = quoteLives(500, 3);
    const near = fitCensored(exposures, fills, SEARCH)?.k ?? NaN;
    for (const k of [1e-3, 0.05, 20, 1e3])
      expect((fitCensored(exposures, fills, { ...SEARCH, k })?.k ?? 0) / near).toBeCloseTo(1, 10);
    expect(fitCensored(exposures, fills, { ...SEARCH, k: near * 1.2, steps: 3 })?.k).toBeCloseTo(near, 6);
  });

  it("scales with the units of price and of time", () => {
    const { exposures, fills } = quoteLives(300, 4);
    const one = fitCensored(exposures, fills, SEARCH);
    const other = fitCensored(
      {
        distance: exposures.distance.map((d) => d * 1000),
        seconds: exposures.seconds.map((s) => s * 60),
      },
      { ...fills, meanDistance: fills.meanDistance * 1000 },
      { ...SEARCH, k: 1e-3, low: 1e-6 },
    );
    expect((other?.k ?? 0) / ((one?.k ?? 0) / 1000)).toBeCloseTo(1, 9);
    expect((other?.seK ?? 0) / ((one?.seK ?? 0) / 1000)).toBeCloseTo(1, 9);
    expect((other?.A ?? 0) / ((one?.A ?? 0) / 60)).toBeCloseTo(1, 9);
    expect((other?.seLnA ?? 0) / (one?.seLnA ?? 0)).toBeCloseTo(1, 9);
  });

  it("knows nothing without fills, without exposure, or of k when all stood at one distance", () => {
    const at = { distance: [1, 1], seconds: [10, 20] };
    const fills = { count: 3, meanDistance: 1, nEff: 3 };
    expect(fitCensored(at, fills, SEARCH)).toBeUndefined();
    expect(fitCensored(at, { count: 0, meanDistance: 0, nEff: 0 }, SEARCH)).toBeUndefined();
    expect(fitCensored({ distance: [1, 2], seconds: [0, 0] }, fills, SEARCH)).toBeUndefined();
    expect(rateGivenDecay({ distance: [1, 2], seconds: [0, 0] }, 3, 0.3)).toBeUndefined();
    // The rate at that distance is known all the same.
    expect((rateGivenDecay(at, 3, 0.3) ?? 0) * Math.exp(-0.3)).toBeCloseTo(0.1, 12);
  });
});
