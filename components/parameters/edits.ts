/**
 * What a person has changed and not applied yet, apart from what the server says: a push can move the
 * values around an edit, never the edit. Keyed by scope, so that one form holds the edits of all of them.
 */
import { z } from "zod";
import type { ParametersLine, ParameterSetting } from "../../server/contract/lines.ts";
import { INERT_UNLESS } from "../../server/contract/paramRules.ts";
import {
  PARAM_NAMES,
  type ParameterChange,
  type ParamName,
  type ParamScope,
  type ParamValue,
} from "../../server/contract/params.ts";
import type { ParamState } from "../../server/api/parameters.ts";
import { scopeId, scopeOfId, scopeOfSetting } from "./scopes.ts";
import { parseValue } from "./values.ts";

/** The text of a field, or null: the setting is taken back. Undefined: untouched. */
export type Edit = string | null | undefined;
export type ScopeEdits = { readonly [name in ParamName]?: Edit };
export type Edits = Readonly<Record<string, ScopeEdits | undefined>>;

export interface EditForm {
  edits: Record<string, Partial<Record<ParamName, Edit>> | undefined>;
}

export function editPath(scope: ParamScope, name: ParamName): `edits.${string}.${ParamName}` {
  return `edits.${scopeId(scope)}.${name}`;
}

/** Every text against the schema of its parameter. */
export const EditSchema = z.object({
  edits: z.record(
    z.string(),
    z.object(Object.fromEntries(PARAM_NAMES.map((name) => [name, editSchema(name)]))).optional(),
  ),
});

function editSchema(name: ParamName) {
  return z
    .string()
    .nullish()
    .superRefine((edit, context) => {
      if (edit === null || edit === undefined) return;
      const parsed = parseValue(name, edit);
      if (!parsed.ok) context.addIssue({ code: "custom", message: parsed.error });
    });
}

export interface Changed {
  readonly scope: ParamScope;
  readonly name: ParamName;
  /** As it stands now; absent while the scope has not been read. */
  readonly state: ParamState | undefined;
  readonly edit: string | null;
  /** What the engine is asked for; absent while the text is not a value. */
  readonly change: ParameterChange | undefined;
}

export type StatesOf = (scope: ParamScope) => readonly ParamState[] | undefined;

/** Edits that differ from what holds, in the order of the form. */
export function changedBy(edits: Edits, statesOf: StatesOf): Changed[] {
  return Object.entries(edits).flatMap(([id, names]) => {
    const scope = scopeOfId(id);
    if (scope === undefined || names === undefined) return [];
    const states = statesOf(scope);
    return PARAM_NAMES.flatMap((name): Changed[] => {
      const edit = names[name];
      if (edit === undefined) return [];
      const state = states?.find((candidate) => candidate.name === name);
      return isNoChange(name, edit, state)
        ? []
        : [{ scope, name, state, edit, change: changeFor(scope, name, edit) }];
    });
  });
}

/** The edit asks for what there is already. */
export function isNoChange(name: ParamName, edit: string | null, state: ParamState | undefined): boolean {
  if (state === undefined) return false;
  if (edit === null) return state.own === undefined;
  const parsed = parseValue(name, edit);
  return parsed.ok && parsed.value === state.value;
}

function changeFor(scope: ParamScope, name: ParamName, edit: string | null): ParameterChange | undefined {
  if (edit === null) return { scope, name };
  const parsed = parseValue(name, edit);
  return parsed.ok ? { scope, name, value: parsed.value } : undefined;
}

/** What would hold at the scope after the change; undefined while the text is no value. */
export function valueAfter({ edit, change, state }: Changed): ParamValue | undefined {
  return edit === null ? state?.inherited : (change?.value as ParamValue | undefined);
}

export interface Theirs {
  readonly line: ParametersLine;
  readonly setting: ParameterSetting;
}

/** What others did to the same parameter at the same scope since the version that the edit began from. */
export function theirsFor(
  scope: ParamScope,
  name: ParamName,
  meanwhile: readonly ParametersLine[],
): Theirs[] {
  const id = scopeId(scope);
  return meanwhile.flatMap((line) =>
    line.settings
      .filter((one) => one.name === name && scopeId(scopeOfSetting(one.level, one.scope)) === id)
      .map((setting) => ({ line, setting })),
  );
}

/** Versions that came after the one that the edits began from, oldest first. */
export function versionsBetween(
  past: readonly ParametersLine[],
  base: number | undefined,
  latest: number | undefined,
): ParametersLine[] {
  if (base === undefined || latest === undefined) return [];
  return past
    .filter(({ version }) => version > base && version <= latest)
    .toSorted((a, b) => a.version - b.version);
}

/**
 * Why a field does nothing now, unless an edit somewhere makes the choice that it depends on: then it may be
 * typed, and the check has the last word.
 */
export function inertWhy(state: ParamState, edits: Edits): string | undefined {
  if (state.inert === undefined) return undefined;
  const choices = (INERT_UNLESS[state.name] ?? []).flat();
  const isChosen = Object.values(edits).some((names) =>
    choices.some(({ name, is }) => String(names?.[name]) === String(is)),
  );
  return isChosen ? undefined : state.inert;
}
