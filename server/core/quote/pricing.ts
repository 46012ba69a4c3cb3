/** What an instrument's quotes are computed from beside its market's model: fill intensity and the cost of being hit. */
import { bpsOf } from "../../contract/units.ts";
import { expectedLoss } from "../estimate/adverse/expectedLoss.ts";
import { lossUse } from "../estimate/instrumentEstimates.ts";
import { readIntensity } from "../estimate/intensity/intensity.ts";
import type { Engine, InstrumentState, MarketState, Pricing } from "../state.ts";

/** Undefined while fill intensity is to be estimated and is not known. */
export function pricingOf(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fair: number,
): Pricing | undefined {
  const intensity = intensityOf(engine, inst, fair);
  if (intensity === undefined) return undefined;
  const { k } = intensity;
  const prior = bpsOf(fair, inst.params.adverseSelectionBps);
  const use = inst.params.adverseSelectionSource === "markouts" ? lossUse(engine, inst, market) : undefined;
  if (use === undefined) return { ...intensity, costBid: prior, costAsk: prior };
  const { losses } = inst.estimates;
  return {
    ...intensity,
    costBid: expectedLoss(losses.buy, { ...use, sizeFrac: 1, k }),
    costAsk: expectedLoss(losses.sell, { ...use, sizeFrac: 1, k }),
  };
}

/** A in 1/s per side and k in 1/price of the exponential; a power law acts through its slope where the quote stands. */
function intensityOf(
  { state }: Engine,
  { params, estimates }: InstrumentState,
  fair: number,
): Pick<Pricing, "A" | "k" | "localK"> | undefined {
  if (params.intensitySource === "set") {
    const set = 1e4 / (params.fillDecayBps * fair);
    return { A: params.fillRatePerMinute / 60, k: set, localK: set };
  }
  const { k, A, localK } = readIntensity(estimates.intensity, state.nowUs, fair);
  if (k.value === undefined || A.value === undefined || k.state === "STALE" || A.state === "STALE")
    return undefined;
  return { A: A.value, k: k.value, localK: localK ?? k.value };
}
