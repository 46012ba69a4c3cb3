/** The market streams: trades and best prices at once, depth in batches of 100 and 1,000 ms, tickers each second. */
import type { PublicEvent } from "../../ports.ts";
import { bestAskTicks, sizeAt, sizeFromBest } from "../../../core/book/book.ts";
import { DEPTH_SPEEDS_MS, topKey } from "./depth.ts";
import type { Batch, Depth } from "./depth.ts";
import { dayStatistics } from "./statistics.ts";
import { aggTradeEvent, bookTicker, depthUpdate, miniTicker, partialDepth } from "./streamEvents.ts";
import { ticker, tradeEvent } from "./streamEvents.ts";
import type { StreamSockets } from "./streamSockets.ts";
import type { Market } from "./symbols.ts";
import type { Venue } from "./venue.ts";

interface MarketStreams {
  public(event: PublicEvent): void;
  tick(): void;
  /** Books are told with bid above ask once. */
  cross(instrument: number): void;
}

const PARTIAL_DEPTHS = [5, 10, 20];
/** Also the speed of depth streams that name none. */
const TICKER_EVERY_MS = 1_000;

export function createMarketStreams(venue: Venue, sockets: StreamSockets): MarketStreams {
  const { symbols, depths, faults } = venue;
  const tops = new Map<number, string>();
  /** Instruments that traded since their last ticker. */
  const traded = new Set<number>();
  /** False bids that were told, to be taken back with the next batch. */
  const crossed = new Map<Batch, { readonly depth: Depth; readonly priceTicks: number }>();
  const dueMs = new Map<number, number>();

  /** True once in each interval of the clock. */
  const isDue = (everyMs: number): boolean => {
    const interval = Math.floor(venue.nowMs() / everyMs);
    if (dueMs.get(everyMs) === interval) return false;
    dueMs.set(everyMs, interval);
    return true;
  };

  function tellTop(market: Market, depth: Depth): void {
    const key = topKey(depth.book);
    if (tops.get(market.instrument) === key) return;
    tops.set(market.instrument, key);
    const stream = `${market.symbol.toLowerCase()}@bookTicker`;
    if (sockets.isHeard(stream)) sockets.send(stream, bookTicker(market, depth));
  }

  function tellTrade(market: Market): void {
    traded.add(market.instrument);
    const trade = venue.core.trades(market.instrument).at(-1);
    if (trade === undefined) return;
    const name = market.symbol.toLowerCase();
    if (sockets.isHeard(`${name}@trade`))
      sockets.send(`${name}@trade`, tradeEvent(market, trade, venue.nowMs()));
    if (sockets.isHeard(`${name}@aggTrade`))
      sockets.send(`${name}@aggTrade`, aggTradeEvent(market, trade, venue.nowMs()));
  }

  function tellBatch(market: Market, depth: Depth, batch: Batch): void {
    if (batch.bids.size + batch.asks.size === 0) return;
    const suffix = batch.everyMs === TICKER_EVERY_MS ? "" : `@${batch.everyMs}ms`;
    const name = `${market.symbol.toLowerCase()}@depth`;
    const ids = { U: batch.toldId + 1, u: depth.updateId };
    const stream = name + suffix;
    if (sockets.isHeard(stream) && !faults.take("gap", depth.instrument)) {
      // A chain that does not fit: the first id is one too high.
      const isBroken = faults.take("badChecksum", depth.instrument);
      const told = isBroken ? { ...ids, U: ids.U + 1 } : ids;
      sockets.send(stream, depthUpdate(market, batch, told, venue.nowMs()));
    }
    for (const levels of PARTIAL_DEPTHS)
      if (sockets.isHeard(name + levels + suffix))
        sockets.send(name + levels + suffix, partialDepth(market, depth, levels));
    batch.toldId = depth.updateId;
    batch.bids.clear();
    batch.asks.clear();
  }

  function takeBack(batch: Batch): void {
    const told = crossed.get(batch);
    if (told === undefined) return;
    crossed.delete(batch);
    depths.tell(told.depth, "bids", told.priceTicks, sizeAt(told.depth.book.bids, told.priceTicks) ?? 0);
  }

  function tellTickers(): void {
    for (const instrument of traded) {
      const market = symbols.of(instrument);
      const name = market?.symbol.toLowerCase();
      if (
        market === undefined ||
        (!sockets.isHeard(`${name}@miniTicker`) && !sockets.isHeard(`${name}@ticker`))
      )
        continue;
      const day = dayStatistics(venue, market);
      sockets.send(`${name}@miniTicker`, miniTicker(market, day, venue.nowMs()));
      sockets.send(`${name}@ticker`, ticker(market, day, venue.nowMs()));
    }
    traded.clear();
  }

  return {
    public: (event) => {
      const market = symbols.of(event.instrument);
      const depth = depths.of(event.instrument);
      if (market === undefined || depth === undefined) return;
      if (event.type === "trade") tellTrade(market);
      else if (depths.apply(event)) tellTop(market, depth);
    },
    tick: () => {
      const speeds: readonly number[] = DEPTH_SPEEDS_MS.filter(isDue);
      for (const depth of speeds.length > 0 ? depths.all() : []) {
        const market = symbols.of(depth.instrument);
        if (market === undefined) continue;
        for (const batch of depth.batches) {
          if (!speeds.includes(batch.everyMs)) continue;
          tellBatch(market, depth, batch);
          takeBack(batch);
        }
      }
      if (speeds.includes(TICKER_EVERY_MS)) tellTickers();
    },
    cross: (instrument) => {
      const depth = depths.of(instrument);
      const askTicks = depth && bestAskTicks(depth.book);
      if (depth === undefined || askTicks === undefined) return;
      const priceTicks = askTicks + 1;
      depths.tell(depth, "bids", priceTicks, sizeFromBest(depth.book.asks, 0) ?? 1);
      for (const batch of depth.batches) crossed.set(batch, { depth, priceTicks });
    },
  };
}
