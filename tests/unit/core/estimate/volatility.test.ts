import { describe, expect, it } from "vitest";
import {
  createVolatility,
  readVolatility,
  sampleVolatility,
  volatilityStatus,
  type Volatility,
} from "../../../../server/core/estimate/volatility.ts";
import { randomStream } from "../../../../server/lab/random.ts";

const START_US = 1_700_000_000_000_000;
const PRIOR = 2;
const JUMP_SIGMAS = 5;

/** A market in a test: one sample per second, each return of the same size and of alternating sign. */
class Market {
  readonly state: Volatility = createVolatility(2);
  seconds = 0;
  price = 1_000;
  private sign = 1;

  sample(price = this.price): this {
    this.price = price;
    sampleVolatility(this.state, this.nowUs(), price, PRIOR, JUMP_SIGMAS);
    return this;
  }

  run(seconds: number, sigma: number, stepS = 1): this {
    for (let t = 0; t < seconds; t += stepS) {
      this.sign = -this.sign;
      this.seconds += stepS;
      this.sample(this.price + this.sign * sigma * Math.sqrt(stepS));
    }
    return this;
  }

  silence(seconds: number): this {
    this.seconds += seconds;
    return this;
  }

  nowUs(): number {
    return START_US + this.seconds * 1e6;
  }

  status(): string {
    return volatilityStatus(this.state, this.nowUs());
  }

  value(): number {
    return this.state.valuePerSqrtS ?? NaN;
  }
}

const started = () => new Market().sample();

describe("how far the estimate is trusted", () => {
  it("is COLD and without a value below 20 returns, then WARM", () => {
    const market = started().run(19, 1);
    expect(market.status()).toBe("COLD");
    expect(market.state.valuePerSqrtS).toBeUndefined();
    market.run(1, 1);
    expect(market.status()).toBe("WARM");
    expect(market.value()).toBeGreaterThan(0);
  });

  it("is TRUSTED once the returns weigh 300, and then is the estimate alone", () => {
    const market = started().run(415, 1);
    expect(market.status()).toBe("WARM");
    market.run(1, 1);
    expect(market.state.long.nEff).toBeGreaterThanOrEqual(300);
    expect(market.status()).toBe("TRUSTED");
    // The prior was above: the value falls to the estimate at its own pace.
    expect(market.run(300, 1).value()).toBeCloseTo(1, 9);
  });

  it("blends with the prior in logarithms while WARM", () => {
    const market = started().run(100, 8);
    const weight = market.state.long.nEff / (market.state.long.nEff + 100);
    expect(market.value()).toBeCloseTo(8 ** weight * PRIOR ** (1 - weight), 9);
  });

  it("is STALE after 10 s without a sample, and keeps its value", () => {
    const market = started().run(500, 1);
    const before = market.value();
    expect(market.silence(10).status()).toBe("TRUSTED");
    expect(market.silence(0.001).status()).toBe("STALE");
    expect(market.value()).toBe(before);
  });

  it("is WARM again while few returns after a gap decide the value", () => {
    const market = started().run(3_000, 1).silence(300).sample().run(24, 1);
    expect(market.state.long.nEff).toBeGreaterThan(300);
    expect(market.status()).toBe("WARM");
    expect(market.run(6, 1).status()).toBe("TRUSTED");
  });

  it("says its value, error, weight and age", () => {
    const market = started().run(500, 1).silence(1.5);
    const reading = readVolatility(market.state, market.nowUs());
    expect(reading).toMatchObject({ status: "TRUSTED", valuePerSqrtS: market.value(), ageMs: 1_500 });
    expect(reading.stderrPerSqrtS).toBeCloseTo(market.value() / Math.sqrt(2 * market.state.short.nEff), 9);
    expect(readVolatility(createVolatility(2), START_US)).toEqual({
      status: "COLD",
      valuePerSqrtS: undefined,
      stderrPerSqrtS: undefined,
      nEff: 0,
      ageMs: undefined,
    });
  });

  it.each([
    { name: "a price that never moves", sigma: 0, value: PRIOR * 0.1 },
    { name: "a price that moves beyond belief", sigma: 1_000, value: PRIOR * 20 },
  ])("holds $name at the bound and does not trust it", ({ sigma, value }) => {
    const market = started().run(3_000, sigma);
    expect(market.value()).toBeCloseTo(value, 9);
    expect(market.status()).toBe("WARM");
  });
});

describe("how the value moves", () => {
  it("does not wait for a fall when the prior moves the bound below it", () => {
    const market = started().run(700, 1).silence(1);
    sampleVolatility(market.state, market.nowUs(), market.price, 0.01, JUMP_SIGMAS);
    expect(market.value()).toBeCloseTo(0.2, 12);
  });

  it("takes the long horizon in full while the short one knows too little", () => {
    const market = started().run(3_000, 1).silence(300).sample().run(10, 1);
    expect(market.value()).toBeCloseTo(1, 9);
  });

  it("rises at once and falls by at most 20 % a minute", () => {
    const market = started().run(700, 1);
    market.run(30, 4);
    const raised = market.value();
    expect(raised).toBeGreaterThan(2.4);
    market.run(60, 0.2);
    expect(market.value()).toBeGreaterThanOrEqual(raised * 0.8 - 1e-9);
    expect(market.run(60, 0.2).value()).toBeCloseTo(raised * 0.64, 6);
  });

  it("keeps 0.8 of the long horizon when the short one is calm", () => {
    const market = started().run(3_000, 1).run(240, 0.2);
    const { squares, seconds } = market.state.long;
    expect(market.value()).toBeCloseTo(0.8 * Math.sqrt(squares / seconds), 9);
  });

  it("is the same whether fair value is sampled every second or every five", () => {
    expect(started().run(3_000, 1, 5).state.long.seconds).toBeCloseTo(600, -1);
    const { squares, seconds } = started().run(3_000, 1, 5).state.long;
    expect(squares / seconds).toBeCloseTo(1, 9);
  });
});

describe("silence", () => {
  it("is not calm: no sample leaves the value, a still price lowers it", () => {
    const silent = started().run(700, 1).silence(60).sample();
    const still = started().run(700, 1).run(60, 0);
    expect(silent.value()).toBeCloseTo(1, 6);
    expect(still.value()).toBeLessThan(0.9);
  });

  it("yields no return and no jump across a gap, however far fair value moved in it", () => {
    const market = started().run(700, 1).silence(11);
    const before = market.value();
    market.sample(market.price + 500).run(3, 1);
    expect(market.value()).toBeCloseTo(before, 6);
    expect(market.state.jumpAtUs).toBeUndefined();
  });

  it("makes the estimate COLD again when it lasted for hours", () => {
    const market = started()
      .run(700, 1)
      .silence(4 * 3_600)
      .sample();
    expect(market.status()).toBe("COLD");
    expect(market.run(20, 1).status()).toBe("WARM");
  });

  it("does not let the first returns after it shout through the short horizon", () => {
    const market = started().run(3_000, 1).silence(500).sample();
    market.sample(market.price);
    market.run(1, 4.5);
    expect(market.value()).toBeLessThan(1.5);
  });

  it("counts a clock that was set back as a gap", () => {
    const market = started().run(700, 1).silence(-5);
    market.sample(market.price + 500).run(1, 1);
    expect(market.value()).toBeCloseTo(1, 6);
  });
});

describe("jumps", () => {
  it("are flagged and not learned above the threshold, learned below it", () => {
    const market = started().run(700, 1);
    const before = market.value();
    market.silence(1).sample(market.price + 5.1);
    expect(market.state.jumpAtUs).toBe(market.nowUs());
    expect(market.value()).toBe(before);

    const other = started().run(700, 1);
    other.silence(1).sample(other.price + 4.9);
    expect(other.state.jumpAtUs).toBeUndefined();
    expect(other.value()).toBeGreaterThan(before);
  });

  it("are judged by the time that the return took", () => {
    const below = started().run(700, 1).silence(4);
    below.sample(below.price + 9.9);
    expect(below.state.jumpAtUs).toBeUndefined();
    const above = started().run(700, 1).silence(4);
    above.sample(above.price + 10.1);
    expect(above.state.jumpAtUs).toBe(above.nowUs());
  });

  it("do not exist while COLD", () => {
    const market = started().run(5, 0.01).silence(1);
    market.sample(market.price + 100);
    expect(market.state.jumpAtUs).toBeUndefined();
  });

  it("are volatility when a third follows two: a wilder market is learned, and stays flagged", () => {
    const market = started().run(700, 1);
    const before = market.value();
    expect(market.run(2, 10).value()).toBe(before);
    expect(market.run(1, 10).value()).toBeGreaterThan(before);
    expect(market.state.jumpAtUs).toBe(market.nowUs());
    expect(market.run(60, 10).value()).toBeGreaterThan(7);
    const jumpedAtUs = market.state.jumpAtUs;
    expect(market.run(20, 10).state.jumpAtUs).toBe(jumpedAtUs);
  });
});

describe("the only venue of a market", () => {
  const SIGMA = 2;
  const NOISE_SD = 5;

  /** Fair value is the venue's own mid, which strays from the price that it has in mind. */
  function noisyRun(venues: number, seed: number, seconds = 600): { state: Volatility; atUs: number } {
    const { normal } = randomStream(seed, "single venue");
    const state = createVolatility(venues);
    let price = 1_000;
    let atUs = START_US;
    for (let second = 0; second < seconds; second++) {
      price += SIGMA * normal();
      atUs += 1e6;
      sampleVolatility(state, atUs, price + NOISE_SD * normal(), PRIOR, JUMP_SIGMAS);
    }
    return { state, atUs };
  }

  it("is measured through its noise, which would pass for volatility elsewhere", () => {
    const seeds = Array.from({ length: 12 }, (_, seed) => seed);
    const mean = (venues: number): number =>
      seeds.reduce((sum, seed) => sum + (noisyRun(venues, seed).state.valuePerSqrtS ?? NaN), 0) /
      seeds.length;
    expect(mean(1)).toBeGreaterThan(0.8 * SIGMA);
    expect(mean(1)).toBeLessThan(1.25 * SIGMA);
    expect(mean(2)).toBeGreaterThan(2 * SIGMA);
  });

  it("does not take its noise for a jump, and leaves a real one out", () => {
    const { state, atUs } = noisyRun(1, 3);
    expect(state.jumpAtUs).toBeUndefined();
    const before = state.valuePerSqrtS ?? NaN;
    sampleVolatility(state, atUs + 1e6, (state.price ?? NaN) + 200, PRIOR, JUMP_SIGMAS);
    expect(state.jumpAtUs).toBe(atUs + 1e6);
    for (let second = 2; second < 30; second++)
      sampleVolatility(state, atUs + second * 1e6, state.price ?? NaN, PRIOR, JUMP_SIGMAS);
    expect(state.valuePerSqrtS).toBeLessThan(1.1 * before);
  });

  it("is COLD at first, TRUSTED after ten minutes, and STALE in silence", () => {
    const cold = noisyRun(1, 4, 15);
    expect(volatilityStatus(cold.state, cold.atUs)).toBe("COLD");
    const { state, atUs } = noisyRun(1, 4, 1_200);
    expect(readVolatility(state, atUs)).toMatchObject({ status: "TRUSTED" });
    expect(volatilityStatus(state, atUs + 11e6)).toBe("STALE");
  });
});

describe("the state", () => {
  it("is plain data: a copy of it goes on alike", () => {
    const market = started().run(137, 3);
    const copy = structuredClone(market.state);
    expect(Object.keys(copy)).toEqual(Object.keys(createVolatility(2)));
    sampleVolatility(copy, market.nowUs() + 1e6, market.price + 2, PRIOR, JUMP_SIGMAS);
    market.silence(1).sample(market.price + 2);
    expect(copy).toEqual(market.state);
  });

  it("refuses a fair value that is not a number before it can spoil the sums", () => {
    const market = started().run(50, 1);
    const before = structuredClone(market.state);
    expect(() => sampleVolatility(market.state, market.nowUs() + 1e6, NaN, PRIOR, JUMP_SIGMAS)).toThrow(
      "fair value must be a number",
    );
    expect(market.state).toEqual(before);
  });
});
