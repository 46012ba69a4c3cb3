/** A part of the agent market: something that happens again and again at instants of its own. */
import { MICROS_PER_SECOND } from "../../contract/units.ts";
import type { MarketRecord } from "../ports.ts";

export interface MarketProcess {
  /** When it happens next; Infinity: never again. */
  readonly nextAtUs: number;
  /** Happens at `nextAtUs` and moves it on. Undefined when nothing can be seen of it. */
  fire(): MarketRecord | undefined;
}

/** The next instant of a process of exponential waits. `wait` has mean 1; instants are integers, never equal. */
export function nextArrivalUs(atUs: number, wait: number, ratePerS: number): number {
  return ratePerS > 0 ? atUs + Math.max(1, Math.round((wait / ratePerS) * MICROS_PER_SECOND)) : Infinity;
}
