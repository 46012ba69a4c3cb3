/** What the repository promises about itself: the core is pure, the arrows hold, and lint would say otherwise. */
import { execFile } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../..");

/** `async` is what lint cannot see; the others are here too, so that a disabled rule does not let them in. */
const IMPURE =
  /\b(?:async|await|Promise|Date|process|globalThis|setTimeout|setInterval)\b|\bMath\s*\.\s*random\b/g;

const COMMENTS_AND_STRINGS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;

function impureWords(source: string): string[] {
  return source.replace(COMMENTS_AND_STRINGS, "").match(IMPURE) ?? [];
}

describe("the core", () => {
  it.each([
    ["export async function f() {}", ["async"]],
    ["const x = await f();", ["await"]],
    ["const at = new Date();", ["Date"]],
    ["let p: Promise<void>;", ["Promise"]],
    ["const r = Math.random();", ["Math.random"]],
    ["const r = Math\n  .random();", ["Math\n  .random"]],
    ["const e = process.env; // of the process", ["process"]],
    ["/* async Date */ const updatedAtUs = 1; // await", []],
    ['const text = "the process was late";', []],
  ])("would be caught with %j", (source, words) => {
    expect(impureWords(source)).toEqual(words);
  });

  it("has no clock, randomness, promise or environment in any file", () => {
    const core = join(ROOT, "server/core");
    const files = readdirSync(core, { recursive: true, encoding: "utf8" }).filter((file) =>
      file.endsWith(".ts"),
    );
    expect(files.length).toBeGreaterThan(0);
    const impure = files
      .map((file) => ({ file, words: impureWords(readFileSync(join(core, file), "utf8")) }))
      .filter(({ words }) => words.length > 0);
    expect(impure).toEqual([]);
  });
});

/** Each level may import the ones before it and nothing beside itself. */
const LEVELS = [
  ["contract"],
  ["core", "host"],
  ["venues", "lab", "store", "link", "projection"],
  ["engine", "guard", "recorder", "replay", "reports"],
  ["api", "supervisor", "cli", "bench"],
];
const FOLDERS = LEVELS.flat();

/** `replay` and `recorder` run the engine over its past; `cli` starts the benchmarks and the supervisor. */
const EXCEPTIONS = new Set(["replay → engine", "recorder → engine", "cli → bench", "cli → supervisor"]);

function mayImport(from: string, to: string): boolean {
  const level = (folder: string) => LEVELS.findIndex((folders) => folders.includes(folder));
  return from === to || level(to) < level(from) || EXCEPTIONS.has(`${from} → ${to}`);
}

/** A violation, the file it is planted in, and the rule that must see it. */
const PLANTS: readonly { readonly file: string; readonly source: string; readonly rule: string }[] = [
  ...["Date.now()", "performance.now()", "process.pid", "fetch", "crypto", "setTimeout", "setImmediate"].map(
    (expression, at) => ({
      file: `server/core/global${at}.ts`,
      source: `export const x = ${expression};`,
      rule: "no-restricted-globals",
    }),
  ),
  {
    file: "server/core/promise.ts",
    source: "export const x = Promise.resolve(1);",
    rule: "no-restricted-globals",
  },
  {
    file: "server/core/through.ts",
    source: "export const x = globalThis.Date;",
    rule: "no-restricted-globals",
  },
  { file: "server/contract/clock.ts", source: "export const x = new Date();", rule: "no-restricted-globals" },
  { file: "server/contract/env.ts", source: "export const x = process.env;", rule: "no-restricted-globals" },
  {
    file: "server/core/random.ts",
    source: "export const x = Math.random();",
    rule: "no-restricted-properties",
  },
  {
    file: "server/core/locale.ts",
    source: 'export const x = "a".localeCompare("b");',
    rule: "no-restricted-properties",
  },
  {
    file: "server/engine/random.ts",
    source: "export const x = Math.random();",
    rule: "no-restricted-properties",
  },
  { file: "server/lab/clock.ts", source: "export const x = Date.now();", rule: "no-restricted-properties" },
  {
    file: "server/core/io.ts",
    source: 'export { readFileSync } from "node:fs";',
    rule: "no-restricted-imports",
  },
  {
    file: "server/core/bare.ts",
    source: 'export { readFileSync } from "fs";',
    rule: "no-restricted-imports",
  },
  { file: "server/core/package.ts", source: 'export { z } from "zod";', rule: "no-restricted-imports" },
  {
    file: "server/core/lazy.ts",
    source: 'export const x = () => import("../lab/x.ts");',
    rule: "no-restricted-imports",
  },
  {
    file: "server/core/type.ts",
    source: 'export type { X } from "../engine/x.ts";',
    rule: "no-restricted-imports",
  },
  {
    file: "server/contract/io.ts",
    source: 'export { readFileSync } from "node:fs";',
    rule: "no-restricted-imports",
  },
  {
    file: "server/contract/package.ts",
    source: 'export { pack } from "msgpackr";',
    rule: "no-restricted-imports",
  },
  { file: "server/engine/log.ts", source: 'console.log("x");', rule: "no-console" },
  { file: "server/engine/loose.ts", source: "export const x = (a: number) => a == 1;", rule: "eqeqeq" },
  { file: "server/engine/any.ts", source: "export let x: any;", rule: "no-explicit-any" },
  {
    file: "server/engine/bang.ts",
    source: "export const x = (a?: number) => a!;",
    rule: "no-non-null-assertion",
  },
  {
    file: "server/engine/value.ts",
    source: 'import { Stats } from "node:fs";\nexport const x = (a: Stats) => a;',
    rule: "consistent-type-imports",
  },
  {
    file: "server/engine/floating.ts",
    source: "async function f() {}\nexport const x = () => { f(); };",
    rule: "no-floating-promises",
  },
  {
    file: "server/engine/misused.ts",
    source: "export const x = (a: () => Promise<boolean>) => (a() ? 1 : 2);",
    rule: "no-misused-promises",
  },
  {
    file: "server/engine/switch.ts",
    source: 'export function f(a: "b" | "c") { switch (a) { case "b": return 1; default: return 2; } }',
    rule: "switch-exhaustiveness-check",
  },
];

/** Must pass: without it a lint that refuses everything would look like one that works. */
const CLEAN = [
  {
    file: "server/core/clean.ts",
    source: 'export { X } from "../contract/x.ts";\nexport const x = Math.max(1, 2);',
  },
  { file: "server/contract/clean.ts", source: 'export { z } from "zod";\nexport { x } from "./x.ts";' },
  {
    file: "server/cli/clean.ts",
    source: 'import { pid } from "node:process";\nconsole.log(pid, Date.now());',
  },
];

interface Finding {
  readonly file: string;
  readonly rule: string;
  readonly line: number;
}

async function lint(directory: string): Promise<Finding[]> {
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const stdout = await new Promise<string>((done) =>
    execFile(process.execPath, [oxlint, "-f", "json", "server"], { cwd: directory }, (_error, text) =>
      done(text),
    ),
  );
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { filename: string; code: string; labels: { span: { line: number } }[] }[];
  };
  return diagnostics.map(({ filename, code, labels }) => ({
    file: filename.replaceAll("\\", "/"),
    rule: code.replace(/^.*\((.*)\)$/, "$1"),
    line: labels[0]?.span.line ?? 0,
  }));
}

/** Imports every folder, one a line in the order of FOLDERS, from a folder itself and from below it. */
const ARROWS = FOLDERS.flatMap((from) =>
  ["", "deep/"].map((below) => {
    const up = below === "" ? "../" : "../../";
    const source = FOLDERS.map((to) => `export { ${to} } from "${up}${to}/x.ts";`).join("\n");
    return { from, file: `server/${from}/${below}arrows.ts`, source };
  }),
);

describe("lint", () => {
  const directory = mkdtempSync(join(tmpdir(), "crossdesk-lint-"));
  let findings: Finding[] = [];

  beforeAll(async () => {
    for (const file of [".oxlintrc.json", "tsconfig.json"])
      copyFileSync(join(ROOT, file), join(directory, file));
    symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"), "junction");
    for (const { file, source } of [...PLANTS, ...CLEAN, ...ARROWS]) {
      mkdirSync(dirname(join(directory, file)), { recursive: true });
      writeFileSync(join(directory, file), `${source}\n`);
    }
    findings = await lint(directory);
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(PLANTS)("refuses $file by $rule", ({ file, rule }) => {
    expect(findings.filter((finding) => finding.file === file).map((finding) => finding.rule)).toContain(
      rule,
    );
  });

  it.each(CLEAN)("passes $file", ({ file }) => {
    expect(findings.filter((finding) => finding.file === file)).toEqual([]);
  });

  it.each(ARROWS)("holds the arrows in $file", ({ from, file }) => {
    const refused = findings
      .filter((finding) => finding.file === file && finding.rule === "no-restricted-imports")
      .map((finding) => FOLDERS[finding.line - 1]);
    expect(new Set(refused)).toEqual(new Set(FOLDERS.filter((to) => !mayImport(from, to))));
  });

  it("knows every folder under server/", () => {
    const folders = readdirSync(join(ROOT, "server"), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(FOLDERS).toEqual(expect.arrayContaining(folders.map((entry) => entry.name)));
  });
});
