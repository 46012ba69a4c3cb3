import { describe, expect, it } from "vitest";
import {
  ageTape,
  createTape,
  fitTape,
  interruptTape,
  observeTop,
  observeTrade,
  type TapeTerms,
} from "../../../../../server/core/estimate/intensity/tape.ts";
import type { DepthRange } from "../../../../../server/core/estimate/intensity/sweeps.ts";
import { randomStream } from "../../../../../server/lab/random.ts";

const START_US = 1_700_000_000_000_000;
const HALF_LIFE_S = 600;

interface Flow {
  /** Sweeps per second and side that reach the touch, and their decay per tick. */
  readonly ratePerS: number;
  readonly k: number;
  readonly seconds: number;
  readonly range?: DepthRange;
  readonly touch?: number;
  /** Tail beyond this many steps falls off slower. */
  readonly fatBeyond?: number;
}

function tapeOf(flow: Flow, seed: number) {
  const { ratePerS, k, seconds, range, touch = 1, fatBeyond = Infinity } = flow;
  const random = randomStream(seed, "tape");
  const terms: TapeTerms = { orderLots: 0, range };
  const tape = createTape();
  observeTop(tape, { atUs: START_US, stampUs: START_US, bidTicks: 100 - touch, askTicks: 100 + touch });
  let nextS = 5;
  for (let t = random.exponential() / (2 * ratePerS); t < seconds;) {
    const beyond = Math.floor(random.exponential() / k);
    const steps = beyond > fatBeyond ? fatBeyond + 10 * (beyond - fatBeyond) : beyond;
    const atUs = START_US + Math.round(t * 1e6) + 10;
    const buys = random.uniform() < 0.5;
    observeTrade(
      tape,
      {
        receivedAtUs: atUs,
        stampUs: atUs,
        side: buys ? "buy" : "sell",
        priceTicks: buys ? 100 + touch + steps : 100 - touch - steps,
        sizeLots: 3,
      },
      terms,
    );
    t += random.exponential() / (2 * ratePerS);
    for (; nextS < t && nextS <= seconds; nextS += 5)
      ageTape(tape, START_US + nextS * 1e6, HALF_LIFE_S, terms);
  }
  ageTape(tape, START_US + seconds * 1e6, HALF_LIFE_S, terms);
  return tape;
}

function fitOf(flow: Flow, seed: number) {
  const fit = fitTape(tapeOf(flow, seed));
  if (fit?.ratePerS === undefined) throw new Error("no fit");
  return { ...fit, ratePerS: fit.ratePerS };
}

function coverage(flow: Flow, repeats: number) {
  let decays = 0;
  let rates = 0;
  for (let seed = 0; seed < repeats; seed++) {
    const fit = fitOf(flow, seed);
    if (Math.abs(fit.decayPerTick - flow.k) < 1.96 * fit.decayStderr) decays += 1;
    const logError = Math.abs(Math.log(fit.ratePerS / flow.ratePerS));
    if (logError < 1.96 / Math.sqrt(fit.nRate)) rates += 1;
  }
  return { decays: decays / repeats, rates: rates / repeats };
}

describe("the tape", () => {
  it("covers k and the rate with its 95 % intervals, also when the past has faded several times", () => {
    for (const seconds of [300, 3000]) {
      const { decays, rates } = coverage({ ratePerS: 0.4, k: 0.3, seconds }, 300);
      expect(decays).toBeGreaterThan(0.91);
      expect(decays).toBeLessThan(0.99);
      expect(rates).toBeGreaterThan(0.91);
      expect(rates).toBeLessThan(0.99);
    }
  });

  it("is worth no more sweeps than its half-life holds", () => {
    const fit = fitOf({ ratePerS: 0.4, k: 0.3, seconds: 6000 }, 1);
    // Kish: twice the rate times the mean life of a weight.
    expect(fit.nDecay / (2 * 0.8 * (HALF_LIFE_S / Math.LN2))).toBeCloseTo(1, 0.5);
  });

  it("anchors the rate at the touch of each sweep", () => {
    expect(fitOf({ ratePerS: 0.4, k: 0.3, seconds: 300, touch: 3 }, 1).anchorTicks).toBeCloseTo(3, 12);
  });

  it("fits the same k and A on a range of depths as on all, where the law is exponential", () => {
    const whole = { ratePerS: 2, k: 0.1, seconds: 3000 };
    const cut = fitOf({ ...whole, range: { fromTicks: 3, toTicks: 30 } }, 2);
    expect(Math.abs(cut.decayPerTick - 0.1)).toBeLessThan(3 * cut.decayStderr);
    expect(cut.anchorTicks).toBeCloseTo(3, 12);
    expect(cut.ratePerS * Math.exp(0.1 * cut.anchorTicks)).toBeCloseTo(2 * Math.exp(0.1), 0.8);
    expect(cut.nDecay).toBeLessThan(fitOf(whole, 2).nDecay);
  });

  it("does not let what happens beyond the range into k", () => {
    const fat = { ratePerS: 2, k: 0.1, seconds: 3000, fatBeyond: 30 };
    const cut = fitOf({ ...fat, range: { fromTicks: 3, toTicks: 30 } }, 3);
    expect(Math.abs(cut.decayPerTick - 0.1)).toBeLessThan(3 * cut.decayStderr);
    const whole = fitOf(fat, 3);
    expect(Math.abs(whole.decayPerTick - 0.1)).toBeGreaterThan(10 * whole.decayStderr);
  });

  it("counts a sweep towards the rate by the share of our order that it fills, and none of unknown size", () => {
    const tape = createTape();
    observeTop(tape, { atUs: START_US, stampUs: START_US, bidTicks: 99, askTicks: 101 });
    const terms: TapeTerms = { orderLots: 10, range: undefined };
    const sizes = [11, 5, undefined, 50];
    for (const [i, sizeLots] of sizes.entries()) {
      const atUs = START_US + (i + 1) * 1e6;
      const trade = { receivedAtUs: atUs, stampUs: atUs, side: "buy", priceTicks: 102, sizeLots } as const;
      observeTrade(tape, trade, terms);
    }
    ageTape(tape, START_US + 10e6, 1e9, terms);
    const fit = fitTape(tape);
    expect(fit?.nDecay).toBeCloseTo(4, 6);
    expect(fit?.nRate).toBeCloseTo(2.5 ** 2 / 2.25, 6);
    expect(fit?.ratePerS).toBeCloseTo(2.5 / 10 / 2, 6);
  });

  it("counts no time and no sweep across an interruption", () => {
    const tape = tapeOf({ ratePerS: 0.4, k: 0.3, seconds: 300 }, 4);
    const terms: TapeTerms = { orderLots: 0, range: undefined };
    const before = fitTape(tape)?.ratePerS ?? 0;
    interruptTape(tape, START_US + 300e6);
    const atUs = START_US + 500e6;
    observeTrade(
      tape,
      { receivedAtUs: atUs, stampUs: atUs, side: "buy", priceTicks: 120, sizeLots: 1 },
      terms,
    );
    ageTape(tape, START_US + 900e6, HALF_LIFE_S, terms);
    expect((fitTape(tape)?.ratePerS ?? 0) / before).toBeCloseTo(1, 12);
    observeTop(tape, { atUs: START_US + 900e6, stampUs: START_US + 900e6, bidTicks: 99, askTicks: 101 });
    for (let t = 905; t <= 1200; t += 5) ageTape(tape, START_US + t * 1e6, HALF_LIFE_S, terms);
    expect((fitTape(tape)?.ratePerS ?? 0) / before).toBeLessThan(0.8);
  });

  it("counts no time in which nobody was there to count", () => {
    const tape = tapeOf({ ratePerS: 0.4, k: 0.3, seconds: 300 }, 4);
    const before = fitTape(tape)?.ratePerS ?? 0;
    ageTape(tape, START_US + 7200e6, HALF_LIFE_S, { orderLots: 0, range: undefined });
    expect((fitTape(tape)?.ratePerS ?? 0) / before).toBeCloseTo(1, 12);
  });

  it("says nothing before its first sweep, and something finite when all stop at the touch", () => {
    expect(fitTape(createTape())).toBeUndefined();
    const fit = fitOf({ ratePerS: 1, k: 100, seconds: 300 }, 5);
    expect(fit.decayPerTick).toBeGreaterThan(2);
    expect(Number.isFinite(fit.decayPerTick) && Number.isFinite(fit.decayStderr)).toBe(true);
  });
});
