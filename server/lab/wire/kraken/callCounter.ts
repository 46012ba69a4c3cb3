/**
 * The REST call counters: one of each API key, and, for what needs no key, one of the address, with one more for the
 * trades of each pair. Placing, changing and cancelling orders is counted by the trading engine instead.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";

export interface CallRule {
  readonly countMax: number;
  readonly decayPerSecond: number;
}

/** Of tier Starter (docs.kraken.com, spot REST rate limits). */
export const PRIVATE_CALLS: CallRule = { countMax: 15, decayPerSecond: 0.33 };

/** "One call a second or less stays within the limits"; the venue does not say how many may come at once. */
export const PUBLIC_CALLS: CallRule = { countMax: 15, decayPerSecond: 1 };

export interface CallCounter {
  /** False when there have been too many calls; this one is then not counted. `scope`: a key, or what is called. */
  charge(scope: string, cost: number): boolean;
}

export function createCallCounter(
  steadyUs: () => number,
  limits: "entry" | "lifted",
  { countMax, decayPerSecond }: CallRule,
): CallCounter {
  const counters = new Map<string, { count: number; atUs: number }>();
  return {
    charge(scope, cost) {
      if (limits === "lifted") return true;
      const atUs = steadyUs();
      const counter = counters.get(scope) ?? { count: 0, atUs };
      const gone = ((atUs - counter.atUs) / MICROS_PER_SECOND) * decayPerSecond;
      const count = Math.max(0, counter.count - gone);
      const isFree = count + cost <= countMax;
      counters.set(scope, { count: isFree ? count + cost : count, atUs });
      return isFree;
    },
  };
}
