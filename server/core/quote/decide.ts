/** From a priced instrument to what its slots should hold: prices, sizes, or the reason for nothing. */
import type { OffReason } from "../../contract/reasons.ts";
import { sideSign, type Side } from "../../contract/units.ts";
import { buyCostAtoms, holdingOf } from "../orders/exposure.ts";
import { hedgedBoundsOf } from "../orders/takers.ts";
import { baseRebateFrac } from "../risk/gate.ts";
import { effectiveState } from "../risk/tradingState.ts";
import type { Engine, InstrumentState, MarketState, QuoteSlot } from "../state.ts";
import { TRADE_HORIZON_S } from "../estimate/flow/flow.ts";
import { readTradeImbalance } from "../estimate/flow/tradeImbalance.ts";
import { volatilityStatus } from "../estimate/volatility.ts";
import { isSessionEnding } from "./avellanedaStoikov.ts";
import { createContext, type QuoteContext } from "./context.ts";
import { sizeSkew } from "./inventory.ts";
import type { MarketModel } from "./model.ts";
import { documentSizeFactor } from "./strategyDocument.ts";
import { imbalanceRule, isWithdrawn } from "./toxicity.ts";
import { runLevelStages, runModelStages } from "./stages.ts";

/** Sets what every slot of the instrument wants. */
export function decideQuotes(engine: Engine, inst: InstrumentState, market: MarketState): void {
  const { state } = engine;
  const off = findOffReason(engine, inst, market);
  const context = off === undefined ? prepareContext(engine, inst, market) : undefined;
  if (context === undefined) {
    for (const slot of inst.slots) want(engine, slot, off ?? "NO_FAIR_VALUE");
    return;
  }
  runModelStages(context);
  const { bid, ask } = context;
  for (let i = 0; i < inst.slots.length; i += 2) {
    context.level = i / 2;
    context.bid = bid;
    context.ask = ask;
    if (context.level < inst.params.quoteLevels) runLevelStages(context);
    for (const slot of [inst.slots[i], inst.slots[i + 1]]) {
      if (slot === undefined) continue;
      const trading = effectiveState(state, inst, slot.side);
      const sideOff = slot.side === "buy" ? context.bidOff : context.askOff;
      if (context.level >= inst.params.quoteLevels) want(engine, slot, "NOT_QUOTED");
      else if (trading === "PAUSED" || trading === "DISARMED" || trading === "KILLED")
        want(engine, slot, trading);
      else if (context.off !== undefined) want(engine, slot, context.off);
      else if (sideOff !== undefined) want(engine, slot, sideOff);
      else wantPriced(engine, inst, market, slot, context, trading === "REDUCE_ONLY");
    }
  }
}

/** The context of a quote with everything that depends on more than its own instrument. */
export function prepareContext(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  model: MarketModel | undefined = market.model,
): QuoteContext | undefined {
  const context = createContext(engine, inst, market, model);
  if (context === undefined) return undefined;
  applyFlow(engine, inst, context);
  if (inst.params.hedgedQuoting) boundByHedges(engine, inst, market, context);
  engine.adjustQuote?.(context, inst, engine);
  return context;
}

/** What flow says about one side: withdrawn for its toxicity while it adds inventory, or widened and shrunk by the strategy document's rule. */
function applyFlow({ state }: Engine, { params, estimates }: InstrumentState, context: QuoteContext): void {
  if (params.adverseSelectionSource === "markouts") {
    // The side that works inventory off stays: without it the desk would be left with what hurt it (study `policies`).
    const { excessBase } = context;
    if (excessBase >= 0 && isWithdrawn(estimates.toxicity.buy, state.nowUs)) context.bidOff = "TOXIC_FLOW";
    if (excessBase <= 0 && isWithdrawn(estimates.toxicity.sell, state.nowUs)) context.askOff = "TOXIC_FLOW";
  }
  if (params.adverseSelectionSource === "strategy-document") {
    const { value } = readTradeImbalance(estimates.flow.trades, state.nowUs, TRADE_HORIZON_S);
    const rule = imbalanceRule(value, context.fair);
    context.costBid += rule.bidAdd;
    context.costAsk += rule.askAdd;
    context.bidSizeFactor *= rule.bidSizeFactor;
    context.askSizeFactor *= rule.askSizeFactor;
  }
  if (context.model.name === "strategy-document") sizeByDocument(context);
}

function sizeByDocument(context: QuoteContext): void {
  const { externalBidTicks: bid, externalAskTicks: ask, tickQuote, rate, fair } = context;
  if (bid === undefined || ask === undefined) return;
  const of = {
    share: context.excessBase / context.model.limitBase,
    marketSpreadFrac: ((ask - bid) * tickQuote * rate) / fair,
    baseSpreadFrac: context.params.documentSpreadBps / 1e4,
  };
  context.bidSizeFactor *= documentSizeFactor({ ...of, side: "buy" });
  context.askSizeFactor *= documentSizeFactor({ ...of, side: "sell" });
}

function boundByHedges(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  context: QuoteContext,
): void {
  const bounds = hedgedBoundsOf(engine, inst, market, context.model.sigmaPerSqrtS);
  context.hedgeBid = bounds.bidMax;
  context.hedgeAsk = bounds.askMin;
  context.bidOff ??= bounds.bidRefusal;
  context.askOff ??= bounds.askRefusal;
}

/** Why the whole instrument cannot be quoted now, whatever the side. */
function findOffReason(engine: Engine, inst: InstrumentState, market: MarketState): OffReason | undefined {
  const { state } = engine;
  if (!inst.definition.quoted) return "NOT_QUOTED";
  if (inst.definition.status !== "TRADING") return "INSTRUMENT_HALTED";
  if (state.storage !== "OK") return state.storage;
  if (state.accounts[inst.account]?.status !== "READY") return "VENUE_NOT_READY";
  if (inst.reason !== undefined) return inst.reason;
  if (market.fair === undefined) return "NO_FAIR_VALUE";
  if (market.model === undefined) return whyNoModel(market, inst, state.nowUs);
  if (inst.pricing === undefined) return "NO_INTENSITY";
  if (state.nowUs < market.jumpUntilUs) return "JUMP";
  if (isSessionEnding(market.params, state.nowUs)) return "SESSION_END";
  if (market.flatten !== undefined) return "FLATTENING";
  return undefined;
}

/** Risk aversion is solved from volatility: known volatility without a model is a target that no γ meets. */
export function whyNoModel(market: MarketState, inst: InstrumentState, nowUs: number): OffReason {
  const status = volatilityStatus(market.volatility, nowUs);
  if (status === "COLD" || status === "STALE") return "NO_VOLATILITY";
  return inst.pricing === undefined ? "NO_INTENSITY" : "NO_MODEL";
}

function wantPriced(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  slot: QuoteSlot,
  context: QuoteContext,
  reduceOnlyState: boolean,
): void {
  const { side } = slot;
  const ticks = side === "buy" ? context.bidTicks : context.askTicks;
  let lots = context.atObligation ? minimumLots(inst, ticks) : skewedLots(inst, market, context, side);
  if (reduceOnlyState) {
    const reducible = sideSign(side) * market.inventoryBase < 0 ? Math.abs(market.inventoryBase) : 0;
    const grows = side === "buy" ? 1 + baseRebateFrac(engine, market) : 1;
    lots = Math.min(lots, Math.floor(reducible / grows / inst.lotBase + 1e-9));
    if (lots === 0) return want(engine, slot, "REDUCE_ONLY");
  }
  const minimum = minimumLots(inst, ticks);
  const affordable = affordableLots(engine, inst, slot, { ticks, lots });
  if (affordable === undefined) return want(engine, slot, "NO_BALANCE_KNOWN");
  if (affordable < Math.min(lots, minimum)) return want(engine, slot, "INSUFFICIENT_BALANCE");
  lots = Math.min(lots, affordable);
  if (ticks <= 0 || lots < minimum) return want(engine, slot, "BELOW_MIN");
  want(engine, slot, undefined, ticks, lots);
}

function skewedLots(inst: InstrumentState, market: MarketState, context: QuoteContext, side: Side): number {
  const { params, model, level, excessBase, targetBase } = context;
  const sizes = sizeSkew({
    base: inst.orderLots * params.levelSizeRatio ** level,
    q: excessBase + targetBase,
    qStar: targetBase,
    qMax: model.limitBase,
    beta: market.params.sizeSkewExponent,
  });
  const exposed = side === "buy" ? context.bidSizeFactor : context.askSizeFactor;
  return Math.floor((side === "buy" ? sizes.bid : sizes.ask) * exposed + 1e-9);
}

/** The smallest order that the venue takes at a price. */
export function minimumLots(inst: InstrumentState, priceTicks: number): number {
  const { definition } = inst;
  if (definition.notionalMinQuote === undefined) return definition.sizeMinLots;
  const perLot = priceTicks * inst.tickQuote * inst.lotBase;
  return Math.max(definition.sizeMinLots, Math.ceil(Number(definition.notionalMinQuote) / perLot - 1e-9));
}

/** Of the lots, those that the free balance at the venue covers; the slot's own order counts as free. */
function affordableLots(
  engine: Engine,
  inst: InstrumentState,
  slot: QuoteSlot,
  { ticks, lots }: { readonly ticks: number; readonly lots: number },
): number | undefined {
  const asset = slot.side === "buy" ? inst.definition.quote : inst.definition.base;
  const holding = holdingOf(engine, inst.account, asset);
  if (holding.balanceAtoms === undefined) return undefined;
  const own = slot.clientId === undefined ? undefined : engine.state.orders.get(slot.clientId);
  const free = holding.balanceAtoms - holding.heldAtoms + (own?.heldAtoms ?? 0n);
  if (free <= 0n) return 0;
  const fees = engine.config.accounts[inst.account]?.fees;
  const feeFrac = Math.max(0, fees?.makerFrac ?? 0, fees?.takerFrac ?? 0);
  // Exact arithmetic decides only where it can matter: most balances are far larger than one order.
  const perLotAtoms =
    slot.side === "sell"
      ? Number(inst.baseAtomsPerLot)
      : Number(inst.quoteAtomsPerTickLot) * Math.max(ticks, 1) * (1 + feeFrac);
  if (Number(free) > 2 * lots * perLotAtoms) return lots;
  const perLot =
    slot.side === "sell" ? inst.baseAtomsPerLot : buyCostAtoms(inst, Math.max(ticks, 1), 1, feeFrac, 0);
  return Math.min(lots, Number(free / perLot));
}

function want(
  engine: Engine,
  slot: QuoteSlot,
  reason: OffReason | undefined,
  ticks?: number,
  lots = 0,
): void {
  slot.wantedTicks = ticks;
  slot.wantedLots = lots;
  if (slot.reason === reason) return;
  slot.reason = reason;
  slot.sinceUs = engine.state.nowUs;
  // A reference is not refused: it was never asked for.
  if (reason !== undefined && reason !== "NOT_QUOTED") countRefusal(engine, reason);
}

export function countRefusal(engine: Engine, code: OffReason): void {
  const { refusals } = engine.state;
  refusals.set(code, (refusals.get(code) ?? 0) + 1);
}
