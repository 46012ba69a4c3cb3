/**
 * The essential checks of the venue suite on a real account, one after the other. The first that is not passed ends
 * them; whatever happens, the end is that nothing of ours is open, or that a person is told what is.
 */
import { pause } from "../gateway/deadline.ts";
import { describeError } from "../gateway/describeError.ts";
import { CANCEL_RACE_CHECK } from "./cancelRace.ts";
import { describe, type Check, type CheckResult } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import { CONNECTION_CHECKS } from "./connection.ts";
import { fillCheck } from "./fill.ts";
import { leaveNothing } from "./leaveNothing.ts";
import { MISSED_FILL_CHECK } from "./missedFill.ts";
import { ORDER_CHECKS } from "./orders.ts";
import { ENDED, runCheck } from "./runCheck.ts";
import { TrialSession, type TrialOptions } from "./session.ts";
import { Trial } from "./trial.ts";

export interface CertifyOptions extends TrialOptions {
  /** Whether a person has said that a trade of the smallest size may be made. */
  readonly withFill: boolean;
  readonly onCheck: (result: CheckResult) => void;
  /** Before checks that wait: what is being looked at. */
  readonly onStart: (name: string) => void;
  /** What the trade that comes next may cost at most, in words. */
  readonly onCost: (text: string) => void;
  /** Ends the check that runs, and with it all others; what rests is canceled all the same. */
  readonly signal: AbortSignal;
  /** Hears at once where failures go that nobody waits for. */
  readonly onTrial?: (trial: Pick<TrialSession, "failed">) => void;
}

export interface Certified {
  /** Every check was made and passed, that of fills included; one that can say nothing at this venue aside. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

const NO_FILL =
  "not asked for: --with-fill trades the smallest size three times each way, at most five times";
const AFTER_FAILURE = "not tried after a failure";
const CLOSED_WITHIN_MS = 10_000;

/** Rejects for nothing that a venue, the adapter or a check does: that is a result. */
export async function certify(options: CertifyOptions): Promise<Certified> {
  const { onCheck, onStart } = options;
  const session = new TrialSession(options);
  options.onTrial?.(session);
  const checks: CheckResult[] = [];
  const note = (result: CheckResult): void => {
    checks.push(result);
    onCheck(result);
  };
  let isWhole = false;
  try {
    isWhole = await runAll(session, options, note);
  } finally {
    try {
      onStart(CHECK_NAMES.nothingOpen);
    } finally {
      const left = await leaveNothing(new Trial(session));
      await closed(session, options.log);
      note(left);
    }
  }
  return { passed: isWhole && checks.every(({ outcome }) => outcome !== "failed"), checks };
}

/** True when every check was tried. */
async function runAll(
  session: TrialSession,
  { withFill, onStart, onCost, signal }: CertifyOptions,
  note: (result: CheckResult) => void,
): Promise<boolean> {
  let stopped: string | undefined;
  try {
    await session.start();
  } catch (error) {
    note({ name: "the adapter starts", outcome: "failed", evidence: describe(error) });
    stopped = AFTER_FAILURE;
  }
  const trades: readonly Check[] = [fillCheck(onCost), CANCEL_RACE_CHECK, MISSED_FILL_CHECK];
  const all: readonly Check[] = [...CONNECTION_CHECKS, ...ORDER_CHECKS, ...trades];
  for (const check of all) {
    if (signal.aborted) stopped ??= ENDED;
    const why = stopped ?? (trades.includes(check) && !withFill ? NO_FILL : undefined);
    if (why !== undefined) {
      note({ name: check.name, outcome: "skipped", evidence: why });
      continue;
    }
    onStart(check.name);
    const result = await runCheck(check, session, signal);
    if (result.outcome === "failed") stopped = AFTER_FAILURE;
    note(result);
  }
  return withFill && stopped === undefined && !signal.aborted;
}

/** Whatever goes wrong with that: the result is there. */
async function closed(session: TrialSession, log: TrialOptions["log"]): Promise<void> {
  const work = session.close().catch((error: unknown) => {
    log("warn", "the account's connections were left untidy", { error: describeError(error) });
  });
  const late = new AbortController();
  await Promise.race([work, pause(CLOSED_WITHIN_MS, late.signal)]);
  late.abort();
}
