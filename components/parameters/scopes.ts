/** Where parameters are set, as the page names and addresses it. */
import type { DeskShape } from "../../server/contract/link.ts";
import type { ParamScope } from "../../server/contract/params.ts";
import type { ParamLevel } from "../../server/contract/params/param.ts";
import { venueName } from "../format/names.ts";

export const DESK_SCOPE: ParamScope = { level: "desk" };

/** What a form has: every scope of the desk, from the widest. */
export function scopesOf(shape: DeskShape): ParamScope[] {
  return [
    DESK_SCOPE,
    ...shape.accounts.map(({ account }) => ({ level: "account" as const, account })),
    ...shape.markets.map(({ market }) => ({ level: "market" as const, market })),
    ...shape.instruments
      .filter(({ market }) => market !== undefined)
      .map(({ account, symbol }) => ({ level: "instrument" as const, account, symbol })),
  ];
}

export const LEVEL_WORDS: Readonly<Record<ParamLevel | "default" | "missing", string>> = {
  desk: "desk",
  account: "venue",
  market: "market",
  instrument: "symbol",
  default: "default",
  missing: "not set",
};

export function scopeName(scope: ParamScope): string {
  switch (scope.level) {
    case "desk":
      return "Desk";
    case "account":
      return venueName(scope.account);
    case "market":
      return scope.market;
    case "instrument":
      return `${venueName(scope.account)} ${scope.symbol}`;
  }
}

/** One name of a form's field: no dot, bracket or quote, which would make it several. */
export function scopeId(scope: ParamScope): string {
  const parts = [scope.level, ...namesOf(scope)];
  return parts
    .map((part) => encodeURIComponent(part).replaceAll(".", "%2E").replaceAll("'", "%27"))
    .join("|");
}

/** Undefined for what `scopeId` did not write. */
export function scopeOfId(id: string): ParamScope | undefined {
  const [level, a, b] = id.split("|").map((part) => decodeURIComponent(part));
  if (level === "desk") return DESK_SCOPE;
  if (level === "account" && a !== undefined) return { level, account: a };
  if (level === "market" && a !== undefined) return { level, market: a };
  if (level === "instrument" && a !== undefined && b !== undefined) return { level, account: a, symbol: b };
  return undefined;
}

/** The scope of a recorded setting: "desk", an account, a market, or "account symbol". */
export function scopeOfSetting(level: ParamLevel, scope: string): ParamScope {
  switch (level) {
    case "desk":
      return DESK_SCOPE;
    case "account":
      return { level, account: scope };
    case "market":
      return { level, market: scope };
    case "instrument": {
      const space = scope.indexOf(" ");
      return { level, account: scope.slice(0, space), symbol: scope.slice(space + 1) };
    }
  }
}

function namesOf(scope: ParamScope): string[] {
  switch (scope.level) {
    case "desk":
      return [];
    case "account":
      return [scope.account];
    case "market":
      return [scope.market];
    case "instrument":
      return [scope.account, scope.symbol];
  }
}
