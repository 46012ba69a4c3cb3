/** Sums of the fills on screen. Unlike assets are never added: each has a line of its own. */
import type { FillLine } from "../../server/contract/lines.ts";

export interface QuoteTotal {
  readonly asset: string;
  readonly volume: number;
  /** Weighted by volume, over the fills that have one. */
  readonly edgeBps: number | undefined;
}

export interface FillTotals {
  readonly count: number;
  readonly quotes: readonly QuoteTotal[];
  /** Paid > 0, received (a rebate) < 0. */
  readonly fees: readonly { readonly asset: string; readonly amount: number }[];
  /** Plain mean over the fills that have an edge: a figure without a currency. */
  readonly edgeBps: number | undefined;
  readonly withoutEdge: number;
}

export function totalsOf(fills: readonly FillLine[]): FillTotals {
  const quotes = new Map<string, { volume: number; judged: number; weighted: number }>();
  const fees = new Map<string, number>();
  let edges = 0;
  let edgeSum = 0;
  for (const { quote, notionalQuote, feeAsset, fee, edgeBps } of fills) {
    const sum = quotes.get(quote) ?? { volume: 0, judged: 0, weighted: 0 };
    quotes.set(quote, sum);
    sum.volume += notionalQuote;
    fees.set(feeAsset, (fees.get(feeAsset) ?? 0) + fee);
    if (edgeBps === undefined) continue;
    sum.judged += notionalQuote;
    sum.weighted += notionalQuote * edgeBps;
    edges += 1;
    edgeSum += edgeBps;
  }
  return {
    count: fills.length,
    quotes: byAsset(quotes).map(([asset, { volume, judged, weighted }]) => ({
      asset,
      volume,
      edgeBps: judged === 0 ? undefined : weighted / judged,
    })),
    fees: byAsset(fees).map(([asset, amount]) => ({ asset, amount })),
    edgeBps: edges === 0 ? undefined : edgeSum / edges,
    withoutEdge: fills.length - edges,
  };
}

function byAsset<T>(sums: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
