/**
 * A market second by second, as its charts draw it: what the engine remembers joined to what the stream has
 * said since. Prices are in reporting currency; what was not there is absent.
 */
import type { HistoryAnswer } from "../../server/contract/link.ts";
import type { MarketView, SideView } from "../../server/contract/views.ts";
import { SIDE_QUOTE } from "../format/names.ts";

export interface MarketSecond {
  readonly atS: number;
  readonly fair: number | undefined;
  readonly inventoryBase: number | undefined;
  /** In the order of the market's instruments; none in a second that nobody saw. */
  readonly instruments: readonly InstrumentSecond[];
}

export interface InstrumentSecond {
  /** Of the venue's book without our own orders. */
  readonly mid: number | undefined;
  /** Our own quotes. */
  readonly bid: number | undefined;
  readonly ask: number | undefined;
  /** Sides that were taken out of the market, or kept out of it. */
  readonly pulled?: Pulled | undefined;
}

export interface Pulled {
  /** 1 with both sides out, ½ with one. */
  readonly share: number;
  /** Reason codes where they are known. */
  readonly why: string;
}

/** What the engine remembers; what is older is on other pages. */
export const SECONDS_MAX = 3_600;
/** Trimmed this many at once: each trim makes the charts start again. */
const TRIM_SLACK = 300;

/** Time that goes back by more than this is another run's. */
const ANOTHER_RUN_S = 5;

export function secondsOfHistory(answer: HistoryAnswer): readonly MarketSecond[] {
  const at = (column: readonly (number | null)[] | undefined, second: number): number | undefined =>
    column?.[second] ?? undefined;
  const seconds = answer.atS.map((atS, second): MarketSecond => ({
    atS,
    fair: at(answer.fair, second),
    inventoryBase: at(answer.inventoryBase, second),
    instruments: answer.instruments.map((_, instrument) => {
      const [bid, ask] = [at(answer.bid[instrument], second), at(answer.ask[instrument], second)];
      // The engine's memory has prices alone: a side may be missing for a moment while it is replaced, not both.
      const pulled = bid === undefined && ask === undefined ? { share: 1, why: "no quotes" } : undefined;
      return { mid: at(answer.mid[instrument], second), bid, ask, pulled };
    }),
  }));
  return joined(seconds);
}

/** The market as the stream shows it now; `rateOf` is reporting currency per quote currency of an instrument. */
export function secondOfView(
  market: MarketView,
  atUs: number,
  rateOf: (account: string, symbol: string) => number | undefined,
): MarketSecond {
  return {
    atS: Math.floor(atUs / 1e6),
    fair: market.fair,
    inventoryBase: market.inventoryBase,
    instruments: market.instruments.map(({ account, symbol, bid, ask, sides }) => {
      const rate = rateOf(account, symbol);
      const priceOf = (side: "buy" | "sell"): number | undefined =>
        times(sides.find((one) => one.side === side)?.order?.price, rate);
      return {
        mid: bid === undefined || ask === undefined ? undefined : times((bid + ask) / 2, rate),
        bid: priceOf("buy"),
        ask: priceOf("sell"),
        pulled: pulledOf(sides),
      };
    }),
  };
}

/** A side without an order and without a reason is about to have one. */
function pulledOf(sides: readonly SideView[]): Pulled | undefined {
  const out = sides.filter(({ order, reason }) => order === undefined && reason !== undefined);
  if (out.length === 0) return undefined;
  const codes = new Set(out.map(({ reason }) => reason?.code));
  const side = out.length === 1 && out[0] !== undefined ? `${SIDE_QUOTE[out[0].side]} ` : "";
  return { share: out.length / 2, why: `${side}${[...codes].join(", ")}` };
}

/** The first word of a second stands for it: a list changes once a second at most. */
export function withSecond(seconds: readonly MarketSecond[], next: MarketSecond): readonly MarketSecond[] {
  const last = seconds.at(-1);
  if (last === undefined || next.atS < last.atS - ANOTHER_RUN_S) return [next];
  if (next.atS <= last.atS) return seconds;
  return trimmed(joined([...seconds, next]));
}

/** The engine's memory, and what it does not have: seconds beyond it, and what the stream said of a second. */
export function withHistory(
  seconds: readonly MarketSecond[],
  history: readonly MarketSecond[],
): readonly MarketSecond[] {
  const [first, last] = [history[0], history.at(-1)];
  if (first === undefined || last === undefined) return seconds;
  const seen = new Map(seconds.flatMap((one) => (one.instruments.length === 0 ? [] : [[one.atS, one]])));
  return trimmed(
    joined([
      ...seconds.filter(({ atS }) => atS < first.atS),
      ...history.map((one) => seen.get(one.atS) ?? one),
      ...seconds.filter(({ atS }) => atS > last.atS),
    ]),
  );
}

/** Every second has its place on the time axis, also one that nobody saw. */
function joined(seconds: readonly MarketSecond[]): readonly MarketSecond[] {
  const last = seconds.at(-1);
  if (last === undefined) return seconds;
  const full: MarketSecond[] = [];
  for (const second of seconds) {
    if (second.atS <= last.atS - SECONDS_MAX - TRIM_SLACK) continue;
    for (let atS = (full.at(-1)?.atS ?? second.atS - 1) + 1; atS < second.atS; atS++) full.push(unseen(atS));
    full.push(second);
  }
  return full;
}

function unseen(atS: number): MarketSecond {
  return { atS, fair: undefined, inventoryBase: undefined, instruments: [] };
}

function trimmed(seconds: readonly MarketSecond[]): readonly MarketSecond[] {
  return seconds.length > SECONDS_MAX + TRIM_SLACK ? seconds.slice(-SECONDS_MAX) : seconds;
}

function times(amount: number | undefined, rate: number | undefined): number | undefined {
  return amount === undefined || rate === undefined ? undefined : amount * rate;
}

/** The same seconds, and perhaps more after them; not so when a gap among them was filled. */
export function goesOn(before: readonly MarketSecond[], seconds: readonly MarketSecond[]): boolean {
  return before.every((second, at) => seconds[at] === second);
}

/** Our spread in bps of fair value; absent while a side is missing. */
export function spreadBps({ bid, ask }: InstrumentSecond, fair: number | undefined): number | undefined {
  if (bid === undefined || ask === undefined || fair === undefined) return undefined;
  return ((ask - bid) / fair) * 1e4;
}

/** The instrument with the quote nearest to a price, among those that are shown. */
export function nearestQuote(
  { instruments }: MarketSecond,
  price: number,
  shown: readonly { readonly isShown: boolean }[],
): number | undefined {
  let nearest: number | undefined;
  let distance = Infinity;
  for (const [at, { bid, ask }] of instruments.entries())
    for (const quote of shown[at]?.isShown === true ? [bid, ask] : [])
      if (quote !== undefined && Math.abs(quote - price) < distance) {
        distance = Math.abs(quote - price);
        nearest = at;
      }
  return nearest;
}
