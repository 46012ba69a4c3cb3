/**
 * The efficient price of one asset: a random walk with two states of volatility and jumps, on a grid of
 * 50 ms. The grid is what lets late venues look back and informed takers look ahead on one and the same path.
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import { randomStream } from "../random.ts";
import type { AgentAsset } from "./agentsParams.ts";
import { PRICE_MEMORY_S } from "./agentsParams.ts";

const PRICE_STEP_US = 50_000;

const STEPS_PER_SECOND = MICROS_PER_SECOND / PRICE_STEP_US;

/** From the furthest look back to the furthest ahead, and the step that each of them is in. */
const STEPS_KEPT = 2 * PRICE_MEMORY_S * STEPS_PER_SECOND + 2;

export interface EfficientPrice {
  /** Logarithm of price over start price in bps; ahead of the newest question at will, back by the memory. */
  logBpsAt(atUs: number): number;
}

export function createEfficientPrice(params: AgentAsset, seed: number, startAtUs: number): EfficientPrice {
  const random = randomStream(seed, `price ${params.asset}`);
  const regimes = randomStream(seed, `regime ${params.asset}`);
  const jumps = randomStream(seed, `jumps ${params.asset}`);
  const kept = new Float64Array(STEPS_KEPT);
  const reversionPerStep = params.reversionS === undefined ? 0 : 1 / (params.reversionS * STEPS_PER_SECOND);
  const rootStepS = Math.sqrt(1 / STEPS_PER_SECOND);
  let newest = 0;
  let logBps = 0;
  let isStressed = false;
  let regimeEndsS = regimes.exponential() * params.calmMeanS;
  let nextJumpS = jumps.exponential() * params.jumpMeanS;

  function step(): void {
    newest += 1;
    const nowS = newest / STEPS_PER_SECOND;
    while (nowS >= regimeEndsS) {
      isStressed = !isStressed;
      regimeEndsS += regimes.exponential() * (isStressed ? params.stressMeanS : params.calmMeanS);
    }
    logBps += random.normal() * (isStressed ? params.stressVolBps : params.calmVolBps) * rootStepS;
    logBps -= logBps * reversionPerStep;
    for (; nowS >= nextJumpS; nextJumpS += jumps.exponential() * params.jumpMeanS)
      logBps += jumps.normal() * params.jumpSdBps;
    kept[newest % STEPS_KEPT] = logBps;
  }

  return {
    logBpsAt(atUs) {
      const at = Math.max(0, Math.floor((atUs - startAtUs) / PRICE_STEP_US));
      while (newest < at) step();
      const value = kept[at % STEPS_KEPT];
      if (value === undefined || newest - at >= STEPS_KEPT)
        throw new Error(`invariant: price at ${atUs} is forgotten`);
      return value;
    },
  };
}
