/** All flow statistics of one instrument: what its best quotes and its tape say about the next move. */
import type { Side } from "../../../contract/units.ts";
import type { Estimate } from "../estimate.ts";
import type { ExternalTop } from "../../book/ownOrders.ts";
import { createMicroPrice, loseState, observeState, readMicroPrice, type MicroPrice } from "./microPrice.ts";
import {
  createOrderFlow,
  loseQuotes,
  observeQuotes,
  readOrderFlow,
  type BestQuotes,
  type OrderFlow,
} from "./orderFlowImbalance.ts";
import {
  createTradeImbalance,
  observeTrade,
  readTradeImbalance,
  type TradeImbalance,
} from "./tradeImbalance.ts";
import { createBulkBars, observeUnsigned, type BulkBars } from "./bulkVolume.ts";
import { createVpin, observeVolume, readVpin, type Vpin } from "./vpin.ts";

/** The strategy document's window of trades, and the horizons at which CKS's imbalance is worth most to a quote. */
export const TRADE_HORIZON_S = 60;
export const QUOTES_SHORT_S = 1;
export const QUOTES_LONG_S = 10;
/** Bars of a tape without aggressor flags, and over how long their price changes are judged. */
const BAR_S = 1;
const BAR_HORIZON_S = 300;

export interface Flow {
  trades: TradeImbalance;
  quotesShort: OrderFlow;
  quotesLong: OrderFlow;
  microPrice: MicroPrice;
  vpin: Vpin;
  bars: BulkBars;
}

export interface FlowReading {
  /** Shrunk, −1 … 1. */
  readonly tradeImbalance: Estimate;
  /** In units of the mean depth at the top. */
  readonly orderFlowShort: Estimate;
  readonly orderFlowLong: Estimate;
  /** Micro-price less mid, ticks. */
  readonly microPriceTicks: Estimate;
  readonly vpin: Estimate;
}

/** `vpinBucketLots`: the volume of one bucket, about a fiftieth of a day's. */
export function createFlow(vpinBucketLots: number): Flow {
  return {
    trades: createTradeImbalance(),
    quotesShort: createOrderFlow(),
    quotesLong: createOrderFlow(),
    microPrice: createMicroPrice(),
    vpin: createVpin(vpinBucketLots),
    bars: createBulkBars(),
  };
}

/** The top of others changed in price or size; a side that is not known, or a crossed book, is a gap. */
export function observeTop(flow: Flow, atUs: number, top: ExternalTop): void {
  const { bidTicks, bidLots, askTicks, askLots } = top;
  if (bidTicks === undefined || bidLots === undefined || askTicks === undefined || askLots === undefined)
    return loseTop(flow);
  if (bidTicks >= askTicks) return loseTop(flow);
  const quotes: BestQuotes = { bid: bidTicks, bidSize: bidLots, ask: askTicks, askSize: askLots };
  observeQuotes(flow.quotesShort, atUs, quotes, QUOTES_SHORT_S);
  observeQuotes(flow.quotesLong, atUs, quotes, QUOTES_LONG_S);
  observeState(flow.microPrice, atUs, quotes);
}

/** The book is void, or the instrument has another tick: the next top is no change of the last one. */
export function loseTop(flow: Flow): void {
  loseQuotes(flow.quotesShort);
  loseQuotes(flow.quotesLong);
  loseState(flow.microPrice);
}

/** A trade on the tape. One without aggressor goes into VPIN by its bar, and nowhere else. */
export function observeTape(
  flow: Flow,
  trade: {
    readonly atUs: number;
    readonly priceTicks: number;
    readonly sizeLots: number;
    readonly aggressor?: Side | undefined;
  },
): void {
  const { atUs, priceTicks, sizeLots, aggressor } = trade;
  if (aggressor === undefined) {
    const bar = observeUnsigned(flow.bars, { atUs, price: priceTicks, size: sizeLots }, BAR_S, BAR_HORIZON_S);
    if (bar !== undefined) observeVolume(flow.vpin, atUs, bar.buy, bar.sell);
    return;
  }
  observeTrade(flow.trades, { atUs, aggressor, size: sizeLots }, TRADE_HORIZON_S);
  observeVolume(flow.vpin, atUs, aggressor === "buy" ? sizeLots : 0, aggressor === "sell" ? sizeLots : 0);
}

export function readFlow(flow: Flow, atUs: number): FlowReading {
  return {
    tradeImbalance: readTradeImbalance(flow.trades, atUs, TRADE_HORIZON_S),
    orderFlowShort: readOrderFlow(flow.quotesShort, atUs, QUOTES_SHORT_S),
    orderFlowLong: readOrderFlow(flow.quotesLong, atUs, QUOTES_LONG_S),
    microPriceTicks: readMicroPrice(flow.microPrice, atUs),
    vpin: readVpin(flow.vpin, atUs),
  };
}
