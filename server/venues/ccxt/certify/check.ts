/** What a check is: one sentence of what should be so, and how it is found out. */
import { describeError } from "../gateway/describeError.ts";
import type { CheckName } from "./checkNames.ts";
import type { Trial } from "./trial.ts";

/** What was found, in words; or why nothing can be found out there. */
export type Finding = { readonly evidence: string } | { readonly skip: string };

export interface Check {
  readonly name: CheckName;
  /** Throws a CheckError when it is not so; whatever else it throws is no pass either. */
  run(trial: Trial): Promise<Finding>;
}

export interface CheckResult {
  readonly name: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly evidence: string;
}

/** A check was not passed; the message says what was found. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

/** What a check found is a sentence of its own; of anything else it is said what it is. */
export function describe(error: unknown): string {
  return error instanceof CheckError ? error.message : describeError(error);
}
