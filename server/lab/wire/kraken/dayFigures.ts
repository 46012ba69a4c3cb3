/** The figures of the last 24 hours that tickers carry, from the trades that the venue still knows. */
import type { Instrument } from "../../../contract/instrument.ts";
import { MICROS_PER_DAY } from "../../../contract/units.ts";
import { priceText, sizeText } from "../decimals.ts";
import type { VenueCore } from "../ports.ts";
import { averagePriceText } from "./figures.ts";

/** All as text; prices are `0` while nothing has traded. */
export interface DayFigures {
  readonly count: number;
  readonly last: string;
  readonly lastSize: string;
  readonly open: string;
  readonly low: string;
  readonly high: string;
  readonly volume: string;
  readonly vwap: string;
  readonly change: string;
  readonly changePercent: number;
}

export function dayFigures(
  core: Pick<VenueCore, "trades" | "nowUs">,
  instrument: number,
  definition: Instrument,
): DayFigures {
  const sinceUs = core.nowUs() - MICROS_PER_DAY;
  let lowTicks = Infinity;
  let highTicks = 0;
  let lots = 0;
  let tickLots = 0n;
  const trades = core.trades(instrument).filter(({ atUs }) => atUs >= sinceUs);
  for (const { priceTicks, sizeLots } of trades) {
    lowTicks = Math.min(lowTicks, priceTicks);
    highTicks = Math.max(highTicks, priceTicks);
    lots += sizeLots;
    tickLots += BigInt(priceTicks) * BigInt(sizeLots);
  }
  const first = trades[0];
  const last = trades.at(-1);
  const price = (ticks: number | undefined): string =>
    ticks === undefined || ticks === Infinity ? "0" : priceText(definition, ticks);
  const changeTicks = first === undefined || last === undefined ? 0 : last.priceTicks - first.priceTicks;
  return {
    count: trades.length,
    last: price(last?.priceTicks),
    lastSize: sizeText(definition, last?.sizeLots ?? 0),
    open: price(first?.priceTicks),
    low: price(lowTicks),
    high: price(highTicks === 0 ? undefined : highTicks),
    volume: sizeText(definition, lots),
    vwap: averagePriceText(definition, tickLots, lots),
    change: priceText(definition, changeTicks),
    changePercent: first === undefined ? 0 : Number(((changeTicks / first.priceTicks) * 100).toFixed(2)),
  };
}
