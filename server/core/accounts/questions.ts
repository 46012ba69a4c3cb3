/** How often a venue account is asked while something is open, and in quiet times: its budget of reads sets the pace. */
import type { Effect } from "../../contract/effects.ts";
import type { AccountState, Engine } from "../state.ts";

/** A venue stamps its fills by a clock of its own. */
export const VENUE_CLOCK_MARGIN_US = 10_000_000;

/** Pause between two questions to the same venue while something is still open, where its budget has room for it. */
export const RETRY_US = 500_000;

/** A question waits half a minute for room, and each page of its answer some seconds. */
const ANSWERED_WITHIN_US = 60_000_000;

/** A comparison in quiet times uses a fifth of the budget: what is open may be asked for until it is used whole. */
const OPEN_PER_QUIET = 5;

/** Between two comparisons of orders and balances in quiet times. */
export function reconcileEveryUs({ config }: Engine, account: AccountState): number {
  return reconcileEveryMs(config, account) * 1_000;
}

/** Between two questions of one kind while something stays open. */
export function askAgainUs(engine: Engine, account: AccountState): number {
  return Math.max(RETRY_US, reconcileEveryUs(engine, account) / OPEN_PER_QUIET);
}

interface Open {
  /** From here on answers are hoped for: the first questions follow each other soon, later ones at the budget's pace. */
  readonly sinceUs: number;
  /** Only a question from here on can settle it: the first of those does not wait for its turn. */
  readonly decidesFromUs: number;
}

/** When a question that is asked now is asked again. */
export function nextQuestionAtUs(
  engine: Engine,
  account: AccountState,
  { sinceUs, decidesFromUs }: Open,
): number {
  const { nowUs } = engine.state;
  const paceUs = askAgainUs(engine, account);
  // What could be seen by now was asked for twice: the next look is the one that decides.
  if (nowUs < decidesFromUs && nowUs - sinceUs >= RETRY_US) return Math.max(nowUs + RETRY_US, decidesFromUs);
  const pauseUs = nowUs < sinceUs ? paceUs : Math.min(paceUs, Math.max(RETRY_US, nowUs - sinceUs));
  if (nowUs >= decidesFromUs) return nowUs + pauseUs;
  return Math.min(nowUs + pauseUs, Math.max(nowUs + RETRY_US, decidesFromUs));
}

/** In quiet times: the next comparison does not wait for its turn. One is for all that asked for it until it leaves. */
export function compareSoon(engine: Engine, account: AccountState): void {
  const soonestUs = Math.max(engine.state.nowUs, account.comparedAtUs + askAgainUs(engine, account));
  account.nextPollAtUs = Math.min(account.nextPollAtUs, soonestUs);
}

export function askForFillsSince(engine: Engine, account: AccountState, atUs: number, out: Effect[]): void {
  const sinceUs = Math.max(atUs, fillsRememberedFromUs(account));
  holdFillsSince(engine, account, sinceUs);
  out.push({ type: "query", what: "fills", account: account.index, sinceUs });
}

/** What the answer to a question that leaves now may tell again has to be known as told when it comes. */
export function holdFillsSince({ state: { nowUs } }: Engine, account: AccountState, sinceUs: number): void {
  const fromUs = sinceUs - VENUE_CLOCK_MARGIN_US;
  const isHeld = nowUs < account.fillsHeldUntilUs;
  account.fillsHeldFromUs = isHeld ? Math.min(account.fillsHeldFromUs, fromUs) : fromUs;
  account.fillsHeldUntilUs = nowUs + ANSWERED_WITHIN_US;
}

/** A fill from before it that is told twice may not be known as one. */
export function fillsRememberedFromUs({ fillsForgottenToUs }: AccountState): number {
  return fillsForgottenToUs === 0 ? 0 : fillsForgottenToUs + VENUE_CLOCK_MARGIN_US;
}

function reconcileEveryMs(config: Engine["config"], { index }: AccountState): number {
  const terms = config.accounts[index];
  if (terms === undefined) throw new Error(`invariant: there is no account ${index}`);
  return terms.reconcileEveryMs;
}
