import { describe, expect, it } from "vitest";
import {
  createLatencySampler,
  LATENCY_PRESETS,
  LatencyProfile,
} from "../../../../server/lab/world/latency.ts";

const DRAWS = 20_000;

function sorted(draw: () => number): number[] {
  return Array.from({ length: DRAWS }, draw).toSorted((a, b) => a - b);
}

describe("latency", () => {
  it("has the median and the 99th percentile of its model, in whole microseconds", () => {
    const draws = sorted(createLatencySampler(LATENCY_PRESETS.internet, "binance", 1).feed);
    expect(Math.abs((draws[DRAWS / 2] ?? 0) / 20_000 - 1)).toBeLessThan(0.03);
    expect(Math.abs((draws[DRAWS * 0.99] ?? 0) / 150_000 - 1)).toBeLessThan(0.1);
    expect(draws.every((us) => Number.isInteger(us) && us >= 0)).toBe(true);
  });

  it("is what an account overrides, route by route", () => {
    const profile = LatencyProfile.parse({
      ...LATENCY_PRESETS.zero,
      accounts: { kraken: { entry: { constantUs: 70 } } },
    });
    const read = (account: string) => {
      const sampler = createLatencySampler(profile, account, 1);
      return [sampler.feed(), sampler.entry(), sampler.response()];
    };
    expect(read("kraken")).toEqual([0, 70, 0]);
    expect(read("okx")).toEqual([0, 0, 0]);
  });

  it("does not change on one route when another is used more", () => {
    const lone = createLatencySampler(LATENCY_PRESETS.internet, "okx", 5);
    const busy = createLatencySampler(LATENCY_PRESETS.internet, "okx", 5);
    sorted(busy.entry);
    expect(busy.feed()).toBe(lone.feed());
  });

  it.each([
    { name: "a percentile below the median", model: { medianUs: 100, p99Us: 50 } },
    { name: "a negative constant", model: { constantUs: -1 } },
    { name: "half a microsecond", model: { constantUs: 0.5 } },
  ])("refuses $name", ({ model }) => {
    expect(LatencyProfile.safeParse({ ...LATENCY_PRESETS.zero, feed: model }).success).toBe(false);
  });
});
