/**
 * The lag of every venue of a market behind its leader, on both clocks, once a minute over ten: by our time
 * of receipt for what the desk may trade on, by the venues' own stamps for who moves first.
 */
import { MICROS_PER_MS, MICROS_PER_SECOND } from "../../../contract/units.ts";
import type { EstimatorStatus } from "../../../contract/estimates.ts";
import type { Estimate } from "../estimate.ts";
import { advanceLagSearch, startLagSearch, type FoundLag, type LagSearch } from "./lagSearch.ts";
import type { MidClock, MidHistory } from "./midHistory.ts";

export const LEAD_LAG_EVERY_S = 60;
const WINDOW_S = 600;

/** The gate of models §3 for a quantity that is 0 at the leader: the error counts against a floor as well. */
const CHANGES_TRUSTED = 1_000;
const STDERR_MAX_FRAC = 0.2;
const STDERR_MAX_MS = 25;
const CHANGES_PRIOR = 300;
const STALE_AFTER_S = 600;

/** Most that a lag may change in a minute: as a share, and near 0 by itself. */
const CHANGE_PER_MINUTE_FRAC = 0.2;
const CHANGE_PER_MINUTE_MS = 50;

export interface VenueLag {
  /** Behind the leader, by time of receipt and with the prior blended in; undefined until one was found. */
  valueMs: number | undefined;
  stderrMs: number;
  changes: number;
  updatedAtUs: number | undefined;
}

export interface LeadLag {
  search: LagSearch | undefined;
  clock: MidClock;
  /** What the latest whole searches found against their reference venue. */
  received: (FoundLag | undefined)[];
  venue: (FoundLag | undefined)[];
  receivedReference: number | undefined;
  venueReference: number | undefined;
  lags: VenueLag[];
}

export function createLeadLag(members: number): LeadLag {
  return {
    search: undefined,
    clock: "received",
    received: [],
    venue: [],
    receivedReference: undefined,
    venueReference: undefined,
    lags: Array.from({ length: members }, () => ({
      valueMs: undefined,
      stderrMs: 0,
      changes: 0,
      updatedAtUs: undefined,
    })),
  };
}

/**
 * One slice of the search, first on times of receipt and then on the venues' own; true when both are done.
 */
export function advanceLeadLag(
  state: LeadLag,
  histories: readonly MidHistory[],
  priorsMs: readonly number[],
  atUs: number,
): boolean {
  if (state.search === undefined) {
    const fromUs = atUs - WINDOW_S * MICROS_PER_SECOND;
    state.search = startLagSearch(histories, { clock: state.clock, fromUs, untilUs: atUs });
    return false;
  }
  if (!advanceLagSearch(state.search)) return false;
  const { found, reference } = state.search;
  state.search = undefined;
  if (state.clock === "received") {
    state.received = found;
    state.receivedReference = reference;
    reviseLags(state, priorsMs, atUs);
    state.clock = "venue";
    return false;
  }
  state.venue = found;
  state.venueReference = reference;
  state.clock = "received";
  return true;
}

/** Milliseconds behind the leader. */
export function readLag(lag: VenueLag, atUs: number): Estimate {
  const { valueMs, stderrMs, changes, updatedAtUs } = lag;
  return {
    state: statusOfLag(lag, atUs),
    value: valueMs,
    stderr: valueMs === undefined ? undefined : stderrMs,
    nEff: changes,
    ageMs: updatedAtUs === undefined ? undefined : (atUs - updatedAtUs) / MICROS_PER_MS,
  };
}

function statusOfLag({ valueMs, stderrMs, changes, updatedAtUs }: VenueLag, atUs: number): EstimatorStatus {
  if (valueMs === undefined || updatedAtUs === undefined) return "COLD";
  if (atUs - updatedAtUs > STALE_AFTER_S * MICROS_PER_SECOND) return "STALE";
  const precise = stderrMs <= Math.max(STDERR_MAX_FRAC * valueMs, STDERR_MAX_MS);
  return precise && changes >= CHANGES_TRUSTED ? "TRUSTED" : "WARM";
}

/** Where nothing was found the last lag stands, and ages. */
function reviseLags(state: LeadLag, priorsMs: readonly number[], atUs: number): void {
  const { received, receivedReference } = state;
  if (!received.some((lag) => lag !== undefined)) return;
  const leaderUs = Math.min(0, ...received.map((lag) => lag?.lagUs ?? 0));
  const leader = received.find((lag) => lag?.lagUs === leaderUs);
  for (const [member, lag] of state.lags.entries()) {
    const own = received[member];
    if (own === undefined && member !== receivedReference) continue;
    const valueMs = ((own?.lagUs ?? 0) - leaderUs) / MICROS_PER_MS;
    const ownStderrUs = own === leader ? 0 : (own?.stderrUs ?? 0);
    const stderrMs = Math.hypot(ownStderrUs, leader?.stderrUs ?? 0) / MICROS_PER_MS;
    const changes = own?.changes ?? Math.max(...received.map((other) => other?.changes ?? 0));
    reviseLag(lag, { valueMs, stderrMs, changes, atUs }, priorsMs[member] ?? 0);
  }
}

function reviseLag(
  lag: VenueLag,
  seen: {
    readonly valueMs: number;
    readonly stderrMs: number;
    readonly changes: number;
    readonly atUs: number;
  },
  priorMs: number,
): void {
  const { valueMs, stderrMs, changes, atUs } = seen;
  const minutes = Math.max(0, atUs - (lag.updatedAtUs ?? atUs)) / MICROS_PER_SECOND / 60;
  // A lag may be 0, where a blend of logarithms has no meaning.
  const trust = changes < CHANGES_TRUSTED ? changes / (changes + CHANGES_PRIOR) : 1;
  const blended = trust * valueMs + (1 - trust) * priorMs;
  const before = lag.valueMs ?? blended;
  const most = Math.max(before * CHANGE_PER_MINUTE_FRAC, CHANGE_PER_MINUTE_MS) * minutes;
  lag.valueMs = Math.min(Math.max(blended, before - most, 0), before + most);
  lag.stderrMs = stderrMs;
  lag.changes = changes;
  lag.updatedAtUs = atUs;
}
