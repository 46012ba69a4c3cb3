import { describe, expect, it } from "vitest";
import { createAgentMarket } from "../../../../server/lab/drivers/agents.ts";
import type { DepthRecord } from "../../../../server/lab/ports.ts";
import { CALM, CONFIG, market, START_US } from "./fixtures.ts";
import { mean, readAll, variance } from "./statistics.ts";

function depthOf(driver: ReturnType<typeof createAgentMarket>): DepthRecord[] {
  return readAll(driver).filter((r): r is DepthRecord => "bids" in r);
}

/** Applies records to plain maps and shows the book after each: sizes by price, and the best of each side. */
function* rebuild(records: readonly DepthRecord[]) {
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  for (const record of records) {
    for (const [side, flat] of [
      [bids, record.bids],
      [asks, record.asks],
    ] as const)
      for (let i = 0; i < flat.length; i += 2) {
        const price = flat[i] ?? 0;
        const size = flat[i + 1] ?? 0;
        if (size > 0) side.set(price, size);
        else if (!side.delete(price)) throw new Error(`removes ${price}, which is not there`);
      }
    yield { record, bids, asks, bestBid: Math.max(...bids.keys()), bestAsk: Math.min(...asks.keys()) };
  }
}

describe("an agent book", () => {
  it("starts with a snapshot and goes on with deltas that only remove what is there", () => {
    const records = depthOf(
      createAgentMarket(market(60, [{}], { asset: { ...CALM, calmVolBps: 5 } }), CONFIG),
    );
    expect(records.map((r) => r.kind)).toEqual(records.map((_, i) => (i === 0 ? "snapshot" : "delta")));
    expect(records[0]?.exchangeAtUs).toBe(START_US);
    for (const { record, bids, asks, bestBid, bestAsk } of rebuild(records)) {
      expect([bids.size, asks.size]).toEqual([20, 20]);
      expect(bestBid).toBeLessThan(bestAsk);
      expect(
        [...bids.values(), ...asks.values(), ...bids.keys(), ...asks.keys()].every(Number.isInteger),
      ).toBe(true);
      const bidPrices = record.bids.filter((_, i) => i % 2 === 0);
      const askPrices = record.asks.filter((_, i) => i % 2 === 0);
      expect(bidPrices).toEqual([...new Set(bidPrices)].toSorted((a, b) => b - a));
      expect(askPrices).toEqual([...new Set(askPrices)].toSorted((a, b) => a - b));
    }
  });

  it("shows its half-spread, its depth per level and its rate of updates", () => {
    const records = depthOf(
      createAgentMarket(market(300, [{ halfSpreadBps: 1, levelSizeBase: 0.5 }]), CONFIG),
    );
    const spreads: number[] = [];
    const sizes: number[] = [];
    for (const { bids, bestBid, bestAsk } of rebuild(records)) {
      spreads.push(((bestAsk - bestBid) / (bestAsk + bestBid)) * 1e4);
      sizes.push(bids.get(bestBid) ?? 0);
    }
    expect(Math.abs(mean(spreads) - 1)).toBeLessThan(0.02);
    // 0.5 base units are 5,000 lots; gamma of shape 2 has a standard deviation of mean/√2.
    expect(Math.abs(mean(sizes) / 5_000 - 1)).toBeLessThan(0.05);
    expect(Math.abs(variance(sizes) / (5_000 ** 2 / 2) - 1)).toBeLessThan(0.25);
    expect(Math.abs(records.length / (300 * 40) - 1)).toBeLessThan(0.05);
  });

  it("renews every level at an exponential rate, each as often as any other", () => {
    const still = { ...CALM, calmVolBps: 0 };
    const book = { noiseSdBps: 0, basisSdBps: 0, levels: 5, updatesPerS: 20 };
    const records = depthOf(createAgentMarket(market(800, [book], { asset: still }), CONFIG)).slice(1);
    const renewals = new Map<number, number[]>();
    for (const { exchangeAtUs, bids, asks } of records) {
      expect(bids.length + asks.length).toBe(2);
      const price = bids[0] ?? asks[0] ?? 0;
      const atUs = renewals.get(price) ?? [];
      renewals.set(price, atUs);
      atUs.push(exchangeAtUs);
    }
    expect(renewals.size).toBe(10);
    for (const atUs of renewals.values()) {
      const waitsS = atUs.slice(1).map((us, i) => (us - (atUs[i] ?? 0)) / 1e6);
      // One of ten levels at 20 updates a second: every 0.5 s, with a standard deviation equal to the mean.
      expect(Math.abs(mean(waitsS) / 0.5 - 1)).toBeLessThan(0.12);
      expect(Math.abs(Math.sqrt(variance(waitsS)) / 0.5 - 1)).toBeLessThan(0.2);
    }
  });

  it("strays from the efficient price by its noise and its basis", () => {
    const still = { ...CALM, calmVolBps: 0 };
    const book = { noiseSdBps: 0.8, basisSdBps: 2, basisTauS: 20, updatesPerS: 2, levelSpacingBps: 0.1 };
    const records = depthOf(createAgentMarket(market(4_000, [book], { asset: still }), CONFIG));
    const deviations: number[] = [];
    for (const { bestBid, bestAsk } of rebuild(records))
      deviations.push(((bestBid + bestAsk) / 2 / 500_000 - 1) * 1e4);
    // 100 independent values of the basis: 5 standard errors of the deviation are 35 %.
    expect(Math.abs(Math.sqrt(variance(deviations) / (0.8 ** 2 + 2 ** 2)) - 1)).toBeLessThan(0.35);
  });

  it("moves in whole ticks of its own instrument, however coarse", () => {
    const coarse = { ...CONFIG, instruments: CONFIG.instruments.map((i) => ({ ...i, tick: "10" })) };
    const records = depthOf(createAgentMarket(market(30, [{}]), coarse));
    for (const { bestBid, bestAsk } of rebuild(records)) {
      expect(bestAsk - bestBid).toBe(1);
      expect(Math.abs(bestBid - 5_000)).toBeLessThan(20);
    }
  });
});
