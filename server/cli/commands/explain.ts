import { Option, type Command } from "commander";
import { UserError } from "../../contract/errors.ts";
import { GUIDES, HELP_TABLES, PAGES } from "../../contract/help.ts";
import { createOutput, withJson } from "../output.ts";

interface ExplainFlags {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

export function registerExplain(program: Command): void {
  const command = program
    .command("explain")
    .description("what a state, a reason code or a notice means, and what lifts it")
    .argument("[code]", "such as WIDER_THAN_MAX; without it: all of them")
    .addOption(new Option("--markdown", "print docs/operating.md").conflicts("json"));
  withJson(command).action((code: string | undefined, flags: ExplainFlags) => {
    const output = createOutput(flags);
    if (flags.markdown === true) return output.line(operatingMarkdown().trimEnd());
    const found = HELP_TABLES.flatMap(({ title, columns, rows }) =>
      rows
        .filter((row) => code === undefined || row.code === code.toUpperCase())
        .map((row) => ({ row, of: title, moreIs: columns[2] })),
    );
    if (found.length === 0)
      throw new UserError(`nothing is called ${code}: npm run desk -- explain lists every code`);
    for (const { row, of, moreIs } of found) {
      output.line(`${row.code}  (${of.toLowerCase()})`);
      output.line(`  ${row.text}${row.more === undefined ? "" : `; ${moreIs}: ${row.more}`}`);
    }
    output.result({ codes: found.map(({ row, of }) => ({ ...row, of })) });
  });
}

export function operatingMarkdown(): string {
  const guides = (title: string, list: typeof GUIDES): string[] => [
    `## ${title}`,
    ...list.map((guide) => `**${guide.title}.** ${guide.text}`),
  ];
  const tables = HELP_TABLES.flatMap(({ title, lead, columns, rows }) => [
    `## ${title}`,
    lead,
    [
      `| ${columns.join(" | ")} |`,
      `|${columns.map(() => "---").join("|")}|`,
      ...rows.map(
        ({ code, text, more }) => `| \`${code}\` | ${more === undefined ? text : `${text} | ${more}`} |`,
      ),
    ].join("\n"),
  ]);
  return [
    "# Operating the desk",
    "Written by `npm run -s desk -- explain --markdown`, from what the pages show as help (`server/contract/help.ts`).",
    ...guides("What to do when", GUIDES),
    ...guides("Pages", PAGES),
    ...tables,
    "Parameters have [a page of their own](parameters.md).",
    "",
  ].join("\n\n");
}
