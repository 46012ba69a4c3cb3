/** Exact integers as the nearest figures people read: a price of 0.3 is never 0.30000000000000004. */
import { atomsToNumber } from "../core/decimal.ts";
import { decimalsOf } from "../core/ledger/reporting.ts";
import type { Engine, InstrumentState } from "../core/state.ts";

export function priceOf(inst: InstrumentState, priceTicks: number): number {
  const { tick } = inst.definition;
  const point = tick.indexOf(".");
  return Number((priceTicks * inst.tickQuote).toFixed(point < 0 ? 0 : tick.length - point - 1));
}

export function sizeOf(engine: Engine, inst: InstrumentState, sizeLots: number): number {
  return atomsToNumber(BigInt(sizeLots) * inst.baseAtomsPerLot, decimalsOf(engine, inst.definition.base));
}
