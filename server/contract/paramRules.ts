/** Which parameters act under which choices of others. */
import type { ParamName, ParamValue, ParamValues } from "./params.ts";

/** A choice that other parameters depend on. */
export interface ParamChoice {
  readonly name:
    | "model"
    | "riskAversionSource"
    | "adverseSelectionSource"
    | "inventoryTarget"
    | "hedgedQuoting"
    | "hedging"
    | "quoteLevels";
  readonly is: ParamValue;
}

/** Every line has to hold, each by one of its choices. */
export type ParamRule = readonly (readonly ParamChoice[])[];

const oneOf = (name: ParamChoice["name"], ...values: ParamValue[]): readonly ParamChoice[] =>
  values.map((is) => ({ name, is }));

const WITH_RISK_AVERSION = oneOf("model", "glft", "glft-spectral", "avellaneda-stoikov", "symmetric");
const WITH_SKEW_BY_RISK = oneOf("model", "glft", "glft-spectral", "avellaneda-stoikov");
const SEVERAL_LEVELS = oneOf("quoteLevels", 2, 3, 4, 5);

/**
 * Parameters that do nothing unless these choices are made: setting one elsewhere is refused, never silently
 * ignored. The fill rate acts through GLFT's skew slope, and through the γ that gives a target.
 */
export const INERT_UNLESS: Partial<Record<ParamName, ParamRule>> = {
  sessionSeconds: [oneOf("model", "avellaneda-stoikov")],
  sessionFlattenPct: [oneOf("model", "avellaneda-stoikov")],
  riskAversionSource: [WITH_RISK_AVERSION],
  targetInventorySdPct: [oneOf("riskAversionSource", "target-inventory-sd"), WITH_RISK_AVERSION],
  riskAversionPerQuote: [oneOf("riskAversionSource", "direct"), WITH_RISK_AVERSION],
  fillRatePerMinute: [
    [...oneOf("model", "glft", "glft-spectral"), ...oneOf("riskAversionSource", "target-inventory-sd")],
    WITH_RISK_AVERSION,
  ],
  documentSpreadBps: [oneOf("model", "strategy-document")],
  documentPenaltyBps: [oneOf("model", "strategy-document")],
  markoutSeconds: [oneOf("adverseSelectionSource", "markouts")],
  inventoryTarget: [WITH_SKEW_BY_RISK],
  driftBpsPerHour: [oneOf("inventoryTarget", "drift"), WITH_SKEW_BY_RISK],
  driftDecaySeconds: [oneOf("inventoryTarget", "drift"), WITH_SKEW_BY_RISK],
  levelStepOfDecay: [SEVERAL_LEVELS],
  levelSizeRatio: [SEVERAL_LEVELS],
  hedgeProfitBps: [oneOf("hedgedQuoting", true)],
  hedgeSlippageBps: [[...oneOf("hedgedQuoting", true), ...oneOf("hedging", "band", "every-fill")]],
  hedgeBandOrders: [oneOf("hedging", "band")],
};

/** Whether a parameter acts under these values. */
export function ruleHolds(rule: ParamRule, values: Pick<ParamValues, ParamChoice["name"]>): boolean {
  return rule.every((choices) => choices.some(({ name, is }) => values[name] === is));
}

/** `model is glft or symmetric, and hedging is band`, with the names that the reader knows them by. */
export function describeRule(rule: ParamRule, nameOf: (name: ParamChoice["name"]) => string): string {
  return rule
    .map((choices) => choices.map(({ name, is }) => `${nameOf(name)} is ${wordOfChoice(is)}`).join(" or "))
    .join(", and ");
}

function wordOfChoice(value: ParamValue): string {
  return typeof value === "boolean" ? (value ? "on" : "off") : String(value);
}
