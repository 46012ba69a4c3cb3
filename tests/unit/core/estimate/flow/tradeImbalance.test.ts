import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createTradeImbalance,
  observeTrade,
  rawImbalance,
  readTradeImbalance,
} from "../../../../../server/core/estimate/flow/tradeImbalance.ts";
import type { Side } from "../../../../../server/contract/units.ts";

const HORIZON_S = 60;
const START_US = 1_700_000_000_000_000;

/** One trade a second. */
function after(trades: readonly (readonly [Side, number])[], everyS = 1) {
  const state = createTradeImbalance();
  for (const [at, [aggressor, size]] of trades.entries())
    observeTrade(state, { atUs: START_US + at * everyS * 1e6, aggressor, size }, HORIZON_S);
  return { state, endUs: START_US + Math.max(0, trades.length - 1) * everyS * 1e6 };
}

const trades = fc.array(fc.tuple(fc.constantFrom<Side>("buy", "sell"), fc.integer({ min: 1, max: 1e6 })), {
  minLength: 30,
  maxLength: 80,
});

describe("trade imbalance", () => {
  it("is not known below 20 trades, however one-sided they are", () => {
    const { state, endUs } = after(
      Array.from({ length: 19 }, () => ["buy", 5] as const),
      0,
    );
    expect(rawImbalance(state)).toBe(1);
    expect(readTradeImbalance(state, endUs, HORIZON_S)).toMatchObject({ state: "COLD", value: undefined });
  });

  it("is drawn half-way to zero at 20 trades", () => {
    const { state, endUs } = after(
      Array.from({ length: 20 }, () => ["sell", 5] as const),
      0,
    );
    expect(readTradeImbalance(state, endUs, HORIZON_S)).toMatchObject({
      state: "WARM",
      value: -0.5,
      nEff: 20,
    });
  });

  it("forgets trades by their age, and is COLD again when they no longer count for 20", () => {
    const { state, endUs } = after([
      ...Array.from({ length: 40 }, () => ["sell", 1] as const),
      ...Array.from({ length: 40 }, () => ["buy", 1] as const),
    ]);
    expect(rawImbalance(state)).toBeGreaterThan(0.2);
    expect(readTradeImbalance(state, endUs + 120e6, HORIZON_S).state).toBe("COLD");
  });

  it("weighs by size, and reads the same whatever the unit of size", () => {
    fc.assert(
      fc.property(trades, (list) => {
        const one = after(list);
        const other = after(list.map(([side, size]) => [side, size * 1_024] as const));
        expect(readTradeImbalance(other.state, other.endUs, HORIZON_S)).toEqual(
          readTradeImbalance(one.state, one.endUs, HORIZON_S),
        );
      }),
    );
  });

  it("turns its sign when buyers and sellers change places", () => {
    fc.assert(
      fc.property(trades, (list) => {
        const one = after(list);
        const other = after(list.map(([side, size]) => [side === "buy" ? "sell" : "buy", size] as const));
        expect(rawImbalance(other.state)).toBeCloseTo(-(rawImbalance(one.state) ?? NaN), 12);
      }),
    );
  });

  it("gives the error that signs by chance would have", () => {
    const { state, endUs } = after(
      Array.from({ length: 100 }, (_, at) => [at % 2 === 0 ? "buy" : "sell", 3] as const),
      0,
    );
    // 100 fair coins: 1/√100, shrunk by 100/120.
    expect(readTradeImbalance(state, endUs, HORIZON_S).stderr).toBeCloseTo((0.1 * 100) / 120, 12);
  });

  it("has an error that grows as old trades are forgotten", () => {
    const state = createTradeImbalance();
    for (let at = 0; at < 2_000; at++)
      observeTrade(
        state,
        { atUs: START_US + at * 1e6, aggressor: at % 2 === 0 ? "buy" : "sell", size: 1 },
        HORIZON_S,
      );
    // Σw²/(Σw)² = (1 − d)/(1 + d) with d = e^(−1/60): as good as 120 trades of equal weight.
    const { stderr, nEff } = readTradeImbalance(state, START_US + 1_999e6, HORIZON_S);
    expect(stderr).toBeCloseTo(Math.sqrt(Math.tanh(1 / 120)) * (nEff / (nEff + 20)), 5);
  });

  it("takes a clock that was set back for no time passed", () => {
    const { state } = after([["buy", 4]]);
    observeTrade(state, { atUs: START_US - 1e9, aggressor: "sell", size: 4 }, HORIZON_S);
    expect(rawImbalance(state)).toBe(0);
  });
});
