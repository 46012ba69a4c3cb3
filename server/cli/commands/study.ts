import { existsSync, mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command, CommanderError } from "commander";
import { UserError } from "../../contract/errors.ts";
import { desksDirectory } from "../../host/deskHome.ts";
import { tableLines } from "../../replay/studies/cells.ts";
import { STUDIES } from "../../replay/studies/registry.ts";
import type { Study, StudyPorts, StudyResult } from "../../replay/studies/study.ts";
import { UsageError } from "../errors.ts";
import { createOutput, withJson } from "../output.ts";
import { startProgress, type Progress } from "../progress.ts";
import { addStudyFlags, flagOf, wordsOf } from "../studyFlags.ts";

interface Flags {
  readonly json?: boolean;
  readonly out?: string;
  readonly home: string;
}

export function registerStudy(program: Command): void {
  const group = program
    .command("study")
    .description("a model against its published numbers: tables, intervals and pictures")
    .usage("[name] [options]")
    // What is no study is refused by us, with the list of what there is.
    .allowUnknownOption()
    .allowExcessArguments()
    .action((_flags: unknown, command: Command) => listStudies(command.args));
  for (const study of STUDIES) registerOne(group, study);
}

function registerOne(group: Command, study: Study): void {
  const command = group
    .command(study.name)
    .description(study.summary)
    .exitOverride((error) => {
      throw explainUnknown(error, study);
    });
  addStudyFlags(command, study);
  command
    .option("--out <file>", "where to write the page (default: studies/<name>.html under the home directory)")
    .option("--home <dir>", "where Crossdesk keeps its data", desksDirectory());
  withJson(command).action(async (flags: Flags) => {
    const output = createOutput(flags);
    const path = flags.out ?? join(flags.home, "studies", `${study.name}.html`);
    preparePage(path);
    const given: Record<string, unknown> = { ...flags };
    const result = await runWithProgress(study, given, flags.home);
    // Vega is large: only who draws waits for it.
    const { studyPage } = await import("../../replay/studies/page.ts");
    writeFileSync(path, await studyPage(study, { command: callOf(study, given), result }));
    output.result(result.json);
    for (const table of result.tables) for (const line of [...tableLines(table), ""]) output.line(line);
    for (const { claim, holds } of result.checks)
      output.line(`${holds ? "holds        " : "does not hold"}  ${claim}`);
    output.line(`report         ${path}`);
  });
}

function listStudies(args: readonly string[]): void {
  const name = args.find((arg) => !arg.startsWith("-"));
  const known = STUDIES.some((study) => study.name === name);
  if (known) throw new UsageError(`options come after the name: study ${name} --json`);
  const names = STUDIES.map((study) => study.name).join(", ");
  if (name !== undefined) throw new UsageError(`there is no study ${name}: choose ${names}`);
  const stranger = args.find((arg) => arg !== "--json");
  if (stranger !== undefined) throw new UsageError(`${stranger} goes with a study: choose ${names}`);
  const output = createOutput({ json: args.includes("--json") });
  output.result({ studies: STUDIES.map((study) => ({ name: study.name, summary: study.summary })) });
  const width = Math.max(...STUDIES.map((study) => study.name.length));
  for (const study of STUDIES) output.line(`${study.name.padEnd(width)}  ${study.summary}`);
  output.line("options of one: npm run desk -- study NAME --help");
}

/** Commander suggests what is spelt alike; nobody should have to guess the rest. */
function explainUnknown(error: CommanderError, study: Study): Error {
  if (error.code !== "commander.unknownOption") return error;
  const flags = Object.keys(study.options.shape).map(flagOf);
  const what = error.message.replace(/^error: /, "").replace(/\s*\(Did you mean .*$/s, "");
  return new UsageError(`${what}: ${study.name} takes ${[...flags, "--json", "--out", "--home"].join(", ")}`);
}

async function runWithProgress(study: Study, given: object, home: string): Promise<StudyResult> {
  let shown: { readonly of: string; readonly progress: Progress } | undefined;
  const ports: StudyPorts = {
    home,
    progress(done, total, unit) {
      const of = `${total} ${unit}`;
      if (shown?.of !== of) {
        shown?.progress.stop();
        shown = { of, progress: startProgress({ label: unit, total }) };
      }
      shown.progress.update(done);
    },
  };
  try {
    return await study.run(given, ports);
  } finally {
    shown?.progress.stop();
  }
}

/** Before the work: a place that cannot be written to should not cost the wait. */
function preparePage(path: string): void {
  if (existsSync(path) && statSync(path).isDirectory())
    throw new UserError(`${path} is a directory: give --out the name of a file`);
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true });
  } catch (cause) {
    throw new UserError(`${dirname(path)} is no directory and cannot become one: choose another --out`, {
      cause,
    });
  }
}

/** The call that makes this page again. */
function callOf(study: Study, given: Readonly<Record<string, unknown>>): string {
  const flags = Object.keys(study.options.shape).flatMap((key) => {
    const value = given[key];
    if (value === undefined || value === false) return [];
    if (Array.isArray(value)) return value.flatMap((one) => [flagOf(key), wordsOf(one)]);
    return value === true ? [flagOf(key)] : [flagOf(key), wordsOf(value)];
  });
  return ["npm run desk -- study", study.name, ...flags].join(" ");
}
