import { describe, expect, it } from "vitest";
import { PARAM_NAMES, PARAMS, ParamValues } from "../../../../server/contract/params.ts";
import { QUOTING_MODELS } from "../../../../server/contract/params/model.ts";
import {
  parseValue,
  rulesOf,
  textOf,
  wordOf,
  wordWithUnit,
} from "../../../../components/parameters/values.ts";

describe("values of parameters", () => {
  it("says the bounds of every parameter in words", () => {
    expect(rulesOf("spreadMultiplier").words).toBe("above 0, at most 20");
    expect(rulesOf("spreadAddBps").words).toBe("at least −50, at most 500");
    expect(rulesOf("channelSilenceMaxMs").words).toBe("a whole number, at least 50, at most 120,000");
    expect(rulesOf("model")).toMatchObject({ kind: "choice", choices: [...QUOTING_MODELS] });
    expect(rulesOf("obligation").kind).toBe("switch");
    for (const name of PARAM_NAMES) expect(rulesOf(name).words).not.toBe("");
  });

  it("gives every default back from its text", () => {
    for (const name of PARAM_NAMES) {
      const value = ParamValues.shape[name].safeParse(undefined).data;
      if (value === undefined) continue;
      expect([name, parseValue(name, textOf(value))]).toEqual([name, { ok: true, value }]);
    }
  });

  it.each([
    ["1.5", 1.5],
    [" 2 ", 2],
    [".5", 0.5],
    ["1e-1", 0.1],
  ])("reads %j as a number", (text, value) => {
    expect(parseValue("spreadMultiplier", text)).toEqual({ ok: true, value });
  });

  it("reads the minus that the pages print", () => {
    expect(parseValue("spreadAddBps", "−0.5")).toEqual({ ok: true, value: -0.5 });
  });

  it.each(["", "x", "1,5", "0", "20.01", "Infinity", "NaN", "0x10", "1 2"])(
    "refuses %j with what would be right",
    (text) => {
      const parsed = parseValue("spreadMultiplier", text);
      expect(parsed).toMatchObject({ ok: false, error: expect.stringContaining("above 0, at most 20") });
    },
  );

  it("says what is wrong with a comma", () => {
    expect(parseValue("capital", "1,000,000")).toMatchObject({ error: expect.stringContaining("no commas") });
  });

  it("refuses fractions where a whole number is needed, and choices that are none", () => {
    expect(parseValue("quoteLifeMinMs", "250.5")).toMatchObject({ ok: false });
    expect(parseValue("model", "magic")).toEqual({
      ok: false,
      error: `must be ${QUOTING_MODELS.join(" or ")}`,
    });
    expect(parseValue("obligation", "on")).toEqual({ ok: false, error: "must be on or off" });
    expect(parseValue("obligation", "false")).toEqual({ ok: true, value: false });
  });

  it("prints values for people: grouped, with all their digits and their unit", () => {
    expect(wordOf(1_000_000 as never)).toBe("1,000,000");
    expect(wordOf(-1234.5678 as never)).toBe("−1,234.5678");
    expect(wordOf(false as never)).toBe("off");
    expect(wordOf(undefined)).toBe("—");
    expect(wordWithUnit("skewMaxBps", 20)).toBe(`20 ${PARAMS.skewMaxBps.meta.unit}`);
    expect(wordWithUnit("model", "glft")).toBe("glft");
  });
});
