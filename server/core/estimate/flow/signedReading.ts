/**
 * How a statistic that may have either sign says of itself what it knows. It has no prior and no log
 * space to blend in, so `estimate.ts`'s blend and limit do not apply: here is only the state.
 */
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { EstimatorStatus } from "../../../contract/estimates.ts";
import type { Estimate } from "../estimate.ts";

export interface SignedGate {
  /** Fewer observations say nothing. */
  readonly nCold: number;
  readonly nTrusted: number;
  readonly staleAfterS: number;
}

export function readSigned(
  seen: {
    readonly value: number | undefined;
    readonly stderr: number | undefined;
    readonly nEff: number;
    readonly updatedAtUs: number | undefined;
  },
  gate: SignedGate,
  atUs: number,
): Estimate {
  const { value, stderr, nEff, updatedAtUs } = seen;
  const known = value !== undefined && updatedAtUs !== undefined && nEff >= gate.nCold;
  const ageUs = updatedAtUs === undefined ? undefined : atUs - updatedAtUs;
  return {
    state: known && ageUs !== undefined ? statusOf(nEff, ageUs, gate) : "COLD",
    // Adding zero: a reading that goes into the state must not be −0.
    value: known ? value + 0 : undefined,
    stderr: known ? stderr : undefined,
    nEff,
    ageMs: ageUs === undefined ? undefined : ageUs / MICROS_PER_MS,
  };
}

/** Share of an exponential average that is left after a time. A clock that was set back is no time that passed. */
export function keptFrac(elapsedUs: number, horizonS: number): number {
  return elapsedUs > 0 ? Math.exp(-elapsedUs / (horizonS * MICROS_PER_SECOND)) : 1;
}

function statusOf(nEff: number, ageUs: number, gate: SignedGate): EstimatorStatus {
  if (ageUs > gate.staleAfterS * MICROS_PER_SECOND) return "STALE";
  return nEff >= gate.nTrusted ? "TRUSTED" : "WARM";
}
