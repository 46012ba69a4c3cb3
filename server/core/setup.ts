/** From a configuration to the state before the first event. */
import type { EngineConfig } from "../contract/config.ts";
import { UserError } from "../contract/errors.ts";
import type { Instrument } from "../contract/instrument.ts";
import type { ParamValues } from "../contract/params.ts";
import type { OffReason } from "../contract/reasons.ts";
import { createBook } from "./book/book.ts";
import { createExternalTop } from "./book/ownOrders.ts";
import { compileScales, DecimalError, type Scales } from "./decimal.ts";
import { createBasis } from "./estimate/basis.ts";
import { createEwCovariance } from "./estimate/covariance/ewCovariance.ts";
import { createInstrumentEstimates } from "./estimate/instrumentEstimates.ts";
import { createMarketEstimates } from "./estimate/marketEstimates.ts";
import { createVolatility } from "./estimate/volatility.ts";
import { createAttribution } from "./ledger/attribution.ts";
import { createPosition } from "./ledger/position.ts";
import { createPace } from "./orders/pace.ts";
import { createUptime } from "./quote/uptime.ts";
import {
  applyChanges,
  createLayers,
  findForbidden,
  resolveParams,
  type ParamAddress,
} from "./params/resolve.ts";
import type {
  AccountState,
  Engine,
  EngineState,
  Holding,
  InstrumentState,
  MarketState,
  QuoteSlot,
  Rate,
} from "./state.ts";

/** Depth that the engine keeps: beyond it a market maker's order would never be priced. */
export const BOOK_LEVELS = 50;

/** A configuration that cannot work; the text says what to change. */
export class ConfigError extends UserError {
  override readonly name = "ConfigError";
}

export function createEngine(config: EngineConfig): Engine {
  const forbidden = findForbidden(config.hedging, config.parameters);
  if (forbidden !== undefined) throw new ConfigError(`parameters: ${forbidden.text}`);
  const applied = applyChanges(createLayers(), config.parameters, addressesOf(config));
  if (!applied.ok) throw new ConfigError(`parameters: ${applied.refusal.text}`);
  const layers = { ...applied.layers, version: 1 };
  const resolve = (at: ParamAddress): ParamValues => {
    const resolved = resolveParams(layers, at);
    if (!resolved.ok) throw new ConfigError(`parameters: set ${resolved.missing.join(", ")}`);
    return resolved.values;
  };
  const instruments = config.instruments.map((definition, index) =>
    createInstrument(config, definition, index, resolve),
  );
  const state: EngineState = {
    nowUs: 0,
    slowTurn: 0,
    sampledAtUs: 0,
    instruments,
    markets: config.markets.map((_, index) => createMarket(config, index, instruments, resolve)),
    covariance: createEwCovariance(config.markets.length),
    accounts: config.accounts.map((_, index) => createAccount(config, index)),
    rates: createRates(config),
    trading: {
      desk: config.initialState,
      accounts: config.accounts.map(() => "ACTIVE"),
      markets: config.markets.map(() => "ACTIVE"),
      sides: config.instruments.map(() => ["ACTIVE", "ACTIVE"]),
    },
    storage: "OK",
    layers,
    deskParams: resolve({}),
    orders: new Map(),
    ended: new Set(),
    orderCounter: 0,
    secondWriter: undefined,
    refusals: new Map(),
    outcomes: new Map(),
    day: undefined,
    counts: { orders: 0, fills: 0, volumeReporting: 0, anomalies: 0 },
  };
  return { config, state };
}

/** Every address at which parameters are resolved: the desk, each market, each instrument. */
export function addressesOf(config: EngineConfig): ParamAddress[] {
  return [
    {},
    ...config.markets.map((market) => ({ market: market.market })),
    ...config.instruments.map((definition) => instrumentAddress(config, definition)),
  ];
}

function instrumentAddress(config: EngineConfig, definition: Instrument): ParamAddress {
  const market = config.markets.find((candidate) => candidate.base === definition.base);
  const at = { account: definition.account, symbol: definition.symbol };
  return market === undefined ? at : { ...at, market: market.market };
}

/** Values of every scope again, after the layers changed. */
export function resolveAll(engine: Engine): void {
  const { state, config } = engine;
  const resolve = (at: ParamAddress): ParamValues => {
    const resolved = resolveParams(state.layers, at);
    if (!resolved.ok) throw new Error(`checked parameters do not resolve: ${resolved.missing.join(", ")}`);
    return resolved.values;
  };
  state.deskParams = resolve({});
  for (const market of state.markets) market.params = resolve({ market: market.market });
  for (const inst of state.instruments) {
    inst.params = resolve(instrumentAddress(config, inst.definition));
    const missing = inst.params.quoteLevels - inst.slots.length / 2;
    // Levels that are no longer wanted stay as places, empty: an order that is still leaving lives there.
    if (missing > 0) inst.slots.push(...createSlots(missing, "NOT_QUOTED", state.nowUs));
  }
}

function createSlots(levels: number, reason: OffReason, sinceUs: number): QuoteSlot[] {
  return Array.from({ length: 2 * levels }, (_, i) => ({
    side: i % 2 === 0 ? "buy" : "sell",
    clientId: undefined,
    wantedTicks: undefined,
    wantedLots: 0,
    retryAtUs: 0,
    heldFor: undefined,
    refusedFor: undefined,
    refusedSinceUs: 0,
    reason,
    sinceUs,
  }));
}

function createInstrument(
  config: EngineConfig,
  definition: Instrument,
  index: number,
  resolve: (at: ParamAddress) => ParamValues,
): InstrumentState {
  const market = config.markets.findIndex((candidate) => candidate.base === definition.base);
  const peers = config.instruments.filter((other) => other.base === definition.base);
  const resolved = resolve(instrumentAddress(config, definition));
  return {
    index,
    account: config.accounts.findIndex((account) => account.account === definition.account),
    market: market < 0 ? undefined : market,
    member: peers.indexOf(definition),
    definition,
    nextDefinition: undefined,
    ...scalesOf(config, definition),
    params: resolved,
    book: createBook(BOOK_LEVELS),
    feed: { void: true, channelAtUs: undefined, changedAtUs: undefined, fairAtChange: undefined },
    external: createExternalTop(),
    ownBids: { priceTicks: [], remainingLots: [] },
    ownAsks: { priceTicks: [], remainingLots: [] },
    midReporting: undefined,
    reason: "NO_BOOK",
    basis: createBasis(),
    slots: createSlots(resolved.quoteLevels, "NO_BOOK", 0),
    decided: undefined,
    ghosts: [],
    live: [],
    workingBuyLots: 0,
    workingSellLots: 0,
    uptime: createUptime(),
    orderLots: 0,
    estimates: createInstrumentEstimates(),
    pace: createPace(config.accounts.find(({ account }) => account === definition.account)?.orderBudget),
    pricing: undefined,
  };
}

/** Scales of an instrument under the desk's atoms; throws ConfigError when those are too coarse to be exact. */
export function scalesOf(config: EngineConfig, definition: Instrument): Scales {
  const decimals = (asset: string): number => {
    const spec = config.assets.find((candidate) => candidate.asset === asset);
    if (spec === undefined) throw new ConfigError(`${definition.symbol}: the desk has no asset ${asset}`);
    return spec.decimals;
  };
  try {
    return compileScales({
      tick: definition.tick,
      lot: definition.lot,
      contractSizeBase: definition.contractSizeBase,
      baseDecimals: decimals(definition.base),
      quoteDecimals: decimals(definition.quote),
    });
  } catch (cause) {
    if (cause instanceof DecimalError)
      throw new ConfigError(`${definition.account} ${definition.symbol}: ${cause.message}`);
    throw cause;
  }
}

function createMarket(
  config: EngineConfig,
  index: number,
  instruments: readonly InstrumentState[],
  resolve: (at: ParamAddress) => ParamValues,
): MarketState {
  const market = config.markets[index];
  if (market === undefined) throw new Error(`there is no market ${index}`);
  const members = instruments.filter((inst) => inst.market === index);
  const slots = (): Float64Array => new Float64Array(members.length);
  return {
    index,
    market: market.market,
    base: market.base,
    instruments: members.map((inst) => inst.index),
    accounts: [...new Set(members.map((inst) => inst.account))],
    params: resolve({ market: market.market }),
    fusion: {
      mid: slots(),
      basis: slots(),
      noiseVar: slots(),
      ageLagS: slots(),
      usable: new Uint8Array(members.length),
    },
    fused: { fair: undefined, sd: undefined, weights: slots() },
    fair: undefined,
    fairAtUs: 0,
    volatility: createVolatility(members.length),
    jumpUntilUs: 0,
    model: undefined,
    estimates: createMarketEstimates(members.length),
    targetBase: 0,
    spectral: undefined,
    inventoryBase: 0,
    workingBuyBase: 0,
    workingSellBase: 0,
    position: createPosition(),
    attribution: createAttribution(),
    flatten: undefined,
  };
}

function createAccount(config: EngineConfig, index: number): AccountState {
  const account = config.accounts[index];
  if (account === undefined) throw new Error(`there is no account ${index}`);
  const holdings = new Map<string, Holding>();
  for (const { asset, decimals } of config.assets) {
    const market = config.markets.findIndex((candidate) => candidate.base === asset);
    holdings.set(asset, {
      asset,
      decimals,
      market: market < 0 ? undefined : market,
      balanceAtoms: undefined,
      baselineAtoms: 0n,
      heldAtoms: 0n,
      inventoryUnits: 0,
    });
  }
  return {
    index,
    account: account.account,
    status: "NOT_READY",
    halted: undefined,
    holdings,
    reconciliation: undefined,
    elsewhere: undefined,
    mismatches: 0,
    breaks: new Map(),
    ordersLeftOut: 0,
    nextPollAtUs: 0,
    fillsAskedAtUs: 0,
    comparedAtUs: 0,
    fillKeys: new Map(),
    fillsForgottenToUs: 0,
    fillsHeldFromUs: 0,
    fillsHeldUntilUs: 0,
    seal: undefined,
    lastExpiryAtUs: 0,
    strangersUntilUs: undefined,
    agreedAtUs: undefined,
    pace: createPace(account.orderBudget),
    transferIds: new Set(),
  };
}

function createRates(config: EngineConfig): Map<string, Rate> {
  const rates = new Map<string, Rate>();
  const own = config.reportingAsset;
  rates.set(own, {
    asset: own,
    instrument: undefined,
    inverted: false,
    pegged: false,
    value: 1,
    atUs: undefined,
  });
  for (const { asset, pegged, source } of config.conversions) {
    if (source.kind === "assumed") {
      rates.set(asset, {
        asset,
        instrument: undefined,
        inverted: false,
        pegged,
        value: source.rate,
        atUs: undefined,
      });
      continue;
    }
    const index = config.instruments.findIndex(
      (i) => i.account === source.account && i.symbol === source.symbol,
    );
    const definition = config.instruments[index];
    const direct = definition?.base === asset && definition.quote === own;
    const inverted = definition?.quote === asset && definition.base === own;
    if (!direct && !inverted)
      throw new ConfigError(`conversions: ${source.symbol} gives no rate between ${asset} and ${own}`);
    rates.set(asset, { asset, instrument: index, inverted, pegged, value: undefined, atUs: undefined });
  }
  return rates;
}
