import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { registerStudy } from "../../../../server/cli/commands/study.ts";
import { buildProgram, runProgram } from "../../../../server/cli/program.ts";
import { STUDIES } from "../../../../server/replay/studies/registry.ts";

const directory = mkdtempSync(join(tmpdir(), "crossdesk-study-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});

afterEach(() => vi.restoreAllMocks());

function study(...args: string[]): Promise<number> {
  return runProgram(buildProgram([registerStudy]), ["study", ...args]);
}

describe("without a name", () => {
  it("lists the studies for eyes and for programs", async () => {
    expect(await study()).toBe(0);
    for (const { name, summary } of STUDIES) expect(out).toMatch(new RegExp(`${name} +${summary}`));
    out = "";
    expect(await study("--json")).toBe(0);
    expect(JSON.parse(out)).toEqual({ studies: STUDIES.map(({ name, summary }) => ({ name, summary })) });
  });
});

describe("a wrong call", () => {
  it.each([
    {
      argv: ["glft"],
      told: /^there is no study glft: choose avellaneda-stoikov-2008, glft-2013.*; see --help\n$/,
    },
    { argv: ["glft", "--gamma", "1"], told: /^there is no study glft: choose / },
    { argv: ["--json", "glft-2013"], told: /^options come after the name: study glft-2013 --json/ },
    { argv: ["--gamma"], told: /^--gamma goes with a study: choose / },
    {
      argv: ["glft-2013", "--gama", "1"],
      told: /^unknown option '--gama': glft-2013 takes --sigma, --A, --k, --gamma, --Q, --T, --json, --out, --home; /,
    },
    { argv: ["glft-2013", "--Q", "1.5"], told: /^option '--Q <value>' argument '1.5' is invalid\. .*int/ },
    { argv: ["glft-2013", "--sigma", "high"], told: /argument 'high' is invalid\. .*number/ },
  ])("says in one line what there is: $argv", async ({ argv, told }) => {
    expect(await study(...argv)).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(told);
    expect(err.trimEnd()).not.toContain("\n");
  });
});

it("tells with --help what each study takes, and what it is without", async () => {
  expect(await study("glft-2013", "--help")).toBe(0);
  expect(out).toMatch(/--sigma <value> +volatility, ticks\/√s \(default: 0\.3\)/);
});

it("has no study with an option of the name that all of them have", () => {
  const keys = STUDIES.flatMap(({ options }) => Object.keys(options.shape));
  expect(keys.filter((key) => ["json", "out", "home", "help"].includes(key))).toEqual([]);
});

describe("a study", () => {
  it("prints its tables and writes its page where it says", async () => {
    expect(await study("glft-2013", "--home", directory)).toBe(0);
    const path = join(directory, "studies", "glft-2013.html");
    expect(out).toContain(`report         ${path}`);
    expect(out).toContain("2.6328018");
    expect(readFileSync(path, "utf8")).toContain("<svg");
  });

  it("prints with --json one object and the words elsewhere, with the options that were given", async () => {
    const path = join(directory, "own", "page.html");
    expect(await study("glft-2013", "--A", "0.5", "--Q", "8", "--out", path, "--json")).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ A: 0.5, Q: 8, sigma: 0.3 });
    expect(err).toContain(`report         ${path}`);
    expect(readFileSync(path, "utf8")).toContain("npm run desk -- study glft-2013 --A 0.5 --Q 8");
  });

  it("refuses a place for its page that it cannot write to before it works", async () => {
    expect(await study("glft-2013", "--out", directory)).toBe(1);
    expect(err).toMatch(/is a directory: give --out the name of a file\n$/);
    expect(existsSync(join(directory, "glft-2013.html"))).toBe(false);
  });
});
