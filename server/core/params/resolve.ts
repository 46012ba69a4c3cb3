/**
 * Layers of parameters: what was set at desk, account, market and instrument scope, and the values
 * that result for one instrument. A change is checked whole before anything of it applies.
 */
import type { EngineConfig } from "../../contract/config.ts";
import { describeRule, INERT_UNLESS, ruleHolds } from "../../contract/paramRules.ts";
import {
  PARAM_NAMES,
  ParameterChange,
  ParamValues,
  type ParamName,
  type ParamScope,
  type ParamValue,
} from "../../contract/params.ts";
import { PARAM_LEVELS, type ParamLevel } from "../../contract/params/param.ts";
import type { CommandRefusal } from "../../contract/reasons.ts";

export interface ParamLayers {
  version: number;
  /** Scope key → name → value, for what has been set explicitly. */
  set: Map<string, Map<ParamName, ParamValue>>;
}

/** The scopes that apply to an instrument; absent ones (a desk-wide value) are skipped. */
export interface ParamAddress {
  readonly account?: string;
  readonly market?: string;
  readonly symbol?: string;
}

export type ParamRefusal = {
  readonly code: CommandRefusal;
  readonly text: string;
  /** Position of the change that is refused; absent where it is all of them together. */
  readonly index?: number;
};

export function createLayers(): ParamLayers {
  return { version: 0, set: new Map() };
}

export function scopeKey(scope: ParamScope): string {
  switch (scope.level) {
    case "desk":
      return "desk";
    case "account":
      return `account ${scope.account}`;
    case "market":
      return `market ${scope.market}`;
    case "instrument":
      return `instrument ${scope.account} ${scope.symbol}`;
  }
}

function addressKey(level: ParamLevel, at: ParamAddress): string | undefined {
  switch (level) {
    case "desk":
      return "desk";
    case "account":
      return at.account === undefined ? undefined : `account ${at.account}`;
    case "market":
      return at.market === undefined ? undefined : `market ${at.market}`;
    case "instrument":
      return at.account === undefined || at.symbol === undefined
        ? undefined
        : `instrument ${at.account} ${at.symbol}`;
  }
}

/** The most specific value that is set, and where it was set; undefined where only the default holds. */
export function findSetting(
  layers: ParamLayers,
  name: ParamName,
  at: ParamAddress,
): { readonly level: ParamLevel; readonly value: ParamValue } | undefined {
  for (let i = PARAM_LEVELS.length - 1; i >= 0; i--) {
    const level = PARAM_LEVELS[i];
    if (level === undefined) continue;
    const key = addressKey(level, at);
    const value = key === undefined ? undefined : layers.set.get(key)?.get(name);
    if (value !== undefined) return { level, value };
  }
  return undefined;
}

/** Values for one address, or the names that have neither a setting nor a default. */
export function resolveParams(
  layers: ParamLayers,
  at: ParamAddress,
):
  | { readonly ok: true; readonly values: ParamValues }
  | { readonly ok: false; readonly missing: readonly string[] } {
  const raw: Record<string, ParamValue> = {};
  for (const name of PARAM_NAMES) {
    const setting = findSetting(layers, name, at);
    if (setting !== undefined) raw[name] = setting.value;
  }
  const parsed = ParamValues.safeParse(raw);
  if (parsed.success) return { ok: true, values: parsed.data };
  return { ok: false, missing: parsed.error.issues.map((issue) => issue.path.join(".")) };
}

/**
 * The layers after the changes, or the first reason why not. Every address of the desk is resolved
 * under the new layers, so that a combination that contradicts itself anywhere is refused everywhere.
 */
export function applyChanges(
  layers: ParamLayers,
  changes: readonly ParameterChange[],
  addresses: readonly ParamAddress[],
):
  | { readonly ok: true; readonly layers: ParamLayers }
  | { readonly ok: false; readonly refusal: ParamRefusal } {
  const next: ParamLayers = {
    version: layers.version + 1,
    set: new Map([...layers.set].map(([key, values]) => [key, new Map(values)])),
  };
  const known = knownScopes(addresses);
  for (const [index, change] of changes.entries()) {
    const checked = ParameterChange.safeParse(change);
    if (!checked.success)
      return refuse("BOUNDS", checked.error.issues.map((issue) => issue.message).join("; "), index);
    const key = scopeKey(change.scope);
    if (!known.has(key)) return refuse("UNKNOWN_SCOPE", `there is no ${key} on this desk`, index);
    const values = next.set.get(key) ?? new Map<ParamName, ParamValue>();
    next.set.set(key, values);
    if (change.value === undefined) values.delete(change.name);
    else values.set(change.name, change.value as ParamValue);
  }
  for (const at of addresses) {
    const refusal = checkAddress(next, at);
    if (refusal !== undefined) return { ok: false, refusal };
  }
  for (const [index, change] of changes.entries()) {
    const refusal = checkInert(next, change, addresses);
    if (refusal !== undefined) return { ok: false, refusal: { ...refusal, index } };
  }
  return { ok: true, layers: next };
}

function refuse(
  code: ParamRefusal["code"],
  text: string,
  index: number,
): { readonly ok: false; readonly refusal: ParamRefusal } {
  return { ok: false, refusal: { code, text, index } };
}

function knownScopes(addresses: readonly ParamAddress[]): Set<string> {
  const known = new Set<string>();
  for (const at of addresses)
    for (const level of PARAM_LEVELS) {
      const key = addressKey(level, at);
      if (key !== undefined) known.add(key);
    }
  return known;
}

function checkAddress(layers: ParamLayers, at: ParamAddress): ParamRefusal | undefined {
  const resolved = resolveParams(layers, at);
  const where = [at.account, at.symbol ?? at.market].filter((part) => part !== undefined).join(" ") || "desk";
  if (!resolved.ok) return { code: "BOUNDS", text: `${where}: set ${resolved.missing.join(", ")}` };
  const v = resolved.values;
  if (v.netMaxPct > v.grossMaxPct)
    return { code: "CONTRADICTION", text: `netMaxPct ${v.netMaxPct} exceeds grossMaxPct ${v.grossMaxPct}` };
  if (v.orderNotionalPct > v.assetMaxPct)
    return {
      code: "CONTRADICTION",
      text: `${where}: one order (${v.orderNotionalPct} %) exceeds the asset's limit (${v.assetMaxPct} %)`,
    };
  if (v.orderNotionalPct > v.venueMaxPct || v.orderNotionalPct > v.netMaxPct)
    return {
      code: "CONTRADICTION",
      text: `${where}: one order (${v.orderNotionalPct} %) exceeds the venue's limit (${v.venueMaxPct} %) or the net limit (${v.netMaxPct} %)`,
    };
  if (v.halfSpreadMaxBps > v.collarBps)
    return {
      code: "CONTRADICTION",
      text: `${where}: halfSpreadMaxBps ${v.halfSpreadMaxBps} lies outside collarBps ${v.collarBps}`,
    };
  return undefined;
}

/** A setting that could act at none of the addresses below its scope would be ignored in silence: refuse it. */
function checkInert(
  layers: ParamLayers,
  change: ParameterChange,
  addresses: readonly ParamAddress[],
): ParamRefusal | undefined {
  const rules = INERT_UNLESS[change.name];
  if (rules === undefined || change.value === undefined) return undefined;
  const key = scopeKey(change.scope);
  const below = addresses.filter((at) => PARAM_LEVELS.some((level) => addressKey(level, at) === key));
  const acts = below.some((at) => {
    const resolved = resolveParams(layers, at);
    return resolved.ok && ruleHolds(rules, resolved.values);
  });
  if (acts) return undefined;
  const needed = describeRule(rules, (name) => name);
  return { code: "INERT", text: `${change.name} does nothing unless ${needed}` };
}

/** Changes that set every parameter named in a flat record at desk level, as configuration files write them. */
export function deskChanges(
  values: Partial<Record<ParamName, string | number | boolean | undefined>>,
): ParameterChange[] {
  return PARAM_NAMES.filter((name) => values[name] !== undefined).map((name) => ({
    scope: { level: "desk" },
    name,
    value: values[name],
  }));
}

/** Hedging takes liquidity without a person: not before the guard stands in front of it. */
export function findForbidden(
  hedging: EngineConfig["hedging"],
  changes: readonly ParameterChange[],
): ParamRefusal | undefined {
  if (hedging === "simulated") return undefined;
  const index = changes.findIndex(
    ({ name, value }) =>
      (name === "hedgedQuoting" && value === true) ||
      (name === "hedging" && value !== undefined && value !== "none"),
  );
  const change = changes[index];
  if (change === undefined) return undefined;
  return { code: "NOT_AVAILABLE", text: `${change.name}: ${HEDGING_FORBIDDEN}`, index };
}

export const HEDGING_FORBIDDEN = "this desk may not hedge; backtests and studies may";
