import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { registerDoctor } from "../../../server/cli/commands/doctor.ts";
import { UserError } from "../../../server/contract/errors.ts";
import { createOutput } from "../../../server/cli/output.ts";
import { buildProgram, runProgram } from "../../../server/cli/program.ts";

let out = "";
let err = "";

beforeEach(() => {
  out = "";
  err = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, "write").mockImplementation((text) => ((err += String(text)), true));
});

afterEach(() => vi.restoreAllMocks());

function run(
  action: (options: { json?: boolean }) => void | Promise<void>,
  ...args: string[]
): Promise<number> {
  const program = buildProgram([(to) => to.command("work").option("--json").action(action)]);
  return runProgram(program, ["work", ...args]);
}

it.each([
  { argv: ["doctr"], line: "unknown command 'doctr' (Did you mean doctor?); see --help\n" },
  { argv: ["doctor", "--jsn"], line: "unknown option '--jsn' (Did you mean --json?); see --help\n" },
  { argv: ["doctor", "--home"], line: "option '--home <dir>' argument missing; see --help\n" },
])("answers a wrong call with one line and exit code 2: $argv", async ({ argv, line }) => {
  expect(await runProgram(buildProgram([registerDoctor]), argv)).toBe(2);
  expect({ out, err }).toEqual({ out: "", err: line });
});

it("shows the help on standard error when no command is named", async () => {
  expect(await runProgram(buildProgram([registerDoctor]), [])).toBe(2);
  expect(out).toBe("");
  expect(err).toMatch(/^Usage: desk <command> \[options\]/);
});

it.each([[["--help"]], [["doctor", "--help"]]])(
  "takes help for a success on standard output: %j",
  async (argv) => {
    expect(await runProgram(buildProgram([registerDoctor]), argv)).toBe(0);
    expect(out).toMatch(/^Usage: desk /);
    expect(err).toBe("");
  },
);

it("exits 0 when a command returns", async () => {
  expect(await run(() => undefined)).toBe(0);
  expect({ out, err }).toEqual({ out: "", err: "" });
});

it("waits for a command that fails later, and tells it in one line", async () => {
  expect(await run(() => Promise.reject(new UserError("x is missing: import it")))).toBe(1);
  expect({ out, err }).toEqual({ out: "", err: "x is missing: import it\n" });
});

it("exits 70 with the stack when a command is broken", async () => {
  expect(await run(() => void JSON.parse("{"))).toBe(70);
  expect(err).toMatch(/^a defect of Crossdesk: .*\nSyntaxError: /);
});

const report = (options: { json?: boolean }) => {
  const output = createOutput(options);
  output.line("three fills");
  output.result({ fills: 3, totalAtoms: 12345678901234567890n });
};

it("prints lines alone without --json", async () => {
  expect(await run(report)).toBe(0);
  expect({ out, err }).toEqual({ out: "three fills\n", err: "" });
});

it("prints the object alone with --json, atoms exact, and lines elsewhere", async () => {
  expect(await run(report, "--json")).toBe(0);
  expect(JSON.parse(out)).toEqual({ fills: 3, totalAtoms: "12345678901234567890" });
  expect(err).toBe("three fills\n");
});

it("refuses a second result, which would be no JSON any more", () => {
  const output = createOutput({ json: true });
  output.result({});
  expect(() => output.result({})).toThrow("one result");
});
