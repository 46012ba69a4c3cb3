import { describe, expect, it } from "vitest";
import { Instrument } from "../../../server/contract/instrument.ts";
import { VenuesFile } from "../../../server/contract/venuesFile.ts";
import { createEngine } from "../../../server/core/setup.ts";
import { demoMarket } from "../../../server/lab/drivers/demo.ts";
import { realConfig } from "../../../server/supervisor/realDesk.ts";

function listed(symbol: string, terms: Partial<Instrument> = {}): Instrument {
  const [base = "", quote = ""] = symbol.split("/");
  return Instrument.parse({
    account: "x",
    symbol,
    kind: "spot",
    base,
    quote,
    settle: quote,
    tick: "0.01",
    lot: "0.00001",
    ...terms,
  });
}

const FILE = VenuesFile.parse({
  reportingAsset: "USD",
  capital: 50_000,
  accounts: [
    { account: "okx-2", venue: "okx", symbols: ["BTC/USDT"] },
    { account: "kraken", venue: "kraken", symbols: ["BTC/USD"], references: ["USDT/USD"] },
  ],
});
const LISTED = [[listed("BTC/USDT")], [listed("BTC/USD", { tick: "0.1" }), listed("USDT/USD")]];

const build = (file = FILE, lists: readonly (readonly Instrument[])[] = LISTED) =>
  realConfig({ file, listed: lists, deskCode: "abc", venues: "live" });

describe("a desk over real venues", () => {
  it("quotes the symbols, watches the references, and can be held exactly", () => {
    const config = build();
    expect(config.instruments.map(({ account, symbol, quoted }) => [account, symbol, quoted])).toEqual([
      ["okx-2", "BTC/USDT", true],
      ["kraken", "BTC/USD", true],
      ["kraken", "USDT/USD", false],
    ]);
    expect(config.markets.map(({ market }) => market)).toEqual(["BTC"]);
    expect(config.conversions).toMatchObject([{ asset: "USDT", to: "USD", pegged: true }]);
    expect(config).toMatchObject({ venues: "live", initialState: "DISARMED", hedging: "off" });
    expect(createEngine(config).state.accounts.map(({ account }) => account)).toEqual(["okx-2", "kraken"]);
  });

  it("pays what the chosen tier costs, in the asset that the venue takes", () => {
    expect(build().accounts).toMatchObject([
      { account: "okx-2", venue: "okx", fees: { paidIn: "received", makerFrac: 0.0008 } },
      { account: "kraken", venue: "kraken", fees: { paidIn: "quote", makerFrac: 0.0025 } },
    ]);
  });

  it("counts the orders of each account as its venue does, as the demo's does", () => {
    const known = demoMarket(1).config.accounts;
    for (const { venue, orderBudget, reconcileEveryMs, requestExpiryMs } of build().accounts) {
      expect(orderBudget).toBeDefined();
      const same = { orderBudget, reconcileEveryMs, requestExpiryMs };
      expect(known.find((terms) => terms.venue === venue)).toMatchObject(same);
    }
  });

  it.each([
    { name: "an account", lists: LISTED.slice(0, 1), text: "kraken does not list BTC/USD" },
    {
      name: "a reference",
      lists: [LISTED[0] ?? [], [listed("BTC/USD")]],
      text: "kraken does not list USDT/USD",
    },
  ])("is refused where nothing was listed of $name", ({ lists, text }) => {
    expect(() => build(FILE, lists)).toThrow(text);
  });

  it("is refused where nothing says what a quote currency is worth", () => {
    const file = { ...FILE, accounts: FILE.accounts.slice(0, 1) };
    expect(() => build(file, LISTED.slice(0, 1))).toThrow("add USDT/USD to the references");
  });

  it("is refused where an asset would need more decimals than there are", () => {
    const fine = listed("BTC/USDT", { tick: "0.0000000001", lot: "0.0000000001" });
    expect(() => build(FILE, [[fine], LISTED[1] ?? []])).toThrow("USDT needs 20 decimals");
  });
});
