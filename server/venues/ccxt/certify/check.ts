/** What a check is: one sentence of what should be so, and how it is found out. */
import type { Trial } from "./trial.ts";

/** What was found, in words; undefined in `skip` where the check was made. */
export type Finding = { readonly evidence: string } | { readonly skip: string };

export interface Check {
  readonly name: string;
  /** Throws a CheckError when it is not so; whatever else it throws is no pass either. */
  run(trial: Trial): Promise<Finding>;
}
