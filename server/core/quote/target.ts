/** The inventory that a view on the price asks for: 0 unless an operator says otherwise or reversion is significant. */
import { bpsOf } from "../../contract/units.ts";
import { readOrnsteinUhlenbeck } from "../estimate/ornsteinUhlenbeck.ts";
import type { Engine, MarketState } from "../state.ts";
import { driftShift, inventoryReversion, inventoryTarget, meanReversionShift } from "./inventoryTarget.ts";
import type { MarketModel } from "./model.ts";

/** Fair value is sampled once a second, and half an hour of it is remembered: three half-lives of 10 minutes. */
export const REVERSION_GRID = { stepS: 1, horizonS: 1_800 } as const;

/** q* in base units; 0 for a model without risk aversion or skew, which has nothing to steer inventory with. */
export function targetOf(engine: Engine, market: MarketState, model: MarketModel): number {
  const { fair, params } = market;
  const { gamma, slope, sigmaPerSqrtS: sigma, limitBase } = model;
  if (fair === undefined || gamma === undefined || !(slope > 0)) return 0;
  const kappaPerS = inventoryReversion({ gamma, sigma, slope });
  switch (params.inventoryTarget) {
    case "zero":
      return 0;
    case "drift": {
      const driftPerS = bpsOf(fair, params.driftBpsPerHour) / 3_600;
      const shift = driftShift({ driftPerS, fadePerS: 1 / params.driftDecaySeconds }, kappaPerS);
      return inventoryTarget(shift, { slope, limitBase });
    }
    case "mean-reversion": {
      const { significant, theta, mu } = readOrnsteinUhlenbeck(
        market.estimates.reversion,
        REVERSION_GRID.stepS,
        engine.state.nowUs,
      );
      if (!significant || theta.value === undefined || mu.value === undefined) return 0;
      const shift = meanReversionShift({ thetaPerS: theta.value, mean: mu.value }, fair, kappaPerS);
      return inventoryTarget(shift, { slope, limitBase });
    }
  }
}
