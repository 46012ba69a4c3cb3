/**
 * Estimators that take longer than a decision may wait, worked off in slices: the engine's timer event runs
 * one slice at a time, so none delays a decision by more than its own slice. Jobs take turns: the one that
 * has waited longest runs to its end and is due again an interval after it began. One at a time, so that only
 * one holds its working copies. Engine time alone decides, so a replay slices alike.
 */
import { MICROS_PER_SECOND } from "../../contract/units.ts";

export interface SlowJob {
  readonly name: string;
  readonly intervalUs: number;
  /** 0 before the first run: due from the first timer on. */
  dueAtUs: number;
}

export interface SlowLoop {
  readonly jobs: SlowJob[];
  /** Position of the job that has begun and not ended. */
  running: number | undefined;
  beganAtUs: number;
}

export function createSlowLoop(
  jobs: readonly { readonly name: string; readonly intervalS: number }[],
): SlowLoop {
  return {
    jobs: jobs.map(({ name, intervalS }) => ({
      name,
      intervalUs: Math.round(intervalS * MICROS_PER_SECOND),
      dueAtUs: 0,
    })),
    running: undefined,
    beganAtUs: 0,
  };
}

/**
 * Runs at most one slice. `runSlice` does a bounded piece of the named job and says whether the job has
 * ended; what it has done so far lives in the job's own state. Returns the name of the job that had its turn,
 * if any was due.
 */
export function advanceSlowLoop(
  loop: SlowLoop,
  atUs: number,
  runSlice: (name: string) => boolean,
): string | undefined {
  if (loop.running === undefined) {
    loop.running = longestWaiting(loop, atUs);
    loop.beganAtUs = atUs;
  }
  const job = loop.running === undefined ? undefined : loop.jobs[loop.running];
  if (job === undefined) return undefined;
  if (runSlice(job.name)) {
    job.dueAtUs = loop.beganAtUs + job.intervalUs;
    loop.running = undefined;
  }
  return job.name;
}

function longestWaiting({ jobs }: SlowLoop, atUs: number): number | undefined {
  let found: number | undefined;
  let earliestUs = Infinity;
  for (const [at, job] of jobs.entries()) {
    if (job.dueAtUs > atUs || job.dueAtUs >= earliestUs) continue;
    found = at;
    earliestUs = job.dueAtUs;
  }
  return found;
}
