import { describe, expect, it } from "vitest";
import { describeRule, INERT_UNLESS, ruleHolds } from "../../../server/contract/paramRules.ts";
import { PARAMS, ParamValues } from "../../../server/contract/params.ts";
import type { QuotingModel } from "../../../server/contract/params/model.ts";

const DEFAULTS = ParamValues.parse({ capital: 1 });

describe("the rules of parameters", () => {
  it("depend only on choices that exist", () => {
    for (const choice of Object.values(INERT_UNLESS).flat(2))
      expect(PARAMS[choice.name].schema.safeParse(choice.is).success).toBe(true);
  });

  it.each<{ model: QuotingModel; target: boolean; direct: boolean }>([
    { model: "glft", target: true, direct: true },
    { model: "glft-spectral", target: true, direct: true },
    { model: "avellaneda-stoikov", target: true, direct: false },
    { model: "symmetric", target: true, direct: false },
    { model: "strategy-document", target: false, direct: false },
  ])("let the fill rate act under $model where a slope or γ follows from it", ({ model, target, direct }) => {
    const rule = INERT_UNLESS.fillRatePerMinute ?? [];
    const acts = (riskAversionSource: "target-inventory-sd" | "direct"): boolean =>
      ruleHolds(rule, { ...DEFAULTS, model, riskAversionSource });
    expect([acts("target-inventory-sd"), acts("direct")]).toEqual([target, direct]);
  });

  it("say what has to be chosen, by the names that the reader knows", () => {
    expect(describeRule(INERT_UNLESS.driftBpsPerHour ?? [], (name) => name.toUpperCase())).toBe(
      "INVENTORYTARGET is drift, and MODEL is glft or MODEL is glft-spectral or MODEL is avellaneda-stoikov",
    );
    expect(describeRule(INERT_UNLESS.hedgeProfitBps ?? [], (name) => name)).toBe("hedgedQuoting is on");
  });
});
