/** What levels, sizes and limits must change. */
import { expect } from "vitest";
import type { LIMIT_PARAMS } from "../../../server/contract/params/limits.ts";
import { larger, levelsOf, refuses } from "../parameterChecks.ts";
import type { Trace } from "../parameterDesk.ts";
import { flat, long, WARM_UP_S } from "../parameterPlays.ts";
import { SKEWED, type ScenariosOf } from "./scenario.ts";

/** One order on each of three venues is 6 % of capital; 4.2 % where the document finds the market tight. */
const LARGE = { orderNotionalPct: 2, netMaxPct: 9, assetMaxPct: 9 } as const;

export const LIMIT_SCENARIOS: ScenariosOf<typeof LIMIT_PARAMS> = {
  quoteLevels: {
    effect: "quotes more levels",
    values: [1, 3],
    play: flat,
    check(first, second) {
      for (const side of ["buy", "sell"] as const) {
        expect(levelsOf(first, side)).toHaveLength(1);
        expect(levelsOf(second, side)).toHaveLength(3);
      }
    },
  },
  levelStepOfDecay: {
    effect: "quotes the second level further away",
    values: [0.5, 2],
    given: { quoteLevels: 2 },
    play: flat,
    check(first, second) {
      const step = (trace: Trace): number =>
        (levelsOf(trace, "sell")[1]?.priceTicks ?? NaN) - (levelsOf(trace, "sell")[0]?.priceTicks ?? NaN);
      expect(step(second)).toBeGreaterThan(3 * step(first));
    },
  },
  levelSizeRatio: {
    effect: "quotes the second level larger",
    values: [1, 2],
    given: { quoteLevels: 2 },
    play: flat,
    check(first, second) {
      const lots = (trace: Trace): number => levelsOf(trace, "sell")[1]?.sizeLots ?? NaN;
      expect(lots(second)).toBeGreaterThan(1.9 * lots(first));
    },
  },
  capital: { effect: "quotes larger", values: [1e6, 5e6], play: flat, check: larger },
  orderNotionalPct: { effect: "quotes larger", values: [0.1, 0.2], play: flat, check: larger },
  assetMaxPct: {
    effect: "refuses the order of the third venue",
    values: [9, 4],
    given: LARGE,
    play: flat,
    check: refuses("ASSET_LIMIT"),
  },
  venueMaxPct: {
    effect: "refuses an order that would exceed it with what is held there",
    values: [10, 2],
    given: LARGE,
    play: long(0.5),
    check: refuses("VENUE_LIMIT"),
  },
  netMaxPct: {
    effect: "refuses the order of the third venue",
    values: [9, 4],
    given: LARGE,
    play: flat,
    check: refuses("NET_LIMIT"),
  },
  grossMaxPct: {
    effect: "refuses what adds to a long and a short that offset each other",
    values: [20, 6.5],
    given: { orderNotionalPct: 1, netMaxPct: 6.5 },
    symbols: 2,
    play(desk) {
      desk.hold(1.5, { symbol: 0, venue: 0 });
      desk.hold(-1.5, { symbol: 1, venue: 0 });
      desk.run(WARM_UP_S);
    },
    check: refuses("GROSS_LIMIT"),
  },
  collarBps: {
    effect: "refuses the bid that skew moved beyond it",
    values: [100, 6],
    given: { ...SKEWED, halfSpreadMaxBps: 6, skewMaxBps: 4, documentSpreadBps: 8 },
    play: long(2.5),
    check: refuses("PRICE_COLLAR"),
  },
};
