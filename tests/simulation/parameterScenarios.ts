/**
 * One scenario per parameter in which its two values must lead to different orders or refusals. The
 * table is complete by its type: a parameter without a row here does not compile.
 */
import { expect } from "vitest";
import type { ParameterChange, ParamName, ParamValues, QuotingModel } from "../../server/contract/params.ts";
import {
  ticksOf,
  lotsOf,
  wider,
  narrower,
  lower,
  higher,
  larger,
  levelsOf,
  takes,
  refuses,
  countOf,
  amendsLess,
  lastPlaceAtMs,
  firstQueryAtMs,
} from "./parameterChecks.ts";
import {
  TICKS_PER_BP,
  walk,
  walkBps,
  type ParameterDesk,
  type Settings,
  type Trace,
} from "./parameterDesk.ts";

import {
  after,
  confirmed,
  flat,
  jump,
  long,
  lopsided,
  oneLeads,
  pickedOff,
  pressed,
  WARM_UP_S,
} from "./parameterPlays.ts";

export interface Choice {
  readonly model: QuotingModel;
  readonly riskAversionSource: "target-inventory-sd" | "direct";
}

export interface Scenario<V> {
  /** What the second value does that the first does not. */
  readonly effect: string;
  readonly values: readonly [V, V];
  /** Other parameters; those that are inert under the model at hand are left out. */
  readonly given?: Settings;
  /** What is set more narrowly than for the desk, where it is not inert. */
  readonly scoped?: readonly ParameterChange[];
  readonly symbols?: number;
  play(desk: ParameterDesk): void;
  /** Where a direction is known. */
  check?(first: Trace, second: Trace, choice: Choice): void;
}

/** Where γ moves quotes down when long; elsewhere it only acts through c₁. */
function lowerWithSkew(first: Trace, second: Trace, { model }: Choice): void {
  if (model !== "symmetric") lower(first, second);
}

/** σ√τ of some bps: the pick-off floor binds. */
const SLOW = { quoteLatencyMs: 5_000, pickOffZ: 6 } as const;
/** The balance skew of a venue at half of its limit wants 25 bps. */
const SKEWED = { venueSkewBps: 50 } as const;
/** One order on each of three venues is 6 % of capital; 4.2 % where the document finds the market tight. */
const LARGE = { orderNotionalPct: 2, netMaxPct: 9, assetMaxPct: 9 } as const;
const NO_JUMPS = { jumpSigmas: 50 } as const;
const VENUE1 = { level: "account", account: "venue1" } as const;

export const SCENARIOS: { readonly [N in ParamName]: Scenario<ParamValues[N]> } = {
  model: { effect: "quotes differently when long", values: ["glft", "avellaneda-stoikov"], play: long(1) },
  riskAversionSource: {
    effect: "quotes differently when long",
    values: ["target-inventory-sd", "direct"],
    given: { riskAversionPerQuote: 0.05 },
    play: long(1),
  },
  targetInventorySdPct: {
    effect: "moves both quotes further down when long",
    values: [25, 5],
    play: long(0.5),
    check: lowerWithSkew,
  },
  riskAversionPerQuote: {
    effect: "moves both quotes further down when long",
    values: [1e-5, 0.05],
    play: long(1),
    check: lowerWithSkew,
  },
  sessionSeconds: {
    // The skew is that of the share of the session that is left: how much that is depends on the instant.
    effect: "quotes differently when long",
    values: [3_600, 86_400],
    play: long(1),
  },
  sessionFlattenPct: {
    effect: "stays out at the end of a session",
    values: [0, 33],
    given: { sessionSeconds: 60 },
    play: after(40, walk),
    check: refuses("SESSION_END"),
  },
  documentSpreadBps: { effect: "quotes wider", values: [20, 40], play: flat, check: wider },
  documentPenaltyBps: {
    effect: "moves both quotes further down when long",
    values: [5, 10],
    play: long(1),
    check: lower,
  },

  intensitySource: {
    effect: "does not quote before trades are seen",
    values: ["set", "estimated"],
    play: flat,
    check: refuses("NO_INTENSITY"),
  },
  fillDecayBps: {
    // The document's first quote does not depend on it: the next one does.
    effect: "quotes wider",
    values: [2, 5],
    given: { quoteLevels: 2 },
    play: flat,
    check(first, second, { model }) {
      if (model !== "strategy-document") wider(first, second);
    },
  },
  fillRatePerMinute: {
    effect: "quotes another half-spread",
    values: [1, 6_000],
    given: { targetInventorySdPct: 5 },
    // The γ of avellaneda-stoikov follows from the mean decay of its venues' flow, which A weighs them in.
    scoped: [
      { scope: VENUE1, name: "fillRatePerMinute", value: 30 },
      { scope: VENUE1, name: "fillDecayBps", value: 8 },
    ],
    play: flat,
  },

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

  venueNoiseBps: {
    effect: "trusts the freshest venue less",
    values: [0.5, 20],
    given: NO_JUMPS,
    play: after(3, oneLeads),
    check: lower,
  },
  venueLagMs: {
    effect: "trusts the freshest venue less",
    values: [0, 5_000],
    given: NO_JUMPS,
    play: after(3, oneLeads),
    check: lower,
  },
  venuePrice: {
    effect: "quotes higher where a heavy bid has gone before a rise",
    values: ["mid", "micro-price"],
    given: NO_JUMPS,
    play: lopsided,
    check: higher,
  },
  venueWeights: {
    effect: "trusts a venue less that strays from the others",
    values: ["set", "estimated"],
    given: { ...NO_JUMPS, venueNoiseBps: 0.5 },
    play(desk) {
      // Long enough for the hundred distances that an estimate needs.
      desk.run(160, (venue, second) => walkBps(second) + (venue === 1 && second % 2 === 1 ? 3 : 0));
    },
  },
  basisHalfLifeMinutes: {
    effect: "takes longer to learn that the first venue stands higher",
    values: [0.1, 240],
    given: NO_JUMPS,
    play: after(10, (venue, second) => walkBps(second) + (venue === 0 ? 3 : 0)),
    check(first, second) {
      expect(ticksOf(second, "buy")).toBeLessThan(ticksOf(first, "buy"));
    },
  },
  channelSilenceMaxMs: {
    effect: "pulls the quotes of a silent venue",
    values: [120_000, 1_500],
    play: after(3, (venue, second) => (venue === 0 ? "silent" : walk(venue, second))),
    check: refuses("STALE_CHANNEL"),
  },
  quietBookZ: {
    effect: "pulls the quotes of a venue that fair value has left",
    values: [20, 1],
    given: NO_JUMPS,
    play: after(8, (venue, second) => (venue === 0 ? "quiet" : second - WARM_UP_S)),
    check: refuses("STALE_BOOK"),
  },

  volatilityPriorPct: { effect: "quotes wider", values: [20, 100], given: SLOW, play: flat, check: wider },
  jumpSigmas: {
    effect: "pulls quotes after a jump",
    values: [50, 3],
    play: after(2, jump),
    check: refuses("JUMP"),
  },
  jumpPauseMs: {
    effect: "stays out longer after a jump",
    values: [500, 5_000],
    play: after(8, jump),
    check(first, second) {
      expect(lastPlaceAtMs(second) - lastPlaceAtMs(first)).toBe(4_500);
    },
  },

  requoteToleranceK: { effect: "amends less often", values: [0, 2], play: flat, check: amendsLess },
  quoteLifeMinMs: { effect: "amends less often", values: [0, 5_000], play: flat, check: amendsLess },
  unknownAfterMs: {
    effect: "asks sooner for an order without an answer",
    values: [2_000, 250],
    play(desk) {
      desk.deaf = true;
      desk.run(WARM_UP_S);
    },
    check(first, second) {
      expect(firstQueryAtMs(first) - firstQueryAtMs(second)).toBe(1_750);
    },
  },
};
