import { expect, it } from "vitest";
import { inputTexts } from "../../../../components/market/inputs.ts";
import { STAGES } from "../../../../server/core/quote/stages.ts";

const ASSETS = { base: "BTC", currency: "USD" };

function text(inputs: Readonly<Record<string, number>>): string {
  return inputTexts(inputs, ASSETS)
    .map(({ label, value }) => `${label}: ${value}`)
    .join(", ");
}

it("writes inputs with their words and units", () => {
  expect(text({ fair: 61_842.7, basis: -0.31 })).toBe("fair value: 61,842.7 USD, basis: −0.31 USD");
  expect(text({ makerBps: -0.1, excessBase: 0.184 })).toBe(
    "maker fee: −0.10 bps, inventory beyond target: 0.184 BTC",
  );
  expect(text({ multiplier: 1.5, venueShare: -0.25 })).toBe(
    "multiplier: × 1.5, share of the venue's limit: −25.0 %",
  );
  expect(text({ gamma: 0.0000123 })).toBe("γ: 1.23e−5");
  expect(text({ rate: 1, addBps: 0, k: 0 })).toBe("rate: 1, add-on: 0.00 bps, k: 0");
  expect(text({ bestBid: 61_840, tick: 10 })).toBe("best bid: 61,840, tick: 10");
});

it("leaves an input that it does not know its own name", () => {
  expect(text({ novel: 2 })).toBe("novel: 2");
});

it("has words for every input of every stage", () => {
  // What a stage reads does not matter here, only which names it gives.
  const anything: unknown = new Proxy(
    {},
    { get: (_, name) => (name === "params" || name === "model" ? anything : 1) },
  );
  for (const stage of STAGES)
    for (const { label } of inputTexts(stage.inputs(anything as Parameters<typeof stage.inputs>[0]), ASSETS))
      expect(label).not.toMatch(/[a-z][A-Z]/);
});
