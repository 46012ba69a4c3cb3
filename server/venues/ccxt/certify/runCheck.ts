/** One check, with an end in time: what is late, or was ended, is told to stop, and what comes next waits until it has. */
import { CheckError, describe, type Check, type CheckResult } from "./check.ts";
import type { TrialSession } from "./session.ts";
import { Trial } from "./trial.ts";

/** Longest of any check: a dead-man's switch, and questions that wait for the venue's budget. */
const CHECK_WITHIN_MS = 90_000;
/** The longest that a request of a check takes; one that waits even longer for something sends nothing any more. */
const STOPPED_WITHIN_MS = 10_000;

export const ENDED = "it was ended";

/** `ended`: whoever called this off. Never rejects. */
export async function runCheck(
  { name, run }: Check,
  session: TrialSession,
  ended: AbortSignal,
): Promise<CheckResult> {
  const overdue = new AbortController();
  const signal = AbortSignal.any([overdue.signal, ended]);
  const late = new CheckError(`no end within ${CHECK_WITHIN_MS / 1_000} s`);
  const timer = setTimeout(() => overdue.abort(late), CHECK_WITHIN_MS);
  try {
    const finding = await stopsWith(run(new Trial(session, signal)), signal);
    if ("skip" in finding) return { name, outcome: "skipped", evidence: finding.skip };
    return { name, outcome: "passed", evidence: finding.evidence };
  } catch (error) {
    const outcome = ended.aborted ? "skipped" : "failed";
    return { name, outcome, evidence: error === ended.reason ? ENDED : describe(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** As the work ends; once it was told to stop, as the signal says after so long at the latest. */
async function stopsWith<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => undefined;
  const stuck = new Promise<never>((_, reject) => {
    stop = () => void (timer = setTimeout(() => reject(signal.reason as Error), STOPPED_WITHIN_MS));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, stuck]);
  } finally {
    signal.removeEventListener("abort", stop);
    clearTimeout(timer);
  }
}
