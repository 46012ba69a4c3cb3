/** What inventory, its target and its hedges must change. */
import { expect } from "vitest";
import type { INVENTORY_PARAMS } from "../../../server/contract/params/inventory.ts";
import { lotsOf, wider, lower, higher, takes, refuses } from "../parameterChecks.ts";
import { confirmed, flat, long } from "../parameterPlays.ts";
import { SKEWED, type ScenariosOf } from "./scenario.ts";

export const INVENTORY_SCENARIOS: ScenariosOf<typeof INVENTORY_PARAMS> = {
  skewMaxBps: {
    effect: "moves both quotes further down when long",
    values: [1, 3],
    given: SKEWED,
    play: long(2.5),
    check: lower,
  },
  venueSkewBps: {
    effect: "moves both quotes further down when long there",
    values: [0, 3],
    play: long(2.5),
    check: lower,
  },
  sizeSkewExponent: {
    effect: "buys less when long and sells as much",
    values: [1, 4],
    play: long(2.5),
    check(first, second) {
      expect(lotsOf(second, "buy")).toBeLessThan(lotsOf(first, "buy"));
      expect(lotsOf(second, "sell")).toBe(lotsOf(first, "sell"));
    },
  },
  inventoryTarget: {
    effect: "leans long under a positive drift",
    values: ["zero", "drift"],
    given: { driftBpsPerHour: 1_000 },
    play: flat,
    check: higher,
  },
  driftBpsPerHour: {
    effect: "leans long under a positive drift",
    values: [-500, 500],
    given: { inventoryTarget: "drift" },
    play: flat,
    check: higher,
  },
  driftDecaySeconds: {
    effect: "leans further under a drift that lasts",
    values: [1, 600],
    given: { inventoryTarget: "drift", driftBpsPerHour: 5 },
    play: flat,
    check: higher,
  },
  hedgedQuoting: {
    effect: "pulls quotes whose hedge book is old",
    values: [false, true],
    play: flat,
    check: refuses("HEDGE_BOOK_STALE"),
  },
  hedgeProfitBps: {
    effect: "quotes wider",
    values: [0, 20],
    given: { hedgedQuoting: true },
    play: confirmed,
    check: wider,
  },
  hedgeSlippageBps: {
    effect: "quotes wider",
    values: [1, 20],
    given: { hedgedQuoting: true },
    play: confirmed,
    check: wider,
  },
  hedging: {
    effect: "takes inventory off",
    values: ["none", "every-fill"],
    play: long(1),
    check: takes,
  },
  hedgeBandOrders: {
    effect: "takes off what exceeds it",
    values: [50, 10],
    given: { hedging: "band" },
    play: long(1),
    check: takes,
  },
};
