import { Option, type Command } from "commander";
import { PARAM_GROUPS } from "../../contract/params/param.ts";
import { createOutput, withJson, type Output } from "../output.ts";
import { defaultOf, describeParams, paramsMarkdown, rangeOf, type ParamRow } from "../paramTable.ts";

interface ParamsOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
}

export function registerParams(program: Command): void {
  const command = program
    .command("params")
    .description("every parameter: what it does, its default, bounds and unit, and where it may be set")
    .addOption(new Option("--markdown", "print the table of docs/parameters.md").conflicts("json"));
  withJson(command).action((options: ParamsOptions) => {
    const output = createOutput(options);
    // The file ends with one line break, which `line` adds.
    if (options.markdown === true) return output.line(paramsMarkdown().trimEnd());
    const parameters = describeParams();
    if (options.json !== true) printTable(parameters, output);
    output.result({ parameters });
  });
}

function printTable(rows: readonly ParamRow[], output: Output): void {
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  for (const group of PARAM_GROUPS) {
    output.line(group);
    for (const row of rows.filter((candidate) => candidate.group === group)) {
      const value = `${defaultOf(row)} (${rangeOf(row)}) ${row.unit}`.trimEnd();
      output.line(`  ${row.name.padEnd(nameWidth)}  ${value}`);
      output.line(`  ${" ".repeat(nameWidth)}  ${row.help}`);
    }
  }
}
