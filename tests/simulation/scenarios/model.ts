/** What the model, its risk aversion and its fill intensity must change. */
import type { MODEL_PARAMS } from "../../../server/contract/params/model.ts";
import { wider, lower, refuses } from "../parameterChecks.ts";
import { walk, type Trace } from "../parameterDesk.ts";
import { after, flat, long } from "../parameterPlays.ts";
import type { Choice, ScenariosOf } from "./scenario.ts";

/** Where γ moves quotes down when long; elsewhere it only acts through c₁. */
function lowerWithSkew(first: Trace, second: Trace, { model }: Choice): void {
  if (model !== "symmetric") lower(first, second);
}

const VENUE1 = { level: "account", account: "venue1" } as const;

export const MODEL_SCENARIOS: ScenariosOf<typeof MODEL_PARAMS> = {
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
};
