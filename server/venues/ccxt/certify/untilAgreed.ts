import { CheckError } from "./check.ts";
import type { Trial } from "./trial.ts";

/** A list of orders or trades, and balances, may lag. */
const AGREED_WITHIN_MS = 10_000;
const AGAIN_MS = 1_000;

/** Compares again while that throws a CheckError; throws the last of them. */
export async function untilAgreed<T>(trial: Trial, compare: () => Promise<T>): Promise<T> {
  const untilUs = trial.nowUs() + AGREED_WITHIN_MS * 1_000;
  for (;;)
    try {
      return await compare();
    } catch (error) {
      if (!(error instanceof CheckError) || trial.nowUs() > untilUs) throw error;
      await trial.pause(AGAIN_MS);
    }
}
