import { describe, expect, it } from "vitest";
import { GATE_REASONS, type GateReason } from "../../../../server/contract/reasons.ts";
import type { OrderIntent } from "../../../../server/core/risk/gate.ts";
import { writeState } from "../../../../server/core/risk/tradingState.ts";
import {
  amendOwn,
  BTC_USD,
  coldDesk,
  FAIR_TICKS,
  holdInventory,
  placeOwn,
  readyDesk,
  reconcile,
  restOwn,
  sendBook,
  verdictOn,
  type Adjust,
  type Desk,
  type DeskShape,
} from "../../../support/desk.ts";

function instrumentOf(desk: Desk, index = 0) {
  const inst = desk.state.instruments[index];
  if (inst === undefined) throw new Error(`no instrument ${index}`);
  return inst;
}

/** A second market, ETH, at every venue and at the same price. */
const TWO_MARKETS: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "ETH", decimals: 8 }],
  markets: [...config.markets, { market: "ETH", base: "ETH", reportingQuote: "USD" }],
  instruments: [
    ...config.instruments,
    ...config.accounts.map(({ account }) => ({ ...BTC_USD, account, symbol: "ETH/USD", base: "ETH" })),
  ],
});

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

const OFF_PAR_EUR: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "EUR", decimals: 8 }],
  instruments: [{ ...BTC_USD, account: "v0", symbol: "BTC/EUR", quote: "EUR", settle: "EUR" }],
  conversions: [{ asset: "EUR", to: "USD", source: { kind: "assumed", rate: 0.994 } }],
});

interface Refused {
  readonly code: GateReason;
  readonly name: string;
  readonly shape?: DeskShape;
  readonly desk?: (shape: DeskShape) => Desk;
  readonly when?: (desk: Desk) => void;
  readonly intent?: Partial<OrderIntent>;
  /** The nearest intent that passes in the same state; where none can, the same one passes before `when`. */
  readonly passes?: Partial<OrderIntent>;
}

const REFUSED: readonly Refused[] = [
  {
    code: "NO_REFERENCE",
    name: "without a book of any venue",
    desk: (shape) => {
      const desk = coldDesk(shape);
      reconcile(desk, 0);
      return desk;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "for an instrument that only gives a rate",
    shape: { adjust: MEASURED_EUR },
    intent: { instrument: 1 },
  },
  {
    code: "NO_REFERENCE",
    name: "once the rate that its price is converted by is older than 5 s",
    shape: { adjust: MEASURED_EUR },
    desk: (shape) => {
      const desk = readyDesk(shape);
      // The rate was not known yet at the first book.
      sendBook(desk, 0);
      return desk;
    },
    intent: { side: "sell" },
    when: (desk) => {
      instrumentOf(desk).params.channelSilenceMaxMs = 120_000;
      desk.send({ type: "feed", instrument: 1, status: "gap" });
      desk.wait(5_250);
      for (const market of desk.state.markets) market.fairAtUs = desk.nowUs;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "when another asset with inventory has no fair value",
    shape: { adjust: TWO_MARKETS },
    when: (desk) => {
      holdInventory(desk, 1, 0, 1);
      const [, eth] = desk.state.markets;
      if (eth !== undefined) eth.fair = undefined;
    },
  },
  {
    code: "NO_REFERENCE",
    name: "when the venue's band has no mid to stand on",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, priceBandFrac: 0.01 };
      inst.midReporting = undefined;
    },
  },
  {
    code: "STALE_REFERENCE",
    name: "5 s after the last usable book",
    when: (desk) => {
      desk.send({ type: "feed", instrument: 0, status: "down" });
      desk.wait(5_250);
    },
  },
  {
    code: "STALE_REFERENCE",
    name: "that opens while another asset with inventory has had no usable book for 5 s",
    shape: { adjust: TWO_MARKETS },
    when: (desk) => {
      holdInventory(desk, 1, 0, 1);
      desk.send({ type: "feed", instrument: 1, status: "down" });
      desk.wait(5_250);
    },
  },
  {
    code: "ACCOUNT_NOT_READY",
    name: "while the account is reconciled",
    when: (desk) => void desk.send({ type: "account", account: 0, status: "up" }),
  },
  {
    code: "ACCOUNT_NOT_READY",
    name: "after the private stream is lost",
    when: (desk) => void desk.send({ type: "account", account: 0, status: "down" }),
  },
  {
    code: "NO_BALANCE_KNOWN",
    name: "while no balance was told",
    when: (desk) => {
      for (const holding of desk.state.accounts[0]?.holdings.values() ?? []) holding.balanceAtoms = undefined;
    },
  },
  {
    code: "NO_LIMIT",
    name: "when the capital that limits are shares of is missing",
    when: (desk) => void (desk.state.deskParams = { ...desk.state.deskParams, capital: NaN }),
  },
  {
    code: "INSUFFICIENT_BALANCE",
    name: "for a buy that costs more than is free, fee included",
    shape: { stockUsd: 100 },
    intent: { sizeLots: 101, priceTicks: 9_900 },
    passes: { sizeLots: 100, priceTicks: 9_900 },
  },
  {
    code: "INSUFFICIENT_BALANCE",
    name: "for a sale of more than is free of holds",
    shape: { stockBtc: 3 },
    when: (desk) => void placeOwn(desk, { side: "sell", sizeLots: 200 }),
    intent: { side: "sell", sizeLots: 101 },
    passes: { side: "sell", sizeLots: 100 },
  },
  {
    code: "ASSET_LIMIT",
    name: "beyond the limit of the asset",
    intent: { sizeLots: 1_001 },
    passes: { sizeLots: 1_000 },
  },
  {
    code: "VENUE_LIMIT",
    name: "beyond the limit at the venue",
    shape: { parameters: { venueMaxPct: 5 } },
    intent: { sizeLots: 501 },
    passes: { sizeLots: 500 },
  },
  {
    code: "NET_LIMIT",
    name: "beyond the net limit over all assets",
    shape: { adjust: TWO_MARKETS, parameters: { netMaxPct: 12 } },
    when: (desk) => void placeOwn(desk, { instrument: 1, sizeLots: 800 }),
    intent: { sizeLots: 401 },
    passes: { sizeLots: 400 },
  },
  {
    code: "GROSS_LIMIT",
    name: "beyond the gross limit over all assets, long and short alike",
    shape: { adjust: TWO_MARKETS, parameters: { netMaxPct: 12, grossMaxPct: 12 } },
    when: (desk) => void placeOwn(desk, { instrument: 1, side: "sell", sizeLots: 800 }),
    intent: { sizeLots: 401 },
    passes: { sizeLots: 400 },
  },
  {
    code: "PRICE_COLLAR",
    name: "further than 100 bps from fair value",
    intent: { priceTicks: FAIR_TICKS - 101 },
    passes: { priceTicks: FAIR_TICKS - 100 },
  },
  {
    code: "PRICE_BAND",
    name: "outside the venue's band",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, priceBandFrac: 0.005 };
    },
    intent: { priceTicks: FAIR_TICKS - 51 },
    passes: { priceTicks: FAIR_TICKS - 50 },
  },
  {
    code: "SELF_CROSS",
    name: "at the price of our own order on the other side",
    when: (desk) => void placeOwn(desk, { side: "sell", priceTicks: 9_980 }),
    intent: { priceTicks: 9_980 },
    passes: { priceTicks: 9_979 },
  },
  {
    code: "SELF_CROSS",
    name: "at the price that our own order may be moving to",
    when: (desk) => amendOwn(desk, restOwn(desk, { side: "sell" }), { priceTicks: 9_980 }),
    intent: { priceTicks: 9_990 },
    passes: { priceTicks: 9_979 },
  },
  { code: "FILTER", name: "of no size", intent: { sizeLots: 0 }, passes: { sizeLots: 1 } },
  { code: "FILTER", name: "of a broken size", intent: { sizeLots: 1.5 } },
  { code: "FILTER", name: "at no price", intent: { priceTicks: 0 } },
  {
    code: "FILTER",
    name: "below the smallest notional",
    shape: {
      adjust: (config) => ({
        ...config,
        instruments: [{ ...BTC_USD, account: "v0", notionalMinQuote: "10" }],
      }),
    },
    intent: { sizeLots: 10 },
    passes: { sizeLots: 11 },
  },
  {
    code: "FILTER",
    name: "at a halted instrument",
    when: (desk) => {
      const inst = instrumentOf(desk);
      inst.definition = { ...inst.definition, status: "HALTED" };
    },
  },
  {
    code: "REDUCE_ONLY",
    name: "that opens while only reducing orders pass",
    when: (desk) => void writeState(desk.engine, { level: "desk" }, "REDUCE_ONLY"),
  },
  {
    code: "REDUCE_ONLY",
    name: "that opens against a currency 60 bps off par",
    shape: { adjust: OFF_PAR_EUR },
  },
  {
    code: "STORAGE",
    name: "while the journal's disk is full",
    when: (desk) => void desk.send({ type: "storage", status: "DISK_LOW", text: "a test" }),
  },
  {
    code: "STORAGE",
    name: "that hedges while the journal's disk is silent",
    when: (desk) => void desk.send({ type: "storage", status: "JOURNAL_STALLED", text: "a test" }),
    intent: { role: "hedge" },
  },
  {
    code: "STORAGE",
    name: "that no person asked for, while the journal's disk is full",
    when: (desk) => {
      holdInventory(desk, 100);
      desk.send({ type: "storage", status: "DISK_LOW", text: "a test" });
    },
    intent: { role: "reduce", side: "sell", automatic: true },
    passes: { role: "reduce", side: "sell" },
  },
  {
    code: "STATE",
    name: "while paused",
    when: (desk) => void writeState(desk.engine, { level: "market", market: "BTC" }, "PAUSED"),
  },
];

describe("the gate", () => {
  it.each(REFUSED)(
    "refuses an order $name: $code",
    ({ code, shape = {}, desk: make, when, intent, passes }) => {
      const desk = (make ?? readyDesk)(shape);
      if (when !== undefined && passes === undefined) expect(verdictOn(desk, intent)).toBe("passes");
      when?.(desk);
      expect(verdictOn(desk, intent)).toBe(code);
      if (passes !== undefined) expect(verdictOn(desk, passes)).toBe("passes");
    },
  );

  it("has a case here for every code it can refuse with", () => {
    expect([...new Set(REFUSED.map(({ code }) => code))].sort()).toEqual(Object.keys(GATE_REASONS).sort());
  });
});
