/** Rolling statistics of the last 24 hours, over the trades that the core still knows: at most 1,000. */
import { MICROS_PER_DAY } from "../../../contract/units.ts";
import type { PublicTrade } from "../ports.ts";
import { topOf } from "./depth.ts";
import { msOf, priceOf, sizeOf, tickLotsOf, valueOf, ZERO } from "./symbols.ts";
import type { Market } from "./symbols.ts";
import type { Venue } from "./venue.ts";

export interface DayStatistics {
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
  /** The last trade before the window, where it is known. */
  readonly prevClosePrice: string;
  readonly lastPrice: string;
  readonly lastQty: string;
  readonly bidPrice: string;
  readonly bidQty: string;
  readonly askPrice: string;
  readonly askQty: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly openTime: number;
  readonly closeTime: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
}

export function dayStatistics(venue: Venue, market: Market): DayStatistics {
  const nowUs = venue.core.nowUs();
  const sinceUs = nowUs - MICROS_PER_DAY;
  const known = venue.core.trades(market.instrument);
  const trades = known.filter(({ atUs }) => atUs > sinceUs);
  const before = known.findLast(({ atUs }) => atUs <= sinceUs);
  const prices = trades.map(({ priceTicks }) => priceTicks);
  const first = trades[0];
  const last = trades.at(-1);
  const text = (priceTicks: number | undefined): string =>
    priceTicks === undefined ? ZERO : priceOf(market, priceTicks);
  const { lots, tickLots } = sums(trades);
  const changeTicks = first === undefined || last === undefined ? 0 : last.priceTicks - first.priceTicks;
  const depth = venue.depths.of(market.instrument);
  const top = depth && topOf(market, depth.book);
  return {
    priceChange: priceOf(market, changeTicks),
    priceChangePercent: first === undefined ? "0.000" : ((changeTicks / first.priceTicks) * 100).toFixed(3),
    weightedAvgPrice: lots === 0n ? ZERO : priceOf(market, Number(tickLots / lots)),
    prevClosePrice: text(before?.priceTicks ?? first?.priceTicks),
    lastPrice: text(last?.priceTicks),
    lastQty: last === undefined ? ZERO : sizeOf(market, last.sizeLots),
    bidPrice: top?.bid.price ?? ZERO,
    bidQty: top?.bid.size ?? ZERO,
    askPrice: top?.ask.price ?? ZERO,
    askQty: top?.ask.size ?? ZERO,
    openPrice: text(first?.priceTicks),
    highPrice: text(first && Math.max(...prices)),
    lowPrice: text(first && Math.min(...prices)),
    volume: sizeOf(market, Number(lots)),
    quoteVolume: valueOf(market, tickLots),
    openTime: msOf(sinceUs),
    closeTime: msOf(nowUs),
    firstId: first?.tradeId ?? -1,
    lastId: last?.tradeId ?? -1,
    count: trades.length,
  };
}

function sums(trades: readonly PublicTrade[]): { readonly lots: bigint; readonly tickLots: bigint } {
  let lots = 0n;
  let tickLots = 0n;
  for (const { priceTicks, sizeLots } of trades) {
    lots += BigInt(sizeLots);
    tickLots += tickLotsOf(priceTicks, sizeLots);
  }
  return { lots, tickLots };
}
