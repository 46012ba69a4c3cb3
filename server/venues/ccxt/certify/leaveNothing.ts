/** The end of a trial: what it left at the venue is canceled, or a person is told what is open there. */
import { describe, type CheckResult } from "./check.ts";
import { CHECK_NAMES } from "./checkNames.ts";
import type { Trial } from "./trial.ts";

const TRIES = 6;
const AGAIN_MS = 1_000;

/** Cancels what carries a trial's code, also that of an earlier one, until the venue lists none. Never rejects. */
export async function leaveNothing(trial: Trial): Promise<CheckResult> {
  const name = CHECK_NAMES.nothingOpen;
  let left = "the venue could not be asked";
  // What left last without an answer may arrive until then.
  if (unanswered(trial).length > 0) await trial.pause(trial.terms.requestExpiryMs);
  for (let tries = 1; tries <= TRIES; tries++)
    try {
      const { ours, others } = await trial.openOrders();
      // None of others rested when the first of these was placed: it may be ours, listed without our id.
      const nameless = trial.clientIds.length === 0 ? [] : others;
      if (ours.length === 0 && nameless.length === 0)
        return { name, outcome: "passed", evidence: "the venue lists no order of ours" };
      const named = ours.map(({ clientId }) => clientId);
      left = `open at the venue: ${[...named, ...nameless].join(", ")}; ${nameless.length === 0 ? "cancel them there" : "look there whose they are"}`;
      const mayRest = nameless.length === 0 ? named : [...new Set([...named, ...unended(trial)])];
      for (const clientId of mayRest) trial.send({ type: "cancel", account: 0, instrument: 0, clientId });
      await trial.pause(AGAIN_MS);
    } catch (error) {
      left = describe(error);
      // It was never reached: nothing was placed either.
      if (trial.events.every(({ type }) => type !== "account")) break;
    }
  return { name, outcome: "failed", evidence: left };
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
