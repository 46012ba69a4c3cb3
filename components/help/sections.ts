/** The help's content, from the contract alone: what is explained is what the engine says. */
import { HELP_TABLES, type HelpRow, type HelpTable } from "../../server/contract/help.ts";
import { PARAM_NAMES, PARAMS, type ParamName } from "../../server/contract/params.ts";
import { PARAM_GROUPS } from "../../server/contract/params/param.ts";

export const HELP_SECTIONS: readonly HelpTable[] = [
  ...HELP_TABLES,
  ...PARAM_GROUPS.map((group) => ({
    id: `parameters-${group.toLowerCase().replaceAll(" ", "-")}`,
    title: `Parameters: ${group}`,
    lead: "Unset values come from the wider scope: instrument, then market, then account, then desk, then the default.",
    columns: ["parameter", "meaning", "unit and scopes"],
    rows: PARAM_NAMES.filter((name) => PARAMS[name].meta.group === group).map(parameterRow),
  })),
];

function parameterRow(name: ParamName): HelpRow {
  const { label, help, unit, levels } = PARAMS[name].meta;
  return {
    code: name,
    text: `${label}. ${help}`,
    more: [unit, levels.join(", ")].filter((part) => part !== "").join(" · "),
  };
}
