import { describe, expect, it } from "vitest";
import {
  createIntensity,
  observePrint,
  readIntensity,
  reviseIntensity,
  type Intensity,
} from "../../../../../server/core/estimate/intensity/intensity.ts";
import { advanceLawTest } from "../../../../../server/core/estimate/intensity/lawTest.ts";
import { observeExposure, observeFill } from "../../../../../server/core/estimate/intensity/ownQuotes.ts";
import { observeTop } from "../../../../../server/core/estimate/intensity/tape.ts";
import { decodeState, encodeState } from "../../../../../server/engine/hash/canonical.ts";
import { randomStream, type RandomStream } from "../../../../../server/lab/random.ts";

const SECOND_US = 1e6;
const START_US = 1_700_000_000 * SECOND_US;
const EVERY_S = 5;

interface World {
  readonly fair: number;
  readonly tick: number;
  /** Sweeps per second and side at the mid, and their decay in 1/price. */
  readonly A: number;
  readonly k: number;
  /** Depth beyond the touch in ticks; exponential with k where not given. */
  readonly drawTicks?: (random: RandomStream) => number;
  readonly timeUnit?: number;
  /** Own quotes stand at these distances (price) and fill at this share of the tape's rate. */
  readonly quotes?: readonly number[];
  readonly ownShare?: number;
  readonly orderLots?: number;
}

const WORLD: World = { fair: 100, tick: 0.01, A: 0.9, k: 30 };
const TOUCH_TICKS = 0.5;

class Market {
  readonly intensity: Intensity;
  readonly #random: RandomStream;
  readonly #world: World;
  atUs: number;

  /** The world may change under an intensity that goes on. */
  constructor(world: World, seed: number, before?: Market) {
    this.#world = world;
    this.intensity = before?.intensity ?? createIntensity();
    this.atUs = before?.atUs ?? START_US;
    this.#random = randomStream(seed, "intensity");
    observeTop(this.intensity.tape, { atUs: this.atUs, stampUs: this.atUs, bidTicks: 9999, askTicks: 10000 });
  }

  inputs() {
    const { fair, tick, timeUnit = 1, orderLots = 0 } = this.#world;
    return {
      atUs: this.atUs,
      fair,
      tick,
      orderLots,
      prior: { ratePerS: 0.5 / timeUnit, decayBps: 5 },
      tapeHalfLifeS: 600 * timeUnit,
      ownHalfLifeS: 3600 * timeUnit,
    };
  }

  /** Runs `seconds` of the world's unit of time, `EVERY_S` at a time, with sweeps where the law puts them. */
  run(seconds: number, slices = 0): void {
    const { timeUnit = 1, quotes = [], ownShare = 1, fair, A, k } = this.#world;
    for (let s = 0; s < seconds; s += EVERY_S) {
      this.#sweep(EVERY_S);
      this.atUs += EVERY_S * timeUnit * SECOND_US;
      for (const distance of quotes) {
        observeExposure(this.intensity.own, {
          atUs: this.atUs,
          distance,
          fair,
          seconds: EVERY_S * timeUnit,
        });
        const fills = this.#random.poisson(ownShare * A * Math.exp(-k * distance) * EVERY_S)();
        for (let i = 0; i < fills; i++) observeFill(this.intensity.own, { distance, fair, filledFrac: 1 });
      }
      reviseIntensity(this.intensity, this.inputs());
      for (let i = 0; i < slices; i++) advanceLawTest(this.intensity.law);
    }
  }

  read() {
    return readIntensity(this.intensity, this.atUs, this.#world.fair);
  }

  #sweep(seconds: number): void {
    const { A, k, tick, timeUnit = 1, drawTicks, orderLots = 0 } = this.#world;
    const atTouchPerS = A * Math.exp(-k * TOUCH_TICKS * tick);
    for (const side of ["buy", "sell"] as const) {
      let t = this.#random.exponential() / atTouchPerS;
      for (; t < seconds; t += this.#random.exponential() / atTouchPerS) {
        const steps = Math.floor(drawTicks?.(this.#random) ?? this.#random.exponential() / (k * tick));
        const atUs = Math.round(this.atUs + t * timeUnit * SECOND_US) + 10;
        observePrint(
          this.intensity,
          {
            receivedAtUs: atUs,
            stampUs: atUs,
            side,
            priceTicks: side === "buy" ? 10000 + steps : 9999 - steps,
            sizeLots: 5,
          },
          orderLots,
        );
      }
    }
  }
}

describe("the intensity of an instrument", () => {
  it("is COLD with no value before it has seen anything, then starts between prior and tape", () => {
    const market = new Market(WORLD, 1);
    expect(market.read().k).toMatchObject({ state: "COLD", value: undefined });
    expect(market.read().A).toMatchObject({ state: "COLD", value: undefined });
    market.run(30);
    const { k, A } = market.read();
    expect(k.nEff).toBeGreaterThan(20);
    expect(k.state).toBe("WARM");
    // The prior's 1/k of 5 bps is k = 20 at this price.
    expect(k.value).toBeGreaterThan(20);
    expect(k.value).toBeLessThan(30);
    expect(A.state).toBe("WARM");
    expect(A.nEff).toBe(0);
  });

  it("finds the tape's k and A, and trusts them only with own fills", () => {
    const market = new Market(WORLD, 2);
    market.run(3600);
    const { k, A, tapeA, law } = market.read();
    expect(k.state).toBe("TRUSTED");
    expect(Math.abs((k.value ?? 0) - 30)).toBeLessThan(3 * (k.stderr ?? 0));
    expect(tapeA.state).toBe("TRUSTED");
    expect(Math.abs((tapeA.value ?? 0) - 0.9)).toBeLessThan(3 * (tapeA.stderr ?? 0));
    expect(A).toMatchObject({ state: "WARM", value: tapeA.value });
    expect(law).toBe("exponential");
  });

  it("lets own fills correct the rate that the tape promises", () => {
    const market = new Market({ ...WORLD, quotes: [0.03, 0.05], ownShare: 0.3 }, 3);
    market.run(7200);
    const { A } = market.read();
    expect(A.state).toBe("TRUSTED");
    expect(A.value).toBeGreaterThan(0.2);
    expect(A.value).toBeLessThan(0.36);
    expect(market.intensity.ownFit?.k).toBeDefined();
  });

  it("does not believe own fills that the tape cannot have given", () => {
    const market = new Market({ ...WORLD, quotes: [0.03, 0.05], ownShare: 5 }, 3);
    market.run(1800);
    const { A, tapeA } = market.read();
    expect(A.state).toBe("WARM");
    expect(A.value).toBeLessThanOrEqual(1.5 * (tapeA.value ?? 0) * (1 + 1e-9));
  });

  it("has a fifth of the rate where sweeps fill a fifth of our order", () => {
    const rateOf = (orderLots: number): number => {
      const market = new Market({ ...WORLD, orderLots }, 3);
      market.run(600);
      return market.read().tapeA.value ?? NaN;
    };
    expect(rateOf(25) / rateOf(5)).toBeCloseTo(0.2, 1);
  });

  it("fits k where we quote: what only reaches far beyond does not bend it", () => {
    // Beyond 12 ticks, 3.6/k, every step counts tenfold.
    const fat = (random: RandomStream) => {
      const steps = random.exponential() / 0.3;
      return steps > 12 ? 12 + 10 * (steps - 12) : steps;
    };
    const market = new Market({ ...WORLD, drawTicks: fat }, 12);
    market.run(7200);
    const { k } = market.read();
    expect(k.state).toBe("TRUSTED");
    expect(Math.abs((k.value ?? 0) - 30)).toBeLessThan(3 * (k.stderr ?? 0));
  });

  it("gives own fills no say once they are half an hour old", () => {
    const world = { ...WORLD, quotes: [0.03, 0.05], ownShare: 0.3 };
    const market = new Market(world, 3);
    market.run(3600);
    const silent = new Market(WORLD, 4, market);
    silent.run(1795);
    expect(silent.read().A.value).toBeLessThan(0.4);
    silent.run(1200);
    const { A, tapeA } = silent.read();
    expect(A.value).toBeCloseTo(tapeA.value ?? 0, 6);
  });

  it("goes stale when the tape falls silent, and changes by no more than 20 % a minute", () => {
    const market = new Market(WORLD, 5);
    market.run(900);
    const before = market.read();
    const wilder = new Market({ ...WORLD, A: 9, k: 300 }, 6, market);
    wilder.run(60);
    const after = wilder.read();
    expect(after.k.value).toBeLessThanOrEqual((before.k.value ?? 0) * 1.2 * (1 + 1e-9));
    const later = readIntensity(market.intensity, wilder.atUs + 601 * SECOND_US, 100);
    expect(later.k.state).toBe("STALE");
  });

  it("holds 1/k at half a tick when every sweep stops at the touch, and does not trust it", () => {
    const market = new Market({ ...WORLD, drawTicks: () => 0 }, 7);
    market.run(1800);
    const { k } = market.read();
    expect(k.value).toBeCloseTo(2 / WORLD.tick, 6);
    expect(k.state).toBe("WARM");
  });

  it("takes the power law after two windows, and its slope where a quote stands", () => {
    const depth = (random: RandomStream) => 8 * ((1 - random.uniform()) ** (-1 / 3) - 1);
    const market = new Market({ ...WORLD, drawTicks: depth }, 8);
    market.run(1200, 40);
    const { law, alpha, d0, localK, likelihoodRatio } = market.read();
    expect(law).toBe("power");
    expect(likelihoodRatio).toBeGreaterThan(2.7055);
    expect(alpha).toBeGreaterThan(1.5);
    if (alpha === undefined || d0 === undefined) throw new Error("no law");
    expect(d0).toBeCloseTo(((market.intensity.law.result?.d0Ticks ?? 0) - TOUCH_TICKS) * WORLD.tick, 12);
    // At d0/(α − 1), which lies beyond the touch.
    expect(localK).toBeCloseTo((alpha - 1) / d0, 6);
  });

  describe("under a power law", () => {
    /** A market of the exponential, in which a law is found from now on. */
    function lawFound(d0Ticks: number, touchTicks: number): Market {
      const market = new Market(WORLD, 13);
      market.run(900);
      market.intensity.law.result = { likelihoodRatio: 9, alpha: 3, d0Ticks, touchTicks };
      market.intensity.law.windowsInARow = 2;
      return market;
    }
    const localTicks = (market: Market): number => (market.read().localK ?? NaN) * WORLD.tick;

    it("has the slope of the exponential until there is one, and leaves k and A as they are", () => {
      const market = lawFound(40, TOUCH_TICKS);
      const { k, localK } = market.read();
      expect(localK).toBe(k.value);
      const exponential = new Market(WORLD, 13);
      exponential.run(1_500);
      market.run(600);
      expect([market.read().k, market.read().A]).toEqual([exponential.read().k, exponential.read().A]);
      // (α − 1)/α of the law's own start: at d0/(α − 1).
      expect(localTicks(market)).toBeCloseTo(2 / 39.5, 6);
    });

    it("has the slope of the touch where the optimum lies within it", () => {
      const market = lawFound(5.1, 5);
      market.run(1_800);
      expect(localTicks(market)).toBeCloseTo(3 / 5.1, 6);
    });

    it("has no slope beyond the bounds of k", () => {
      const market = lawFound(0.51, TOUCH_TICKS);
      market.run(1_800);
      expect(localTicks(market)).toBeCloseTo(2, 6);
    });

    it("takes over, and gives way again, by no more than 20 % a minute", () => {
      const market = lawFound(5.1, 5);
      const before = localTicks(market);
      market.run(60);
      expect(localTicks(market)).toBeLessThanOrEqual(before * 1.2 * (1 + 1e-9));
      market.run(1_800);
      const under = localTicks(market);
      market.intensity.law.windowsInARow = 0;
      market.run(60);
      expect(localTicks(market)).toBeGreaterThanOrEqual((under / 1.2) * (1 - 1e-9));
      market.run(1_800);
      expect(market.read().localK).toBe(market.read().k.value);
    });
  });

  it.each([
    { name: "a price a thousand times higher divides k by a thousand", price: 1000, time: 1, digits: 8 },
    // Gates and the limit of change are in minutes of the clock, and leave a trace of 0.1 %.
    { name: "a market four times slower divides A by four", price: 1, time: 4, digits: 2 },
  ])("scales: $name", ({ price, time, digits }) => {
    const quotes = [0.03, 0.05];
    const read = (world: World) => {
      const market = new Market(world, 10);
      market.run(1800, 5);
      return market.read();
    };
    const one = read({ ...WORLD, quotes });
    const other = read({
      ...WORLD,
      quotes: quotes.map((q) => q * price),
      fair: WORLD.fair * price,
      tick: WORLD.tick * price,
      k: WORLD.k / price,
      timeUnit: time,
    });
    expect((other.k.value ?? 0) / ((one.k.value ?? 0) / price)).toBeCloseTo(1, digits);
    expect((other.A.value ?? 0) / ((one.A.value ?? 0) / time)).toBeCloseTo(1, digits);
  });

  it("is plain data that survives a restart", () => {
    const market = new Market({ ...WORLD, quotes: [0.03, 0.05] }, 11);
    market.run(600, 3);
    const copy = decodeState(encodeState(market.intensity)) as Intensity;
    expect(readIntensity(copy, market.atUs, 100)).toEqual(market.read());
    expect(copy).toEqual(market.intensity);
  });
});
