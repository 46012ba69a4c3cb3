/** What width and adverse selection must change. */
import { expect } from "vitest";
import type { SPREAD_PARAMS } from "../../../server/contract/params/spread.ts";
import { ticksOf, lotsOf, wider, narrower, refuses, countOf } from "../parameterChecks.ts";
import { TICKS_PER_BP } from "../parameterDesk.ts";
import { flat, pickedOff, pressed } from "../parameterPlays.ts";
import { SLOW, NO_JUMPS, type ScenariosOf } from "./scenario.ts";

export const SPREAD_SCENARIOS: ScenariosOf<typeof SPREAD_PARAMS> = {
  spreadMultiplier: { effect: "quotes wider", values: [1, 2], play: flat, check: wider },
  spreadAddBps: { effect: "quotes wider", values: [0, 5], play: flat, check: wider },
  halfSpreadMaxBps: {
    effect: "does not quote",
    values: [50, 1],
    play: flat,
    check: refuses("WIDER_THAN_MAX"),
  },
  obligation: {
    effect: "quotes the smallest size at the maximum half-spread",
    values: [false, true],
    given: { halfSpreadMaxBps: 1 },
    play: flat,
    check(first, second) {
      expect(countOf(first, "place")).toBe(0);
      expect(first.refusals.WIDER_THAN_MAX).toBeGreaterThan(0);
      const width = ticksOf(second, "sell") - ticksOf(second, "buy");
      expect(Math.abs(width - 2 * TICKS_PER_BP)).toBeLessThanOrEqual(2);
      expect([lotsOf(second, "buy"), lotsOf(second, "sell")]).toEqual([1, 1]);
    },
  },
  adverseSelectionSource: {
    effect: "buys lower and less where sellers press",
    values: ["set", "strategy-document"],
    play: pressed,
    check(first, second) {
      expect(ticksOf(first, "buy") - ticksOf(second, "buy")).toBeGreaterThan(9 * TICKS_PER_BP);
      expect(ticksOf(second, "sell")).toBe(ticksOf(first, "sell"));
      expect(lotsOf(second, "buy")).toBeLessThan(0.6 * lotsOf(first, "buy"));
    },
  },
  markoutSeconds: {
    effect: "buys lower where a fill loses only after the shorter horizon",
    values: ["1", "5"],
    given: { ...NO_JUMPS, adverseSelectionSource: "markouts" },
    play: pickedOff,
    check(first, second) {
      expect(ticksOf(second, "buy")).toBeLessThan(ticksOf(first, "buy"));
    },
  },
  adverseSelectionBps: { effect: "quotes wider", values: [0.3, 3], play: flat, check: wider },
  quoteLatencyMs: {
    effect: "quotes wider",
    values: [0, 5_000],
    given: { pickOffZ: 6 },
    play: flat,
    check: wider,
  },
  pickOffZ: {
    effect: "quotes wider",
    values: [0, 6],
    given: { quoteLatencyMs: 5_000 },
    play: flat,
    check: wider,
  },
  sniperFeeBps: { effect: "quotes narrower", values: [0, 5], given: SLOW, play: flat, check: narrower },
};
