import { describe, expect, it } from "vitest";
import { freshRate } from "../../../../server/core/estimate/rates.ts";
import { BTC_USD, readyDesk, sendBook, type Adjust, type Desk } from "../../../support/desk.ts";

/** BTC is quoted in EUR, and a reference in dollars says what those are worth: 100.00. */
const MEASURED_EUR: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "EUR", decimals: 8 }],
  instruments: [
    { ...BTC_USD, account: "v0", symbol: "BTC/EUR", quote: "EUR", settle: "EUR" },
    { ...BTC_USD, account: "v0", symbol: "EUR/USD", base: "EUR" },
  ],
  conversions: [
    {
      asset: "EUR",
      to: "USD",
      pegged: false,
      source: { kind: "instrument", account: "v0", symbol: "EUR/USD" },
    },
  ],
});

const rateOf = (desk: Desk): number | undefined => freshRate(desk.engine, "EUR");
const alive = (desk: Desk) => desk.send({ type: "feed", instrument: 1, status: "alive" });

describe("a measured rate", () => {
  it("is unknown before its first book, and lives as long as its channel does", () => {
    const desk = readyDesk({ adjust: MEASURED_EUR });
    expect(rateOf(desk)).toBeCloseTo(100, 9);
    desk.wait(10_000);
    expect(rateOf(desk)).toBeCloseTo(100, 9);
    desk.nowUs += 5_000_001;
    expect(desk.send({ type: "timer" })).toBeDefined();
    expect(rateOf(desk)).toBeUndefined();
    alive(desk);
    expect(rateOf(desk)).toBeCloseTo(100, 9);
  });

  it.each([
    { name: "the clock stepped", event: { type: "clockStep", stepMs: 28_800_000 } },
    { name: "the engine was started again", event: { type: "restart", reason: "a test" } },
  ] as const)(
    "converts nothing after $name until its book has spoken, and books all the same",
    ({ event }) => {
      const desk = readyDesk({ adjust: MEASURED_EUR });
      desk.send(event);
      expect(rateOf(desk)).toBeUndefined();
      expect(desk.state.rates.get("EUR")?.value).toBeCloseTo(100, 9);
      alive(desk);
      expect(rateOf(desk)).toBeUndefined();
      sendBook(desk, 1, 10_100);
      expect(rateOf(desk)).toBeCloseTo(101, 9);
    },
  );

  it("of an assumed one is never too old", () => {
    const desk = readyDesk();
    desk.send({ type: "clockStep", stepMs: 1_000 });
    expect(freshRate(desk.engine, "USD")).toBe(1);
  });
});
