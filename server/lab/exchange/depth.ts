/** Depth of others as a recording or an agent market tells it, laid over what our own side has done to it. */
import { applySnapshot, sizeAt } from "../../core/book/book.ts";
import type { DepthRecord } from "../ports.ts";
import { leaveSight, moveFronts, setOthers } from "./levels.ts";
import { betterBy, othersAt, show } from "./market.ts";
import type { InstrumentMarket, RestingSide } from "./market.ts";

export function applyDepth(market: InstrumentMarket, record: DepthRecord): void {
  switch (record.kind) {
    case "delta":
      changeSide(market.bids, record.bids);
      changeSide(market.asks, record.asks);
      return;
    case "snapshot":
    case "top":
      replaceOthers(market, record);
  }
}

function changeSide(side: RestingSide, levels: readonly number[]): void {
  for (let i = levels.length - 2; i >= 0; i -= 2) {
    const priceTicks = levels[i] as number;
    const lots = levels[i + 1] as number;
    if (!(Number.isSafeInteger(priceTicks) && priceTicks > 0 && Number.isSafeInteger(lots) && lots >= 0))
      throw new Error(`invariant: a record has ${lots} lots at ${priceTicks} ticks`);
    setOthers(side, priceTicks, lots);
  }
}

function replaceOthers(market: InstrumentMarket, record: DepthRecord): void {
  const refusal = applySnapshot(
    market.book,
    keepConsumed(market.bids, record.bids),
    keepConsumed(market.asks, record.asks),
  );
  if (refusal !== undefined) throw new Error(`invariant: a ${record.kind} record of depth is ${refusal}`);
  for (const side of [market.bids, market.asks]) {
    restoreOwn(side);
    side.allTouched = true;
  }
}

/** A snapshot that repeats a size does not bring back what was taken from the level since. */
function keepConsumed(side: RestingSide, levels: readonly number[]): readonly number[] {
  if (side.consumed.size === 0) return levels;
  const recorded = new Map(side.consumed);
  side.consumed.clear();
  const shown = [...levels];
  for (let i = 0; i < levels.length; i += 2) {
    const priceTicks = levels[i] as number;
    const lots = levels[i + 1] as number;
    if (recorded.get(priceTicks) !== lots) continue;
    shown[i + 1] = othersAt(side, priceTicks);
    side.consumed.set(priceTicks, lots);
  }
  return shown;
}

/** The depth holds only others here: moves our queues by it and adds our lots again. */
function restoreOwn(side: RestingSide): void {
  if (side.levels.length === 0) return;
  const { depth } = side;
  const worstTicks = depth.depth > 0 ? depth.priceTicks[0] : undefined;
  for (const level of side.levels) {
    const inSight = worstTicks !== undefined && betterBy(side, worstTicks, level.priceTicks) <= 0;
    if (inSight) moveFronts(side, level, sizeAt(depth, level.priceTicks) ?? 0);
    else leaveSight(level);
  }
  for (const level of side.levels) show(side, level.priceTicks, level.othersLots + level.ownLots);
}
