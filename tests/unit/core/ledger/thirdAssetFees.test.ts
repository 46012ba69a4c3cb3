/** Fees that a venue takes in an asset that is neither side of the trade: booked, priced, and never lost. */
import { describe, expect, it } from "vitest";
import { atomsToNumber } from "../../../../server/core/decimal.ts";
import { read } from "../../../../server/core/ledger/attribution.ts";
import { valueOf } from "../../../../server/core/ledger/compensatedSum.ts";
import { viewDesk } from "../../../../server/core/view.ts";
import {
  BTC_USD,
  fillOf,
  noticesIn,
  readyDesk,
  sendBook,
  type Adjust,
  type Desk,
} from "../../../support/desk.ts";

const BTC_MARKET = 0;
const BNB_MARKET = 1;
const BNB_USD = 1;

/** The desk trades the fee asset too, at 200.00. */
const tradesBnb: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "BNB", decimals: 8 }],
  markets: [...config.markets, { market: "BNB", base: "BNB", reportingQuote: "USD" }],
  instruments: [...config.instruments, { ...BTC_USD, account: "v0", symbol: "BNB/USD", base: "BNB" }],
});

/** It only holds the fee asset, at an assumed rate. */
const holdsBnb: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "BNB", decimals: 8 }],
  conversions: [{ asset: "BNB", to: "USD", pegged: false, source: { kind: "assumed", rate: 200 } }],
});

function buyBtc(desk: Desk, feeAtoms: bigint): string[] {
  const theirs = { account: 0, instrument: 0, clientId: "", side: "buy", priceTicks: 10_000 } as const;
  const fee = { clientId: undefined, feeAsset: "BNB", feeAtoms };
  return noticesIn(desk.send(fillOf(theirs, 100, fee)));
}

function pnlOf(desk: Desk, market: number) {
  const attribution = desk.state.markets[market]?.attribution;
  const parts = attribution === undefined ? undefined : read(attribution);
  if (parts === undefined) throw new Error(`market ${market} is not valued yet`);
  return parts;
}

function deskWithBnbAt(ticks: number): Desk {
  const desk = readyDesk({ adjust: tradesBnb });
  sendBook(desk, BNB_USD, ticks);
  return desk;
}

describe.each([
  { name: "a fee", feeAtoms: 5_000_000n },
  { name: "a rebate", feeAtoms: -5_000_000n },
])("$name in a third asset", ({ feeAtoms }) => {
  const units = Number(feeAtoms) / 1e8;

  it("moves the balance of that asset by exact atoms", () => {
    const desk = readyDesk({ adjust: holdsBnb });
    const bnb = desk.state.accounts[0]?.holdings.get("BNB");
    const before = bnb?.balanceAtoms ?? 0n;
    buyBtc(desk, feeAtoms);
    expect(bnb?.balanceAtoms).toBe(before - feeAtoms);
  });

  it("costs its market what the asset is worth by its rate", () => {
    const desk = readyDesk({ adjust: holdsBnb });
    expect(buyBtc(desk, feeAtoms)).toEqual(["FOREIGN_FILL"]);
    expect(pnlOf(desk, BTC_MARKET).makerFees).toBeCloseTo(-units * 200, 9);
  });

  it("that the desk trades is worth its fair value, without any conversion", () => {
    const desk = deskWithBnbAt(20_000);
    const fair = desk.state.markets[BNB_MARKET]?.fair ?? NaN;
    expect(buyBtc(desk, feeAtoms)).toEqual(["FOREIGN_FILL"]);
    expect(pnlOf(desk, BTC_MARKET).makerFees).toBeCloseTo(-units * fair, 9);
  });

  it("that the desk trades moves that market's inventory, position and attribution alike, and earns it nothing", () => {
    const desk = deskWithBnbAt(20_000);
    const market = desk.state.markets[BNB_MARKET];
    buyBtc(desk, feeAtoms);
    expect(market?.inventoryBase).toBeCloseTo(-units, 12);
    expect(market?.position.quantityAtoms).toBe(-feeAtoms);
    expect(market === undefined ? NaN : valueOf(market.attribution.quantityBase)).toBeCloseTo(-units, 12);
    expect(pnlOf(desk, BNB_MARKET).total).toBeCloseTo(0, 9);
  });

  it("leaves the desk's profit at what its accounts have gained, whatever the asset does after", () => {
    const desk = deskWithBnbAt(20_000);
    const holdings = desk.state.accounts[0]?.holdings;
    const before = new Map(
      [...(holdings ?? [])].map(([asset, { balanceAtoms = 0n }]) => [asset, balanceAtoms]),
    );
    buyBtc(desk, feeAtoms);
    sendBook(desk, BNB_USD, 20_002);
    let gained = 0;
    for (const { asset, balanceAtoms = 0n } of holdings?.values() ?? []) {
      const price = desk.state.markets.find(({ base }) => base === asset)?.fair ?? 1;
      gained += atomsToNumber(balanceAtoms - (before.get(asset) ?? 0n), 8) * price;
    }
    expect(pnlOf(desk, BTC_MARKET).total + pnlOf(desk, BNB_MARKET).total).toBeCloseTo(gained, 6);
    const view = viewDesk(desk.engine).markets[BNB_MARKET]?.position;
    expect((view?.realised ?? NaN) + (view?.unrealised ?? NaN)).toBeCloseTo(pnlOf(desk, BNB_MARKET).total, 6);
  });
});

it("without a rate is raised as unpriced, and its balance moves all the same", () => {
  const desk = readyDesk({ adjust: (config) => ({ ...holdsBnb(config), conversions: [] }) });
  const bnb = desk.state.accounts[0]?.holdings.get("BNB");
  const before = bnb?.balanceAtoms ?? 0n;
  expect(buyBtc(desk, 7n)).toContain("UNPRICED_FILL");
  expect(bnb?.balanceAtoms).toBe(before - 7n);
});
