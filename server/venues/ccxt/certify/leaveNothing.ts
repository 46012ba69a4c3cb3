/** The end of a trial: what it left at the venue is canceled, or a person is told what is open there. */
import { baseMoved } from "./balances.ts";
import { describe, type CheckResult } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import type { Trial } from "./trial.ts";

const TRIES = 6;
/** A list may lag by some seconds: one that is empty says little, two so far apart are taken at their word. */
const AGAIN_MS = 3_000;
const EMPTY_LISTS = 2;

/**
 * Cancels what has no end yet and what carries a trial's code, also that of an earlier one, until the venue lists none.
 * Never rejects.
 */
export async function leaveNothing(trial: Trial): Promise<CheckResult> {
  const name = CHECK_NAMES.nothingOpen;
  if (trial.clientIds.length === 0) return { name, outcome: "skipped", evidence: "no order was sent" };
  let left = "the venue could not be asked";
  // What left last without an answer may arrive until then.
  if (unanswered(trial).length > 0) await trial.pause(trial.terms.requestExpiryMs);
  cancel(trial, unended(trial));
  let empty = 0;
  for (let tries = 1; tries <= TRIES || empty > 0; tries++)
    try {
      const { ours, elsewhere, others } = await trial.openOrders();
      const named = ours.map(({ clientId }) => clientId);
      // None of others rested when the first of these was placed: it may be ours, listed without our id.
      const open = [...named, ...elsewhere, ...others];
      empty = open.length === 0 ? empty + 1 : 0;
      if (empty === EMPTY_LISTS) {
        const evidence = await withBase(trial, "the venue lists no order of ours");
        return { name, outcome: "passed", evidence };
      }
      if (open.length > 0)
        left = `open at the venue: ${open.join(", ")}; ${others.length === 0 ? "cancel them there" : "look there whose they are"}`;
      cancel(trial, others.length === 0 ? named : [...named, ...unended(trial)]);
      await trial.pause(AGAIN_MS);
    } catch (error) {
      empty = 0;
      left = describe(error);
    }
  return { name, outcome: "failed", evidence: await withBase(trial, left) };
}

function cancel(trial: Trial, clientIds: readonly string[]): void {
  for (const clientId of new Set(clientIds))
    trial.send({ type: "cancel", account: 0, instrument: 0, clientId });
}

/** With what was bought and stays, also by a fill that was never told. */
async function withBase(trial: Trial, evidence: string): Promise<string> {
  const { base } = trial.definition;
  const moved = await baseMoved(trial).catch(() => `how much ${base} there is now could not be asked`);
  return moved === undefined ? evidence : `${evidence}; ${moved}`;
}

function unanswered(trial: Trial): string[] {
  return without(trial, ["orderAccepted", "orderRejected", "orderCanceled", "orderExpired"]);
}

function unended(trial: Trial): string[] {
  return without(trial, ["orderRejected", "orderCanceled", "orderExpired"]);
}

/** Orders of which nothing of this kind was said. */
function without({ clientIds, events }: Trial, kinds: readonly string[]): string[] {
  const told = new Set(
    events.flatMap((event) => (kinds.includes(event.type) && "clientId" in event ? [event.clientId] : [])),
  );
  return clientIds.filter((clientId) => !told.has(clientId));
}
