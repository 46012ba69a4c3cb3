/** The instrument that the page explains, and how figures of a market are written. */
import type { DeskShape } from "../../server/contract/link.ts";
import { digitsOf } from "../format/number.ts";
import { venueName } from "../format/names.ts";

export interface Picked {
  readonly account: string;
  readonly symbol: string;
}

export function isSame(one: Picked, other: Picked | undefined): boolean {
  return one.account === other?.account && one.symbol === other.symbol;
}

/** Reporting prices have as many digits as the finest tick among the venues. */
export function reportingDigits(shape: DeskShape | undefined, market: string): number {
  const ticks = shape?.instruments.filter((one) => one.market === market).map(({ tick }) => tick) ?? [];
  return ticks.length === 0 ? 2 : Math.max(...ticks.map(digitsOf));
}

/** The venue alone, where it has one instrument of the market. */
export function instrumentName({ account, symbol }: Picked, among: readonly Picked[]): string {
  const isAlone = among.filter((one) => one.account === account).length <= 1;
  return isAlone ? venueName(account) : `${venueName(account)} ${symbol}`;
}
