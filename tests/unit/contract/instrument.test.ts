import { describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  AssetSpec,
  Conversion,
  FeeSchedule,
  Instrument,
  lowestFeeFrac,
  PositiveDecimal,
  VenueAccount,
} from "../../../server/contract/instrument.ts";

function messagesOf(schema: z.ZodType, value: unknown): string[] {
  return schema.safeParse(value).error?.issues.map((issue) => issue.message) ?? [];
}

const SPOT = {
  account: "one",
  symbol: "BTC/USDT",
  kind: "spot",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  tick: "0.01",
  lot: "0.00001",
};
const FEES = { name: "maker", makerFrac: -0.0001, takerFrac: 0.0005 };

describe("a positive decimal", () => {
  it.each(["1", "0.01", "100.50", "0.000000000000000001"])("accepts %s as it is written", (text) => {
    expect(PositiveDecimal.parse(text)).toBe(text);
  });

  it.each(["0", "0.00", "-1", "+1", "1e-8", ".5", "1.", "1,5", " 1", "", "NaN"])("refuses %j", (text) => {
    expect(messagesOf(PositiveDecimal, text).length).toBeGreaterThan(0);
  });

  it("refuses a float, which may not be what was written", () => {
    expect(messagesOf(PositiveDecimal, 0.1)).toHaveLength(1);
  });
});

describe("an instrument", () => {
  it("is quoted, trading and of version 1 unless it says otherwise", () => {
    expect(Instrument.parse(SPOT)).toMatchObject({
      version: 1,
      contractSizeBase: "1",
      sizeMinLots: 1,
      status: "TRADING",
      quoted: true,
    });
  });

  it.each([
    { why: "a tick of zero", change: { tick: "0.00" }, message: "must be greater than zero" },
    {
      why: "a lot in exponents",
      change: { lot: "1e-5" },
      message: "must be a plain decimal number such as 0.01",
    },
    { why: "an asset in lower case", change: { base: "btc" }, message: "must be an asset code such as BTC" },
    {
      why: "a linear perpetual that settles elsewhere",
      change: { kind: "linear-perpetual", settle: "USDC" },
      message: "a linear perpetual settles in its quote asset",
    },
    {
      why: "a price band of everything",
      change: { priceBandFrac: 1 },
      message: "Too big: expected number to be <1",
    },
    {
      why: "a minimum of no lots",
      change: { sizeMinLots: 0 },
      message: "Too small: expected number to be >=1",
    },
    { why: "a misspelt key", change: { tickSize: "0.01" }, message: 'Unrecognized key: "tickSize"' },
  ])("is refused with $why", ({ change, message }) => {
    expect(messagesOf(Instrument, { ...SPOT, ...change })).toEqual([message]);
  });
});

describe("what surrounds an instrument", () => {
  it.each([
    { why: "19 decimals of an asset", schema: AssetSpec, value: { asset: "BTC", decimals: 19 } },
    { why: "a maker fee given in percent", schema: FeeSchedule, value: { ...FEES, makerFrac: 0.1 } },
    { why: "a rebate of a percent", schema: FeeSchedule, value: { ...FEES, makerFrac: -0.01 } },
    {
      why: "a request expiry given in seconds",
      schema: VenueAccount,
      value: { account: "one", venue: "one", fees: FEES, amend: "none", requestExpiryMs: 2 },
    },
    {
      why: "a rate of nothing",
      schema: Conversion,
      value: { asset: "USDT", to: "USD", source: { kind: "assumed", rate: 0 } },
    },
  ])("is refused with $why", ({ schema, value }) => {
    expect(messagesOf(schema, value)).toHaveLength(1);
  });

  it("pays fees in the quote asset, expires requests and pegs rates unless it says otherwise", () => {
    const account = VenueAccount.parse({ account: "one", venue: "one", fees: FEES, amend: "none" });
    expect(account).toMatchObject({ requestExpiryMs: 1_500, fees: { paidIn: "quote" } });
    const source = { kind: "assumed", rate: 1 };
    expect(Conversion.parse({ asset: "USDT", to: "USD", source }).pegged).toBe(true);
  });
});

describe("fees by volume", () => {
  const withSteps = (...steps: [volumeMin: string, makerFrac: number, takerFrac: number][]) => ({
    ...FEES,
    paidIn: "quote" as const,
    tiers: {
      volumeAsset: "USDT",
      steps: steps.map(([volumeMin, makerFrac, takerFrac]) => ({ volumeMin, makerFrac, takerFrac })),
    },
  });

  it.each([
    {
      why: "a step that asks for no more volume than the one before",
      steps: [
        ["100", -0.0002, 0.0005],
        ["100.0", -0.0003, 0.0004],
      ],
    },
    { why: "a first step dearer than the schedule itself", steps: [["100", 0, 0.0005]] },
    {
      why: "a later step dearer for takers",
      steps: [
        ["100", -0.0002, 0.0004],
        ["200", -0.0002, 0.0005],
      ],
    },
    { why: "no steps", steps: [] },
  ] as const)("are refused with $why", ({ steps }) => {
    const given = steps.map(([volume, maker, taker]): [string, number, number] => [volume, maker, taker]);
    expect(messagesOf(FeeSchedule, withSteps(...given))).toHaveLength(1);
  });

  it("give at best what their last step gives", () => {
    const fees = withSteps(["100", -0.0002, 0.0004], ["200", -0.0003, 0.0004]);
    expect(FeeSchedule.parse(fees)).toEqual(fees);
    expect(lowestFeeFrac(fees)).toBe(-0.0003);
    expect(lowestFeeFrac(FeeSchedule.parse(FEES))).toBe(-0.0001);
    expect(lowestFeeFrac(FeeSchedule.parse({ ...FEES, makerFrac: 0.0006 }))).toBe(0.0005);
  });
});
