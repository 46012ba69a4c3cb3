/**
 * The desk's time: integer microseconds that never decrease. The wall clock is read once, at the start;
 * from there time follows the machine's monotonic clock, so that a step of the wall clock moves nothing.
 */
import type { ClockSpec } from "../contract/deskFile.ts";

export interface Clock {
  /** Engine time. */
  nowUs(): number;
}

/** Where a clock reads the machine's time; tests bring their own. */
export interface TimeSource {
  wallMs(): number;
  monotonicMs(): number;
}

const MACHINE: TimeSource = { wallMs: () => Date.now(), monotonicMs: () => performance.now() };

/** Readings of the wall clock until its millisecond changes: far more than fit into one. */
const EDGE_READINGS_MAX = 200_000;

/**
 * Without a spec the wall clock; with one, its origin and the wall time since then times its speed. All
 * processes that build theirs from one spec agree to some microseconds.
 */
export function createClock(spec?: ClockSpec, source: TimeSource = MACHINE): Clock {
  const anchorUs = wallAtEdgeMs(source) * 1_000;
  const anchoredMs = source.monotonicMs();
  let lastUs = 0;
  return {
    nowUs() {
      const wallUs = anchorUs + (source.monotonicMs() - anchoredMs) * 1_000;
      const nowUs =
        spec === undefined ? wallUs : spec.originUs + Math.max(0, wallUs - spec.wallOriginUs) * spec.speed;
      lastUs = Math.max(lastUs, Math.floor(nowUs));
      return lastUs;
    },
  };
}

/** Less is what NTP and a busy machine do. */
export const CLOCK_STEP_MS = 1_000;

/**
 * Whether the wall clock has stepped against the monotonic one since it was last asked, in milliseconds, forward > 0;
 * undefined: by less than a second. A host that was suspended shows by nothing else: its monotonic clock slept too.
 */
export function createStepWatch(source: TimeSource = MACHINE): () => number | undefined {
  const offsetMs = (): number => source.wallMs() - source.monotonicMs();
  let lastMs = offsetMs();
  return () => {
    const nowMs = offsetMs();
    const stepMs = nowMs - lastMs;
    lastMs = nowMs;
    return Math.abs(stepMs) > CLOCK_STEP_MS ? stepMs : undefined;
  };
}

/** The wall clock at the instant when its millisecond changes: it is read in milliseconds, and anchored better. */
function wallAtEdgeMs(source: TimeSource): number {
  const first = source.wallMs();
  for (let reading = 0; reading < EDGE_READINGS_MAX; reading++) {
    const wallMs = source.wallMs();
    if (wallMs !== first) return wallMs;
  }
  return first;
}
