/** Public questions: time, books, trades, tickers. */
import type { PublicMethod } from "./methods.ts";
import { integer, limitOf, needText, oneOf, text, textList } from "./params.ts";
import type { Params } from "./params.ts";
import { badCombination, invalidParam } from "./refusal.ts";
import { dayStatistics } from "./statistics.ts";
import { topOf } from "./depth.ts";
import { aggTradeFields, isBuyerMaker, partialDepth } from "./streamEvents.ts";
import { msOf, priceOf, sizeOf, tickLotsOf, valueOf, ZERO } from "./symbols.ts";
import type { Market } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export const ping: PublicMethod = { security: "NONE", params: [], weight: 1, run: () => ({}) };

export const time: PublicMethod = {
  security: "NONE",
  params: [],
  weight: 1,
  run: (venue) => ({ serverTime: venue.nowMs() }),
};

const DEPTH_MAX = 5_000;

export const depth: PublicMethod = {
  security: "NONE",
  params: ["symbol", "limit"],
  weight: (params) => {
    const limit = Number(params.get("limit") ?? 100);
    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250;
  },
  run: (venue, params) => {
    const market = venue.symbols.named(needText(params, "symbol"));
    const limit = limitOf(params, 100, DEPTH_MAX);
    const found = venue.depths.of(market.instrument);
    return found === undefined ? { lastUpdateId: 0, bids: [], asks: [] } : partialDepth(market, found, limit);
  },
};

export const recentTrades: PublicMethod = {
  security: "NONE",
  params: ["symbol", "limit"],
  weight: 25,
  run: (venue, params) => {
    const market = venue.symbols.named(needText(params, "symbol"));
    const trades = venue.core.trades(market.instrument).slice(-limitOf(params, 500, 1_000));
    return trades.map((trade) => ({
      id: trade.tradeId,
      price: priceOf(market, trade.priceTicks),
      qty: sizeOf(market, trade.sizeLots),
      quoteQty: valueOf(market, tickLotsOf(trade.priceTicks, trade.sizeLots)),
      time: msOf(trade.atUs),
      isBuyerMaker: isBuyerMaker(trade),
      isBestMatch: true,
    }));
  },
};

export const aggTrades: PublicMethod = {
  security: "NONE",
  params: ["symbol", "fromId", "startTime", "endTime", "limit"],
  weight: 4,
  run: (venue, params) => {
    const market = venue.symbols.named(needText(params, "symbol"));
    const limit = limitOf(params, 500, 1_000);
    const fromId = integer(params, "fromId");
    const startMs = integer(params, "startTime");
    const endMs = integer(params, "endTime") ?? Infinity;
    const found = venue.core
      .trades(market.instrument)
      .filter(({ tradeId }) => tradeId >= (fromId ?? 0))
      .filter(({ atUs }) => msOf(atUs) >= (startMs ?? 0) && msOf(atUs) <= endMs);
    const isFromStart = fromId !== undefined || startMs !== undefined;
    const trades = isFromStart ? found.slice(0, limit) : found.slice(-limit);
    return trades.map((trade) => aggTradeFields(market, trade));
  },
};

export const priceTicker: PublicMethod = {
  security: "NONE",
  params: ["symbol", "symbols"],
  weight: (params) => (params.has("symbol") ? 2 : 4),
  run: (venue, params) =>
    ofSymbols(venue, params, (market) => {
      const last = venue.core.trades(market.instrument).at(-1);
      return { symbol: market.symbol, price: last === undefined ? ZERO : priceOf(market, last.priceTicks) };
    }),
};

export const bookTickers: PublicMethod = {
  security: "NONE",
  params: ["symbol", "symbols"],
  weight: (params) => (params.has("symbol") ? 2 : 4),
  run: (venue, params) =>
    ofSymbols(venue, params, (market) => {
      const found = venue.depths.of(market.instrument);
      const top = found && topOf(market, found.book);
      return {
        symbol: market.symbol,
        bidPrice: top?.bid.price ?? ZERO,
        bidQty: top?.bid.size ?? ZERO,
        askPrice: top?.ask.price ?? ZERO,
        askQty: top?.ask.size ?? ZERO,
      };
    }),
};

export const dayTicker: PublicMethod = {
  security: "NONE",
  params: ["symbol", "symbols", "type"],
  weight: (params) => {
    if (params.has("symbol")) return 2;
    const count = params.get("symbols")?.split(",").length ?? Infinity;
    return count <= 20 ? 2 : count <= 100 ? 40 : 80;
  },
  run: (venue, params) => {
    const isMini = oneOf(params, "type", ["FULL", "MINI"], () => invalidParam("type")) === "MINI";
    return ofSymbols(venue, params, (market) => {
      const day = dayStatistics(venue, market);
      return { symbol: market.symbol, ...(isMini ? miniOf(day) : day) };
    });
  },
};

function miniOf(day: ReturnType<typeof dayStatistics>) {
  const { openPrice, highPrice, lowPrice, lastPrice, volume, quoteVolume } = day;
  const { openTime, closeTime, firstId, lastId, count } = day;
  return {
    openPrice,
    highPrice,
    lowPrice,
    lastPrice,
    volume,
    quoteVolume,
    openTime,
    closeTime,
    firstId,
    lastId,
    count,
  };
}

/** One object for `symbol`, a list for `symbols` or for all. */
function ofSymbols(venue: Venue, params: Params, view: (market: Market) => object): object {
  const symbol = text(params, "symbol");
  const symbols = textList(params, "symbols");
  if (symbol !== undefined && symbols !== undefined) throw badCombination();
  if (symbol !== undefined) return view(venue.symbols.named(symbol));
  return (symbols?.map((name) => venue.symbols.named(name)) ?? venue.symbols.all()).map(view);
}
