import { expect, it } from "vitest";
import { QUOTING_MODELS } from "../../../../server/contract/params/model.ts";
import { compareModels } from "../../../../server/core/quote/compare.ts";
import { explainQuote } from "../../../../server/core/quote/explain.ts";
import { holdInventory, quotingDesk, readyDesk, type Desk } from "../../../support/desk.ts";

function compared(desk: Desk) {
  const [inst] = desk.state.instruments;
  const [market] = desk.state.markets;
  if (inst === undefined || market === undefined) throw new Error("an empty desk");
  return new Map(compareModels(desk.engine, inst, market).map((quote) => [quote.model, quote]));
}

it("quotes under the model in force what the desk wants to quote", () => {
  for (const model of QUOTING_MODELS) {
    const desk = quotingDesk({ parameters: { model } });
    holdInventory(desk, 300);
    const wanted = explainQuote(desk.engine, 0);
    expect(wanted).toBeDefined();
    expect(compared(desk).get(model)).toMatchObject({ bid: wanted?.bid, ask: wanted?.ask });
  }
});

it("says half-spread and centre of every quote in bps of fair value", () => {
  const desk = quotingDesk();
  holdInventory(desk, 300);
  for (const { bid, ask, halfSpreadBps, centreBps } of compared(desk).values()) {
    // Fair value is 100.00 in the quote currency: a cent is one bp.
    expect(halfSpreadBps).toBeCloseTo(100 * (((ask ?? NaN) - (bid ?? NaN)) / 2), 6);
    expect(centreBps).toBeCloseTo(100 * (((ask ?? NaN) + (bid ?? NaN)) / 2 - 100), 6);
  }
});

it("moves the centre of every model but the symmetric one down while the desk is long", () => {
  const desk = quotingDesk();
  holdInventory(desk, 300);
  for (const [model, { centreBps }] of compared(desk)) {
    if (model === "symmetric") expect(Math.abs(centreBps ?? NaN)).toBeLessThan(0.6);
    else expect(centreBps).toBeLessThan(-0.9);
  }
});

it("has no figure for a quote that could not be made, and the reason in its place", () => {
  expect(compared(readyDesk()).get("glft")).toEqual({
    model: "glft",
    bid: undefined,
    ask: undefined,
    halfSpreadBps: undefined,
    centreBps: undefined,
    off: "NO_VOLATILITY",
  });
});
