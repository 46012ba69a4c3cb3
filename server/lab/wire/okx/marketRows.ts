/** Trades and tickers in the venue's words. */
import type { Instrument } from "../../../contract/instrument.ts";
import { valueText } from "../decimals.ts";
import type { PublicBook, PublicTrade } from "../ports.ts";
import type { DaySummary } from "./dayStats.ts";
import { instIdOf } from "./instruments.ts";
import { msText, pxText, szText } from "./text.ts";

export function tradeRow(
  definition: Instrument,
  { tradeId, priceTicks, sizeLots, aggressor, atUs }: PublicTrade,
): object {
  return {
    instId: instIdOf(definition),
    tradeId: String(tradeId),
    px: pxText(definition, priceTicks),
    sz: szText(definition, sizeLots),
    // A trade whose side nobody saw is told as a buy: the venue always names one.
    side: aggressor ?? "buy",
    ts: msText(atUs),
    source: "0",
  };
}

export function tickerRow(
  definition: Instrument,
  { bids, asks }: PublicBook,
  day: DaySummary | undefined,
  nowUs: number,
): object {
  const price = (ticks: number | undefined): string => (ticks === undefined ? "" : pxText(definition, ticks));
  const size = (lots: number | undefined): string => (lots === undefined ? "" : szText(definition, lots));
  return {
    instType: "SPOT",
    instId: instIdOf(definition),
    last: price(day?.last.priceTicks),
    lastSz: size(day?.last.sizeLots),
    askPx: price(asks[0]),
    askSz: size(asks[1]),
    bidPx: price(bids[0]),
    bidSz: size(bids[1]),
    open24h: price(day?.openTicks),
    high24h: price(day?.highTicks),
    low24h: price(day?.lowTicks),
    sodUtc0: price(day?.openUtc0Ticks),
    sodUtc8: price(day?.openUtc8Ticks),
    volCcy24h: valueText(definition, day?.tickLots ?? 0n),
    vol24h: szText(definition, day?.lots ?? 0),
    ts: msText(nowUs),
  };
}
