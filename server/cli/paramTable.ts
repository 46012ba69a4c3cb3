/** The parameters as a table, derived from the contract: for eyes, for programs, and for `docs/parameters.md`. */
import { z } from "zod";
import { describeRule, INERT_UNLESS } from "../contract/paramRules.ts";
import { PARAM_NAMES, PARAMS, type ParamName } from "../contract/params.ts";
import { PARAM_GROUPS, type ParamLevel } from "../contract/params/param.ts";

export interface ParamRow {
  readonly name: ParamName;
  readonly label: string;
  readonly group: (typeof PARAM_GROUPS)[number];
  readonly unit: string;
  readonly help: string;
  /** Where it may be set, widest first; the most specific value wins. */
  readonly levels: readonly ParamLevel[];
  /** Absent: it has to be set. */
  readonly default?: string | number | boolean | undefined;
  readonly type: "number" | "integer" | "boolean" | "choice";
  readonly minimum?: number | undefined;
  /** The value itself is out of bounds. */
  readonly exclusiveMinimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly choices?: readonly string[];
  /** It does nothing unless one of these holds, and is refused as INERT. */
  readonly onlyWhen?: string;
}

/** What zod says of a parameter's schema, as far as parameters use it. */
const Shape = z.object({
  type: z.enum(["number", "integer", "boolean", "string"]),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  enum: z.array(z.string()).optional(),
});

/** One row per parameter, in the order of the contract. */
export function describeParams(): ParamRow[] {
  return PARAM_NAMES.map((name) => {
    const { schema, meta } = PARAMS[name];
    const { type, enum: choices, ...bounds } = Shape.parse(z.toJSONSchema(schema));
    const rule = INERT_UNLESS[name];
    const onlyWhen = rule && describeRule(rule, (choice) => choice);
    return {
      name,
      ...meta,
      ...bounds,
      type: type === "string" ? "choice" : type,
      ...(choices === undefined ? {} : { choices }),
      ...(onlyWhen === undefined ? {} : { onlyWhen }),
    };
  });
}

export function rangeOf(row: ParamRow): string {
  if (row.type === "boolean") return "true, false";
  if (row.choices !== undefined) return row.choices.join(", ");
  const least = row.exclusiveMinimum === undefined ? `${row.minimum}` : `> ${row.exclusiveMinimum}`;
  return `${least} … ${row.maximum}${row.type === "integer" ? ", whole" : ""}`;
}

export function defaultOf(row: ParamRow): string {
  return row.default === undefined ? "required" : String(row.default);
}

const INTRODUCTION = `# Parameters

Written by \`npm run -s desk -- params --markdown > docs/parameters.md\` from \`server/contract/params.ts\`; a test
compares the two. A parameter can be set at the levels in its row; the most specific value that is set
wins, from desk over account and market to instrument (one symbol at one account). Where a row says
*only when*, setting it under another choice is refused with \`INERT\`. Each parameter has a scenario in
\`tests/simulation/parameterScenarios.ts\` in which it changes orders or refusals.`;

export function paramsMarkdown(): string {
  const rows = describeParams();
  const sections = PARAM_GROUPS.map((group) =>
    [
      `## ${group}`,
      "",
      "| name | label | default | range | unit | levels | what it does |",
      "|---|---|---|---|---|---|---|",
      ...rows.filter((row) => row.group === group).map(markdownRow),
    ].join("\n"),
  );
  return `${[INTRODUCTION, ...sections].join("\n\n")}\n`;
}

function markdownRow(row: ParamRow): string {
  const condition = row.onlyWhen === undefined ? "" : ` *Only when ${row.onlyWhen}.*`;
  const cells = [
    `\`${row.name}\``,
    row.label,
    defaultOf(row),
    rangeOf(row),
    row.unit,
    row.levels.join(", "),
    row.help + condition,
  ];
  // A bar would end the cell.
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
