/** The world of Avellaneda and Stoikov's table 1 (γ = 0.1), where the gain of inventory quotes is known exactly. */
import { formatNumber } from "../../report/format.ts";
import type { SessionMarket } from "../sessionMarket.ts";
import { sessionMoments } from "../sessionMoments.ts";
import type { Check } from "../study.ts";

const TABLE_1: SessionMarket = { gamma: 0.1, sigma: 2, A: 140, k: 1.5, sessionS: 1, steps: 200 };

const RATIO = 0.236;
const TOLERANCE = 0.03;

export function avellanedaRatioCheck(): Check {
  const inventory = sessionMoments("inventory", TABLE_1).profitSd;
  const symmetric = sessionMoments("symmetric", TABLE_1).profitSd;
  const ratio = (inventory / symmetric) ** 2;
  return {
    claim: `1 skew in Avellaneda and Stoikov's world: variance of profit is ${formatNumber(ratio, { decimals: 3 })} of symmetric quotes' (${RATIO} ± ${TOLERANCE})`,
    holds: Math.abs(ratio - RATIO) <= TOLERANCE,
  };
}
