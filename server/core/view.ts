/** The engine as a view: derived from the state, never part of it. */
import { describeMissing, liveRequirementsMissing } from "../contract/liveRequirements.ts";
import { describeReason } from "../contract/reasons.ts";
import { MICROS_PER_MS } from "../contract/units.ts";
import type {
  AccountView,
  DeskView,
  InstrumentView,
  MarketView,
  PositionView,
  ReasonView,
  SideView,
} from "../contract/views.ts";
import { breakText, isStanding, observedFor } from "./accounts/breaks.ts";
import { reconcileEveryUs } from "./accounts/questions.ts";
import { atomsToNumber } from "./decimal.ts";
import { readVolatility } from "./estimate/volatility.ts";
import { holdingOf } from "./orders/exposure.ts";
import { pendingRequest } from "./orders/reports.ts";
import { uptimeShare } from "./quote/uptime.ts";
import { readMarketPnl, readPnl, subtractPnl } from "./pnl.ts";
import { effectiveState } from "./risk/tradingState.ts";
import type { AccountState, Engine, InstrumentState, MarketState, QuoteSlot } from "./state.ts";

export function viewDesk(engine: Engine): DeskView {
  const { state, config } = engine;
  const pnl = readPnl(engine);
  const missing = liveRequirementsMissing(config);
  const exposures = state.markets.map((market) => market.inventoryBase * (market.fair ?? 0));
  return {
    atUs: state.nowUs,
    state: state.trading.desk,
    ...(missing.length === 0 ? {} : { observeOnly: describeMissing(missing) }),
    reportingAsset: config.reportingAsset,
    paramVersion: state.layers.version,
    quotingVersion: quotingVersion(engine),
    netExposure: exposures.reduce((sum, exposure) => sum + exposure, 0),
    grossExposure: exposures.reduce((sum, exposure) => sum + Math.abs(exposure), 0),
    pnl,
    day: state.day && { sinceUs: state.day.sinceUs, ...subtractPnl(pnl, state.day.pnl) },
    accounts: state.accounts.map((account) => viewAccount(engine, account)),
    markets: state.markets.map((market) => viewMarket(engine, market)),
  };
}

function quotingVersion({ state }: Engine): number | undefined {
  let smallest: number | undefined;
  for (const { definition, decided } of state.instruments)
    if (definition.quoted && decided !== undefined)
      smallest = Math.min(smallest ?? Infinity, decided.paramVersion);
  return smallest;
}

function viewAccount(engine: Engine, account: AccountState): AccountView {
  const observed = observedFor(account);
  return {
    account: account.account,
    status: account.status,
    halted: account.halted,
    brokenBy: observed.length === 0 ? undefined : observed.map(breakText).join("; "),
    agreedAtUs: account.agreedAtUs,
    reconcileEveryMs: reconcileEveryUs(engine, account) / MICROS_PER_MS,
    breaks: [...account.breaks.values()].filter(isStanding),
    ordersLeftOut: account.ordersLeftOut,
    state: engine.state.trading.accounts[account.index] ?? "KILLED",
    clearedAtUs: account.seal?.clearedAtUs,
    sealedAtUs: account.seal?.sealedAtUs,
  };
}

function viewMarket(engine: Engine, market: MarketState): MarketView {
  const { state } = engine;
  const { fair, model } = market;
  const volatility = readVolatility(market.volatility, state.nowUs);
  const toBps = (price: number | undefined): number | undefined =>
    price === undefined || fair === undefined ? undefined : (price / fair) * 1e4;
  return {
    market: market.market,
    base: market.base,
    state: state.trading.markets[market.index] ?? "KILLED",
    fair,
    fairAgeMs: fair === undefined ? undefined : (state.nowUs - market.fairAtUs) / MICROS_PER_MS,
    fairSdBps: toBps(market.fused.sd),
    volatility: {
      status: volatility.status,
      bpsPerSqrtS: toBps(volatility.valuePerSqrtS),
      stderrBps: toBps(volatility.stderrPerSqrtS),
    },
    model: model && {
      name: model.name,
      gammaPerQuote: model.gamma,
      slope: model.slope,
      inventorySdBase: model.inventorySdBase,
      halfLifeS: model.halfLifeS,
      fillsPerMinute: model.fillsPerMinute,
      targetBase: market.targetBase,
    },
    inventoryBase: market.inventoryBase,
    limitBase: model?.limitBase,
    position: viewPosition(engine, market),
    pnl: readMarketPnl(market),
    instruments: market.instruments.flatMap((index) => {
      const inst = state.instruments[index];
      return inst === undefined ? [] : [viewInstrument(engine, inst, market)];
    }),
  };
}

function viewPosition(engine: Engine, { position, base, fair }: MarketState): PositionView {
  const decimals = (asset: string): number =>
    engine.config.assets.find((spec) => spec.asset === asset)?.decimals ?? 0;
  const quantityBase = atomsToNumber(position.quantityAtoms, decimals(base));
  const reporting = decimals(engine.config.reportingAsset);
  const cost = atomsToNumber(position.costAtoms, reporting);
  return {
    quantityBase,
    openedAtUs: position.openedAtUs,
    averageCost: quantityBase === 0 ? undefined : cost / quantityBase,
    realised: atomsToNumber(position.realisedAtoms, reporting),
    unrealised: fair === undefined ? undefined : quantityBase * fair - cost,
  };
}

function viewInstrument(engine: Engine, inst: InstrumentState, market: MarketState): InstrumentView {
  const { definition, external, feed } = inst;
  const { nowUs } = engine.state;
  const age = (atUs: number | undefined): number | undefined =>
    atUs === undefined ? undefined : (nowUs - atUs) / MICROS_PER_MS;
  const price = (ticks: number | undefined): number | undefined =>
    ticks === undefined ? undefined : ticks * inst.tickQuote;
  const size = (lots: number | undefined): number | undefined =>
    lots === undefined ? undefined : lots * inst.lotBase;
  return {
    account: definition.account,
    symbol: definition.symbol,
    quoted: definition.quoted,
    bid: price(external.bidTicks),
    bidSizeBase: size(external.bidLots),
    ask: price(external.askTicks),
    askSizeBase: size(external.askLots),
    channelAgeMs: age(feed.channelAtUs),
    bookAgeMs: age(feed.changedAtUs),
    basisBps: market.fair === undefined ? undefined : (inst.basis.valuePrice / market.fair) * 1e4,
    weight: market.fused.weights[inst.member] ?? 0,
    inventoryBase: holdingOf(engine, inst.account, definition.base).inventoryUnits,
    uptimeShare: uptimeShare(inst, nowUs),
    sides: inst.slots.slice(0, 2).map((slot) => viewSide(engine, inst, slot)),
  };
}

function viewSide(engine: Engine, inst: InstrumentState, slot: QuoteSlot): SideView {
  const order = slot.clientId === undefined ? undefined : engine.state.orders.get(slot.clientId);
  return {
    side: slot.side,
    state: effectiveState(engine.state, inst, slot.side),
    order: order && {
      clientId: order.clientId,
      status: order.status,
      waitsFor: pendingRequest(order) ?? order.unknownRequest,
      price: order.priceTicks * inst.tickQuote,
      remainingBase: (order.sizeLots - order.filledLots) * inst.lotBase,
    },
    reason: viewReason(slot),
  };
}

function viewReason(slot: QuoteSlot): ReasonView | undefined {
  const code = slot.reason ?? slot.refusedFor;
  if (code === undefined) return undefined;
  const { text, releases } = describeReason(code);
  return { code, text, releases, sinceUs: slot.reason === undefined ? slot.refusedSinceUs : slot.sinceUs };
}
