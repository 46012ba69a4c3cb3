import { describe, expect, it } from "vitest";
import { FeeSchedule } from "../../../server/contract/instrument.ts";
import { FEE_TIERS, feeSchedule } from "../../../server/lab/fees.ts";

describe("a flat schedule", () => {
  it.each(FEE_TIERS.flatMap((tier) => ["binance", "kraken", "nobody's"].map((venue) => ({ venue, tier }))))(
    "of $venue for the $tier tier is valid and named after both",
    ({ venue, tier }) => {
      const fees = feeSchedule(venue, tier);
      expect(FeeSchedule.parse(fees)).toEqual(fees);
      expect(fees.name).toBe(`${venue} ${tier} tier`);
    },
  );

  it("is given in fractions: ten basis points are a thousandth", () => {
    expect(feeSchedule("binance", "entry")).toMatchObject({ makerFrac: 0.001, takerFrac: 0.001 });
    expect(feeSchedule("binance", "maker").makerFrac).toBeCloseTo(-0.00005, 12);
  });
});
