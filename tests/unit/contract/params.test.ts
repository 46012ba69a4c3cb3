import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  PARAM_NAMES,
  PARAMS,
  ParameterChange,
  ParamValues,
  type ParamName,
} from "../../../server/contract/params.ts";
import { PARAM_GROUPS, PARAM_LEVELS } from "../../../server/contract/params/param.ts";

const accepts = (name: ParamName, value: unknown): boolean => PARAMS[name].schema.safeParse(value).success;

const messagesOf = (change: unknown): string[] =>
  ParameterChange.safeParse(change).error?.issues.map((issue) => issue.message) ?? [];

const atDesk = (name: string, value?: unknown) => ({ scope: { level: "desk" }, name, value });

describe("the parameters", () => {
  it("have defaults within their own bounds, all but the capital, which is required", () => {
    expect(ParamValues.safeParse({}).error?.issues.map((issue) => issue.path)).toEqual([["capital"]]);
    const values = ParamValues.parse({ capital: 1 });
    expect(PARAM_NAMES.filter((name) => !accepts(name, values[name]))).toEqual([]);
  });

  it("have defaults that do not contradict each other", () => {
    const values = ParamValues.parse({ capital: 1 });
    expect(values.netMaxPct).toBeLessThanOrEqual(values.grossMaxPct);
    expect(values.orderNotionalPct).toBeLessThanOrEqual(values.assetMaxPct);
    expect(values.halfSpreadMaxBps).toBeLessThanOrEqual(values.collarBps);
  });

  it.each(PARAM_NAMES)("describe %s for a form: label, help and levels from widest to narrowest", (name) => {
    const { label, help, levels } = PARAMS[name].meta;
    expect(label).toMatch(/^\S/);
    expect(help).toMatch(/\.$/);
    expect(levels).toEqual(PARAM_LEVELS.filter((level) => levels.includes(level)));
    expect(levels[0]).toBe("desk");
  });

  it("are told apart by their labels, and leave no group empty", () => {
    expect(new Set(PARAM_NAMES.map((name) => PARAMS[name].meta.label)).size).toBe(PARAM_NAMES.length);
    expect(new Set(PARAM_NAMES.map((name) => PARAMS[name].meta.group))).toEqual(new Set(PARAM_GROUPS));
  });

  it.each(PARAM_NAMES)("refuse for %s what is no number, no choice and no flag", (name) => {
    const wrong = [NaN, Infinity, -Infinity, "", "1.0", "glft2", null, [], {}];
    expect(wrong.filter((value) => accepts(name, value))).toEqual([]);
  });

  it.each<{ name: ParamName; inside: readonly number[]; outside: readonly number[] }>([
    { name: "capital", inside: [0.01, 1e12], outside: [0, -1, 1.1e12] },
    { name: "riskAversionPerQuote", inside: [1e-12, 1e3], outside: [0, 1_001] },
    { name: "spreadAddBps", inside: [-50, 0, 500], outside: [-50.1, 500.1] },
    { name: "pickOffZ", inside: [0, 6], outside: [-0.1, 6.1] },
    { name: "collarBps", inside: [0.1, 2_000], outside: [0, 2_001] },
    { name: "jumpSigmas", inside: [2, 50], outside: [1.9, 51] },
    { name: "sessionSeconds", inside: [10, 86_400], outside: [9, 86_401, 10.5] },
    { name: "sessionFlattenPct", inside: [0, 2.5, 50], outside: [-1, 51] },
    { name: "driftBpsPerHour", inside: [-1_000, 0, 1_000], outside: [-1_001, 1_001] },
    { name: "quoteLevels", inside: [1, 5], outside: [0, 6, 1.5] },
    { name: "levelSizeRatio", inside: [0.01, 5], outside: [0, 5.1] },
    { name: "hedgeBandOrders", inside: [0, 1_000], outside: [-1, 1_001] },
    { name: "unknownAfterMs", inside: [50, 60_000], outside: [49, 60_001, 50.5] },
  ])("bound $name on both ends", ({ name, inside, outside }) => {
    expect([...inside, ...outside].filter((value) => accepts(name, value))).toEqual(inside);
  });

  it("list choices that are all numbers by their value", () => {
    const unsorted = PARAM_NAMES.filter((name) => {
      const numbers = (z.toJSONSchema(PARAMS[name].schema).enum ?? []).map(Number);
      const sorted = numbers.toSorted((a, b) => a - b);
      return !numbers.some(Number.isNaN) && numbers.join() !== sorted.join();
    });
    expect(unsorted).toEqual([]);
  });
});

describe("a parameter change", () => {
  it.each([
    { why: "a value within bounds", change: atDesk("pickOffZ", 2) },
    { why: "a choice", change: atDesk("model", "avellaneda-stoikov") },
    { why: "a flag", change: atDesk("obligation", true) },
    { why: "a setting taken back", change: { scope: { level: "desk" }, name: "pickOffZ" } },
    {
      why: "a value for one instrument",
      change: { scope: { level: "instrument", account: "a", symbol: "BTC/USD" }, name: "pickOffZ", value: 2 },
    },
  ])("is accepted with $why", ({ change }) => {
    expect(messagesOf(change)).toEqual([]);
  });

  it.each([
    { why: "a value out of bounds", change: atDesk("pickOffZ", 7), message: /^pickOffZ: .*<=6/ },
    { why: "a value of the wrong type", change: atDesk("pickOffZ", true), message: /^pickOffZ: .*number/ },
    {
      why: "no such choice",
      change: atDesk("model", "cara"),
      message: /^model: .*"glft"\|"glft-spectral"\|"avellaneda-stoikov"/,
    },
    { why: "no such parameter", change: atDesk("pickOff", 1), message: /"pickOffZ"/ },
    {
      why: "a level that the parameter does not have",
      change: { scope: { level: "market", market: "BTC" }, name: "unknownAfterMs", value: 100 },
      message: /^unknownAfterMs can be set at: desk, account$/,
    },
    {
      why: "a scope without its name",
      change: { scope: { level: "market" }, name: "pickOffZ", value: 1 },
      message: /expected string/,
    },
    { why: "a misspelt key", change: { ...atDesk("pickOffZ", 1), valeu: 2 }, message: /"valeu"/ },
  ])("is refused with $why, in words that name it", ({ change, message }) => {
    const messages = messagesOf(change);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(message);
  });
});
