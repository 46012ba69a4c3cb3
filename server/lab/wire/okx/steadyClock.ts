/**
 * Time for the venue's own countdowns. The core's clock may be set wrong by a fault, which must not make a countdown run
 * out: a jump counts as little.
 */
import { MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { VenueCore } from "../ports.ts";

export interface SteadyClock {
  /** From any beginning; never goes back. */
  nowUs(): number;
  tick(): void;
}

/** Ticks are 10 ms apart; only a process that was held up, or a clock that was set, makes more of it. */
const STEP_MAX_US = 5 * MICROS_PER_SECOND;

export function createSteadyClock(core: VenueCore): SteadyClock {
  let seenUs = core.nowUs();
  let steadyUs = 0;
  return {
    nowUs: () => steadyUs,
    tick() {
      const nowUs = core.nowUs();
      steadyUs += Math.min(Math.max(nowUs - seenUs, 0), STEP_MAX_US);
      seenUs = nowUs;
    },
  };
}
