import { describe, expect, it } from "vitest";
import { EngineConfig, instrumentKey } from "../../../server/contract/config.ts";

const asset = (name: string) => ({ asset: name, decimals: 8 });
const account = (name: string) => ({
  account: name,
  venue: name,
  fees: { name: "maker", makerFrac: 0, takerFrac: 0.0005 },
  amend: "in-place",
});
const feesWith = (terms: object) => ({ ...account("one"), fees: { ...account("one").fees, ...terms } });
const step = { volumeMin: "100", makerFrac: 0, takerFrac: 0.0004 };
const market = (base: string) => ({ market: base, base, reportingQuote: "USD" });
const instrument = (at: string, base: string, quote: string) => ({
  account: at,
  symbol: `${base}/${quote}`,
  kind: "spot",
  base,
  quote,
  settle: quote,
  tick: "0.01",
  lot: "0.001",
});
const conversion = { asset: "USDT", to: "USD", source: { kind: "assumed", rate: 1 } };
const capital = { scope: { level: "desk" }, name: "capital", value: 1_000 };

const VALID = {
  deskCode: "abc",
  epoch: 1,
  reportingAsset: "USD",
  assets: [asset("USD"), asset("USDT"), asset("BTC")],
  accounts: [account("one"), account("two")],
  markets: [market("BTC")],
  instruments: [instrument("one", "BTC", "USD"), instrument("two", "BTC", "USDT")],
  conversions: [conversion],
  parameters: [capital],
};

function issuesOf(change: object): string[] {
  const issues = EngineConfig.safeParse({ ...VALID, ...change }).error?.issues ?? [];
  return issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
}

describe("an engine configuration", () => {
  it("starts disarmed and converts nothing unless it says so", () => {
    const parsed = EngineConfig.parse({
      ...VALID,
      instruments: VALID.instruments.slice(0, 1),
      conversions: undefined,
    });
    expect(parsed).toMatchObject({ initialState: "DISARMED", conversions: [] });
  });

  it("accepts a rate that is measured on one of its instruments", () => {
    const measured = { ...conversion, source: { kind: "instrument", account: "one", symbol: "USDT/USD" } };
    const instruments = [...VALID.instruments, instrument("one", "USDT", "USD")];
    expect(issuesOf({ instruments, conversions: [measured] })).toEqual([]);
  });

  it.each([
    {
      why: "real venues that would start armed",
      change: { venues: "live", initialState: "ACTIVE" },
      issue: "initialState: a desk with real venues starts DISARMED",
    },
    {
      why: "simulated hedges on real venues",
      change: { venues: "live", hedging: "simulated" },
      issue: "hedging: is for simulated venues only",
    },
    {
      why: "a desk code that no client id can carry",
      change: { deskCode: "ABC" },
      issue: "deskCode: must be three characters of 0-9 a-z",
    },
    {
      why: "an asset listed twice",
      change: { assets: [...VALID.assets, asset("BTC")] },
      issue: "assets: an asset is listed twice",
    },
    {
      why: "an account listed twice",
      change: { accounts: [...VALID.accounts, account("one")] },
      issue: "accounts: an account is listed twice",
    },
    {
      why: "fees in an asset that it lacks",
      change: {
        accounts: [feesWith({ thirdAsset: { asset: "BNB", discountFrac: 0.25 } }), account("two")],
      },
      issue: "accounts.0.fees: no asset BNB",
    },
    {
      why: "fees by volume in an asset that it lacks",
      change: {
        accounts: [feesWith({ tiers: { volumeAsset: "EUR", steps: [step] } }), account("two")],
      },
      issue: "accounts.0.fees: no asset EUR",
    },
    {
      why: "two markets of one base asset",
      change: { markets: [market("BTC"), { ...market("BTC"), market: "XBT" }] },
      issue: "markets: a base asset has two markets",
    },
    {
      why: "two markets of one name, which a command could not tell apart",
      change: { markets: [market("BTC"), { ...market("ETH"), market: "BTC" }] },
      issue: "markets: a market name is used twice",
    },
    {
      why: "a market in another currency than the desk's",
      change: { markets: [{ ...market("BTC"), reportingQuote: "USDT" }] },
      issue: "markets.0.reportingQuote: markets report in USD",
    },
    {
      why: "a reporting asset that is none of its assets",
      change: {
        reportingAsset: "EUR",
        markets: [{ ...market("BTC"), reportingQuote: "EUR" }],
        conversions: [],
      },
      issue: "reportingAsset: is not one of the assets",
    },
    {
      why: "an instrument listed twice",
      change: { instruments: [...VALID.instruments, instrument("one", "BTC", "USD")] },
      issue: "instruments.2: one BTC/USD is listed twice",
    },
    {
      why: "an instrument at an account that it lacks",
      change: { instruments: [instrument("three", "BTC", "USD")] },
      issue: "instruments.0.account: no account three",
    },
    {
      why: "an instrument on an asset that it lacks",
      change: { instruments: [instrument("one", "ETH", "USD")] },
      issue: "instruments.0: no asset ETH",
    },
    {
      why: "a conversion to another currency than the desk's",
      change: { conversions: [{ ...conversion, to: "BTC" }] },
      issue: "conversions.0.to: must convert to USD",
    },
    {
      why: "a conversion of an asset that it lacks",
      change: { conversions: [conversion, { ...conversion, asset: "USDC" }] },
      issue: "conversions.1.asset: no asset USDC",
    },
    {
      why: "two rates for one asset, of which one would be ignored",
      change: { conversions: [conversion, conversion] },
      issue: "conversions.1.asset: USDT is converted twice",
    },
    {
      why: "a rate measured on an instrument that it lacks",
      change: {
        conversions: [{ ...conversion, source: { kind: "instrument", account: "one", symbol: "USDT/USD" } }],
      },
      issue: "conversions.0.source: no instrument one USDT/USD",
    },
    {
      why: "a parameter out of bounds",
      change: { parameters: [capital, { ...capital, name: "pickOffZ", value: 7 }] },
      issue: "parameters.1.value: pickOffZ: Too big: expected number to be <=6",
    },
  ])("is refused with $why", ({ change, issue }) => {
    expect(issuesOf(change)).toEqual([issue]);
  });

  it.each([0, 36 ** 4, 1.5])("is refused with the epoch %d, which has no place in a client id", (epoch) => {
    expect(issuesOf({ epoch })).toHaveLength(1);
  });

  it("names an instrument by account and symbol", () => {
    expect(instrumentKey({ account: "one", symbol: "BTC/USD" })).toBe("one BTC/USD");
  });
});
