/** The public side: what everyone sees of a market, ours and others together, at most 50 levels a side. */
import { applyDelta, sizeAt } from "../../core/book/book.ts";
import type { BookSide } from "../../core/book/book.ts";
import { viewDelta, viewSnapshot } from "../../core/book/depthView.ts";
import type { DepthLevels } from "../../core/book/depthView.ts";
import type { ExchangeOutput } from "../ports.ts";
import { betterBy } from "./market.ts";
import type { InstrumentMarket, RestingSide } from "./market.ts";

/** Tells what changed in sight; false when nothing did. Silent until a first depth, and after a gap until the next. */
export function publishChanges(market: InstrumentMarket, output: ExchangeOutput): boolean {
  if (!market.published) return false;
  const levels = touchedDelta(market) ?? viewDelta(market.view, market.book);
  forgetTouched(market);
  if (levels === undefined || (levels.bids.length === 0 && levels.asks.length === 0)) return false;
  const { instrument } = market;
  output.public({ type: "book", instrument, kind: "delta", bids: levels.bids, asks: levels.asks });
  return true;
}

export function publishSnapshot(market: InstrumentMarket, output: ExchangeOutput): void {
  const { bids, asks } = viewSnapshot(market.view, market.book);
  forgetTouched(market);
  output.public({ type: "book", instrument: market.instrument, kind: "snapshot", bids, asks });
  market.published = true;
}

/**
 * The same as `viewDelta` at a fraction of its cost, for the usual record that changes a few levels. Undefined when
 * levels enter or leave sight at the far end, which only a look at all of them finds.
 */
function touchedDelta(market: InstrumentMarket): DepthLevels | undefined {
  const { seen } = market.view;
  const bids = touchedLevels(market.bids, seen.bids);
  const asks = bids === undefined ? undefined : touchedLevels(market.asks, seen.asks);
  if (bids === undefined || asks === undefined) return undefined;
  const refusal = applyDelta(seen, bids, asks);
  if (refusal !== undefined)
    throw new Error(`invariant: the public depth of ${market.definition.symbol} is ${refusal}`);
  return { bids, asks };
}

function touchedLevels(side: RestingSide, seen: BookSide): number[] | undefined {
  if (side.allTouched) return undefined;
  const { depth, touched } = side;
  const worstTicks = seen.depth === seen.levelsMax ? seen.priceTicks[0] : undefined;
  const levels: number[] = [];
  let gained = 0;
  for (let i = side.touchedCount - 1; i >= 0; i--) {
    const priceTicks = touched[i] as number;
    if (worstTicks !== undefined && betterBy(side, priceTicks, worstTicks) < 0) break;
    const lots = sizeAt(depth, priceTicks) ?? 0;
    const seenLots = sizeAt(seen, priceTicks) ?? 0;
    if (lots === seenLots) continue;
    if (seenLots === 0) gained++;
    if (lots === 0) gained--;
    levels.push(priceTicks, lots);
  }
  return seen.depth + gained === Math.min(depth.depth, seen.levelsMax) ? levels : undefined;
}

function forgetTouched(market: InstrumentMarket): void {
  for (const side of [market.bids, market.asks]) {
    side.touchedCount = 0;
    side.allTouched = false;
  }
}
