/**
 * The essential checks of the venue suite on a real account, one after the other. The first that is not passed ends
 * them; whatever happens, the end is that nothing of ours is open, or that a person is told what is.
 */
import { withDeadline } from "../gateway/deadline.ts";
import type { Check } from "./check.ts";
import { CONNECTION_CHECKS } from "./connection.ts";
import { costOfFill, FILL_CHECKS } from "./fill.ts";
import { ORDER_CHECKS } from "./orders.ts";
import { Trial, type TrialOptions } from "./trial.ts";

export interface CheckResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly evidence: string;
}

export interface CertifyOptions extends TrialOptions {
  /** Whether a person has said that a trade of the smallest size may be made. */
  readonly withFill: boolean;
  readonly onCheck: (result: CheckResult) => void;
  /** Before checks that wait: what is being looked at. */
  readonly onStart: (name: string) => void;
  /** What the trade that comes next may cost at most, in words. */
  readonly onCost: (text: string) => void;
  /** Ends it after the check that runs. */
  readonly signal: AbortSignal;
  /** Hears at once where failures go that nobody waits for. */
  readonly onTrial?: (trial: Pick<Trial, "failed">) => void;
}

export interface Certified {
  /** Every check was made and passed, that of fills included. */
  readonly passed: boolean;
  readonly checks: readonly CheckResult[];
}

/** Longest of any check: a dead-man's switch, and questions that wait for the venue's budget. */
const CHECK_WITHIN_MS = 90_000;
const CLEAN_UP_TRIES = 6;
const CLEAN_UP_AGAIN_MS = 1_000;

const NOTHING_OPEN = "nothing of ours is open";
const NO_FILL = "not asked for: --with-fill trades the smallest size once each way";

export async function certify(options: CertifyOptions): Promise<Certified> {
  const { withFill, onCheck, onStart, signal } = options;
  const trial = new Trial(options);
  options.onTrial?.(trial);
  const checks: CheckResult[] = [];
  const note = (result: CheckResult): void => {
    checks.push(result);
    onCheck(result);
  };
  try {
    await trial.start();
    const all = [...CONNECTION_CHECKS, ...ORDER_CHECKS, ...FILL_CHECKS];
    let stopped: string | undefined;
    for (const check of all) {
      if (signal.aborted) stopped ??= "it was ended before";
      if (stopped !== undefined) note({ name: check.name, outcome: "skipped", evidence: stopped });
      else if (FILL_CHECKS.includes(check) && !withFill)
        note({ name: check.name, outcome: "skipped", evidence: NO_FILL });
      else {
        onStart(check.name);
        if (FILL_CHECKS.includes(check)) options.onCost(await costOfFill(trial));
        const result = await runCheck(check, trial);
        if (result.outcome === "failed") stopped = "not tried after a failure";
        note(result);
      }
    }
    onStart(NOTHING_OPEN);
    note(await leaveNothing(trial));
    const isWhole = withFill && stopped === undefined;
    return { passed: isWhole && checks.every(({ outcome }) => outcome !== "failed"), checks };
  } finally {
    await trial.close();
  }
}

async function runCheck({ name, run }: Check, trial: Trial): Promise<CheckResult> {
  try {
    const finding = await withDeadline(run(trial), CHECK_WITHIN_MS);
    if ("skip" in finding) return { name, outcome: "skipped", evidence: finding.skip };
    return { name, outcome: "passed", evidence: finding.evidence };
  } catch (error) {
    return { name, outcome: "failed", evidence: describe(error) };
  }
}

/** Cancels what carries a trial's code, also that of an earlier one, until the venue lists none. */
async function leaveNothing(trial: Trial): Promise<CheckResult> {
  let left = "the venue could not be asked";
  for (let tries = 1; tries <= CLEAN_UP_TRIES; tries++) {
    try {
      const { ours } = await trial.openOrders();
      if (ours.length === 0)
        return { name: NOTHING_OPEN, outcome: "passed", evidence: "the venue lists no order of ours" };
      left = `open at the venue: ${ours.map(({ clientId }) => clientId).join(", ")}; cancel them there`;
      for (const { clientId } of ours) trial.send({ type: "cancel", account: 0, instrument: 0, clientId });
      await new Promise((resolve) => setTimeout(resolve, CLEAN_UP_AGAIN_MS));
    } catch (error) {
      left = describe(error);
      // It was never reached: nothing was placed either.
      if (trial.events.every(({ type }) => type !== "account")) break;
    }
  }
  return { name: NOTHING_OPEN, outcome: "failed", evidence: left };
}

/** Without what a message may quote of a request: keys and signatures stand in URLs. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replaceAll(/(signature|apiKey|sign)=[^&\s]+/gi, "$1=…").slice(0, 300);
}
