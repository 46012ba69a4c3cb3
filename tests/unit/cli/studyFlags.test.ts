import { Command } from "commander";
import { expect, it } from "vitest";
import { z } from "zod";
import { addStudyFlags, flagOf, wordsOf } from "../../../server/cli/studyFlags.ts";
import { defineStudy } from "../../../server/replay/studies/study.ts";

const study = defineStudy({
  name: "every-kind",
  summary: "one option of each kind",
  options: z.object({
    halfLifeS: z.number().positive().default(60).describe("in seconds"),
    recording: z.string().optional().describe("a folder"),
    model: z.enum(["glft", "symmetric"]).default("glft").describe("which quotes"),
    quick: z.boolean().default(false).describe("fewer paths"),
  }),
  run: (options) => ({ json: options, checks: [], tables: [], charts: [] }),
});

function parse(...argv: string[]): object {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => undefined });
  addStudyFlags(command, study);
  return command.parse(argv, { from: "user" }).opts();
}

it("turns the name of an option into a flag", () => {
  expect(["halfLifeS", "A", "gamma"].map(flagOf)).toEqual(["--half-life-s", "--A", "--gamma"]);
});

it("takes each kind of value, and a folder called 2024 for a folder", () => {
  expect(parse("--half-life-s", "1e2", "--recording", "2024", "--model", "symmetric", "--quick")).toEqual({
    halfLifeS: 100,
    recording: "2024",
    model: "symmetric",
    quick: true,
  });
});

it("leaves what was not given to the study, which knows its defaults", async () => {
  expect(parse()).toEqual({});
  const { json } = await study.run(parse(), { home: "unused", progress: () => undefined });
  expect(json).toEqual({ halfLifeS: 60, model: "glft", quick: false });
});

it.each([
  { argv: ["--half-life-s", "-1"], told: /Too small/ },
  { argv: ["--half-life-s", "soon"], told: /expected number/ },
  { argv: ["--model", "naive"], told: /"glft"\|"symmetric"/ },
])("refuses $argv", ({ argv, told }) => {
  expect(() => parse(...argv)).toThrow(told);
});

it("writes a value as it would be typed", () => {
  expect([wordsOf("a b"), wordsOf(0.5), wordsOf(true)]).toEqual(["a b", "0.5", "true"]);
});
