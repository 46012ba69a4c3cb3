/**
 * The REST call counter of each API key. Of tier Starter (docs.kraken.com, spot REST rate limits): at most 15, going
 * down by 0.33 a second. Placing, changing and cancelling orders is counted by the trading engine instead.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";

const COUNT_MAX = 15;
const DECAY_PER_SECOND = 0.33;

export interface CallCounter {
  /** False when the key has called too much; the call is then not counted. */
  charge(apiKey: string, cost: number): boolean;
}

export function createCallCounter(steadyUs: () => number, limits: "entry" | "lifted"): CallCounter {
  const counters = new Map<string, { count: number; atUs: number }>();
  return {
    charge(apiKey, cost) {
      if (limits === "lifted") return true;
      const atUs = steadyUs();
      const counter = counters.get(apiKey) ?? { count: 0, atUs };
      const gone = ((atUs - counter.atUs) / MICROS_PER_SECOND) * DECAY_PER_SECOND;
      const count = Math.max(0, counter.count - gone);
      const isFree = count + cost <= COUNT_MAX;
      counters.set(apiKey, { count: isFree ? count + cost : count, atUs });
      return isFree;
    },
  };
}
