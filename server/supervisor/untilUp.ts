/** The wait for a part of a desk that comes up: one that reads a long journal takes its time, one that dies does not. */
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../contract/errors.ts";

/** A slow disk, two slow cores. */
const UP_WITHIN_MS = 60_000;
/** Of a part that lives and is not up yet. */
const UP_AT_MOST_MS = 300_000;
const SAY_EVERY_MS = 30_000;
const POLL_MS = 50;

export interface Wait {
  /** As a person calls it. */
  readonly what: string;
  readonly isUp: () => boolean | Promise<boolean>;
  /** Parts are started again and again; then more time changes nothing. */
  readonly hasDied: () => boolean;
  /** Throws to end the wait. */
  readonly requireGoingOn: () => void;
  readonly logFolder: string;
  readonly nowMs: () => number;
  readonly say: (text: string) => void;
}

/** Throws a UserError that names the log when it did not come up. */
export async function untilUp(wait: Wait): Promise<void> {
  const { what, isUp, hasDied, requireGoingOn, logFolder, nowMs, say } = wait;
  const startMs = nowMs();
  for (let sayAtMs = UP_WITHIN_MS; ; await sleep(POLL_MS)) {
    requireGoingOn();
    if (await isUp()) return;
    const waitedMs = nowMs() - startMs;
    if (waitedMs >= (hasDied() ? UP_WITHIN_MS : UP_AT_MOST_MS))
      throw new UserError(
        `${what} did not come up within ${Math.round(waitedMs / 1_000)} s: see ${logFolder}`,
      );
    if (waitedMs < sayAtMs) continue;
    sayAtMs += SAY_EVERY_MS;
    say(`still waiting for ${what} after ${Math.round(waitedMs / 1_000)} s; ${logFolder} says what is done`);
  }
}
