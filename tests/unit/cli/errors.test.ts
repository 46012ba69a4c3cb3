import { CommanderError } from "commander";
import { describe, expect, it } from "vitest";
import { UserError } from "../../../server/contract/errors.ts";
import { UsageError, describeFailure } from "../../../server/cli/errors.ts";

class ParserError extends UserError {}

describe("a failure", () => {
  it.each([
    { name: "what the operator can mend", error: new UserError("x is missing: import it"), exitCode: 1 },
    { name: "a subclass of it", error: new ParserError("x is missing: import it"), exitCode: 1 },
    { name: "a full disk", error: systemError("ENOSPC"), exitCode: 1 },
    { name: "a refused access", error: systemError("EACCES"), exitCode: 1 },
    { name: "a wrong call", error: new UsageError("--a excludes --b"), exitCode: 2 },
    {
      name: "a wrong option",
      error: new CommanderError(1, "commander.unknownOption", "error: x\n(y?)"),
      exitCode: 2,
    },
    {
      name: "a file that is not there, without a word on what to do",
      error: systemError("ENOENT"),
      exitCode: 70,
    },
    { name: "a broken invariant", error: new Error("bid ≥ ask"), exitCode: 70 },
    { name: "a thrown string", error: "oops", exitCode: 70 },
  ])("of the kind '$name' exits $exitCode", ({ error, exitCode }) => {
    expect(describeFailure(error)?.exitCode).toBe(exitCode);
  });

  it("is told in one line unless it is a defect", () => {
    const errors = [
      new UserError("a\nb"),
      new UsageError("a\nb"),
      new CommanderError(1, "x", "error: a\n(b)"),
    ];
    for (const error of errors) expect(describeFailure(error)?.text).toMatch(/^a \(?b.*$/);
  });

  it("that is a defect shows message, stack and cause", () => {
    const text = describeFailure(new Error("outer", { cause: new Error("inner") }))?.text ?? "";
    expect(text).toMatch(/^a defect of Crossdesk: outer\nError: outer\n\s+at .*errors\.test\.ts/);
    expect(text).toMatch(/caused by Error: inner/);
  });

  it("is none when help was asked for", () => {
    expect(describeFailure(new CommanderError(0, "commander.helpDisplayed", "(outputHelp)"))).toBeUndefined();
  });
});

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused, open 'x'`), { code });
}
