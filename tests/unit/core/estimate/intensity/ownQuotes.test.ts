import { describe, expect, it } from "vitest";
import {
  ageOwnQuotes,
  createOwnQuotes,
  fitOwnQuotes,
  fitRate,
  observeExposure,
  observeFill,
  type OwnQuotes,
} from "../../../../../server/core/estimate/intensity/ownQuotes.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const START_US = 1_700_000_000_000_000;
const FAIR = 60_000;
/** In bps. */
const TRUE = { A: 0.05, k: 0.4 };
const SEARCH = { startPerBps: 0.2, low: 0.01, high: 100 };

/** An order at each distance (bps) for so long, looked at every five seconds. */
function quote(own: OwnQuotes, distancesBps: readonly number[], seconds: number, seed: number): void {
  const random = randomStream(seed, "own");
  for (let t = 5; t <= seconds; t += 5) {
    const atUs = START_US + t * 1e6;
    for (const bps of distancesBps) {
      const distance = FAIR * bps * 1e-4;
      observeExposure(own, { atUs, distance, fair: FAIR, seconds: 5 });
      const fills = random.poisson(5 * TRUE.A * Math.exp(-TRUE.k * bps))();
      for (let i = 0; i < fills; i++) observeFill(own, { distance, fair: FAIR, filledFrac: 1 });
    }
    ageOwnQuotes(own, atUs, 3600);
  }
}

function settled(own: OwnQuotes) {
  let fit = fitOwnQuotes(own, SEARCH);
  for (let i = 0; i < 5; i++) fit = fitOwnQuotes(own, SEARCH);
  return fit;
}

describe("own quotes", () => {
  it("cover A and k with 95 % intervals over hours that fade", () => {
    let A = 0;
    let k = 0;
    for (let seed = 0; seed < 200; seed++) {
      const own = createOwnQuotes();
      quote(own, [-0.7, 0.8, 1.9, 3.3, 5.2], 7200, seed);
      const fit = settled(own);
      if (fit === undefined) continue;
      if (Math.abs(fit.k - TRUE.k) < 1.96 * fit.seK) k += 1;
      if (Math.abs(Math.log(fit.A / TRUE.A)) < 1.96 * fit.seLnA) A += 1;
    }
    for (const hits of [A, k]) {
      expect(hits / 200).toBeGreaterThan(0.9);
      expect(hits / 200).toBeLessThan(0.995);
    }
  });

  it("say that k is not known when they all stood at about one distance, and then give A for the k of the tape", () => {
    const own = createOwnQuotes();
    quote(own, [1.98, 2.02], 7200, 1);
    expect(settled(own)?.identified ?? false).toBe(false);
    const rate = fitRate(own, { perBps: TRUE.k, stderr: 0.02 });
    expect(Math.abs(Math.log((rate?.ratePerS ?? 0) / TRUE.A))).toBeLessThan(3 * (rate?.seLn ?? 0));
    expect(rate?.anchorBps).toBeCloseTo(2, 1);
  });

  it("know k from several levels", () => {
    const own = createOwnQuotes();
    quote(own, [0.5, 2, 4], 14_400, 2);
    expect(settled(own)?.identified).toBe(true);
  });

  it("do not take the bound of the search for an answer", () => {
    const own = createOwnQuotes();
    quote(own, [0.5, 2, 4], 14_400, 2);
    for (let i = 0; i < 5; i++) fitOwnQuotes(own, { ...SEARCH, high: 0.3 });
    expect(fitOwnQuotes(own, { ...SEARCH, high: 0.3 })).toMatchObject({ k: 0.3, identified: false });
  });

  it("carry the error of the k they were given, over the distance it reaches", () => {
    const own = createOwnQuotes();
    observeExposure(own, { atUs: START_US, distance: 0.02, fair: 100, seconds: 100 });
    for (let i = 0; i < 25; i++) observeFill(own, { distance: 0.02, fair: 100, filledFrac: 1 });
    expect(fitRate(own, { perBps: 0.4, stderr: 0 })?.seLn).toBeCloseTo(0.2, 12);
    expect(fitRate(own, { perBps: 0.4, stderr: 0.1 })?.seLn).toBeCloseTo(Math.hypot(0.2, 0.2), 12);
  });

  it("give the rate at the distance of the fills whatever k is taken", () => {
    const own = createOwnQuotes();
    quote(own, [2], 7200, 3);
    const at = (perBps: number) => {
      const rate = fitRate(own, { perBps, stderr: 0 });
      return (rate?.ratePerS ?? 0) * Math.exp(-2 * perBps);
    };
    expect(at(0.8) / at(0.2)).toBeCloseTo(1, 9);
  });

  it("survive a move of the price: the same bps are the same distance", () => {
    const one = createOwnQuotes();
    const other = createOwnQuotes();
    for (const [own, fair] of [
      [one, 100],
      [other, 100_000],
    ] as const) {
      observeExposure(own, { atUs: START_US, distance: fair * 1e-4, fair, seconds: 60 });
      observeFill(own, { distance: fair * 1e-4, fair, filledFrac: 1 });
    }
    expect(fitRate(other, { perBps: 1, stderr: 0 })?.ratePerS).toBeCloseTo(
      fitRate(one, { perBps: 1, stderr: 0 })?.ratePerS ?? 0,
      12,
    );
  });

  it("lose less than 1 % to their bins where orders fill", () => {
    const random = randomStream(4, "bins");
    const own = createOwnQuotes();
    let exact = 0;
    for (let i = 0; i < 5000; i++) {
      const bps = 4 * random.uniform();
      observeExposure(own, { atUs: START_US, distance: bps * 0.01, fair: 100, seconds: 1 });
      exact += Math.exp(-0.4 * bps);
    }
    observeFill(own, { distance: 0.02, fair: 100, filledFrac: 1 });
    const ratio = (fitRate(own, { perBps: 0.4, stderr: 0 })?.ratePerS ?? 0) * exact;
    expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  });

  it("take the parts of an order for one fill", () => {
    const own = createOwnQuotes();
    observeExposure(own, { atUs: START_US, distance: 0.02, fair: 100, seconds: 100 });
    for (const filledFrac of [0.25, 0.5, 0.25]) observeFill(own, { distance: 0.02, fair: 100, filledFrac });
    const rate = fitRate(own, { perBps: 0.4, stderr: 0 });
    expect(rate?.nEff).toBeCloseTo(1, 12);
    expect((rate?.ratePerS ?? 0) * Math.exp(-0.8)).toBeCloseTo(0.01, 12);
  });

  it("know nothing before the first fill, and forget down to nothing", () => {
    const own = createOwnQuotes();
    observeExposure(own, { atUs: START_US, distance: -0.02, fair: 100, seconds: 100 });
    expect(fitRate(own, { perBps: 0.4, stderr: 0 })).toBeUndefined();
    expect(fitOwnQuotes(own, SEARCH)).toBeUndefined();
    observeFill(own, { distance: -0.02, fair: 100, filledFrac: 1 });
    ageOwnQuotes(own, START_US, 3600);
    ageOwnQuotes(own, START_US + 3600e6 * 60, 3600);
    expect(Object.is(own.filledBps, 0)).toBe(true);
    expect([...own.seconds, ...own.distanceBps].every((x) => Object.is(x, 0))).toBe(true);
    expect(fitRate(own, { perBps: 0.4, stderr: 0 })).toBeUndefined();
  });
});
