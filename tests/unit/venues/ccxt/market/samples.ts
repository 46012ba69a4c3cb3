/** What the tests of the public side share: an instrument, and book messages in short. */
import type { Instrument } from "../../../../../server/contract/instrument.ts";
import { Instrument as InstrumentSchema } from "../../../../../server/contract/instrument.ts";
import type { BookLink, BookMessage } from "../../../../../server/venues/ccxt/market/messages.ts";

export function instrument(changes: Partial<Instrument> = {}): Instrument {
  return InstrumentSchema.parse({
    account: "a",
    symbol: "BTC/USDT",
    kind: "spot",
    base: "BTC",
    quote: "USDT",
    settle: "USDT",
    tick: "0.01",
    lot: "0.001",
    ...changes,
  });
}

export const range = (first: number, last: number): BookLink => ({ rule: "range", first, last });
export const after = (previous: number, last: number): BookLink => ({ rule: "previous", previous, last });
export const UNCOUNTED: BookLink = { rule: "checksum" };

export function book(
  kind: "snapshot" | "delta",
  link: BookLink,
  bids: readonly string[] = [],
  asks: readonly string[] = [],
  crc?: number,
): BookMessage {
  return { type: "book", kind, symbol: "BTCUSDT", venueAtUs: 1, bids, asks, link, crc };
}

/** A market at 100: bids from 99.99 down, asks from 100.01 up, one lot more on each level. */
export function sides(levels: number): { readonly bids: string[]; readonly asks: string[] } {
  const flat = (direction: 1 | -1): string[] =>
    Array.from({ length: levels }, (_, at) => [
      (100 + (direction * (at + 1)) / 100).toFixed(2),
      `0.${String(at + 1).padStart(3, "0")}`,
    ]).flat();
  return { bids: flat(-1), asks: flat(1) };
}
