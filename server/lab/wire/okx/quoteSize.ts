/** How many lots an amount of quote currency trades, walking the book as it stands. */
import { decimalsOf } from "../decimals.ts";
import type { Instrument } from "../../../contract/instrument.ts";
import type { Side } from "../../../contract/units.ts";
import { compileScales } from "../../../core/decimal.ts";
import type { VenueCore } from "../ports.ts";

/** Whole lots, rounded down. Undefined when nothing is on the other side. */
export function lotsForQuote(
  core: VenueCore,
  { instrument, side }: { readonly instrument: number; readonly side: Side },
  definition: Instrument,
  quoteAtoms: bigint,
): number | undefined {
  const { bids, asks } = core.book(instrument);
  const levels = side === "buy" ? asks : bids;
  if (levels.length === 0) return undefined;
  const { quoteAtomsPerTickLot } = compileScales({
    ...definition,
    baseDecimals: decimalsOf(core, definition.base),
    quoteDecimals: decimalsOf(core, definition.quote),
  });
  let leftTickLots = quoteAtoms / quoteAtomsPerTickLot;
  let lots = 0;
  for (let i = 0; i < levels.length; i += 2) {
    const priceTicks = BigInt(levels[i] as number);
    const offered = BigInt(levels[i + 1] as number);
    const affordable = leftTickLots / priceTicks;
    const taken = affordable < offered ? affordable : offered;
    lots += Number(taken);
    leftTickLots -= taken * priceTicks;
    if (taken < offered) break;
  }
  return lots;
}
