/** The messages of the market streams, with the venue's one-letter fields. */
import type { PublicTrade } from "../ports.ts";
import { levelsOf, topOf } from "./depth.ts";
import type { Batch, Depth, Level } from "./depth.ts";
import type { DayStatistics } from "./statistics.ts";
import { msOf, priceOf, sizeOf } from "./symbols.ts";
import type { Market } from "./symbols.ts";

export function depthUpdate(
  market: Market,
  batch: Batch,
  ids: { readonly U: number; readonly u: number },
  nowMs: number,
) {
  return { e: "depthUpdate", E: nowMs, s: market.symbol, ...ids, b: [...batch.bids], a: [...batch.asks] };
}

/** As `@depth5` and its kin, and as the answer of a depth query. */
export function partialDepth(market: Market, depth: Depth, levelsMax: number) {
  const { book, updateId: lastUpdateId } = depth;
  return {
    lastUpdateId,
    bids: levelsOf(market, book.bids, levelsMax).map(pair),
    asks: levelsOf(market, book.asks, levelsMax).map(pair),
  };
}

export function bookTicker(market: Market, depth: Depth) {
  const { bid, ask } = topOf(market, depth.book);
  return { u: depth.updateId, s: market.symbol, b: bid.price, B: bid.size, a: ask.price, A: ask.size };
}

export function tradeEvent(market: Market, trade: PublicTrade, nowMs: number) {
  return {
    e: "trade",
    E: nowMs,
    s: market.symbol,
    t: trade.tradeId,
    p: priceOf(market, trade.priceTicks),
    q: sizeOf(market, trade.sizeLots),
    T: msOf(trade.atUs),
    m: isBuyerMaker(trade),
    M: true,
  };
}

/** The core's trades are already one per taker and price: each is an aggregate of itself. */
export function aggTradeEvent(market: Market, trade: PublicTrade, nowMs: number) {
  return { e: "aggTrade", E: nowMs, s: market.symbol, ...aggTradeFields(market, trade) };
}

export function aggTradeFields(market: Market, trade: PublicTrade) {
  return {
    a: trade.tradeId,
    p: priceOf(market, trade.priceTicks),
    q: sizeOf(market, trade.sizeLots),
    f: trade.tradeId,
    l: trade.tradeId,
    T: msOf(trade.atUs),
    m: isBuyerMaker(trade),
    M: true,
  };
}

export function miniTicker(market: Market, day: DayStatistics, nowMs: number) {
  return {
    e: "24hrMiniTicker",
    E: nowMs,
    s: market.symbol,
    c: day.lastPrice,
    o: day.openPrice,
    h: day.highPrice,
    l: day.lowPrice,
    v: day.volume,
    q: day.quoteVolume,
  };
}

export function ticker(market: Market, day: DayStatistics, nowMs: number) {
  return {
    e: "24hrTicker",
    E: nowMs,
    s: market.symbol,
    p: day.priceChange,
    P: day.priceChangePercent,
    w: day.weightedAvgPrice,
    x: day.prevClosePrice,
    c: day.lastPrice,
    Q: day.lastQty,
    b: day.bidPrice,
    B: day.bidQty,
    a: day.askPrice,
    A: day.askQty,
    o: day.openPrice,
    h: day.highPrice,
    l: day.lowPrice,
    v: day.volume,
    q: day.quoteVolume,
    O: day.openTime,
    C: day.closeTime,
    F: day.firstId,
    L: day.lastId,
    n: day.count,
  };
}

export function isBuyerMaker({ aggressor }: Pick<PublicTrade, "aggressor">): boolean {
  return aggressor === "sell";
}

function pair({ price, size }: Level): readonly [string, string] {
  return [price, size];
}
