import { describe, expect, it } from "vitest";
import {
  describeReason,
  GATE_REASONS,
  NOTICES,
  isReason,
  QUOTE_REASONS,
  WAIT_REASONS,
  type OffReason,
} from "../../../server/contract/reasons.ts";

const CODES = [QUOTE_REASONS, GATE_REASONS, WAIT_REASONS].flatMap(Object.keys) as OffReason[];

/** Texts stand after a code and a colon: no capital, no full stop. */
const PHRASE = /^[^A-Z\s].*[^.\s]$/;

describe("the reasons", () => {
  it.each(CODES)("say of %s what it is and what lifts it", (code) => {
    const { text, releases } = describeReason(code);
    expect(text).toMatch(PHRASE);
    expect(releases).toMatch(PHRASE);
    expect(releases).not.toBe(text);
  });

  it("use no code in two stages, where one text would hide the other", () => {
    expect(new Set(CODES).size).toBe(CODES.length);
  });

  it("describe a quote's and a gate's code from their own lists", () => {
    expect(describeReason("WIDER_THAN_MAX")).toBe(QUOTE_REASONS.WIDER_THAN_MAX);
    expect(describeReason("PRICE_COLLAR")).toBe(GATE_REASONS.PRICE_COLLAR);
    expect(describeReason("RATE_LIMIT")).toBe(WAIT_REASONS.RATE_LIMIT);
  });

  it("are told from other words", () => {
    expect([isReason("RATE_LIMIT"), isReason("toString"), isReason("FILLED")]).toEqual([true, false, false]);
  });

  it.each(Object.entries(NOTICES))("say of the notice %s what happened: %s", (_code, text) => {
    expect(text).toMatch(PHRASE);
  });
});
