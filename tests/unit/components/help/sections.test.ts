import { describe, expect, it } from "vitest";
import { HELP_SECTIONS } from "../../../../components/help/sections.ts";
import { TRADING_STATES } from "../../../../server/contract/tradingStates.ts";
import { PARAM_NAMES } from "../../../../server/contract/params.ts";
import {
  COMMAND_REFUSALS,
  GATE_REASONS,
  NOTICES,
  QUOTE_REASONS,
  WAIT_REASONS,
} from "../../../../server/contract/reasons.ts";

const codes = HELP_SECTIONS.flatMap(({ rows }) => rows.map(({ code }) => code));

describe("the help", () => {
  it("explains every state, reason, notice and parameter that there is", () => {
    const all = [
      TRADING_STATES,
      PARAM_NAMES,
      ...[QUOTE_REASONS, GATE_REASONS, WAIT_REASONS, COMMAND_REFUSALS, NOTICES].map(Object.keys),
    ].flat();
    expect(all.filter((code) => !codes.includes(code))).toEqual([]);
  });

  it("has a text in every row and an address for every section", () => {
    expect(HELP_SECTIONS.flatMap(({ rows }) => rows).filter(({ text }) => text.trim() === "")).toEqual([]);
    expect(new Set(HELP_SECTIONS.map(({ id }) => id)).size).toBe(HELP_SECTIONS.length);
  });
});
