/** What the stages of a quote read and write: one instrument, at one instant. */
import type { ParamValues } from "../../contract/params.ts";
import type { OffReason } from "../../contract/reasons.ts";
import { holdingOf } from "../orders/exposure.ts";
import type { Engine, InstrumentState, MarketModel, MarketState } from "../state.ts";

/** Prices in the reporting currency per base unit until the stage `conversion`, in the quote currency after it. */
export interface QuoteContext {
  params: ParamValues;
  model: MarketModel;
  mid: number;
  fair: number;
  basis: number;
  /** Reporting currency per quote currency. */
  rate: number;
  /** Decay of the fill rate, 1/price. */
  k: number;
  orderBase: number;
  coreHalfSpread: number;
  makerFrac: number;
  nowUs: number;
  /** q − q*, aggregate over venues. */
  excessBase: number;
  /** Inventory at this venue as a share of its limit, −1 … 1. */
  venueShare: number;
  tickQuote: number;
  externalBidTicks: number | undefined;
  externalAskTicks: number | undefined;
  bid: number;
  ask: number;
  bidTicks: number;
  askTicks: number;
  /** Set by the stage that decides not to quote. */
  off: OffReason | undefined;
  /** An obligation holds the quote at its widest and smallest. */
  atObligation: boolean;
}

export function createContext(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
): QuoteContext | undefined {
  const { state, config } = engine;
  const rate = state.rates.get(inst.definition.quote)?.value;
  const fees = config.accounts[inst.account]?.fees;
  if (market.fair === undefined || market.model === undefined || inst.midReporting === undefined)
    return undefined;
  if (rate === undefined || fees === undefined) return undefined;
  const { params } = inst;
  const fair = market.fair;
  const venueLimitBase = (state.deskParams.capital * params.venueMaxPct) / 100 / fair;
  const atVenue = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits;
  return {
    params,
    model: market.model,
    mid: inst.midReporting,
    fair,
    basis: market.fusion.basis[inst.member] ?? 0,
    rate,
    k: 1e4 / (params.fillDecayBps * fair),
    orderBase: inst.orderLots * inst.lotBase,
    coreHalfSpread: inst.coreHalfSpread,
    makerFrac: fees.makerFrac,
    nowUs: state.nowUs,
    excessBase: market.inventoryBase,
    venueShare: Math.max(-1, Math.min(1, atVenue / venueLimitBase)),
    tickQuote: inst.tickQuote,
    externalBidTicks: inst.external.bidTicks,
    externalAskTicks: inst.external.askTicks,
    bid: 0,
    ask: 0,
    bidTicks: 0,
    askTicks: 0,
    off: undefined,
    atObligation: false,
  };
}
