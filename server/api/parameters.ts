/** Parameters as a form needs them: what is set where, what results at a scope, and what a change would do. */
import type { DeskShape, ParametersAnswer } from "../contract/link.ts";
import type { ParameterSetting } from "../contract/lines.ts";
import { describeRule, INERT_UNLESS, ruleHolds, type ParamRule } from "../contract/paramRules.ts";
import {
  PARAM_NAMES,
  PARAMS,
  ParameterChange,
  ParamValues,
  type ParamName,
  type ParamScope,
  type ParamValue,
} from "../contract/params.ts";
import type { ParamLevel } from "../contract/params/param.ts";
import {
  applyChanges,
  createLayers,
  findForbidden,
  findSetting,
  HEDGING_FORBIDDEN,
  resolveParams,
  scopeKey,
  type ParamAddress,
  type ParamLayers,
} from "../core/params/resolve.ts";

export interface ParamState {
  readonly name: ParamName;
  /** In force at the scope. */
  readonly value: ParamValue | undefined;
  /** Where it comes from. */
  readonly from: ParamLevel | "default" | "missing";
  /** Set at this very scope. */
  readonly own: ParamValue | undefined;
  /** What would hold if it were not set here. */
  readonly inherited: ParamValue | undefined;
  readonly inheritedFrom: ParamLevel | "default" | "missing";
  readonly settableHere: boolean;
  /** Why setting it here would do nothing. */
  readonly inert: string | undefined;
}

export interface CheckedChanges {
  /** By position in the changes; -1: of all of them together. Code and text are the engine's. */
  readonly problems: readonly { readonly index: number; readonly code: string; readonly text: string }[];
  /** What is in force at each change's scope, now and then; empty when there are problems. */
  readonly diff: readonly ParameterSetting[];
}

export function layersOf(answer: ParametersAnswer): ParamLayers {
  const layers = createLayers();
  layers.version = answer.version;
  for (const { level, scope, name, value } of answer.settings) {
    const key = level === "desk" ? "desk" : `${level} ${scope}`;
    const values = layers.set.get(key) ?? new Map<ParamName, ParamValue>();
    values.set(name, value);
    layers.set.set(key, values);
  }
  return layers;
}

export function statesAt(shape: DeskShape, answer: ParametersAnswer, scope: ParamScope): ParamState[] {
  const layers = layersOf(answer);
  const address = addressOf(shape, scope);
  const resolved = resolveParams(layers, address);
  const without = new Map(layers.set);
  without.delete(scopeKey(scope));
  const above = { ...layers, set: without };
  return PARAM_NAMES.map((name) => {
    const { value, from } = find(layers, name, address);
    const inherited = find(above, name, address);
    const rules = INERT_UNLESS[name];
    const acts =
      rules === undefined ||
      !resolved.ok ||
      ruleHolds(rules, resolved.values) ||
      actsBelow(shape, layers, scope, rules);
    return {
      name,
      value,
      from,
      own: layers.set.get(scopeKey(scope))?.get(name),
      inherited: inherited.value,
      inheritedFrom: inherited.from,
      settableHere: (PARAMS[name].meta.levels as readonly ParamLevel[]).includes(scope.level),
      inert: isForbidden(shape, name)
        ? HEDGING_FORBIDDEN
        : acts
          ? undefined
          : `does nothing unless ${describeRule(rules ?? [], (choice) => PARAMS[choice].meta.label)}`,
    };
  });
}

function isForbidden({ hedging }: DeskShape, name: ParamName): boolean {
  return hedging === "off" && (name === "hedgedQuoting" || name === "hedging");
}

/** What the engine would say to the changes, without asking it to do anything, and what they would alter. */
export function checkChanges(
  shape: DeskShape,
  answer: ParametersAnswer,
  changes: readonly unknown[],
): CheckedChanges {
  const problems: { index: number; code: string; text: string }[] = [];
  const valid: ParameterChange[] = [];
  for (const [index, change] of changes.entries()) {
    const parsed = ParameterChange.safeParse(change);
    if (parsed.success) valid.push(parsed.data);
    else for (const { message: text } of parsed.error.issues) problems.push({ index, code: "BOUNDS", text });
  }
  if (problems.length > 0) return { problems, diff: [] };
  const layers = layersOf(answer);
  const forbidden = findForbidden(shape.hedging, valid);
  const applied =
    forbidden === undefined
      ? applyChanges(layers, valid, addressesOf(shape))
      : ({ ok: false, refusal: forbidden } as const);
  if (applied.ok)
    return { problems, diff: valid.map((change) => difference(shape, layers, applied.layers, change)) };
  const { code, text, index = -1 } = applied.refusal;
  return { problems: [{ index, code, text }], diff: [] };
}

/** The changes that take a version back, from what it had set. */
export function reverting(settings: readonly ParameterSetting[]): ParameterChange[] {
  return settings.map(({ level, scope, name, before }) => ({
    scope: parseScope(level, scope),
    name,
    ...(before === undefined ? {} : { value: before }),
  }));
}

function difference(
  shape: DeskShape,
  before: ParamLayers,
  after: ParamLayers,
  { scope, name }: ParameterChange,
): ParameterSetting {
  const key = scopeKey(scope);
  const at = addressOf(shape, scope);
  return {
    scope: scope.level === "desk" ? key : key.slice(scope.level.length + 1),
    level: scope.level,
    name,
    before: find(before, name, at).value,
    after: find(after, name, at).value,
  };
}

function parseScope(level: ParamLevel, scope: string): ParamScope {
  switch (level) {
    case "desk":
      return { level };
    case "account":
      return { level, account: scope };
    case "market":
      return { level, market: scope };
    case "instrument": {
      const [account = "", ...symbol] = scope.split(" ");
      return { level, account, symbol: symbol.join(" ") };
    }
  }
}

function find(
  layers: ParamLayers,
  name: ParamName,
  address: ParamAddress,
): { readonly value: ParamValue | undefined; readonly from: ParamLevel | "default" | "missing" } {
  const setting = findSetting(layers, name, address);
  if (setting !== undefined) return { value: setting.value, from: setting.level };
  const parsed = ParamValues.shape[name].safeParse(undefined);
  return parsed.success ? { value: parsed.data, from: "default" } : { value: undefined, from: "missing" };
}

function actsBelow(shape: DeskShape, layers: ParamLayers, scope: ParamScope, rule: ParamRule): boolean {
  return addressesOf(shape)
    .filter((at) => contains(scope, at))
    .some((at) => {
      const resolved = resolveParams(layers, at);
      return resolved.ok && ruleHolds(rule, resolved.values);
    });
}

function contains(scope: ParamScope, at: ParamAddress): boolean {
  switch (scope.level) {
    case "desk":
      return true;
    case "account":
      return at.account === scope.account;
    case "market":
      return at.market === scope.market;
    case "instrument":
      return at.account === scope.account && at.symbol === scope.symbol;
  }
}

function addressOf(shape: DeskShape, scope: ParamScope): ParamAddress {
  switch (scope.level) {
    case "desk":
      return {};
    case "account":
      return { account: scope.account };
    case "market":
      return { market: scope.market };
    case "instrument": {
      const found = shape.instruments.find((i) => i.account === scope.account && i.symbol === scope.symbol);
      const at = { account: scope.account, symbol: scope.symbol };
      return found?.market === undefined ? at : { ...at, market: found.market };
    }
  }
}

function addressesOf(shape: DeskShape): ParamAddress[] {
  return [
    {},
    ...shape.markets.map(({ market }) => ({ market })),
    ...shape.instruments.map(({ account, symbol }) =>
      addressOf(shape, { level: "instrument", account, symbol }),
    ),
  ];
}
