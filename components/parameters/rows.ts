/** Changes and settings as rows of a diff. */
import type { ParameterSetting } from "../../server/contract/lines.ts";
import { LEVEL_WORDS, scopeOfSetting } from "./scopes.ts";
import type { Changed } from "./edits.ts";
import { valueAfter } from "./edits.ts";
import type { DiffRow } from "./diffList.tsx";
import { wordWithUnit } from "./values.ts";

export function rowOfChange(changed: Changed): DiffRow {
  const { scope, name, state, edit, change } = changed;
  const after = wordWithUnit(name, valueAfter(changed));
  return {
    scope,
    name,
    before: state === undefined ? "…" : wordWithUnit(name, state.value),
    after:
      edit === null
        ? `${after} (${LEVEL_WORDS[state?.inheritedFrom ?? "missing"]})`
        : change === undefined
          ? "not a value yet"
          : after,
  };
}

/** As recorded: nothing set before or after means that the wider scope showed through. */
export function rowOfSetting({ level, scope, name, before, after }: ParameterSetting): DiffRow {
  return {
    scope: scopeOfSetting(level, scope),
    name,
    before: before === undefined ? "not set" : wordWithUnit(name, before),
    after: after === undefined ? "taken back" : wordWithUnit(name, after),
  };
}
