/** What an instrument's quotes are computed from beside its market's model: fill intensity and the cost of being hit. */
import { bpsOf } from "../../contract/units.ts";
import { expectedLoss } from "../estimate/adverse/expectedLoss.ts";
import { lossUse } from "../estimate/instrumentEstimates.ts";
import { readIntensity } from "../estimate/intensity/intensity.ts";
import type { Engine, InstrumentState, MarketState, Pricing } from "../state.ts";
import { decayAt, fillRatePerS, riskNeutralDistance, type FillLaw } from "./intensityQuote.ts";

/** Undefined while fill intensity is to be estimated and is not known. */
export function pricingOf(
  engine: Engine,
  inst: InstrumentState,
  market: MarketState,
  fair: number,
): Pricing | undefined {
  const intensity = intensityOf(engine, inst, fair);
  if (intensity === undefined) return undefined;
  const { A, k } = intensity;
  const prior = bpsOf(fair, inst.params.adverseSelectionBps);
  const use = inst.params.adverseSelectionSource === "markouts" ? lossUse(engine, inst, market) : undefined;
  if (use === undefined) return { A, k, costBid: prior, costAsk: prior };
  const { losses } = inst.estimates;
  return {
    A,
    k,
    costBid: expectedLoss(losses.buy, { ...use, sizeFrac: 1, k }),
    costAsk: expectedLoss(losses.sell, { ...use, sizeFrac: 1, k }),
  };
}

/**
 * A in 1/s per side and k in 1/price. A power law acts through the slope where the quote stands: its optimum at
 * zero shadow cost is that of an exponential with k = α/(d0 + δ) there.
 */
function intensityOf(
  { state }: Engine,
  { params, estimates }: InstrumentState,
  fair: number,
): { A: number; k: number } | undefined {
  if (params.intensitySource === "set")
    return { A: params.fillRatePerMinute / 60, k: 1e4 / (params.fillDecayBps * fair) };
  const reading = readIntensity(estimates.intensity, state.nowUs, fair);
  const { k, A } = reading;
  if (k.value === undefined || A.value === undefined || k.state === "STALE" || A.state === "STALE")
    return undefined;
  const { alpha, d0, powerA } = reading;
  if (alpha === undefined || d0 === undefined || powerA === undefined) return { A: A.value, k: k.value };
  const law: FillLaw = { law: "power", A: powerA, alpha, d0 };
  const distance = riskNeutralDistance(law, 0);
  if (distance === undefined) return { A: A.value, k: k.value };
  const localK = decayAt(law, distance);
  return { A: fillRatePerS(law, distance) * Math.exp(localK * distance), k: localK };
}
