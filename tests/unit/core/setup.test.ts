import { describe, expect, it } from "vitest";
import { UserError } from "../../../server/contract/errors.ts";
import { ConfigError, createEngine, resolveAll } from "../../../server/core/setup.ts";
import { encodeState } from "../../../server/engine/hash/canonical.ts";
import { BTC_USD, deskConfig, type Adjust, type DeskShape } from "../../support/desk.ts";

const EUR_MARKET: Adjust = (config) => ({
  ...config,
  assets: [...config.assets, { asset: "EUR", decimals: 8 }],
  instruments: [
    ...config.instruments,
    { ...BTC_USD, account: "v0", symbol: "USD/EUR", base: "USD", quote: "EUR", settle: "EUR" },
  ],
});

function stateOf(shape?: DeskShape) {
  return createEngine(deskConfig(shape)).state;
}

function conversion(symbol: string): Adjust {
  return (config) => ({
    ...EUR_MARKET(config),
    conversions: [{ asset: "EUR", to: "USD", source: { kind: "instrument", account: "v0", symbol } }],
  });
}

describe("an engine before its first event", () => {
  it("knows nothing of any venue, and quotes nothing", () => {
    const { nowUs, accounts, instruments, orders, markets } = stateOf({ venues: 2 });
    expect(nowUs).toBe(0);
    expect(orders.size).toBe(0);
    expect(accounts.map(({ status }) => status)).toEqual(["NOT_READY", "NOT_READY"]);
    expect(instruments.map(({ reason }) => reason)).toEqual(["NO_BOOK", "NO_BOOK"]);
    expect(markets.map(({ fair, model }) => [fair, model])).toEqual([[undefined, undefined]]);
    for (const { holdings } of accounts)
      expect([...holdings.values()].map(({ balanceAtoms }) => balanceAtoms)).toEqual([undefined, undefined]);
  });

  it("is the same bytes for the same configuration", () => {
    expect(encodeState(stateOf({ venues: 3 }))).toEqual(encodeState(stateOf({ venues: 3 })));
  });

  it.each(["ACTIVE", "DISARMED"] as const)("is %s as configured", (initialState) => {
    expect(stateOf({ initialState }).trading).toMatchObject({ desk: initialState, accounts: ["ACTIVE"] });
  });

  it("starts at version 1 of its parameters, resolved for each place", () => {
    const state = stateOf({ venues: 2, parameters: { skewMaxBps: 31 } });
    expect(state.layers.version).toBe(1);
    expect(state.instruments.map(({ params }) => params.skewMaxBps)).toEqual([31, 31]);
    expect(state.markets[0]?.params.skewMaxBps).toBe(31);
    expect(state.deskParams.capital).toBe(10_000);
  });

  it("knows the scales of its instruments to the atom", () => {
    expect(stateOf().instruments[0]).toMatchObject({
      tickQuote: 0.01,
      lotBase: 0.01,
      baseAtomsPerLot: 1_000_000n,
      quoteAtomsPerTickLot: 10_000n,
    });
  });

  it("counts an instrument whose base has no market as a rate only", () => {
    expect(stateOf({ adjust: EUR_MARKET }).instruments.map(({ market }) => market)).toEqual([0, undefined]);
  });

  it("takes a rate the other way round from a market that quotes the reporting currency", () => {
    expect(stateOf({ adjust: conversion("USD/EUR") }).rates.get("EUR")).toMatchObject({
      instrument: 1,
      inverted: true,
      value: undefined,
    });
  });

  it("takes an assumed rate at its word, and the reporting currency at 1", () => {
    const { rates } = stateOf({
      adjust: (config) => ({
        ...EUR_MARKET(config),
        conversions: [{ asset: "EUR", to: "USD", source: { kind: "assumed", rate: 1.1 } }],
      }),
    });
    expect([rates.get("EUR")?.value, rates.get("USD")?.value]).toEqual([1.1, 1]);
  });
});

const BROKEN: readonly { readonly name: string; readonly shape: DeskShape; readonly text: string }[] = [
  {
    name: "without capital",
    shape: {
      adjust: (config) => ({
        ...config,
        parameters: config.parameters.filter(({ name }) => name !== "capital"),
      }),
    },
    text: "parameters: desk: set capital",
  },
  { name: "that contradicts itself", shape: { parameters: { collarBps: 10 } }, text: "halfSpreadMaxBps 50" },
  {
    name: "with an asset too coarse for its lots",
    shape: {
      adjust: (config) => ({
        ...config,
        assets: [
          { asset: "USD", decimals: 2 },
          { asset: "BTC", decimals: 8 },
        ],
      }),
    },
    text: "v0 BTC/USD: tick 0.01 × lot 0.01 needs 4 decimals and the quote asset has 2",
  },
  {
    name: "with a rate from a market of other currencies",
    shape: { adjust: conversion("BTC/USD") },
    text: "conversions: BTC/USD gives no rate between EUR and USD",
  },
];

describe("a configuration that cannot work", () => {
  it.each(BROKEN)("$name is refused in one line", ({ shape, text }) => {
    expect(() => stateOf(shape)).toThrow(ConfigError);
    expect(() => stateOf(shape)).toThrow(UserError);
    expect(() => stateOf(shape)).toThrow(text);
  });
});

describe("resolving again", () => {
  it("brings a changed layer to every place that it reaches", () => {
    const engine = createEngine(deskConfig({ venues: 2 }));
    engine.state.layers.set.set("account v1", new Map([["skewMaxBps", 40]]));
    resolveAll(engine);
    expect(engine.state.instruments.map(({ params }) => params.skewMaxBps)).toEqual([20, 40]);
    expect(engine.state.markets[0]?.params.skewMaxBps).toBe(20);
  });
});
