"use client";

import type { Control } from "react-hook-form";
import type { ParamState } from "../../server/api/parameters.ts";
import type { ParametersLine } from "../../server/contract/lines.ts";
import { PARAMS, type ParamScope } from "../../server/contract/params.ts";
import { PARAM_GROUPS } from "../../server/contract/params/param.ts";
import { Panel } from "../ui/panel.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import type { PanelState } from "../ui/panelState.ts";
import { inertWhy, theirsFor, type EditForm, type Edits } from "./edits.ts";
import { ParamField } from "./paramField.tsx";
import { scopeId } from "./scopes.ts";

export interface ParametersFormProps {
  readonly control: Control<EditForm>;
  readonly scope: ParamScope;
  readonly state: PanelState;
  readonly states: readonly ParamState[] | undefined;
  readonly edits: Edits;
  readonly meanwhile: readonly ParametersLine[];
}

/** Every parameter of the contract, by group, at one scope. */
export function ParametersForm({ control, scope, state, states, edits, meanwhile }: ParametersFormProps) {
  // One thing is amiss, not seven.
  if (states === undefined)
    return <Panel title="Parameters" state={state} skeleton={<Skeleton rows={24} />} />;
  return PARAM_GROUPS.map((group) => (
    <Panel key={group} title={group} state={state}>
      <div className="grid grid-cols-1 gap-x-6 gap-y-4 md:grid-cols-2">
        {states
          ?.filter(({ name }) => PARAMS[name].meta.group === group)
          .map((one) => (
            <ParamField
              key={`${scopeId(scope)} ${one.name}`}
              control={control}
              scope={scope}
              state={one}
              inert={inertWhy(one, edits)}
              theirs={
                edits[scopeId(scope)]?.[one.name] === undefined ? [] : theirsFor(scope, one.name, meanwhile)
              }
            />
          ))}
      </div>
    </Panel>
  ));
}
