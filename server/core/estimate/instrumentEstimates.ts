/** Everything that is learned about one instrument, and the events that teach it. Part of the engine's state. */
import type { FillEvent, TradeEvent } from "../../contract/events.ts";
import { MICROS_PER_SECOND, sideSign, type Side } from "../../contract/units.ts";
import type { OwnLevels } from "../book/ownOrders.ts";
import { isFinal, type Order } from "../orders/order.ts";
import type { Engine, InstrumentState, MarketState } from "../state.ts";
import { createToxicity, judgeToxicity, type Toxicity } from "../quote/toxicity.ts";
import {
  createSideLosses,
  learnEdge,
  learnMarkout,
  meanNetEdge,
  pooledLoss,
  type LossUse,
  type SideLosses,
} from "./adverse/expectedLoss.ts";
import { advance, MARKOUT_HORIZONS_S, observeFill as markFill } from "./adverse/markouts.ts";
import { FAIR_AGE_MAX_US } from "./fairValue.ts";
import { createFlow, loseTop, observeTape, observeTop as observeFlowTop, type Flow } from "./flow/flow.ts";
import { createIntensity, observePrint, reviseIntensity, type Intensity } from "./intensity/intensity.ts";
import { observeExposure, observeFill as observeOwnFill } from "./intensity/ownQuotes.ts";
import { interruptTape, observeTop as observeTapeTop } from "./intensity/tape.ts";
import { createMidHistory, observeMid, type MidHistory } from "./leadLag/midHistory.ts";

/** Half-lives of models §3.2: the tape tells of today's flow, our own fills are few. */
const TAPE_HALF_LIFE_S = 600;
const OWN_HALF_LIFE_S = 3_600;
/** Losses are learned over hundreds of fills. */
export const LOSS_HALF_LIFE_S = 3_600;
const INTENSITY_EVERY_S = 5;
/** A fill's way to us and a venue's own clock stay within it; fair value does not wait for one that is told later. */
const FILL_AGE_MAX_US = 1_000_000;
/** One bucket of VPIN in orders of ours: some hundred a day where we are a thousandth of the volume. */
const VPIN_BUCKET_ORDERS = 50;

export interface InstrumentEstimates {
  readonly flow: Flow;
  readonly intensity: Intensity;
  readonly losses: { readonly buy: SideLosses; readonly sell: SideLosses };
  readonly toxicity: { readonly buy: Toxicity; readonly sell: Toxicity };
  readonly mids: MidHistory;
  /** Whether book and trades are placed by the venue's stamps: only where both carry one. */
  stamped: boolean;
  /** Until when the time that our orders stood is counted. */
  exposedUntilUs: number | undefined;
}

export function createInstrumentEstimates(): InstrumentEstimates {
  return {
    flow: createFlow(VPIN_BUCKET_ORDERS),
    intensity: createIntensity(),
    losses: { buy: createSideLosses(), sell: createSideLosses() },
    toxicity: { buy: createToxicity(), sell: createToxicity() },
    mids: createMidHistory(),
    stamped: true,
    exposedUntilUs: undefined,
  };
}

/** The top of others changed, in price or in size. */
export function observeTop(inst: InstrumentState, atUs: number, venueAtUs: number | undefined): void {
  const { external, estimates } = inst;
  observeFlowTop(estimates.flow, atUs, external);
  const { bidTicks, askTicks } = external;
  if (bidTicks === undefined || askTicks === undefined || bidTicks >= askTicks)
    return interruptTape(estimates.intensity.tape, atUs);
  const stampUs = stampOf(estimates, atUs, venueAtUs);
  observeTapeTop(estimates.intensity.tape, { atUs, stampUs, bidTicks, askTicks });
  observeMid(estimates.mids, {
    venueAtUs,
    receivedAtUs: atUs,
    mid: ((bidTicks + askTicks) / 2) * inst.tickQuote,
  });
}

/** The feed has a gap, or the instrument another tick: what comes next is no change of what was. */
export function interruptEstimates({ estimates }: InstrumentState, atUs: number): void {
  loseTop(estimates.flow);
  interruptTape(estimates.intensity.tape, atUs);
}

export function observePublicTrade(inst: InstrumentState, event: TradeEvent): void {
  const { atUs, venueAtUs, priceTicks, sizeLots, aggressor } = event;
  const { flow, intensity } = inst.estimates;
  // In orders of ours, so that a bucket of volume means the same at every price.
  if (sizeLots !== undefined && inst.orderLots > 0)
    observeTape(flow, { atUs, priceTicks, sizeLots: sizeLots / inst.orderLots, aggressor });
  const side = aggressor ?? sideByQuotes(inst, priceTicks);
  if (side === undefined) return;
  const stampUs = stampOf(inst.estimates, atUs, venueAtUs);
  const { book, feed } = inst;
  const taken = side === "buy" ? book.asks : book.bids;
  const depth = feed.void || book.shows === "top" ? undefined : taken;
  const ownLots = ownLotsAt(side === "buy" ? inst.ownAsks : inst.ownBids, priceTicks);
  const print = { receivedAtUs: atUs, stampUs, side, priceTicks, sizeLots, depth, ownLots };
  observePrint(intensity, print, inst.orderLots);
}

/**
 * Who took, where the venue does not say: the side of the mid that the price lies on (the quote rule of Lee and Ready
 * 1991). At the mid nobody knows.
 */
function sideByQuotes({ external }: InstrumentState, priceTicks: number): Side | undefined {
  const { bidTicks, askTicks } = external;
  if (bidTicks === undefined || askTicks === undefined) return undefined;
  const fromMid = 2 * priceTicks - bidTicks - askTicks;
  return fromMid > 0 ? "buy" : fromMid < 0 ? "sell" : undefined;
}

function ownLotsAt({ priceTicks, remainingLots }: OwnLevels, atTicks: number): number {
  let lots = 0;
  for (const [i, price] of priceTicks.entries()) if (price === atTicks) lots += remainingLots[i] ?? 0;
  return lots;
}

/** A sweep is measured against the top before it: both must be on one clock. */
function stampOf(estimates: InstrumentEstimates, atUs: number, venueAtUs: number | undefined): number {
  if (estimates.stamped && venueAtUs === undefined) {
    estimates.stamped = false;
    interruptTape(estimates.intensity.tape, atUs);
  }
  return estimates.stamped && venueAtUs !== undefined ? venueAtUs : atUs;
}

/**
 * A fill of a quote of ours: what it captured, how far out it stood, and the start of its markouts. One that is told
 * late, such as after a reconnect, met a fair value that nobody remembers.
 */
export function observeOwnQuoteFill(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fee: { readonly perUnit: number; readonly rate: number },
  { event, order }: { readonly event: FillEvent; readonly order: Order },
): void {
  const { model } = market;
  const fair = freshFair(engine, market);
  if (fair === undefined || event.liquidity !== "maker" || inst.orderLots === 0) return;
  if (Math.abs(event.atUs - event.venueAtUs) > FILL_AGE_MAX_US) return;
  const basis = inst.basis.valuePrice;
  const price = event.priceTicks * inst.tickQuote * fee.rate - basis;
  const fill = {
    atUs: engine.state.nowUs,
    side: event.side,
    fair,
    price,
    feePerUnit: fee.perUnit,
    sizeBase: event.sizeLots * inst.lotBase,
    orderBase: inst.orderLots * inst.lotBase,
    sigmaPerSqrtS: model?.sigmaPerSqrtS ?? 0,
    instrument: inst.index,
  };
  markFill(market.estimates.markouts, fill);
  learnEdge(inst.estimates.losses[event.side], fill, LOSS_HALF_LIFE_S);
  observeOwnFill(inst.estimates.intensity.own, {
    distance: sideSign(event.side) * (fair - price),
    fair,
    filledFrac: Math.min(1, event.sizeLots / order.sizeLots),
  });
}

/** What a fill or a standing order may be measured from: undefined once nobody has confirmed it for a while. */
function freshFair({ state }: Engine, { fair, fairAtUs }: MarketState): number | undefined {
  return state.nowUs - fairAtUs > FAIR_AGE_MAX_US ? undefined : fair;
}

/** Before a new fair value is taken over: what fell due under the one until now. */
export function advanceMarkouts(engine: Engine, market: MarketState): void {
  const { nowUs, instruments } = engine.state;
  const costHorizon = costHorizonOf(market);
  const knownUntilUs = market.fairAtUs + FAIR_AGE_MAX_US;
  for (const done of advance(market.estimates.markouts, nowUs, market.fair, knownUntilUs)) {
    const inst = instruments[done.fill.instrument];
    if (inst === undefined) continue;
    const { side } = done.fill;
    learnMarkout(inst.estimates.losses[side], nowUs, done, LOSS_HALF_LIFE_S);
    const evidence = done.horizon === costHorizon ? toxicityEvidence(engine, inst, market, side) : undefined;
    if (evidence !== undefined) judgeToxicity(inst.estimates.toxicity[side], nowUs, evidence);
  }
}

/** Position of the chosen markout horizon. */
export function costHorizonOf({ params }: MarketState): number {
  return MARKOUT_HORIZONS_S.indexOf(Number(params.markoutSeconds));
}

/** How expected losses are read now; undefined while there is no volatility to scale them by. */
export function lossUse({ state }: Engine, inst: InstrumentState, market: MarketState): LossUse | undefined {
  const { fair, volatility } = market;
  if (fair === undefined || volatility.valuePerSqrtS === undefined) return undefined;
  return {
    atUs: state.nowUs,
    halfLifeS: LOSS_HALF_LIFE_S,
    sigmaPerSqrtS: volatility.valuePerSqrtS,
    horizon: costHorizonOf(market),
    horizonS: Number(market.params.markoutSeconds),
    prior: (fair * inst.params.adverseSelectionBps) / 1e4,
  };
}

export function toxicityEvidence(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  side: Side,
): { cost: number; edgeNet: number | undefined; n: number } | undefined {
  const use = lossUse(engine, inst, market);
  if (use === undefined || market.fair === undefined) return undefined;
  const losses = inst.estimates.losses[side];
  const { loss, fills } = pooledLoss(losses, use);
  return { cost: loss, edgeNet: meanNetEdge(losses, market.fair), n: fills };
}

/** Once a second: the time that our quotes stood where they stand, and every few seconds what follows from it. */
export function sampleInstrument(engine: Engine, inst: InstrumentState, market: MarketState): void {
  const { state } = engine;
  const { fair } = market;
  const rate = state.rates.get(inst.definition.quote)?.value;
  if (fair === undefined || rate === undefined || !inst.definition.quoted) return;
  countStanding(engine, inst, market);
  const second = Math.floor(state.nowUs / MICROS_PER_SECOND);
  if ((second + inst.index) % INTENSITY_EVERY_S !== 0) return;
  reviseIntensity(inst.estimates.intensity, {
    atUs: state.nowUs,
    fair,
    tick: inst.tickQuote * rate,
    orderLots: inst.orderLots,
    prior: { ratePerS: inst.params.fillRatePerMinute / 60, decayBps: inst.params.fillDecayBps },
    tapeHalfLifeS: TAPE_HALF_LIFE_S,
    ownHalfLifeS: OWN_HALF_LIFE_S,
  });
}

/** Distances change with fair value: a second of standing counts at the distance where it ended. */
function countStanding(engine: Engine, inst: InstrumentState, market: MarketState): void {
  for (const id of inst.live) {
    const order = engine.state.orders.get(id);
    if (order !== undefined && !isFinal(order.status)) countOrder(engine, inst, market, order);
  }
  inst.estimates.exposedUntilUs = engine.state.nowUs;
}

/** Before an order changes its price, or as it ends: what it stood since the last count, or the count would miss it. */
export function observeStandingEnd(engine: Engine, order: Order): void {
  const inst = engine.state.instruments[order.instrument];
  const market = inst?.market === undefined ? undefined : engine.state.markets[inst.market];
  if (inst !== undefined && market !== undefined) countOrder(engine, inst, market, order);
}

/** A request under way, or one that nobody knows the outcome of, takes nothing from the book: the order can still fill. */
function countOrder(engine: Engine, inst: InstrumentState, market: MarketState, order: Order): void {
  const { state } = engine;
  const { estimates } = inst;
  const fair = freshFair(engine, market);
  const rate = state.rates.get(inst.definition.quote)?.value;
  if (fair === undefined || rate === undefined || estimates.exposedUntilUs === undefined) return;
  // What the venue has never named was never seen to rest.
  if (order.role !== "quote" || order.venueOrderId === undefined || order.status === "REJECTED") return;
  const price = order.priceTicks * inst.tickQuote * rate - inst.basis.valuePrice;
  observeExposure(estimates.intensity.own, {
    atUs: state.nowUs,
    distance: sideSign(order.side) * (fair - price),
    fair,
    seconds: (state.nowUs - Math.max(estimates.exposedUntilUs, order.quotedAtUs)) / MICROS_PER_SECOND,
  });
}
