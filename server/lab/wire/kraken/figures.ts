/** Amounts in the texts of the protocol, beyond what one price or one size is. */
import { decimalsOf } from "../decimals.ts";
import type { Instrument } from "../../../contract/instrument.ts";
import { atomsToNumber, decimalToScaled, scaledToDecimal } from "../../../core/decimal.ts";
import { altName } from "./assets.ts";
import type { KrakenVenue } from "./venue.ts";

/** An average has this many decimals more than the tick, rounded down. */
const AVERAGE_DECIMALS = 5;

/** Average price of Σ price × size, in ticks × lots, over lots; `0` for none. */
export function averagePriceText({ tick }: Instrument, tickLots: bigint, lots: number): string {
  if (lots === 0) return "0";
  const decimals = (tick.split(".")[1]?.length ?? 0) + AVERAGE_DECIMALS;
  return scaledToDecimal((tickLots * decimalToScaled(tick, decimals)) / BigInt(lots), decimals);
}

/** A fraction as the venue writes fees: 0.0025 is `0.25` percent. */
export function percentOf(frac: number): number {
  return Number((frac * 100).toFixed(6));
}

/** About what an amount is worth in another asset, by the middle of their pair; undefined without one. */
export function worthOf(
  venue: KrakenVenue,
  asset: string,
  atoms: bigint,
  inAsset: string,
): number | undefined {
  const amount = atomsToNumber(atoms, decimalsOf(venue.core, asset));
  if (asset === inAsset) return amount;
  for (const { instrument, definition } of venue.pairs.all()) {
    const { base, quote, tick } = definition;
    const isOf = (a: string, b: string): boolean => base === a && quote === b;
    if (!isOf(asset, inAsset) && !isOf(inAsset, asset)) continue;
    const { bids, asks } = venue.core.book(instrument);
    const [bidTicks] = bids;
    const [askTicks] = asks;
    if (bidTicks === undefined || askTicks === undefined) continue;
    const mid = ((bidTicks + askTicks) / 2) * Number(tick);
    return isOf(asset, inAsset) ? amount * mid : amount / mid;
  }
  return undefined;
}

/** `buy 0.01000000 XBTUSD @ limit 50000.0` */
export function orderText(order: {
  readonly side: string;
  readonly volume: string;
  readonly definition: Instrument;
  readonly price: string | undefined;
}): string {
  const { side, volume, definition, price } = order;
  const pair = altName(definition.base) + altName(definition.quote);
  return `${side} ${volume} ${pair} @ ${price === undefined ? "market" : `limit ${price}`}`;
}
