import { describe, expect, it } from "vitest";
import {
  arbitrageThreshold,
  createArbitrage,
  isWorthwhile,
  sizeArbitrage,
} from "../../../../server/core/hedge/arbitrage.ts";
import type { TakerVenue } from "../../../../server/core/hedge/takerVenue.ts";
import { takerVenue } from "./fixtures.ts";

const buy = takerVenue([10_000, 10], [10_002, 8, 10_005, 20], { takerFrac: 0.0003 });
const sell = takerVenue([10_012, 10, 10_010, 20], [10_014, 10], { takerFrac: 0.0002 });

function sized(
  terms: { edgeMin?: number; sizeMaxBase?: number } = {},
  from: TakerVenue = buy,
  to: TakerVenue = sell,
) {
  const out = createArbitrage();
  sizeArbitrage(from, to, { edgeMin: 0, sizeMaxBase: 100, ...terms }, out);
  return out;
}

describe("the size of an arbitrage", () => {
  it("is what both books give while a unit still earns after both fees", () => {
    const { sizeBase, profit, buyLimitTicks, sellLimitTicks } = sized();
    expect(sizeBase).toBeCloseTo(1, 12);
    expect(profit).toBeCloseTo(0.0439682, 10);
    expect(buyLimitTicks).toBe(10_005);
    expect(sellLimitTicks).toBe(10_012);
  });

  it("is nothing in the other direction, or where fees eat the gap", () => {
    const nothing = { sizeBase: 0, profit: 0, buyLimitTicks: 0, sellLimitTicks: 0 };
    expect(sized({}, sell, buy)).toEqual(nothing);
    expect(sized({}, { ...buy, takerFrac: 0.001 })).toEqual(nothing);
    expect(sized({}, takerVenue([10_000, 10], []))).toEqual(nothing);
  });

  it("leaves steps that earn less than asked", () => {
    const { sizeBase, buyLimitTicks } = sized({ edgeMin: 0.03 });
    expect(sizeBase).toBeCloseTo(0.8, 12);
    expect(buyLimitTicks).toBe(10_002);
  });

  it("stops at what balances allow", () => {
    expect(sized({ sizeMaxBase: 0.5 }).sizeBase).toBe(0.5);
    expect(sized({ sizeMaxBase: 0 }).sizeBase).toBe(0);
  });

  it("never counts our own orders", () => {
    const ours = { ...buy, ownAsks: { priceTicks: [10_002], remainingLots: [8] } };
    expect(sized({}, ours).profit).toBeCloseTo(1 * (100.12 * 0.9998 - 100.05 * 1.0003), 10);
  });

  it("compares venues of different ticks, lots and currencies in one", () => {
    const other = takerVenue([11_000, 100], [11_002, 30, 11_003, 50, 11_010, 200], {
      takerFrac: 0.0003,
      tickReporting: 0.01 * (10_002 / 11_002),
      lotBase: 0.01,
    });
    expect(sized({}, other).sizeBase).toBeCloseTo(0.8, 12);
    expect(sized({}, other).buyLimitTicks).toBe(11_003);
  });
});

describe("the trigger of an arbitrage", () => {
  const risk = { rebalanceCost: 0.005, z: 1, sigma: 0.01, legsS: 0.16, failFrac: 0.05, unwindCost: 0.06 };

  it("asks for rebalancing, the walk between the legs and the leg that fails", () => {
    expect(arbitrageThreshold(risk)).toBeCloseTo(0.005 + 0.004 + 0.003, 12);
  });

  it("goes by the mean edge of a unit, not by the whole profit", () => {
    const found = { ...createArbitrage(), sizeBase: 10, profit: 0.11 };
    expect(isWorthwhile(found, risk)).toBe(false);
    expect(isWorthwhile({ ...found, profit: 0.13 }, risk)).toBe(true);
    expect(isWorthwhile(createArbitrage(), risk)).toBe(false);
  });
});
