/**
 * What every estimator says of itself, and the gates of models §3 that decide whether it may be used:
 * nothing from it while COLD, blended with its prior in log space while WARM, and never changed faster
 * than a market can.
 */
import type { EstimatorStatus } from "../../contract/estimates.ts";
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../contract/units.ts";

export interface Estimate {
  readonly state: EstimatorStatus;
  /** What is in force, prior and limits included; undefined while COLD. */
  readonly value: number | undefined;
  /** Standard error of what was seen, in the unit of the value. */
  readonly stderr: number | undefined;
  readonly nEff: number;
  readonly ageMs: number | undefined;
}

export interface Gate {
  /** Fewer observations say nothing. */
  readonly nCold: number;
  readonly nTrusted: number;
  /** n₀: the weight of the prior, in observations. */
  readonly nPrior: number;
  readonly stderrFracMax: number;
  readonly staleAfterS: number;
}

/** A positive quantity behind its gate. */
export interface Gated {
  value: number | undefined;
  stderr: number | undefined;
  nEff: number;
  insideBounds: boolean;
  updatedAtUs: number | undefined;
}

/** Most that an estimate may change in a minute, as a factor. */
const CHANGE_PER_MINUTE = 1.2;

export function createGated(): Gated {
  return { value: undefined, stderr: undefined, nEff: 0, insideBounds: false, updatedAtUs: undefined };
}

/** Takes a new raw estimate. `prior`, `low` and `high` are in its unit and positive. */
export function revise(
  state: Gated,
  seen: { readonly atUs: number; readonly value: number; readonly stderr: number; readonly nEff: number },
  against: { readonly prior: number; readonly low: number; readonly high: number },
  gate: Gate,
): void {
  const { atUs, value, stderr, nEff } = seen;
  const elapsedS = Math.max(0, atUs - (state.updatedAtUs ?? atUs)) / MICROS_PER_SECOND;
  state.updatedAtUs = atUs;
  state.nEff = nEff;
  if (nEff < gate.nCold) {
    state.value = undefined;
    state.stderr = undefined;
    return;
  }
  state.insideBounds = value >= against.low && value <= against.high;
  state.stderr = stderr;
  const bounded = Math.min(Math.max(value, against.low), against.high);
  const trust = nEff < gate.nTrusted ? nEff / (nEff + gate.nPrior) : 1;
  const blended = bounded ** trust * against.prior ** (1 - trust);
  state.value = limitChange(state.value ?? blended, blended, elapsedS);
}

/** What is wanted, as far as it may be reached in this time. */
export function limitChange(before: number, wanted: number, elapsedS: number): number {
  const limit = CHANGE_PER_MINUTE ** (elapsedS / 60);
  return Math.min(Math.max(wanted, before / limit), before * limit);
}

export function statusOf(state: Gated, gate: Gate, atUs: number): EstimatorStatus {
  const { value, stderr, updatedAtUs } = state;
  if (value === undefined || stderr === undefined || updatedAtUs === undefined) return "COLD";
  if (atUs - updatedAtUs > gate.staleAfterS * MICROS_PER_SECOND) return "STALE";
  const precise = state.nEff >= gate.nTrusted && stderr <= gate.stderrFracMax * value;
  return precise && state.insideBounds ? "TRUSTED" : "WARM";
}

export function readGated(state: Gated, gate: Gate, atUs: number): Estimate {
  return {
    state: statusOf(state, gate, atUs),
    value: state.value,
    stderr: state.stderr,
    nEff: state.nEff,
    ageMs: state.updatedAtUs === undefined ? undefined : (atUs - state.updatedAtUs) / MICROS_PER_MS,
  };
}
