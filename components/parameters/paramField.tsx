"use client";

import { useController, type Control } from "react-hook-form";
import type { ParamState } from "../../server/api/parameters.ts";
import { PARAMS, type ParamScope } from "../../server/contract/params.ts";
import { Button } from "../ui/button.tsx";
import { Field, NumberInput, Select } from "../ui/field.tsx";
import { editPath, isNoChange, type EditForm, type Theirs } from "./edits.ts";
import { LEVEL_WORDS } from "./scopes.ts";
import { rulesOf, textOf, wordOf, wordWithUnit } from "./values.ts";

export interface ParamFieldProps {
  readonly control: Control<EditForm>;
  readonly scope: ParamScope;
  readonly state: ParamState;
  readonly inert: string | undefined;
  readonly theirs: readonly Theirs[];
}

/** One parameter at one scope. What the server says fills it only while nobody has touched it. */
export function ParamField({ control, scope, state, inert, theirs }: ParamFieldProps) {
  const { name, own, inherited, inheritedFrom, settableHere } = state;
  const { meta } = PARAMS[name];
  const rules = rulesOf(name);
  const { field, fieldState } = useController({ control, name: editPath(scope, name) });
  const edit = field.value;
  const isChanged = edit !== undefined && !isNoChange(name, edit, state);
  const isTakenBack = edit === null;
  const canSet = settableHere && inert === undefined;
  const unit = meta.unit === "" ? undefined : meta.unit;

  const input = {
    name: field.name,
    ref: field.ref,
    disabled: !canSet,
    changed: isChanged,
    value: isTakenBack ? textOf(inherited) : (edit ?? textOf(state.value)),
    onChange: (event: { readonly target: { readonly value: string } }) => field.onChange(event.target.value),
    onBlur: () => {
      field.onBlur();
      // Typed back to what holds: no longer an edit.
      if (edit !== undefined && isNoChange(name, edit, state)) field.onChange(undefined);
    },
  };

  return (
    <div data-param={name} data-changed={isChanged || undefined} className="flex flex-col gap-1">
      <Field
        label={
          <>
            {meta.label}
            {isChanged && <span className="text-quote"> ◆ changed</span>}
          </>
        }
        note={sourceWords(state, edit)}
        error={fieldState.error?.message}
        help={
          inert !== undefined ? (
            <>
              <span className="block text-attention">◐ {inert}.</span>
              {meta.help}
            </>
          ) : (
            <>
              {meta.help}{" "}
              <span className="whitespace-nowrap">
                {settableHere && rules.kind === "number" ? boundsWords(rules.words) : ""}
              </span>
              {!settableHere && ` Set at: ${meta.levels.map((level) => LEVEL_WORDS[level]).join(", ")}.`}
            </>
          )
        }
      >
        {(ids) => (
          <div className="flex items-center gap-1">
            {rules.kind === "number" ? (
              <NumberInput {...ids} {...input} unit={unit} className="grow" />
            ) : (
              <Select
                {...ids}
                {...input}
                options={
                  rules.kind === "choice"
                    ? rules.choices.map((choice) => ({
                        value: choice,
                        label: unit === undefined ? choice : `${choice} ${unit}`,
                      }))
                    : [
                        { value: "true", label: "on" },
                        { value: "false", label: "off" },
                      ]
                }
              />
            )}
            {isChanged ? (
              <Button
                variant="ghost"
                aria-label={`Undo the change of ${meta.label}`}
                onClick={() => field.onChange(undefined)}
              >
                undo
              </Button>
            ) : (
              own !== undefined &&
              settableHere &&
              inherited !== undefined && (
                <Button
                  variant="ghost"
                  aria-label={`Take back ${meta.label}`}
                  title={`Take back: ${wordWithUnit(name, inherited)} from ${LEVEL_WORDS[inheritedFrom]} shows through`}
                  onClick={() => field.onChange(null)}
                >
                  take back
                </Button>
              )
            )}
          </div>
        )}
      </Field>
      {theirs.map(({ line, setting }) => (
        <p key={line.version} className="text-sm text-attention">
          ◐ v{line.version}: {line.actor} made it{" "}
          {setting.after === undefined ? "show the wider scope" : wordOf(setting.after)} meanwhile (
          {line.reason})
        </p>
      ))}
    </div>
  );
}

function boundsWords(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** Where the value on screen comes from, or will. */
function sourceWords(state: ParamState, edit: string | null | undefined): string {
  const { own, from, inheritedFrom, value, name } = state;
  if (edit === null) return `back to ${LEVEL_WORDS[inheritedFrom]}; set to ${wordOf(value)} now`;
  if (edit !== undefined && !isNoChange(name, edit, state)) return `${wordOf(value)} now`;
  return own === undefined ? `from ${LEVEL_WORDS[from]}` : "set here";
}
