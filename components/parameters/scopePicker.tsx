"use client";

import type { ParamScope } from "../../server/contract/params.ts";
import type { ParamLevel } from "../../server/contract/params/param.ts";
import { PARAM_LEVELS } from "../../server/contract/params/param.ts";
import { cx } from "../ui/cx.ts";
import { scopeId, scopeName } from "./scopes.ts";

const LEVEL_TITLES: Readonly<Record<ParamLevel, string>> = {
  desk: "Everything",
  account: "Venues",
  market: "Markets",
  instrument: "Symbols",
};

export interface ScopePickerProps {
  readonly scopes: readonly ParamScope[];
  readonly value: ParamScope;
  readonly onChange: (scope: ParamScope) => void;
  /** Edits that are not applied, by scope. */
  readonly changes: ReadonlyMap<string, number>;
}

/** A list beside the form; a phone has the browser's own. */
export function ScopePicker({ scopes, value, onChange, changes }: ScopePickerProps) {
  const byLevel = PARAM_LEVELS.map((level) => ({
    level,
    scopes: scopes.filter((scope) => scope.level === level),
  }));
  const chosen = scopeId(value);
  return (
    <>
      <nav aria-label="Scope" className="hidden flex-col gap-2 lg:flex">
        {byLevel.map(({ level, scopes: of }) => (
          <div key={level} role="group" aria-label={LEVEL_TITLES[level]}>
            <p className="px-2 pb-0.5 text-xs text-secondary">{LEVEL_TITLES[level]}</p>
            {of.map((scope) => {
              const id = scopeId(scope);
              const count = changes.get(id) ?? 0;
              return (
                <button
                  key={id}
                  type="button"
                  aria-current={id === chosen || undefined}
                  onClick={() => onChange(scope)}
                  className={cx(
                    "flex h-7 w-full items-center gap-2 rounded px-2 text-left text-secondary hover:bg-line/50 hover:text-ink",
                    "aria-[current=true]:bg-line aria-[current=true]:text-ink",
                  )}
                >
                  <span className="truncate">{scopeName(scope)}</span>
                  {count > 0 && (
                    <span className="ml-auto text-sm text-quote">
                      ◆ {count}
                      <span className="sr-only"> changed</span>
                    </span>
                  )}
                </button>
              );
            })}
          </div>
        ))}
      </nav>
      <label className="flex items-center gap-2 lg:hidden">
        <span className="text-sm text-secondary">Scope</span>
        <select
          value={chosen}
          onChange={(event) => {
            const scope = scopes.find((candidate) => scopeId(candidate) === event.target.value);
            if (scope !== undefined) onChange(scope);
          }}
          className="h-9 min-w-0 grow rounded border bg-ground px-2"
        >
          {byLevel.map(({ level, scopes: of }) => (
            <optgroup key={level} label={LEVEL_TITLES[level]}>
              {of.map((scope) => {
                const count = changes.get(scopeId(scope)) ?? 0;
                return (
                  <option key={scopeId(scope)} value={scopeId(scope)}>
                    {scopeName(scope)}
                    {count > 0 ? ` (${count} changed)` : ""}
                  </option>
                );
              })}
            </optgroup>
          ))}
        </select>
      </label>
    </>
  );
}
