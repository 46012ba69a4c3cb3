/** What rests in the account, by the venue's own list. */
import { CheckError } from "./check.ts";
import type { Trial } from "./trial.ts";
import { untilAgreed } from "./untilAgreed.ts";

/** Before the first order none of others rested: also what is listed without our id counts. */
export async function countResting(trial: Trial): Promise<number> {
  const { ours, others } = await trial.openOrders();
  return ours.length + others.length;
}

/** A list that lags is read again. Throws a CheckError when an order stays in it. */
export function noneRests(trial: Trial): Promise<void> {
  return untilAgreed(trial, async () => {
    const rest = await countResting(trial);
    if (rest > 0) throw new CheckError(`${rest} orders rest`);
  });
}
