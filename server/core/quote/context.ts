/** What the stages of a quote read and write: one instrument, at one instant. */
import type { ParamValues } from "../../contract/params.ts";
import type { OffReason } from "../../contract/reasons.ts";
import { holdingOf } from "../orders/exposure.ts";
import { paceOf } from "../orders/pace.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { sessionSecondsLeft } from "./avellanedaStoikov.ts";
import { distancesAt } from "./glftSpectral.ts";
import type { MarketModel } from "./model.ts";

/** Prices in the reporting currency per base unit until the stage `conversion`, in the quote currency after it. */
export interface QuoteContext {
  params: ParamValues;
  model: MarketModel;
  mid: number;
  fair: number;
  basis: number;
  /** Reporting currency per quote currency. */
  rate: number;
  /** Decay of the fill rate where the quote stands, 1/price. */
  k: number;
  /** Expected loss after a fill of our bid and of our ask, price. */
  costBid: number;
  costAsk: number;
  orderBase: number;
  coreHalfSpread: number;
  makerFrac: number;
  /** How long a stale quote of ours can be hit, the order budget's holding back included. */
  exposedS: number;
  /** Of a model with sessions: what is left of this one. */
  secondsLeft: number;
  /** q − q*, aggregate over venues. */
  excessBase: number;
  targetBase: number;
  /** Inventory at this venue as a share of its limit, −1 … 1. */
  venueShare: number;
  tickQuote: number;
  externalBidTicks: number | undefined;
  externalAskTicks: number | undefined;
  /** Shift of the centre and half-spread beyond c₁ by the spectral form; undefined where the closed form is exact enough. */
  spectral: { readonly shift: number; readonly halfBeyondCore: number } | undefined;
  /** What hedging a fill elsewhere would allow at most, or at least; undefined where nothing bounds the quote. */
  hedgeBid: number | undefined;
  hedgeAsk: number | undefined;
  /** 0 for the quote that the model wants, 1 for the one behind it, … */
  level: number;
  /** How far inventory has moved the centre of the quote, price. */
  inventoryShift: number;
  bid: number;
  ask: number;
  bidTicks: number;
  askTicks: number;
  /** Set by the stage that decides not to quote, or not to quote one side. */
  off: OffReason | undefined;
  bidOff: OffReason | undefined;
  askOff: OffReason | undefined;
  /** Factors on the size of each side, beside the inventory's. */
  bidSizeFactor: number;
  askSizeFactor: number;
  /** An obligation holds the quote at its widest and smallest. */
  atObligation: boolean;
}

/** Undefined while a price, a rate, a fee, the flow or the model is missing. */
export function createContext(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  model: MarketModel | undefined = market.model,
): QuoteContext | undefined {
  const { state, config } = engine;
  const rate = state.rates.get(inst.definition.quote)?.value;
  const fees = config.accounts[inst.account]?.fees;
  const { params, pricing } = inst;
  if (market.fair === undefined || model === undefined || inst.midReporting === undefined) return undefined;
  if (rate === undefined || fees === undefined || pricing === undefined) return undefined;
  const fair = market.fair;
  const venueLimitBase = (state.deskParams.capital * params.venueMaxPct) / 100 / fair;
  const atVenue = holdingOf(engine, inst.account, inst.definition.base).inventoryUnits;
  return {
    params,
    model,
    mid: inst.midReporting,
    fair,
    basis: market.fusion.basis[inst.member] ?? 0,
    rate,
    k: pricing.localK,
    costBid: pricing.costBid,
    costAsk: pricing.costAsk,
    orderBase: inst.orderLots * inst.lotBase,
    coreHalfSpread: model.coreHalfSpread[inst.member] ?? 0,
    makerFrac: fees.makerFrac,
    exposedS: exposedSeconds(engine, inst),
    secondsLeft: sessionSecondsLeft(params.sessionSeconds, state.nowUs),
    excessBase: market.inventoryBase - market.targetBase,
    targetBase: market.targetBase,
    venueShare: Math.max(-1, Math.min(1, atVenue / venueLimitBase)),
    tickQuote: inst.tickQuote,
    externalBidTicks: inst.external.bidTicks,
    externalAskTicks: inst.external.askTicks,
    spectral: spectralAt(market, model),
    hedgeBid: undefined,
    hedgeAsk: undefined,
    level: 0,
    inventoryShift: 0,
    bid: 0,
    ask: 0,
    bidTicks: 0,
    askTicks: 0,
    off: undefined,
    bidOff: undefined,
    askOff: undefined,
    bidSizeFactor: 1,
    askSizeFactor: 1,
    atObligation: false,
  };
}

/** The closed form is an expansion around flat: beyond this |q|·s·k its error passes a tenth of 1/k (models §1.2). */
const CLOSED_FORM_MAX = 1.5;

function spectralAt(market: MarketState, model: MarketModel): QuoteContext["spectral"] {
  const { spectral } = market;
  if (model.name !== "glft-spectral" || spectral === undefined) return undefined;
  const excess = market.inventoryBase - market.targetBase;
  if (Math.abs(excess) * model.slope * spectral.k <= CLOSED_FORM_MAX) return undefined;
  const { bid, ask } = distancesAt(spectral.table, excess);
  return { shift: (ask - bid) / 2, halfBeyondCore: (ask + bid) / 2 - spectral.core };
}

function exposedSeconds(engine: Engine, inst: InstrumentState): number {
  const { quoteLatencyMs, quoteLifeMinMs } = inst.params;
  return (quoteLatencyMs + (paceOf(engine, inst).stretch - 1) * quoteLifeMinMs) / 1e3;
}
